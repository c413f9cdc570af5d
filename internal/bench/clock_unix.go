//go:build unix

package bench

import (
	"syscall"
	"time"
)

// processorTime is how long this process has been at work, on all processors
// together. It does not count while others are.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // it has no reason to fail
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
