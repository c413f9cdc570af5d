//go:build race

package diff_test

// The race detector makes a world ten times as dear and has nothing to find in
// a package without goroutines.
const raceDetector = true
