package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/workato"
)

// app is one run of the alarm: a reader of the log and a driver of the lines, one
// goroutine each, and a channel between them.
type app struct {
	settings *settings
	holder   holder
	show     show
	notify   *notifier
	log      *slog.Logger
}

// crash is a panic, kept until the lines are safe.
type crash struct {
	value any
	stack []byte
}

func (c *crash) Error() string { return fmt.Sprintf("internal error: %v", c.value) }

// guarded runs f, and makes an error of a panic.
func guarded(f func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &crash{value, debug.Stack()}
		}
	}()
	return f()
}

// How long the end waits for the reader to save what the alarm has taken. The
// lines are safe by then.
const farewell = 500 * time.Millisecond

// run watches the log until the context ends, and leaves the lines safe.
func (a app) run(ctx context.Context, token string, client []workato.Option) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	told := make(chan news)
	reader := newReader(a.settings, told, a.show, a.log)
	store, err := a.connect(reader, token, client)
	if err != nil {
		return err
	}
	defer store.Close()

	done := make(chan error, 1)
	err = guarded(func() error {
		board := newBoard(a.holder, a.settings, a.log)
		defer func() { _ = board.close() }() // where the driver did not come to it
		driver, err := a.driver(board, reader, told, done)
		if err != nil {
			return err
		}
		go func() { done <- guarded(func() error { return reader.run(ctx) }) }()
		return driver.run(ctx)
	})
	a.notify.stopping()
	cancel()
	if err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-time.After(farewell):
		a.log.Warn("the reader is busy: what it could not save is told again at the next start")
		return nil
	}
}

// connect gives the reader its Watcher. It sends nothing yet.
func (a app) connect(r *reader, token string, options []workato.Option) (io.Closer, error) {
	options = append(options, workato.WithObserver(func(context.Context, workato.Attempt) { r.promise(0) }))
	client, err := workato.NewClient(token, options...)
	if err != nil {
		return nil, err
	}
	log := activity.New(a.settings.source.Workspace(client))
	store := activity.MemoryStore()
	if a.settings.state != "" {
		store = activity.FileStore(a.settings.state)
	}
	key := a.settings.source.Workspace(client).Key()
	r.stored = func(ctx context.Context) (bool, error) {
		_, revision, err := store.Load(ctx, key)
		return revision > 0, err
	}
	r.opened = &opened{store: store, key: key + "/opened"}
	if err := r.opened.load(context.Background()); err != nil {
		r.log.Warn("what nobody acknowledged before the restart is not known", "error", err)
	}
	r.newWatcher = func(onGap func(activity.Gap)) (*activity.Watcher, error) {
		return log.NewWatcher(activity.WatchOptions{Store: store, OnGap: onGap})
	}
	if closer, ok := store.(io.Closer); ok {
		return closer, nil
	}
	return io.NopCloser(nil), nil
}

// driver holds the lines, and makes what drives them.
func (a app) driver(board *board, reader *reader, told <-chan news, done <-chan error) (*driver, error) {
	if err := board.open(); err != nil {
		if a.settings.gpio == gpioRequired {
			return nil, fmt.Errorf("%w\n(gpio = optional goes on without, and gpio = none wants no lines)", err)
		}
		board.problem = err.Error()
		board.later()
		a.log.Warn("GPIO lines are missing: going on without, and trying again now and then", "error", err)
	}
	config := a.settings.alarm
	if board.button.debounced {
		config.Debounce = -1
	}
	alarm, err := alarm.New(config, &board.led, &board.buzzer)
	if err != nil {
		return nil, err
	}
	return &driver{
		alarm: alarm, board: board, notify: a.notify, log: a.log, show: a.show.state,
		news: told, readerDone: done, alive: reader.alive, opened: reader.opened,
	}, nil
}
