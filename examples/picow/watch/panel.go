package watch

import (
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// Tick tells the alarm the level of the mute button and lets it drive its
// outputs; it says when it wants to be called again at the latest. An output that
// fails is tried again then, and counted in State.
func (w *Watch) Tick(now time.Time, pressed bool) (next time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alarm.Button(now, pressed)
	next, err := w.alarm.Step(now)
	if err != nil && next.IsZero() {
		next = now.Add(time.Second)
	}
	return next
}

// Enter shows a phase of the start, such as a network that is being joined.
func (w *Watch) Enter(p alarm.Phase) {
	now := w.config.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alarm.Enter(now, p)
}

// Fail shows a fault that somebody else found.
func (w *Watch) Fail(f alarm.Fault) {
	now := w.config.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alarm.Failed(now, f)
}

// State is what the alarm shows.
func (w *Watch) State() alarm.State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.alarm.State()
}

// show tells the alarm that the log answered.
func (w *Watch) show() {
	now := w.config.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alarm.Answered(now)
}

// sound tells the alarm of new events.
func (w *Watch) sound(s alarm.Severity, n int) {
	now := w.config.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alarm.Activity(now, s, n)
}
