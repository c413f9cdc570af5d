// Package activity reads Workato's activity audit log: who changed what, when
// and where.
//
//	client, err := workato.NewClient(os.Getenv("WORKATO_TOKEN"))
//	if err != nil {
//		return err
//	}
//	log := activity.New(client.Own())
//	for event, err := range log.All(ctx, activity.Filter{From: yesterday}) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(event.Time, event.Type, event.Resource.Name)
//	}
//
// The log of an embedded partner's customer is reached in the same way, by
// client.Customer or client.ExternalCustomer. Each environment of a workspace has
// a log of its own: a token sees the environment of its API client, and a
// customer has an ID per environment. The server keeps events for a year.
//
// # Listing
//
// [Service.All] gives events one by one, while the rest of their page is still on
// the way, [Service.Pages] page by page with the cursor to go on from later, and
// [Service.List] one page. All three give the newest event first, as the API does.
//
// All and Pages are iterators, and keep to the same rules. They are lazy: a page
// is asked for when the loop gets there, and break ends the requests. Each range
// begins anew. An error comes with a nil item and is the last pair; errors.Is
// and errors.AsType see through the words around it. One context holds for the
// whole range. A listing ends at an empty page, because a short one proves
// nothing, and a cursor that comes round again ends it with [ErrStalled].
//
// A [Filter] is applied by the server. Its types are open, and it does not always
// use the words of the log: see [ResourceType].
//
// # Watching
//
// A [Watcher] tells what is new, for as long as a program runs and over its
// restarts:
//
//	watcher, err := log.NewWatcher(activity.WatchOptions{
//		Store: activity.FileStore("/var/lib/auditor"),
//		OnGap: func(g activity.Gap) { alert(g.String()) },
//	})
//	if err != nil {
//		return err
//	}
//	return watcher.Run(ctx, handle)
//
// It rests on identity, not on time and not on the highest ID: events become
// visible out of order, and a reader that goes by either loses the late ones
// without a word. What it tells is registered in a checkpoint once it is handled.
// The server's own count audits the result, so what cannot be told, because it
// came too late or the program was off too long, is a [Gap] with its number. The
// package activity/diff has the reasons.
//
// The promise is: no event is lost without a Gap, none is told twice while the
// program runs, and after a crash at most the events in flight are told again.
// [Event.Key] makes even that harmless: it is the same whenever and by whomever
// the event is read. A round of a quiet log is one request for five rows.
//
// [Watcher.Run] is for services, [Watcher.Events] for a loop, [Watcher.Poll] and
// [Watcher.Ack] for programs with a rhythm of their own. [Watcher.Lag] is for
// monitoring: LastExplained that is ten rounds old is worth an alert.
//
// A log that is empty cannot be told from a quiet one: whether the token still
// sees the workspace and environment of the checkpoint shows with the next
// event.
//
// # What an event holds
//
// Reading is lenient: IDs may come as texts, times in any form that this API
// family uses, fields may be missing or new, and none of it costs an event. What
// cannot be read is zero, and [Event.Raw] has the record as it came, byte for
// byte. An event holds names, e-mail addresses and IP addresses. Logged with
// log/slog it shows IDs and types only; printed with fmt it shows everything.
//
// # Errors
//
// A mistake in the options is a [*workato.ArgumentError], an answer that is no
// page a [*workato.Error]: no failure passes for an empty log. One thing does:
// the server answers a filter by a type or a user that does not exist with an
// empty page.
//
// Source of the API's facts: its pages on environment management, for customers
// (OEM API) and for one's own workspace (Developer API).
package activity
