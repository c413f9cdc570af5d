//go:build tinygo

package ontarget_test

import "runtime"

var before, after runtime.MemStats

// mallocs is the number of allocations of f when it runs again.
// testing.AllocsPerRun of TinyGo counts none, whatever f does.
func mallocs(f func()) int {
	f()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.Mallocs - before.Mallocs)
}
