package activity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"github.com/workato-go/sdk/activity/diff"
)

// Poll is one round: it gives what is new, oldest first, in one or more
// requests. Until Ack says that it is handled, Poll gives the same events again
// and asks for nothing. An empty result with no error is a quiet log.
//
// After an error nothing is lost: Poll again goes on where it was. An error that
// matches [ErrSourceChanged], [ErrFilterChanged], [ErrCheckpoint] or [ErrFenced]
// comes back from every Poll until Restart or until somebody mends the cause in
// the Store, for a new Watcher.
func (w *Watcher) Poll(ctx context.Context) ([]*Event, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.publish()
	if err := w.ready(ctx); err != nil {
		return nil, err
	}
	if len(w.batch) > 0 {
		return slices.Clone(w.batch), nil
	}
	w.polls++
	for {
		step, err := w.ask(ctx)
		if err != nil {
			return nil, w.classify(err)
		}
		if step == diff.Deliver {
			w.tellGaps()
			if len(w.held) > 0 {
				w.batch = slices.Clone(w.held)
				slices.Reverse(w.batch)
				return slices.Clone(w.batch), nil
			}
			if step = w.tracker.Ack(nil); step == diff.Deliver {
				w.tracker.Lost() // it counts on events that are not here: ask again
				step = diff.More
			}
			w.unsaved = true
		}
		if err := w.saveIfDue(ctx, step); err != nil {
			return nil, err
		}
		if step == diff.Idle {
			w.more = false
			return nil, nil
		}
	}
}

// Ack says that the events of the last Poll are handled, and saves the
// checkpoint. After an empty Poll it does nothing. An error means that the
// checkpoint is not saved: call Ack again, or a crash will tell the events twice.
func (w *Watcher) Ack(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.publish()
	return w.ack(ctx, len(w.batch))
}

// ack acknowledges the first n events of the batch.
func (w *Watcher) ack(ctx context.Context, n int) error {
	if n == 0 && !w.unsaved {
		return nil
	}
	ids := make([]int64, n)
	for i, event := range w.batch[:n] {
		ids[i] = event.ID
	}
	if n > 0 {
		step := w.tracker.Ack(ids)
		w.batch = w.batch[n:]
		w.held = w.held[:len(w.batch)]
		w.more = step == diff.More
		w.unsaved = true
	}
	return w.save(ctx)
}

// ready reads the checkpoint the first time, and saves what an Ack could not.
func (w *Watcher) ready(ctx context.Context) error {
	switch {
	case w.failure != nil:
		return w.failure
	case !w.loaded:
		return w.classify(w.load(ctx))
	case w.unsaved:
		return w.save(ctx)
	}
	return nil
}

func (w *Watcher) load(ctx context.Context) error {
	state, revision, err := w.options.Store.Load(ctx, w.key)
	if err != nil {
		return err
	}
	w.revision = revision
	if revision > 0 || len(state) > 0 {
		if err := w.tracker.UnmarshalBinary(state); err != nil {
			return checkpointError(err)
		}
	}
	w.tracker.Start(toMs(w.options.From))
	w.loaded, w.fresh = true, w.options.From.IsZero() && w.tracker.Lag().LastExplainedMs == 0
	return nil
}

func checkpointError(err error) error {
	if errors.Is(err, diff.ErrFilterChanged) {
		return ErrFilterChanged
	}
	return fmt.Errorf("%w: %w", ErrCheckpoint, err)
}

// classify remembers an error that no further Poll can mend.
func (w *Watcher) classify(err error) error {
	for _, final := range []error{ErrSourceChanged, ErrFilterChanged, ErrCheckpoint, ErrFenced} {
		if errors.Is(err, final) {
			w.failure = err
		}
	}
	return err
}

// ask sends the tracker's question, and shows it the answer.
func (w *Watcher) ask(ctx context.Context) (diff.Step, error) {
	question, ok := w.tracker.Next(time.Now().UnixMilli())
	if !ok {
		return diff.Deliver, nil
	}
	page, resp, err := w.service.list(ctx, w.listOptions(question))
	if err != nil {
		w.tracker.Failed()
		return 0, err
	}
	w.tracker.Begin(toMs(resp.Date))
	for _, event := range page.Events {
		if err := w.offer(event); err != nil {
			w.tracker.Failed()
			return 0, err
		}
	}
	w.requests++
	return w.tracker.End(diff.Tail{Total: page.Total}), nil
}

func (w *Watcher) listOptions(q diff.Query) ListOptions {
	options := ListOptions{Filter: w.options.Filter, After: q.After, PageSize: q.Size}
	options.From, options.To = fromMs(q.FromMs), fromMs(q.ToMs)
	return options
}

// offer shows the tracker a row, and keeps the event if it says so.
func (w *Watcher) offer(event *Event) error {
	if event.ID <= 0 {
		return nil // cannot be told apart from others: the server's count makes it a gap
	}
	keep, err := w.tracker.Offer(diff.Item{ID: event.ID, TimeMs: toMs(event.Time), Source: source(event)})
	switch {
	case errors.Is(err, diff.ErrSourceChanged):
		return ErrSourceChanged
	case err != nil:
		return fmt.Errorf("activity: the answer makes no sense: %w", err)
	case keep == diff.Hold:
		w.hold(event)
	}
	return nil
}

// hold keeps an event in its place. Beyond what the tracker counts on, the
// newest goes: it is asked for again when its turn comes.
func (w *Watcher) hold(event *Event) {
	at, found := slices.BinarySearchFunc(w.held, event.ID, func(e *Event, id int64) int { return cmp.Compare(id, e.ID) })
	if found {
		w.held[at] = event
		return
	}
	w.held = slices.Insert(w.held, at, event)
	if len(w.held) > w.maxHeld {
		w.held = slices.Delete(w.held, 0, 1)
	}
}

// source tells logs apart by what their rows say of themselves.
func source(event *Event) uint64 {
	if event.Workspace.ID == 0 && event.Workspace.Environment == "" {
		return 0
	}
	hash := fnv.New64a()
	_, _ = hash.Write(strconv.AppendInt(nil, event.Workspace.ID, 10))
	_, _ = hash.Write([]byte("/" + event.Workspace.Environment))
	return max(hash.Sum64(), 1)
}

func (w *Watcher) tellGaps() {
	for gap, ok := w.tracker.Gap(); ok; gap, ok = w.tracker.Gap() {
		w.options.OnGap(newGap(gap))
	}
}

// A quiet log and a long catch-up save now and then: so that the next start
// need not go back far.
const saveEvery = time.Minute

func (w *Watcher) saveIfDue(ctx context.Context, step diff.Step) error {
	if w.fresh {
		// A checkpoint from before the beginning would let it slip to a later one;
		// what comes after it must be told.
		if step != diff.Idle {
			return nil
		}
		w.fresh, w.unsaved = false, true
	}
	if w.unsaved || time.Since(w.saved) >= saveEvery {
		return w.save(ctx)
	}
	return nil
}

func (w *Watcher) save(ctx context.Context) error {
	state, err := w.tracker.AppendBinary(w.state[:0])
	if err != nil {
		return err
	}
	w.state = state
	revision, err := w.options.Store.Save(ctx, w.key, state, w.revision)
	if err != nil {
		w.unsaved = true
		return w.classify(err)
	}
	w.revision, w.saved, w.unsaved = revision, time.Now(), false
	return nil
}

// Restart drops the checkpoint and begins anew, at a time or, if that is zero,
// now. It is the one way to do so, and says it as a [Gap] of unknown size. It is
// for after an error that says that the checkpoint does not fit; an event that
// the old one had told may be told again if it is after the beginning.
func (w *Watcher) Restart(ctx context.Context, from time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.publish()
	reason := diff.CheckpointLost
	switch {
	case errors.Is(w.failure, ErrSourceChanged):
		reason = diff.SourceChanged
	case errors.Is(w.failure, ErrFilterChanged):
		reason = diff.FilterChanged
	}
	_, revision, err := w.options.Store.Load(ctx, w.key)
	if err != nil && !errors.Is(err, ErrCheckpoint) {
		return err
	}
	w.revision, w.loaded, w.fresh, w.failure = revision, true, from.IsZero(), nil
	w.held, w.batch, w.more = nil, nil, false
	w.tracker.Restart(reason, toMs(from))
	w.tellGaps()
	w.tracker.Ack(nil)
	return w.save(ctx)
}

// Lag tells how far the Watcher is behind. It may be called at any time, from
// any goroutine.
func (w *Watcher) Lag() Lag {
	w.lagMu.Lock()
	defer w.lagMu.Unlock()
	return w.lag
}

func (w *Watcher) publish() {
	lag := w.tracker.Lag()
	w.lagMu.Lock()
	defer w.lagMu.Unlock()
	w.lag = Lag{
		Unseen: lag.Unseen, OldestUnseen: fromMs(lag.OldestUnseenMs), LastExplained: fromMs(lag.LastExplainedMs),
		Polls: w.polls, Requests: w.requests,
	}
}
