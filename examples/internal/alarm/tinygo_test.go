//go:build tinygo

package alarm_test

import "runtime"

var before, after runtime.MemStats

// mallocs is the number of allocations of f. testing.AllocsPerRun of TinyGo
// counts none, whatever f does.
func mallocs(f func()) int {
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.Mallocs - before.Mallocs)
}
