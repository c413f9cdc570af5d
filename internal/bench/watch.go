package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato/workatotest"
)

// quiet is a log in which nothing happens. It asks a server in memory once for
// each answer, and then gives it without work.
type quiet struct {
	server *workatotest.Server

	mu      sync.Mutex
	known   map[string][]byte
	asked   int
	request *http.Request // the last one
}

// newQuiet is a log with so many events in the last minutes.
func newQuiet(events int) *quiet {
	q := &quiet{server: workatotest.NewServer(workatotest.WithQuota(0), workatotest.WithToken("no-real-token")), known: map[string][]byte{}}
	now := time.Now()
	for i := range events {
		event := q.server.Own().Activity(now.Add(time.Duration(i-events) * time.Second))
		q.server.Own().AddEvents(event)
	}
	return q
}

func (q *quiet) RoundTrip(r *http.Request) (*http.Response, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.asked++
	q.request = r
	body, ok := q.known[r.URL.RawQuery]
	if !ok {
		resp, err := q.server.Client().Transport.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		defer func() { _ = resp.Body.Close() }()
		if body, err = io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("bench: the server answered %d: %w", resp.StatusCode, err)
		}
		q.known[r.URL.RawQuery] = body
	}
	return answerWith(r, body), nil
}

// The ways to ask a quiet log.
const (
	WatchSDK      = SDK + ", Watcher.Poll"
	WatchDecoded  = "the same request, and the SDK's decoder"
	WatchExchange = "the same request"
)

// watchTask is the round in which nothing is new, as most are. One run is one
// poll; the input's events are those that the watcher knows already.
func watchTask() Task {
	return Task{Name: "watch", WholeRun: true, Contestants: []Contestant{
		{Name: WatchSDK, Prepare: func(in Input) (func() error, error) {
			q := newQuiet(in.Events)
			watcher, err := watch(q)
			return func() error {
				before := q.asked
				events, err := watcher.Poll(context.Background())
				if err == nil && (len(events) != 0 || q.asked != before+1) {
					err = fmt.Errorf("bench: a quiet round has %d events and took %d requests", len(events), q.asked-before)
				}
				return err
			}, err
		}},
		{Name: WatchDecoded, Lacks: "what is new", Prepare: func(in Input) (func() error, error) {
			q, client, err := idle(in)
			return func() error {
				body, err := fetch(client, q.request.URL.String())
				if err != nil {
					return err
				}
				var page activity.Page
				return page.UnmarshalJSON(body)
			}, err
		}},
		{Name: WatchExchange, Lacks: "events", Prepare: func(in Input) (func() error, error) {
			q, client, err := idle(in)
			return func() error {
				_, err := fetch(client, q.request.URL.String())
				return err
			}, err
		}},
	}}
}

// watch gives a watcher that has nothing left to find out.
func watch(q *quiet) (*activity.Watcher, error) {
	service, err := service(q)
	if err != nil {
		return nil, err
	}
	watcher, err := service.NewWatcher(activity.WatchOptions{})
	if err != nil {
		return nil, err
	}
	for range 5 {
		events, err := watcher.Poll(context.Background())
		if err != nil {
			return nil, err
		}
		if len(events) > 0 {
			return nil, errCount
		}
	}
	return watcher, nil
}

// idle gives a log whose last request was that of an idle poll.
func idle(in Input) (*quiet, *http.Client, error) {
	q := newQuiet(in.Events)
	_, err := watch(q)
	return q, &http.Client{Transport: q}, err
}
