package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/workato"
)

// news is what the reader tells the driver: what happened, as far as it matters.
// The driver must not be kept from the lines, so names and words stay here.
type news struct {
	answered     bool
	fault        alarm.Fault // 0: none
	normal, high int         // new events of these severities
	last         string      // the type of the last of them

	taken chan struct{} // closed once the alarm has it
}

// show is who looks on: the dry run and the demo. A nil function is not called.
type show struct {
	event func(*activity.Event, alarm.Severity) // on the reader's goroutine
	gap   func(activity.Gap)                    // there, too
	state func(alarm.State)                     // on the driver's
}

// reader asks for the log, round after round. It acknowledges events once the
// driver has taken them, so that a crash between the two tells them again rather
// than never.
type reader struct {
	settings   *settings
	newWatcher func(onGap func(activity.Gap)) (*activity.Watcher, error)
	stored     func(context.Context) (bool, error) // whether there is a checkpoint
	opened     *opened
	out        chan<- news
	show       show
	log        *slog.Logger

	watcher *activity.Watcher
	failure error         // of the checkpoint, which has to be read again; nil: none
	failing alarm.Fault   // what was logged last; 0: it works
	pause   time.Duration // after the last failure

	began time.Time
	due   atomic.Int64 // until when there will be a sign of life, in nanoseconds since began
}

func newReader(s *settings, out chan<- news, look show, log *slog.Logger) *reader {
	r := &reader{settings: s, out: out, show: look, log: log, began: time.Now()}
	r.promise(0)
	return r
}

// longestStep is the longest that a request may take, with what comes before it:
// 45 s until the client gives up, half a minute of waiting for the quota, and as
// much again for a slow disk and a busy machine.
const longestStep = 2 * time.Minute

// promise says that a sign of life will come after d and a step.
func (r *reader) promise(d time.Duration) {
	r.due.Store(int64(time.Since(r.began) + d + longestStep))
}

// alive tells whether the reader kept its last promise so far. It may be asked
// from any goroutine.
func (r *reader) alive() bool { return int64(time.Since(r.began)) <= r.due.Load() }

// run reads until the context ends, or until an error that no waiting and no
// person at the server can mend.
func (r *reader) run(ctx context.Context) error {
	defer r.keep(ctx)
	for ctx.Err() == nil {
		wait, err := r.round(ctx)
		if _, wrong := errors.AsType[*workato.ArgumentError](err); wrong {
			return err
		}
		if err != nil && ctx.Err() == nil {
			wait = r.failed(ctx, err)
		}
		r.wait(ctx, wait)
	}
	return nil
}

// keep saves a press of the button. If that fails, the LED tells of events again
// after the next start, and the next round of the failure.
func (r *reader) keep(ctx context.Context) {
	if err := r.opened.save(context.WithoutCancel(ctx)); err != nil {
		r.log.Debug("what was acknowledged could not be saved", "error", err)
	}
}

// round asks once, and says how long to wait for the next time.
func (r *reader) round(ctx context.Context) (wait time.Duration, err error) {
	r.promise(0)
	if err := r.prepare(ctx); err != nil {
		return 0, err
	}
	events, err := r.watcher.Poll(ctx)
	if err != nil {
		return 0, err
	}
	if r.failing != 0 {
		r.log.Info("it works again")
	}
	r.failing, r.pause, r.failure = 0, 0, nil
	if err := r.tell(ctx, r.news(events)); err != nil {
		return 0, err
	}
	if len(events) == 0 {
		return r.settings.interval, nil
	}
	// The alarm has them: that must be remembered even if the program ends now.
	ctx = context.WithoutCancel(ctx)
	if err := r.opened.save(ctx); err != nil {
		return 0, err
	}
	if err := r.watcher.Ack(ctx); err != nil {
		return 0, err
	}
	if r.watcher.Lag().Unseen > 0 {
		return 0, nil
	}
	return r.settings.interval, nil
}

// news says what matters of an answer. The log comes first: what sounds can be
// read.
func (r *reader) news(events []*activity.Event) news {
	n := news{answered: true}
	for _, e := range events {
		s := r.settings.policy.Severity(forPolicy(e))
		level := slog.LevelInfo
		switch s {
		case alarm.Ignored:
			level = slog.LevelDebug
		case alarm.Normal:
			n.normal++
		case alarm.High:
			n.high++
		}
		if s != alarm.Ignored {
			n.last = printable(string(e.Type))
		}
		r.log.Log(context.Background(), level, "event", "severity", s.String(), "event", e)
		if r.show.event != nil {
			r.show.event(e, s)
		}
	}
	return n
}

// forPolicy is what the policy looks at.
func forPolicy(e *activity.Event) alarm.Event {
	p := alarm.Event{Type: string(e.Type), ResourceType: string(e.Resource.Type)}
	if e.User != nil {
		p.UserID = e.User.ID
	}
	return p
}

// tell hands news to the driver, and waits until it has taken them.
func (r *reader) tell(ctx context.Context, n news) error {
	n.taken = make(chan struct{})
	select {
	case r.out <- n:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-n.taken:
		return nil
	case <-ctx.Done():
	}
	select {
	case <-n.taken: // just before the end
		return nil
	default:
		return ctx.Err()
	}
}

// gap is called by the Watcher, on the reader's goroutine. Something happened that
// cannot be shown: that is activity.
func (r *reader) gap(ctx context.Context, g activity.Gap) {
	r.log.Warn(g.String())
	if r.show.gap != nil {
		r.show.gap(g)
	}
	_ = r.tell(ctx, news{normal: max(1, g.Missing), last: "a gap"}) // fails only at the end; a gap is told at least once
}

// prepare makes a Watcher where there is none. After a checkpoint failed, the
// Watcher has given up, and a new one looks whether somebody repaired it. It
// begins anew only if somebody asks for that: a checkpoint that is gone is no
// permission, because a disk may be missing.
func (r *reader) prepare(ctx context.Context) (err error) {
	asked := beginAnewAsked(r.settings.state)
	if r.failure != nil && !asked {
		if there, err := r.stored(ctx); err != nil {
			return err
		} else if !there {
			return r.failure
		}
	}
	if r.watcher == nil || r.failure != nil && !asked {
		if r.watcher, err = r.newWatcher(func(g activity.Gap) { r.gap(ctx, g) }); err != nil {
			return err
		}
	}
	if !asked {
		return nil
	}
	if err := r.watcher.Restart(ctx, time.Time{}); err != nil {
		return err
	}
	r.log.Warn("beginning anew, as asked: what happened before is not told")
	return beginAnewDone(r.settings.state)
}

// longestPause is what the waits after failures grow to. What a person has to mend
// is asked about less often, but it is: the token may be replaced, and the folder
// repaired.
func (r *reader) longestPause(f alarm.Fault) time.Duration {
	if f.Lasting() {
		return min(10*r.settings.interval, 5*time.Minute)
	}
	return min(2*r.settings.interval, time.Minute)
}

// A Retry-After gone wrong must not silence the alarm for the rest of the day.
const maxRetryAfter = 5 * time.Minute

// failed shows and logs a failure, and says how long to wait.
func (r *reader) failed(ctx context.Context, err error) time.Duration {
	fault := faultOf(err)
	level := slog.LevelWarn
	if r.failing == fault { // the words may differ: they can have the number of a port in them
		level = slog.LevelDebug
	}
	r.log.Log(ctx, level, explain(err, r.settings), "fault", fault.String())
	r.failing = fault
	if r.watcher != nil && fault == alarm.Checkpoint {
		r.failure = err
	}
	_ = r.tell(ctx, news{fault: fault}) // fails only at the end

	r.pause = min(max(2*r.pause, firstRetry), r.longestPause(fault))
	if answer, ok := errors.AsType[*workato.Error](err); ok {
		return max(r.pause, min(answer.RetryAfter, maxRetryAfter))
	}
	return r.pause
}

// wait sleeps, and ends early if somebody asks to begin anew.
func (r *reader) wait(ctx context.Context, d time.Duration) {
	r.promise(d)
	const look = 5 * time.Second
	for ; d > 0 && ctx.Err() == nil; d -= look {
		sleep(ctx, min(d, look))
		r.keep(ctx)
		if beginAnewAsked(r.settings.state) {
			return
		}
	}
}
