// Package workatotest is a Workato in memory: to programs that use Workato's
// environment-management API what net/http/httptest is to programs that use
// HTTP. It serves the activity log, tags, tag assignments, the secrets cache
// and the list of customers as the API's documents describe them, strictly
// and repeatably, and plays failures on request. It imports nothing but the
// standard library.
//
//	srv := workatotest.NewServer()
//	defer srv.Close()
//	srv.Own().AddDay(time.Date(2024, time.June, 18, 0, 0, 0, 0, time.UTC))
//	// point the program under test at srv.URL(), or give it srv.Client()
//
// # Reaching it
//
// A [Server] is an [http.Handler]. [Server.URL] starts a listener on the
// loopback interface; [Server.Client] answers in the same process without a
// socket, which is what works inside a testing/synctest bubble: there an hour
// of waiting takes no time, and the bubble's clock is the server's. Requests
// carry [Token] as "Authorization: Bearer".
//
// # Workspaces
//
// [Server.Own] is the workspace the token belongs to, below /api.
// [Server.Customer] is an embedded customer, below /api/managed_users/:id and
// /api/v2/managed_users/:id, where :id is its number or, after
// [Workspace.SetExternalID], "E" and its external ID, path-escaped as a whole.
//
//	GET    /api/activity_logs                     GET    /api/managed_users/:id/activity_logs
//	GET    /api/tags                              GET    /api/v2/managed_users/:id/tags
//	POST   /api/tags                              POST   /api/v2/managed_users/:id/tags
//	PUT    /api/tags/:handle                      PUT    /api/v2/managed_users/:id/tags/:handle
//	DELETE /api/tags/:handle                      DELETE /api/v2/managed_users/:id/tags/:handle
//	POST   /api/tags_assignments                  POST   /api/v2/managed_users/:id/tags_assignments
//	POST   /api/secrets_management/clear_cache
//	                                              GET    /api/managed_users
//
// Every other path, version and method is 404, as is a customer that was
// never mentioned. A token that is missing or wrong is 401, and comes first.
//
// # The activity log
//
// [Workspace.AddEvents] adds events one by one, [Workspace.AddDay] a working
// day, [Workspace.Activity] makes single ones for a live demo. The log is
// served newest first, that is by descending ID; page[after] asks for smaller
// IDs, page[size] for 1 to 100 rows; from and to are inclusive, to the second.
// A resource filter takes the documented name, not the one rows show:
// "Adapter" finds rows of type CustomAdapter and "User" those of type
// Workspace, in any case, while "CustomAdapter" and "Workspace" find nothing.
// Unknown users and types give an empty page. total is the number of rows
// that match the filter, whatever the page and the cursor.
//
// The difficult cases of reading such a log can all be played: bursts, equal
// times, clocks that disagree (Event.Time), rows that appear late or below
// others that were already read (Event.Delay, explicit IDs), rows that vanish
// ([Workspace.RemoveEvents]), a row twice, rows of any shape (Event.Raw), a
// total that lags or lies ([Workspace.SetTotalLag], [Workspace.SetTotal]) and
// a token that suddenly reads another log ([Workspace.SetEnvironment]).
//
// # Failures
//
// [Server.Fail] queues a [Fault] for the requests to come: an error status
// with any body and header, latency, a dropped connection, a body cut short,
// an answer that is lost though the request took effect. [ProxyError] is the
// page of HTML that a proxy sends.
//
// # Quotas
//
// Environment management has 60 requests per rolling minute, counted per
// server because the platform counts per partner and not per customer; the
// list of customers as many of its own. tags_assignments has 1,000 for all
// customers together and 60 for the own workspace. What exceeds a quota gets
// 429 and does not count. Neither do requests answered 401 or 404 for their
// path; those refused for their parameters do. [WithQuota] and
// [WithAssignmentsQuota] change the sizes.
//
// # Where the documents are silent
//
// There this package chooses, if it can, what brings a mistake to light:
//
//   - A character that RFC 3986 forbids in a query, above all a raw bracket,
//     is 400. The documents' own curl lines send raw brackets.
//   - Text where a number belongs, a page outside its bounds, an undocumented
//     order or include of tags is 400. A parameter of an unknown name is
//     ignored, as by the platform, and so is one that lacks its "[]".
//   - A time that cannot be read is 500, as documented. One without a zone is
//     read at -07:00, the Pacific time the documents speak of, in winter too.
//   - A 429 has the body {"message":"Too many requests"} and, without
//     [WithRetryAfter], no Retry-After.
//   - Bodies must be one JSON object of at most 1 MiB, sent as
//     application/json, or they are 400. Keys count in their exact spelling,
//     unknown ones are ignored, and null is as good as absent.
//   - A tag's title must not be blank. Limits are counted in characters, not
//     bytes, and a broken one is 422 with {"errors":{"title":[...]}}, the
//     1,001st tag likewise. Titles need not differ. An update without a title
//     is 422; other fields stay as they are unless they are sent. A missing
//     or empty description is served as null.
//   - Tags are sorted by title without regard to case, then by age. A tag
//     never assigned has the earliest last_assigned_at of all.
//   - q[taggable_type_eq] knows "Flow" and "SharedAccount". Both spellings of
//     the asset filters, the OEM API's and the Developer API's, work in both.
//   - An assignment takes effect as a whole or not at all; with nothing to
//     add or remove, or nothing to put it on, it is 400, with an unknown
//     handle 404. A handle both added and removed ends up removed. Any recipe
//     or connection ID is taken to exist.
//   - Every answer has a Date from the server's clock and an X-Request-Id.
//   - API calls leave no events in the log.
package workatotest
