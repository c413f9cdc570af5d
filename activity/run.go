package activity

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/workato-go/sdk/workato"
)

// Run polls, hands what is new to the function, and acknowledges it, until the
// context ends; it then returns an error that matches ctx.Err().
//
// The function gets one or more events, oldest first. An error of its own is
// retried with the same events, for ever and with growing waits: an event is
// never skipped. To give up on one, handle it some other way and return nil. What
// may pass, such as a lost connection, a used-up quota or a full disk, is waited
// out. Run ends with what does not: a token or a privilege that is refused, a
// customer that is not found, an option that cannot work, and the four errors
// that say that the checkpoint does not fit.
func (w *Watcher) Run(ctx context.Context, handle func(context.Context, []*Event) error) error {
	pace := w.newPace()
	for {
		events, err := w.poll(ctx)
		if err != nil {
			return err
		}
		if len(events) > 0 {
			err = w.insist(ctx, func() error { return handle(ctx, events) }, nil)
			if err == nil {
				err = w.insist(ctx, func() error { return w.Ack(ctx) }, permanent)
			}
			if err != nil {
				return err
			}
		}
		if err := pace.wait(ctx, w, len(events) > 0); err != nil {
			return err
		}
	}
}

// Events gives what is new, one event after another, for as long as the loop
// runs. An event is acknowledged when the loop asks for the next one; so the one
// at which a loop ends comes again the next time. Failures are waited out or end
// the loop as with Run; an error comes with a nil event and is the last pair.
func (w *Watcher) Events(ctx context.Context) iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		pace := w.newPace()
		for {
			events, err := w.poll(ctx)
			for _, event := range events {
				if !yield(event, nil) {
					return
				}
				if err = w.insist(ctx, func() error { return w.ackOne(ctx) }, permanent); err != nil {
					break
				}
			}
			if err == nil {
				err = pace.wait(ctx, w, len(events) > 0)
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// ackOne acknowledges the oldest event of the batch.
func (w *Watcher) ackOne(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.publish()
	if w.unsaved { // what failed was the saving: the event before this one is acknowledged
		return w.save(ctx)
	}
	return w.ack(ctx, min(1, len(w.batch)))
}

// poll is Poll, with what may pass waited out.
func (w *Watcher) poll(ctx context.Context) (events []*Event, err error) {
	err = w.insist(ctx, func() error {
		events, err = w.Poll(ctx)
		return err
	}, permanent)
	return events, err
}

const (
	firstRetry   = time.Second
	longestRetry = time.Minute
)

// insist calls f until it succeeds, the context ends, or f fails for good.
func (w *Watcher) insist(ctx context.Context, f func() error, forGood func(error) bool) error {
	for wait := firstRetry; ; wait = min(2*wait, longestRetry) {
		err := f()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return canceled(ctx)
		case forGood != nil && forGood(err):
			return err
		}
		if e, ok := errors.AsType[*workato.Error](err); ok {
			wait = max(wait, min(e.RetryAfter, longestRetry))
		}
		if w.options.OnRetry != nil {
			w.options.OnRetry(err, wait)
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// permanent tells a failure that no waiting mends.
func permanent(err error) bool {
	for _, class := range []error{
		workato.ErrInvalid, workato.ErrUnauthorized, workato.ErrForbidden, workato.ErrNotFound,
		ErrSourceChanged, ErrFilterChanged, ErrCheckpoint, ErrFenced,
	} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}

// pace is the time between two rounds.
type pace struct{ interval time.Duration }

func (w *Watcher) newPace() *pace { return &pace{w.options.Interval} }

// wait waits for the next round: not at all within a catch-up, and longer the
// longer it is quiet.
func (p *pace) wait(ctx context.Context, w *Watcher, something bool) error {
	w.mu.Lock()
	more := w.more || len(w.batch) > 0
	w.mu.Unlock()
	switch {
	case more:
		return nil
	case something:
		p.interval = w.options.Interval
	}
	err := sleep(ctx, p.interval)
	p.interval = min(p.interval+p.interval/2, w.options.MaxInterval)
	return err
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return canceled(ctx)
	}
}

// canceled is the end of a context, and why.
func canceled(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return err
	}
	return errors.Join(err, cause)
}
