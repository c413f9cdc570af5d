package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
)

// transcript stands for the lines in a dry run: it writes a line of text with the
// time whenever one of them would change.
type transcript struct {
	pressing

	out      io.Writer
	describe func(*activity.Event, alarm.Severity) string

	mu    sync.Mutex
	shows string
}

func (t *transcript) write(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = fmt.Fprintf(t.out, "%s  %s\n", time.Now().UTC().Format("2006-01-02 15:04:05.000Z"), fmt.Sprintf(format, args...))
}

func (t *transcript) hold(r role, changed func(bool)) (holding, error) {
	if r == mute {
		t.holdButton(changed)
	}
	return holding{line: &writtenLine{transcript: t, role: r}, edges: true, debounced: true}, nil
}

// writtenLine is a line on paper.
type writtenLine struct {
	transcript *transcript
	role       role
	on         bool
}

func (l *writtenLine) Set(on bool) error {
	if on != l.on {
		l.on = on
		l.transcript.write("%-6s %s", l.role, onOff(on))
	}
	return nil
}

func (l *writtenLine) Value() (bool, error) { return l.transcript.pressed(), nil }
func (l *writtenLine) Release() error       { return l.Set(false) }

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// show writes what the alarm learns and means, too.
func (t *transcript) show() show {
	return show{
		event: func(e *activity.Event, s alarm.Severity) { t.write("event  %s", t.describe(e, s)) },
		gap:   func(g activity.Gap) { t.write("gap    %v", g) },
		state: func(s alarm.State) {
			if text := meaning(s); text != t.shows {
				t.shows = text
				t.write("shows  %s", text)
			}
		},
	}
}

// caption writes what the demo is about to do.
func (t *transcript) caption(text string) { t.write("# %s", text) }

// finish ends a line of text that is under way: there is none.
func (t *transcript) finish() {}

// withoutNames describes an event by types and IDs: neither names nor addresses.
func withoutNames(e *activity.Event, s alarm.Severity) string {
	who := "the platform"
	if e.User != nil {
		who = fmt.Sprintf("user %d", e.User.ID)
	}
	return fmt.Sprintf("%-7s  %s %s, by %s, id %d", s, printable(string(e.Type)), printable(string(e.Resource.Type)), who, e.ID)
}
