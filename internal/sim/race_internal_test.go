//go:build race

package sim

// The race detector makes a run ten times as dear and has nothing to find in
// a package without goroutines.
const raceDetector = true
