package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// driver owns the alarm and the lines: everything that drives them happens in its
// loop, on one goroutine.
type driver struct {
	alarm  *alarm.Alarm
	board  *board
	notify *notifier
	log    *slog.Logger
	show   func(alarm.State) // who looks on; nil: nobody

	news       <-chan news
	readerDone <-chan error
	alive      func() bool // whether the reader is
	opened     *opened     // what nobody acknowledged

	said     string // of the alarm, in the log
	status   string // for the service manager
	last     string // event
	ready    bool
	hung     bool      // it was said that the reader shows no life
	chatters bool      // the button does
	watchdog time.Time // when it is to be fed; zero: there is none
	polls    time.Time // when the button's level is due; zero: it tells of edges itself
}

// run drives the lines until the context or the reader ends. Whatever happens,
// the lines are safe before it returns.
func (d *driver) run(ctx context.Context) error {
	defer d.close()
	d.alarm.Enter(time.Now(), alarm.Connecting)
	d.alarm.Reopen(time.Now(), d.opened.saved.severity, d.opened.saved.count)
	d.startButton()
	if d.notify.watchdog > 0 {
		d.watchdog = time.Now()
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		next, err := d.alarm.Step(time.Now())
		if err != nil {
			d.lose(err)
			continue
		}
		d.report()
		timer.Reset(d.untilDue(next))
		select {
		case <-ctx.Done():
			d.log.Info("stopping: switching the lines off")
			return nil
		case err := <-d.readerDone:
			return err
		case n := <-d.news:
			d.take(n)
		case pressed := <-d.board.levels:
			d.pressed(pressed)
		case <-timer.C:
			d.due(time.Now())
		}
	}
}

// close makes the lines safe, the buzzer first, and then lets them go.
func (d *driver) close() {
	if err := errors.Join(d.alarm.Off(), d.board.close()); err != nil {
		d.log.Error("a line could not be made safe; run pialarm safe-state", "error", err)
	}
}

// lose gives up the lines. The outputs then do nothing, so the alarm's next Step
// succeeds.
func (d *driver) lose(err error) {
	d.board.lost(err)
	d.polls = time.Time{}
}

// startButton tells the alarm of the button's level at the start.
func (d *driver) startButton() {
	d.polls = time.Time{}
	if d.board.button.line == nil {
		return
	}
	if d.sync() && !d.board.button.edges {
		d.polls = time.Now().Add(pollEvery)
	}
}

// How often the button is looked at where it does not tell of edges.
const pollEvery = 20 * time.Millisecond

// pressed takes the button's edges in, and then its level: edges may have found
// no room.
func (d *driver) pressed(level bool) {
	d.alarm.Button(time.Now(), level)
	for range len(d.board.levels) {
		d.alarm.Button(time.Now(), <-d.board.levels)
	}
	d.sync()
}

// sync asks for the button's level.
func (d *driver) sync() bool {
	if d.board.button.line == nil {
		return false
	}
	level, err := d.board.button.Value()
	if err != nil {
		d.lose(err)
		return false
	}
	d.alarm.Button(time.Now(), level)
	return true
}

// take gives news to the alarm.
func (d *driver) take(n news) {
	defer close(n.taken)
	now := time.Now()
	if n.fault != 0 {
		d.alarm.Failed(now, n.fault)
	}
	if n.answered {
		d.alarm.Answered(now)
	}
	d.alarm.Activity(now, alarm.Normal, n.normal)
	d.alarm.Activity(now, alarm.High, n.high)
	d.opened.publish(d.alarm.State())
	d.last = cmp.Or(n.last, d.last)
	if !d.ready && (n.answered || n.fault != 0) {
		d.ready = true
		d.notify.ready()
	}
}

// printable takes out what would do something to a terminal or a socket rather
// than be shown.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, s)
}

// report says what changed.
func (d *driver) report() {
	state := d.alarm.State()
	d.opened.publish(state)
	if d.show != nil {
		d.show(state)
	}
	said := meaning(state)
	if said != d.said {
		d.said = said
		d.log.Info("the alarm shows: " + said)
	}
	if state.ButtonIgnored && !d.chatters {
		d.log.Warn("the button chatters, and is ignored for a while: is its wire loose, or is there none? mute = none leaves it out")
	}
	d.chatters = state.ButtonIgnored
	if status := d.statusLine(state, said); status != d.status {
		d.status = status
		d.notify.status(status)
	}
}

// meaning is what the alarm shows and that it is muted, in words.
func meaning(s alarm.State) string {
	if s.MutedUntil.IsZero() {
		return s.Shows
	}
	return strings.TrimSuffix(s.Shows, ", muted") + ", muted until " + s.MutedUntil.Format("15:04")
}

func (d *driver) statusLine(state alarm.State, said string) string {
	parts := []string{said}
	if state.Open > 0 {
		parts = append(parts, fmt.Sprintf("%d not acknowledged", state.Open))
	}
	if d.last != "" {
		parts = append(parts, "last: "+d.last)
	}
	if state.ButtonIgnored {
		parts = append(parts, "the button chatters and is ignored")
	}
	if !d.board.retryAt.IsZero() {
		parts = append(parts, "GPIO lines are missing")
	}
	return strings.Join(parts, "; ")
}

// untilDue is how long the loop may sleep.
func (d *driver) untilDue(next time.Time) time.Duration {
	for _, at := range []time.Time{d.board.retryAt, d.polls, d.watchdog} {
		if !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return max(time.Until(next), 0)
}

// due does what the clock asks for.
func (d *driver) due(now time.Time) {
	if at := d.board.retryAt; !at.IsZero() && !now.Before(at) {
		had := d.board.button.line != nil
		d.board.retry()
		if !had {
			d.startButton()
		}
	}
	if !d.polls.IsZero() && !now.Before(d.polls) {
		d.polls = now.Add(pollEvery)
		d.sync()
	}
	if !d.watchdog.IsZero() && !now.Before(d.watchdog) {
		d.watchdog = now.Add(d.notify.watchdog / 2)
		d.pat()
	}
}

// pat tells the service manager's watchdog that all is well: this loop, which
// drives the lines, and the reader.
func (d *driver) pat() {
	if d.alive() {
		d.hung = false
		d.notify.alive()
		return
	}
	if !d.hung {
		d.hung = true
		d.log.Error("the reader shows no life; leaving it to the service manager's watchdog")
	}
}
