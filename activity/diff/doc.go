// Package diff tells what is new in a log that is polled page by page, newest
// first: no event is lost silently, none is told twice, and what cannot be
// delivered is counted and reported. A [Tracker] does that in constant memory,
// without clock, I/O or goroutines; the same code runs in a server that watches
// thousands of logs and on a microcontroller.
//
// # How it decides
//
// An ID decides whether an event is new, never its time and never a count. The
// Tracker remembers the last IDs exactly (the ring) and counts each ID below
// them as told. That is not the same as the highest ID: databases give out IDs
// before they commit, so rows become visible below others that are long
// delivered.
//
// The server's total is the auditor. Each poll asks for the events from a time
// that stands still (the anchor); then total - count is how many events are
// there that were not told. If the newest page does not hold them all, the
// Tracker walks down from cursor to cursor until they are found. The anchor
// moves only from an instant at which nothing was missing, by the lateness
// behind it. An idle poll is one request with a handful of rows.
//
// What the server counts and no walk can find for 90 seconds becomes a [Gap]
// with its exact number. What nobody can count becomes a gap of unknown size.
//
// # How to drive it
//
// A driver asks what Next says, shows the answer row by row, and does what End
// says:
//
//	for {
//		query, ok := tracker.Next(now)
//		if !ok { ... }                   // a batch waits for Ack: deliver it
//		answer, err := send(query)
//		if err != nil {
//			tracker.Failed()             // asked again, at the same place
//			... wait ...
//			continue
//		}
//		tracker.Begin(answer.Date)
//		for _, row := range answer.Rows {
//			keep, err := tracker.Offer(row)
//			if err != nil { ... }        // ErrSourceChanged, ErrOrder: stop
//			if keep == diff.Hold { ... } // keep the event; see [Hold]
//		}
//		step := tracker.End(diff.Tail{Total: answer.Total})
//		for step == diff.Deliver {
//			... each tracker.Gap(), then the events held, oldest first ...
//			step = tracker.Ack(ids)
//			... save tracker.AppendBinary ...
//		}
//		if step == diff.Idle { ... wait for the next poll ... }
//	}
//
// What the driver holds stays held over failures, until Ack. If it loses it, it
// says so with Lost. Ack is what registers an event: after a crash between
// delivery and the saved checkpoint, the batch in flight comes again, and no
// other.
//
// A backlog that is larger than what the driver can hold is delivered oldest
// first all the same: the Tracker walks to its end, remembers cursors on the way
// and comes back up, page by page. A checkpoint from the middle of that goes on
// there.
//
// # The first run
//
// Events that are there at the first run are not told. Start, before the first
// question, makes it begin at a time instead. A checkpoint that cannot be used
// is an error, never a reason to begin anew without a word: that is Restart,
// which leaves a gap.
//
// # What it relies on
//
//   - One answer is one snapshot: the rows with the highest IDs below the
//     cursor, in descending order ([ErrOrder] if not), and a total of that
//     snapshot.
//   - IDs are positive, unique and less than 1<<32 apart within the ring.
//   - Events become visible at most the lateness after their own time. Later
//     ones are found by the audit, up to 144 latenesses (a day, at ten minutes).
//   - Nothing is deleted within minutes; retention is much longer.
//
// Where these hold and nothing crashes, each event is told exactly once or is in
// the number of a gap. A total that lags for some seconds delays proofs, and
// nothing else. A total that cannot be used at all is noticed and reported
// ([Miscounted]); from then on every event that is not later than the lateness
// is found by walking, but nobody can count what stays behind, until the total
// proves right again. A row that vanishes within the window can hide a late one;
// that vanishing is reported where it shows. An event later than the audit's
// reach cannot be known of, and neither can one that is later than the lateness
// without the audit.
//
// # What it costs
//
// On a 64-bit system a Tracker of [ServerConfig] takes 0.8 KB, and 4 bytes for
// each ID that it has to remember beyond 32, up to 64 KB; one of [BoardConfig]
// takes 1.8 KB. A slice of at most 1 KB is allocated by [New] as a whole, and
// nothing after that: that holds for all of a board. A larger one grows by
// doubling when a log needs it, and never shrinks. A checkpoint of a board is
// at most 1,024 bytes.
package diff
