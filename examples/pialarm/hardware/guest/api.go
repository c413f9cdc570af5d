//go:build linux

package main

import (
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/talk"
	"github.com/workato-go/sdk/workato/workatotest"
)

// api is a Workato that can leave the network and come back.
type api struct {
	fake    *workatotest.Server
	address string
	network *http.Server // nil: off
	hung    atomic.Bool
}

func (b *board) serve(s talk.Serve) (talk.Report, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.apis[s.Name]
	if a == nil {
		a = &api{fake: workatotest.NewServer(workatotest.WithQuota(0)), address: "127.0.0.1:0"}
		b.apis[s.Name] = a
	}
	a.hung.Store(s.Hung)
	switch {
	case s.Down && a.network != nil:
		// The listener and every connection: nobody answers any more.
		if err := a.network.Close(); err != nil {
			return talk.Report{}, err
		}
		a.network = nil
	case !s.Down && a.network == nil:
		listener, err := net.Listen("tcp", a.address) //nolint:noctx // at once
		if err != nil {
			return talk.Report{}, err
		}
		a.address = listener.Addr().String()
		a.network = &http.Server{
			Handler:           b.reporting(s.Name, a),
			ReadHeaderTimeout: time.Minute,
		}
		go func(network *http.Server) { _ = network.Serve(listener) }(a.network)
	}
	return talk.Report{URL: "http://" + a.address}, nil
}

// reporting tells the host of each answer.
func (b *board) reporting(name string, a *api) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.hung.Load() {
			<-r.Context().Done()
			return
		}
		watched := &watchedWriter{ResponseWriter: w, status: http.StatusOK}
		a.fake.ServeHTTP(watched, r)
		b.report(talk.Report{Name: name, Answered: watched.status})
	})
}

// watchedWriter remembers the status.
type watchedWriter struct {
	http.ResponseWriter
	status int
}

func (w *watchedWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (b *board) happen(e talk.Events) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.apis[e.Server]
	if a == nil {
		return fmt.Errorf("there is no API %q", e.Server)
	}
	events := make([]workatotest.Event, e.Count)
	for i := range events {
		events[i] = workatotest.Event{
			Time:     time.Now().Add(-e.Age),
			Type:     e.Type,
			User:     &workatotest.User{ID: e.User, Name: "Somebody", Email: "somebody@example.com"},
			Resource: workatotest.Resource{ID: i + 1, Name: "Recipe", Type: "Flow"},
		}
	}
	a.fake.Own().AddEvents(events...)
	return nil
}
