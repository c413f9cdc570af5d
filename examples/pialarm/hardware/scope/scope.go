// Package scope is an oscilloscope for tests: it keeps what happened on the wires
// of a board, when, and next to what marks, and answers what one would read from
// a screen: the level of a wire, when it rose, how long it was high.
//
// It sees wires, not programs. Nothing that the program under test says about
// itself is in it.
package scope

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Change is a wire that changed its level.
type Change struct {
	Wire int
	High bool
	At   time.Time
}

// Pulse is a time for which a wire was high.
type Pulse struct {
	From, To time.Time // To is zero where it still is
}

// Width is how long the pulse was, or has been at now.
func (p Pulse) Width(now time.Time) time.Duration {
	if p.To.IsZero() {
		return now.Sub(p.From)
	}
	return p.To.Sub(p.From)
}

// Mark is something else that happened, to be seen next to what the wires did.
type Mark struct {
	At   time.Time
	Text string
}

// Scope keeps changes. The zero Scope is ready: all wires are low and always have
// been. It is safe for concurrent use.
type Scope struct {
	mu      sync.Mutex
	changes []Change
	news    chan struct{} // closed at the next change; nil: nobody waits
}

// Record takes a change. One that changes nothing is dropped.
func (s *Scope) Record(c Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.level(c.Wire, time.Time{}) == c.High {
		return
	}
	s.changes = append(s.changes, c)
	if s.news != nil {
		close(s.news)
		s.news = nil
	}
}

// level is that before at; zero: the present one.
func (s *Scope) level(wire int, at time.Time) bool {
	for _, c := range slices.Backward(s.changes) {
		if c.Wire == wire && (at.IsZero() || c.At.Before(at)) {
			return c.High
		}
	}
	return false
}

// High tells whether the wire is high.
func (s *Scope) High(wire int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.level(wire, time.Time{})
}

// Changes gives the changes of the wire since then, oldest first.
func (s *Scope) Changes(wire int, since time.Time) []Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	var changes []Change
	for _, c := range s.changes {
		if c.Wire == wire && !c.At.Before(since) {
			changes = append(changes, c)
		}
	}
	return changes
}

// Pulses gives the times for which the wire was high since then, oldest first. A
// wire that was high already has a pulse that begins then.
func (s *Scope) Pulses(wire int, since time.Time) []Pulse {
	var pulses []Pulse
	s.mu.Lock()
	if s.level(wire, since) {
		pulses = append(pulses, Pulse{From: since})
	}
	s.mu.Unlock()
	for _, c := range s.Changes(wire, since) {
		switch {
		case c.High:
			pulses = append(pulses, Pulse{From: c.At})
		case len(pulses) > 0:
			pulses[len(pulses)-1].To = c.At
		}
	}
	return pulses
}

// Wait waits for the first change of the wire to that level since then, which may
// be past.
func (s *Scope) Wait(ctx context.Context, wire int, high bool, since time.Time) (Change, error) {
	for {
		s.mu.Lock()
		if s.news == nil {
			s.news = make(chan struct{})
		}
		news := s.news
		s.mu.Unlock()
		for _, c := range s.Changes(wire, since) {
			if c.High == high {
				return c, nil
			}
		}
		select {
		case <-news:
		case <-ctx.Done():
			return Change{}, fmt.Errorf("wire %d did not go %s: %w", wire, name(high), context.Cause(ctx))
		}
	}
}

func name(high bool) string {
	if high {
		return "high"
	}
	return "low"
}

// Draw tells what happened since then on the wires that have a name, and the
// marks, a line each:
//
//	+1.000s pressed
//	+1.204s GPIO17 high
//	+1.512s GPIO17 low
func (s *Scope) Draw(names map[int]string, since time.Time, marks ...Mark) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := slices.DeleteFunc(slices.Clone(marks), func(m Mark) bool { return m.At.Before(since) })
	for _, c := range s.changes {
		if wire, ok := names[c.Wire]; ok && !c.At.Before(since) {
			lines = append(lines, Mark{c.At, wire + " " + name(c.High)})
		}
	}
	slices.SortStableFunc(lines, func(a, b Mark) int { return a.At.Compare(b.At) })
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "+%.3fs %s\n", l.At.Sub(since).Seconds(), l.Text)
	}
	return b.String()
}
