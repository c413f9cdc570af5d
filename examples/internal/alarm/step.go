package alarm

import (
	"errors"
	"time"
)

const (
	longestWait = time.Minute // so that a clock that was set is noticed
	retryWait   = time.Second // after an output failed
)

// Step drives the outputs. Call it again at next, and at once after any other
// call. An error is that of an output, of the buzzer if both fail; it is tried
// again at the next Step.
func (a *Alarm) Step(now time.Time) (next time.Time, err error) {
	a.advance(now)
	if !a.stepped {
		// What comes next may be either, and shows whether both can be reached.
		a.stepped = true
		_, _ = a.buzzer.set(false), a.led.set(false)
	}
	a.remind()
	sounds, soundFor := a.listen()
	lit, litFor := a.watch()
	buzzerErr := a.buzzer.sound(a.elapsed, sounds && !a.off)
	ledErr := a.led.set(lit && !a.off)

	wait := min(longestWait, soundFor, litFor, a.button.left(a.elapsed))
	if a.buzzer.on {
		wait = min(wait, a.buzzer.left(a.elapsed))
	}
	if a.muted() {
		wait = min(wait, a.mutedUntil-a.elapsed)
	}
	if !a.stale() {
		wait = min(wait, a.lastAnswer+a.config.StaleAfter-a.elapsed)
	}
	if buzzerErr != nil {
		return now.Add(min(wait, retryWait)), buzzerErr
	}
	if ledErr != nil {
		return now.Add(min(wait, retryWait)), ledErr
	}
	return now.Add(wait), nil
}

// Off sets both outputs off, for good: after that, a Step only tries again what
// failed. The error has that of each output.
func (a *Alarm) Off() error {
	a.off = true
	return errors.Join(a.buzzer.set(false), a.led.set(false))
}
