// Package workato is the client core: it sends requests to the Workato API,
// keeps to its quota, retries what may be retried, and says what went wrong.
// The audit log and the tags are in the packages activity and tags next to it.
//
//	client, err := workato.NewClient(os.Getenv("WORKATO_TOKEN"), workato.WithRegion(workato.EU))
//	if err != nil {
//		return err
//	}
//	log := activity.New(client.Own())
//
// A [Client] is one token at one data center. A [Workspace] says whose data a
// request is about: [Client.Own] is the workspace of the token (Developer API),
// [Client.Customer] and [Client.ExternalCustomer] are the customers of a partner
// who embeds Workato (OEM API). Both forms of the API are otherwise the same, and
// so are the services made from them. [Workspace.Do] reaches every endpoint that
// has no service here.
//
// # Errors
//
// What is wrong before anything is sent is an [*ArgumentError] that names the
// field. An answer that is not a success is an [*Error]; it matches one of the
// classes [ErrInvalid], [ErrUnauthorized], [ErrForbidden], [ErrNotFound],
// [ErrConflict], [ErrRateLimited] and [ErrServer]:
//
//	if errors.Is(err, workato.ErrNotFound) { … }
//	if e, ok := errors.AsType[*workato.Error](err); ok { log.Print(e.ID) }
//
// A call without an answer ends in an error that names the operation and wraps
// the cause; a cancelled one matches ctx.Err() and context.Cause(ctx).
//
// On this platform a 2xx is no proof of success. One that says "success": false
// is an [*Error] that keeps the status and matches [ErrInvalid]; one whose body
// is no JSON, or over 64 MiB, is an [*Error] of no class.
//
// No message and no log line holds the token, a query, a body or an e-mail
// address, whatever the server or a proxy echoes. [Error.Body] has the body.
//
// # Retries
//
// A call makes at most five attempts ([RetryPolicy]). What is retried depends on
// what the operation says of itself, not on its HTTP method:
//
//	failure                              retried
//	429                                  always: a refused request did nothing
//	no connection (dial, DNS)            always: nothing was sent
//	502, 503, 504, a broken connection   if repeating does no harm
//	500                                  the same, but twice at most: the API answers so to bad dates
//	any other status, a bad certificate  never
//
// Creating a tag is the one operation here that may do harm when repeated. A
// DELETE whose retry meets 404 has succeeded, unless its first attempt certainly
// did nothing.
//
// Waits double from 500 ms to 30 s and are spread a little. After a 429, and
// a 503, the server's Retry-After counts (seconds, fractions or a date); a 429
// without one waits from 5 s, so that five attempts outlast the server's minute.
// No wait is longer than promised: one that would pass MaxWait or the context's
// deadline is not begun, and the failure comes back at once, with
// [Error.RetryAfter]. These rules may be tuned in a minor version.
//
// # Quotas
//
// The environment-management API allows 60 requests a minute, for a partner
// counted over all customers and tokens together. A client sends five at once
// and 55 a minute from then on, so that no minute has more than 60; every attempt
// counts, retries too. Assignments of tags have a quota of their own. A 429 holds
// back every call of its quota, not only the one that met it.
//
// Programs that share a workspace's quota know nothing of one another; give each
// its part with [WithLimiter].
//
// # Connections
//
// An attempt may take 45 s, a call as long as its context allows. Redirects are
// followed at most three times and to the same scheme, host and port only: the
// token goes nowhere else. Plain http is refused, except on a loopback address.
package workato
