package main

import (
	"cmp"
	"context"
	"iter"

	"github.com/workato-go/sdk/activity"
)

// export prints every event, newest first, as fast as the quota and stdout
// allow.
func (t *tail) export(ctx context.Context) error {
	progress := newProgress(t.sys)
	err := t.exportAll(ctx, progress)
	progress.erase()
	if err != nil {
		t.sys.say("stopped after %s", progress.summary())
	}
	return err
}

func (t *tail) exportAll(ctx context.Context, progress *progress) error {
	for event, err := range t.readAhead(ctx) {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		if err := t.print.event(event); err != nil {
			return err
		}
		progress.saw(event)
	}
	return nil
}

// pageSize is how many events an answer has at most.
const pageSize = 100

// readAhead gives what the log gives, and asks for the next page while the
// events of one are used: waiting for the server and waiting for stdout happen
// at the same time. A page waits here and another one where it is decoded, and
// there is no third: it is asked for when the last event of the first one is out.
//
// A loop that is left early ends the request that is under way.
func (t *tail) readAhead(ctx context.Context) iter.Seq2[*activity.Event, error] {
	type item struct {
		event *activity.Event
		err   error
	}
	return func(yield func(*activity.Event, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		items := make(chan item, pageSize)
		go func() {
			defer close(items)
			for event, err := range t.log.All(ctx, t.opts.filter) {
				items <- item{event, err}
			}
		}()
		defer func() {
			cancel()
			for range items { // it ends soon: the log ends with the context
			}
		}()
		for item := range items {
			if !yield(item.event, item.err) {
				return
			}
		}
	}
}
