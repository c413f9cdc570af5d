//go:build !unix

package bench

import "time"

var start = time.Now()

// processorTime is the time that passed: this system has no better answer.
func processorTime() time.Duration { return time.Since(start) }
