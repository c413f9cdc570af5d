// Package guard decides whether a program still gets on with its work. As long as
// it does, somebody feeds the hardware's watchdog.
//
// The two catch different failures. Where nothing runs any more, the hardware's
// watchdog is not fed and resets the chip within seconds. Where everything waits
// for what never comes, it would be fed for ever; then the Guard refuses.
package guard

import "time"

// Guard watches one loop. Its zero value has seen no progress yet; call Progress
// once before the first Alive.
type Guard struct {
	// Patience is how long the loop may take for one piece of its work.
	Patience time.Duration

	last time.Time
}

// Progress says that a piece of work is done.
func (g *Guard) Progress(now time.Time) { g.last = now }

// Alive says whether the last progress is recent enough. Times need a monotonic
// reading, or a clock that is set meanwhile would count.
func (g *Guard) Alive(now time.Time) bool { return now.Sub(g.last) <= g.Patience }
