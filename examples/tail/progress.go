package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/workato-go/sdk/activity"
)

// progress says on stderr how far an export is. It draws only on a terminal,
// and only while stdout is none: there the lines themselves show it.
type progress struct {
	out     stream
	visible bool
	drawn   bool
	began   time.Time
	last    time.Time // when it was drawn; at first, when it began
	count   int
	reached time.Time // the time of the last event
}

const redrawEvery = 500 * time.Millisecond

func newProgress(sys system) *progress {
	now := time.Now()
	return &progress{
		out: sys.stderr, began: now, last: now,
		visible: sys.stderr.terminal() && !sys.stdout.terminal() && sys.getenv("TERM") != "dumb",
	}
}

// saw counts an event, and redraws the line where that is due.
func (p *progress) saw(e *activity.Event) {
	p.count++
	if !e.Time.IsZero() {
		p.reached = e.Time
	}
	if now := time.Now(); p.visible && now.Sub(p.last) >= redrawEvery {
		p.last, p.drawn = now, true
		_, _ = fmt.Fprintf(p.out, "\r%s\x1b[K", cut(p.line(now), p.out.columns()-1))
	}
}

func (p *progress) line(now time.Time) string {
	rate := float64(p.count) / now.Sub(p.began).Seconds()
	return fmt.Sprintf("%s, %.0f/s, back to %s", eventCount(p.count), rate, clock(p.reached))
}

// erase takes the line off the terminal.
func (p *progress) erase() {
	if p.drawn {
		_, _ = fmt.Fprint(p.out, "\r\x1b[K")
	}
	p.drawn = false
}

// overlap is how much of the time before the stop is asked for again: the log
// is not strictly in the order of time.
const overlap = time.Minute

// summary is the last word on an export that did not reach the end.
func (p *progress) summary() string {
	if p.reached.IsZero() {
		return eventCount(p.count)
	}
	return fmt.Sprintf("%s, back to %s; to go on from there, repeat the command with -to %s (a minute comes twice, with the same IDs)",
		eventCount(p.count), clock(p.reached), p.reached.Add(overlap).Format(time.RFC3339))
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "an unknown time"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

// eventCount is a number of them, like "1,234 events".
func eventCount(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if n == 1 {
		return digits + " event"
	}
	return digits + " events"
}
