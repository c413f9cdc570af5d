//go:build gc.conservative || gc.precise

package runtime

// collectEvery is how much is allocated until garbage is collected, in bytes.
const collectEvery = 16 << 10

var collectedAt uint64 // gcTotalAlloc then

// collectEarly is called with gcLock held.
func collectEarly() {
	if gcTotalAlloc-collectedAt >= collectEvery {
		collectedAt = gcTotalAlloc
		runGC()
	}
}
