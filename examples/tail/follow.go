package main

import (
	"cmp"
	"context"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"github.com/workato-go/sdk/activity"
)

// follow prints the last events and then what is new, until the context ends.
// That is its ordinary end, and no error.
func (t *tail) follow(ctx context.Context) error {
	store := activity.MemoryStore()
	if t.opts.state != "" {
		store = activity.FileStore(t.opts.state)
	}
	if closer, ok := store.(io.Closer); ok {
		defer closer.Close()
	}
	err := t.followFrom(ctx, store)
	if ctx.Err() == nil {
		return err
	}
	if !t.opts.demo {
		t.sys.say("stopped after %s", eventCount(t.print.count))
	}
	return nil
}

// followFrom goes on from the checkpoint in the store, or begins where there is
// none. An event is handled once it is printed: the loop acknowledges it when it
// asks for the next one.
func (t *tail) followFrom(ctx context.Context, store activity.Store) error {
	_, revision, err := store.Load(ctx, t.key)
	if err == nil && revision == 0 {
		err = t.begin(ctx, store)
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watcher, err := t.watch(ctx, store)
	if err != nil {
		return err
	}
	for event, err := range watcher.Events(ctx) {
		if err == nil {
			err = t.print.event(event)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begin prints the last events, and puts into the store a checkpoint after
// which everything is new. The order matters: a Watcher misses nothing after its
// first look, so what the listing did not have yet is in the second look or
// comes later. What both have is told apart by its ID. The checkpoint stays in
// memory until all is printed, so a beginning that fails can be repeated.
func (t *tail) begin(ctx context.Context, store activity.Store) error {
	memory := activity.MemoryStore()
	watcher, err := t.watch(ctx, memory)
	if err != nil {
		return err
	}
	fresh, err := look(ctx, watcher)
	if err != nil {
		return err
	}
	events, err := t.newest(ctx)
	if err != nil {
		return err
	}
	fresher, err := look(ctx, watcher)
	if err != nil {
		return err
	}
	if err := t.print.events(union(events, append(fresh, fresher...))); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // it is all printed, so it must be remembered
	state, _, err := memory.Load(ctx, t.key)
	if err == nil {
		_, err = store.Save(ctx, t.key, state, 0)
	}
	return err
}

// look gives what is new, and takes it for handled.
func look(ctx context.Context, watcher *activity.Watcher) ([]*activity.Event, error) {
	var events []*activity.Event
	for {
		batch, err := watcher.Poll(ctx)
		if err != nil || len(batch) == 0 {
			return events, err
		}
		events = append(events, batch...)
		if err := watcher.Ack(ctx); err != nil {
			return nil, err
		}
	}
}

// union adds the events that are not there yet, oldest first.
func union(events, more []*activity.Event) []*activity.Event {
	there := make(map[int64]bool, len(events))
	for _, event := range events {
		there[event.ID] = true
	}
	for _, event := range more {
		if !there[event.ID] {
			events = append(events, event)
		}
	}
	slices.SortStableFunc(events, func(a, b *activity.Event) int { return cmp.Compare(a.ID, b.ID) })
	return events
}

// watch makes a Watcher of the log. It has no beginning but the checkpoint's:
// -from chooses among the last events, and a later start must not leave out what
// happened before it.
func (t *tail) watch(ctx context.Context, store activity.Store) (*activity.Watcher, error) {
	var watcher *activity.Watcher
	var outage atomic.Bool
	filter := t.opts.filter
	filter.From = time.Time{}
	watcher, err := t.log.NewWatcher(activity.WatchOptions{
		Filter: filter, Name: t.key, Store: store,
		Interval: t.opts.interval, MaxInterval: t.opts.interval,
		OnGap: func(gap activity.Gap) { t.sys.say("%s", gap) },
		OnRetry: func(err error, _ time.Duration) {
			if outage.Swap(true) {
				return // said already
			}
			t.sys.say("%s\nStill following: this is said once, and the next success too.", explain(err, t.opts))
			go func() {
				defer outage.Store(false)
				if answered(ctx, watcher) {
					t.sys.say("it works again; nothing new is left out")
				}
			}()
		},
	})
	return watcher, err
}

// answered waits for the Watcher's next answer. It asks for none before what it
// could not save is saved.
func answered(ctx context.Context, watcher *activity.Watcher) bool {
	for before := watcher.Lag().Requests; watcher.Lag().Requests == before; {
		if !sleep(ctx, time.Second) {
			return false
		}
	}
	return true
}

// sleep tells whether the time passed before the context ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
