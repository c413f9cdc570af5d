// Package sim compares ways to tail a log that a server gives page by page and
// newest first.
//
// A [World] is everything a server will ever show, drawn beforehand: when each
// event happens, when it becomes visible, when it is gone. A [Server] answers
// requests from the snapshot at a simulated instant, and a [Host] gives a
// [Reader] its clock, its way to the server, its consumer and its disk, and kills
// it where the [Scenario] says so. There is no wall clock and no goroutine, and
// every draw comes from the number of the run: the same arguments give the same
// [Result], and all readers see the same world.
//
// An event counts as missed where it became readable after the reader's first
// round, stayed so for ten minutes and was never delivered. It is missed
// silently where no report covers it.
package sim
