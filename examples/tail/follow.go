package main

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/workato-go/sdk/activity"
)

// lateness is how long after its time an event may become visible and still be
// told.
const lateness = 10 * time.Minute

// follower finds what is new in a log. Times come from the server; its own
// clock only keeps an event from the future from hiding the present.
type follower struct {
	log    *activity.Service
	filter activity.Filter
	newest time.Time            // of all events seen; zero: none yet
	told   map[string]time.Time // by key, of the time that late events can come from
}

// begin gives the last n events, oldest first. What is older than they are and
// may come again in the next round counts as told.
func (f *follower) begin(ctx context.Context, n int) ([]*activity.Event, error) {
	var last []*activity.Event
	for event, err := range f.log.All(ctx, f.filter) {
		if err != nil {
			return nil, err
		}
		if len(last) >= n && !event.Time.IsZero() && event.Time.Before(f.horizon()) {
			break
		}
		if f.see(event); len(last) < n {
			last = append(last, event)
		}
	}
	slices.Reverse(last)
	return last, nil
}

// poll gives what was not told yet, oldest first. An error changes nothing.
func (f *follower) poll(ctx context.Context) ([]*activity.Event, error) {
	filter := f.filter
	if since := f.newest.Add(-lateness); !f.newest.IsZero() && since.After(filter.From) {
		filter.From = since
	}
	var fresh []*activity.Event
	for event, err := range f.log.All(ctx, filter) {
		if err != nil {
			return nil, err
		}
		if _, ok := f.told[key(event)]; !ok {
			fresh = append(fresh, event)
		}
	}
	slices.Reverse(fresh)
	for _, event := range fresh {
		f.see(event)
	}
	f.forget()
	return fresh, nil
}

// see remembers an event. One without a readable time is as if it were of now.
func (f *follower) see(e *activity.Event) {
	at, now := e.Time, time.Now()
	if at.IsZero() {
		at = now
	}
	f.told[key(e)] = at
	if at.After(now) {
		at = now
	}
	if at.After(f.newest) {
		f.newest = at
	}
}

// horizon is the time before which no event comes again. It is twice as far
// back as rounds ask, because the log is not strictly in the order of time.
func (f *follower) horizon() time.Time { return f.newest.Add(-2 * lateness) }

// forget keeps the memory as small as the horizon is near.
func (f *follower) forget() {
	for key, at := range f.told {
		if at.Before(f.horizon()) {
			delete(f.told, key)
		}
	}
}

// key is what an event is known by. One without an ID is known by all it says.
func key(e *activity.Event) string {
	if e.ID == 0 {
		return string(e.Raw())
	}
	return strconv.FormatInt(e.ID, 10)
}

// follow prints the last events and then what is new, until the context ends.
// That is its ordinary end, and no error.
func (t *tail) follow(ctx context.Context) error {
	f := &follower{log: t.log, filter: t.opts.filter, told: map[string]time.Time{}}
	events, err := f.begin(ctx, t.opts.count)
	for err == nil {
		if err = t.print.events(events); err != nil || !sleep(ctx, t.opts.interval) {
			break
		}
		events, err = t.round(ctx, f)
	}
	if ctx.Err() == nil {
		return err
	}
	if !t.opts.demo {
		t.sys.say("stopped after %s", eventCount(t.print.count))
	}
	return nil
}

// round is a poll that succeeds, however long that takes, or that never will.
// A failure that may pass is reported once.
func (t *tail) round(ctx context.Context, f *follower) ([]*activity.Event, error) {
	failed := false
	for {
		events, err := f.poll(ctx)
		switch {
		case err == nil && failed:
			t.sys.say("the log can be read again; nothing new is left out")
			return events, nil
		case err == nil || ctx.Err() != nil || !passing(err):
			return events, err
		case !failed:
			t.sys.say("%s\nStill following: this is said once, and the next success too.", explain(err, t.opts))
			failed = true
		}
		if !sleep(ctx, t.opts.interval) {
			return nil, ctx.Err()
		}
	}
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
