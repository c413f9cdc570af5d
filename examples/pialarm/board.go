package main

import (
	"errors"
	"log/slog"
	"time"
)

// board is the LED, the buzzer and the mute button. Lines may be missing, and get
// lost: the alarm then drives nothing, and the lines catch up with it once they
// are there. The driver's goroutine owns it.
type board struct {
	holder holder
	log    *slog.Logger

	led, buzzer output
	button      holding // without a line: there is none
	hasButton   bool    // there should be one

	levels  chan bool // the button's, from another goroutine
	losses  int
	retryAt time.Time // zero: everything is there
	pause   time.Duration
	problem string // what was logged last
}

// output is a line, or the place of one.
type output struct {
	wanted bool
	line   line // nil: none
	on     bool
}

// Set keeps the value in mind where there is no line to take it.
func (o *output) Set(on bool) error {
	if o.line != nil {
		if err := o.line.Set(on); err != nil {
			return err
		}
	}
	o.on = on
	return nil
}

func newBoard(h holder, s *settings, log *slog.Logger) *board {
	const plenty = 64 // edges until the driver looks
	b := &board{holder: h, log: log, levels: make(chan bool, plenty)}
	if s.gpio != gpioNone {
		b.led.wanted, b.buzzer.wanted, b.hasButton = s.lines[led] != "", s.lines[buzzer] != "", s.lines[mute] != ""
	}
	return b
}

// open holds what is not held yet. What is the same problem for several lines is
// one error.
func (b *board) open() error {
	var failures []error
	said := map[string]bool{}
	for _, r := range []role{led, buzzer, mute} {
		if err := b.openOne(r); err != nil && !said[err.Error()] {
			said[err.Error()] = true
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

func (b *board) openOne(r role) (err error) {
	switch {
	case r == led && b.led.missing():
		return b.led.open(b.holder, r)
	case r == buzzer && b.buzzer.missing():
		return b.buzzer.open(b.holder, r)
	case r == mute && b.hasButton && b.button.line == nil:
		b.button, err = b.holder.hold(r, b.changed)
	}
	return err
}

func (o *output) missing() bool { return o.wanted && o.line == nil }

// open holds the line, and lets it catch up with the alarm.
func (o *output) open(from holder, r role) error {
	h, err := from.hold(r, nil)
	if err != nil {
		return err
	}
	if o.on {
		if err := h.Set(true); err != nil {
			return errors.Join(err, h.Release())
		}
	}
	o.line = h.line
	return nil
}

// changed runs on the kernel's goroutine. A level that finds no room is not
// missed: the driver asks for the last one itself.
func (b *board) changed(pressed bool) {
	select {
	case b.levels <- pressed:
	default:
	}
}

const (
	firstRetry   = time.Second
	longestRetry = time.Minute
)

// lost gives up the lines after a failure, to try again later.
func (b *board) lost(err error) {
	b.losses++
	b.pause = 0
	b.log.Error("a GPIO line failed: trying to get it back; the log is read on", "error", err, "losses", b.losses)
	if err := b.close(); err != nil {
		b.log.Debug("closing the lines", "error", err)
	}
	b.later()
}

// later plans the next attempt.
func (b *board) later() {
	b.pause = min(max(2*b.pause, firstRetry), longestRetry)
	b.retryAt = time.Now().Add(b.pause)
}

// retry is an attempt to hold what is missing. The same problem is said once.
func (b *board) retry() {
	err := b.open()
	if err == nil {
		b.retryAt, b.problem, b.pause = time.Time{}, "", 0
		b.log.Info("all GPIO lines are there")
		return
	}
	if b.problem != err.Error() {
		b.problem = err.Error()
		b.log.Warn("GPIO lines are missing: trying again, now and then", "error", err)
	}
	b.later()
}

// close leaves every line safe. It can be called again.
func (b *board) close() error {
	var failures []error
	for _, o := range []*output{&b.buzzer, &b.led} { // what is loudest first
		if o.line != nil {
			failures = append(failures, o.line.Release())
			o.line = nil
		}
	}
	if b.button.line != nil {
		failures = append(failures, b.button.Release())
		b.button = holding{}
	}
	return errors.Join(failures...)
}
