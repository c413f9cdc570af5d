// Package bench compares the SDK with other ways to the same result. It is a
// module of its own, so that nobody who uses the SDK gets what it is compared
// with.
//
// There are four tasks: to decode a page into typed events, to look through a
// page for what identifies its rows, to list a log, and to ask a quiet log what is
// new. Each has contestants, and a test that all of them come to the same values.
//
// On a machine that others use too, a figure from one run says little about one
// from another. So the program cmd/compare measures all contestants of a task in
// turn, round by round, and divides within a round; docs/performance.md has its
// tables. The benchmarks of this package measure the same for benchstat.
package bench
