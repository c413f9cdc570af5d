package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
)

// opened keeps what nobody acknowledged, so that the LED tells of it after a power
// cut, too. It lies beside the checkpoint. The reader saves it, before it
// acknowledges the events: the driver must not wait for a disk.
type opened struct {
	store    activity.Store
	key      string
	revision uint64
	saved    openEvents

	mu  sync.Mutex
	now openEvents // as the alarm has it
}

type openEvents struct {
	severity alarm.Severity
	count    int
}

const openedFormat = "severity %d, %d events"

// load reads what was saved. What cannot be read is an error, and gone with the
// next save: the checkpoint is what decides about events.
func (o *opened) load(ctx context.Context) error {
	state, revision, err := o.store.Load(ctx, o.key)
	if err != nil {
		return err
	}
	o.revision = revision
	if len(state) == 0 {
		return nil
	}
	var e openEvents
	if _, err := fmt.Sscanf(string(state), openedFormat, &e.severity, &e.count); err != nil || e.severity > alarm.High || e.count < 0 {
		return fmt.Errorf("%q is no number of events", state)
	}
	o.saved, o.now = e, e
	return nil
}

// publish is for the driver.
func (o *opened) publish(s alarm.State) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = openEvents{s.Severity, s.Open}
}

// save writes down what the alarm has, if that is something else. It is for the
// reader.
func (o *opened) save(ctx context.Context) error {
	o.mu.Lock()
	now := o.now
	o.mu.Unlock()
	if now == o.saved {
		return nil
	}
	revision, err := o.store.Save(ctx, o.key, fmt.Appendf(nil, openedFormat, now.severity, now.count), o.revision)
	if err != nil {
		return err
	}
	o.revision, o.saved = revision, now
	return nil
}
