package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/internal/pages"
	"github.com/workato-go/sdk/workato"
)

// log is a server without a socket and without work of its own: it knows the
// answer to every request before it comes.
type log struct {
	answers map[string][]byte // by cursor
	cursors []string          // in order
	events  int
}

const pageSize = 100

func newLog(shape pages.Shape, events int) *log {
	l := &log{answers: map[string][]byte{}, events: events}
	add := func(cursor string, newest int64, n int) {
		l.cursors = append(l.cursors, cursor)
		l.answers[cursor] = pages.PageFrom(shape, newest, n, events)
	}
	cursor, newest := "", int64(pages.Newest)
	for left := events; left > 0; {
		n := min(left, pageSize)
		add(cursor, newest, n)
		left, newest = left-n, newest-int64(n)
		cursor = strconv.FormatInt(newest+1, 10)
	}
	add(cursor, newest, 0)
	return l
}

func (l *log) RoundTrip(r *http.Request) (*http.Response, error) {
	return answerWith(r, l.answers[r.URL.Query().Get("page[after]")]), nil
}

func answerWith(r *http.Request, body []byte) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}
}

const baseURL = "https://www.workato.com/api/activity_logs"

func pageURL(cursor string) string {
	if cursor == "" {
		return baseURL
	}
	return baseURL + "?" + url.Values{"page[after]": {cursor}}.Encode()
}

// fetch is a request and its whole answer, with net/http and nothing else.
func fetch(client *http.Client, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer no-real-token")
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return io.ReadAll(resp.Body)
}

// service is the SDK on a transport, without a quota: nobody waits here.
func service(transport http.RoundTripper) (*activity.Service, error) {
	client, err := workato.NewClient("no-real-token",
		workato.WithHTTPClient(&http.Client{Transport: transport}), workato.WithLimiter(workato.QuotaEnvironment, nil))
	if err != nil {
		return nil, err
	}
	return activity.New(client.Own()), nil
}

// The ways to list a log. What the SDK adds is the first of them against the
// third, which has the same pages and the same events and nothing around them.
const (
	ListSDK      = SDK + ", All"
	ListByHand   = "net/http and encoding/json, by hand"
	ListDecoded  = "net/http and the SDK's decoder"
	ListExchange = "net/http alone"
)

func listTask() Task {
	lister := func(name, lacks string, start func(*log) (func() (int, error), error)) Contestant {
		return Contestant{Name: name, Lacks: lacks, Prepare: func(in Input) (func() error, error) {
			list, err := start(newLog(in.Shape, in.Events))
			return func() error {
				n, err := list()
				if err == nil && n != in.Events {
					err = errCount
				}
				return err
			}, err
		}}
	}
	return Task{Name: "list", Contestants: []Contestant{
		lister(ListSDK, "", listSDK),
		lister(ListByHand, "Raw, leniency, retries, quota, errors", listByHand),
		lister(ListDecoded, "retries, quota, errors, each ID once", listDecoded),
		lister(ListExchange, "events", listExchange),
	}}
}

func listSDK(l *log) (func() (int, error), error) {
	service, err := service(l)
	return func() (n int, err error) {
		for _, err := range service.All(context.Background(), activity.Filter{}) {
			if err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}, err
}

func listByHand(l *log) (func() (int, error), error) {
	client := &http.Client{Transport: l}
	return func() (n int, err error) {
		for cursor := ""; ; {
			body, err := fetch(client, pageURL(cursor))
			if err != nil {
				return n, err
			}
			var page Page
			if err := json.Unmarshal(body, &page); err != nil {
				return n, err
			}
			if len(page.Data) == 0 {
				return n, nil
			}
			n += len(page.Data)
			cursor = strconv.FormatInt(page.Data[len(page.Data)-1].ID, 10)
		}
	}, nil
}

func listDecoded(l *log) (func() (int, error), error) {
	client := &http.Client{Transport: l}
	return func() (n int, err error) {
		for cursor := ""; ; {
			body, err := fetch(client, pageURL(cursor))
			if err != nil {
				return n, err
			}
			var page activity.Page
			if err := page.UnmarshalJSON(body); err != nil {
				return n, err
			}
			if len(page.Events) == 0 {
				return n, nil
			}
			n += len(page.Events)
			cursor = strconv.FormatInt(page.Next, 10)
		}
	}, nil
}

func listExchange(l *log) (func() (int, error), error) {
	client := &http.Client{Transport: l}
	return func() (int, error) {
		for _, cursor := range l.cursors {
			if _, err := fetch(client, pageURL(cursor)); err != nil {
				return 0, err
			}
		}
		return l.events, nil
	}, nil
}
