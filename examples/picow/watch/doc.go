// Package watch is what the board does all day: it asks the activity log what is
// new, and tells the alarm.
//
// A page of the log goes through package scan, row by row as the bytes come in,
// into package diff, which says what is new; what is to be told becomes one byte of
// severity a row. So a page of any size takes no memory, and a log of any size is
// followed without a filter on the server.
//
//	w, err := watch.New(watch.Config{...})
//	go func() { // the ticker
//		for {
//			next := w.Tick(now(), button())
//			... sleep until next, 20 ms at most ...
//		}
//	}()
//	for {
//		wait, err := w.Poll()
//		w.Wait(wait)
//	}
//
// # What is promised
//
// An event sounds once it is certain that the page it came on is complete, and is
// in the checkpoint after that: a crash between the two tells the batch in
// flight, 20 events at most, again, and loses none. What diff reports as a gap
// counts as activity of normal severity.
//
// The first start is silent about what is there already. A checkpoint that is
// damaged, or of another host, customer or environment, ends polling until setup
// has wiped it: to begin anew without a word would hide what happened in between.
//
// Nothing that the log says of persons is kept or logged.
package watch
