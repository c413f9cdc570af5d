package activity_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/internal/pages"
	"github.com/workato-go/sdk/workato"
)

// plainPage is what a program would write that reads the log with
// encoding/json and nothing else: the same fields, strict, and no raw bytes.
type plainPage struct {
	Data []struct {
		ID        int64
		Timestamp string
		EventType string `json:"event_type"`
		Workspace struct {
			ID                       int64
			Name, Email, Environment string
		}
		User *struct {
			ID          int64
			Name, Email string
		}
		Resource struct {
			ID                 json.Number
			Name, Type, Path   string
			FolderID           int64  `json:"folder_id"`
			FolderPath         string `json:"folder_path"`
			FileName           string `json:"file_name"`
			ParentID           int64  `json:"parent_id"`
			Provider, Identity string
			Authorized         *bool
			Role, Email        string
			EmailConfirmedAt   string `json:"email_confirmed_at"`
		}
		Details struct {
			Activity   string
			StopReason string `json:"stop_reason"`
			RunOnce    *bool  `json:"run_once"`
			Force      *bool
			Error      *bool
			Request    *struct {
				IPAddress string `json:"ip_address"`
				UserAgent string `json:"user_agent"`
			}
		}
	}
	Total int
}

// BenchmarkDecode reads pages of all shapes and sizes: with the SDK, which keeps
// the rows' bytes and takes any form of a value, and with encoding/json as a
// program would use it. The ratio of the two is the figure.
//
// The heap of a benchmark is next to nothing, so that it is collected every thirty
// pages or so. That costs both about the same, and the faster one the larger part
// of its time: GOGC=1000 shows the decoders alone.
func BenchmarkDecode(b *testing.B) {
	decoders := []struct {
		name   string
		decode func(body []byte) (events int, err error)
	}{
		{"sdk", func(body []byte) (int, error) {
			var page activity.Page
			err := page.UnmarshalJSON(body)
			return len(page.Events), err
		}},
		{"encoding-json", func(body []byte) (int, error) {
			var page plainPage
			err := json.Unmarshal(body, &page)
			return len(page.Data), err
		}},
	}
	for _, shape := range pages.Shapes() {
		for _, events := range []int{100, 1000, 10_000} {
			for _, decoder := range decoders {
				b.Run(fmt.Sprintf("%s/%d/%s", shape, events, decoder.name), func(b *testing.B) {
					body := pages.Page(shape, events)
					b.SetBytes(int64(len(body)))
					perEvent(b, events, func() {
						if n, err := decoder.decode(body); n != events || err != nil {
							b.Fatal(n, err)
						}
					})
				})
			}
		}
	}
}

// A log of a hundred pages in memory, as the body of each request.
type pagedLog map[string][]byte

const logPages = 100

func newPagedLog(shape pages.Shape) pagedLog {
	log := pagedLog{"1": pages.Page(shape, 0)}
	for i := range int64(logPages) {
		newest, cursor := (logPages-i)*100, ""
		if i > 0 {
			cursor = strconv.FormatInt(newest+1, 10)
		}
		log[cursor] = pages.PageFrom(shape, newest, 100, 100*logPages)
	}
	return log
}

func (l pagedLog) RoundTrip(r *http.Request) (*http.Response, error) {
	body := l[r.URL.Query().Get("page[after]")]
	return &http.Response{
		StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)), Request: r,
	}, nil
}

func (l pagedLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := l[r.URL.Query().Get("page[after]")]
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

// BenchmarkAll reads a log of 10,000 events: with All; with nothing but net/http
// and the same decoder; and with net/http and encoding/json. The first is for the
// price of what a client does besides, the last for what a program would pay.
func BenchmarkAll(b *testing.B) {
	log := newPagedLog(pages.Logins)
	server := httptest.NewServer(log)
	defer server.Close()
	for _, way := range []struct {
		name      string
		base      string
		transport http.RoundTripper
	}{
		{"in-process", "http://localhost", log},
		{"loopback", server.URL, server.Client().Transport},
	} {
		b.Run(way.name+"/sdk", func(b *testing.B) {
			client := newClient(b, way.transport, workato.WithBaseURL(way.base), workato.WithLimiter(workato.QuotaEnvironment, nil))
			events := activity.New(client.Own())
			perEvent(b, 100*logPages, func() {
				n := 0
				for _, err := range events.All(b.Context(), activity.Filter{}) {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if n != 100*logPages {
					b.Fatal(n)
				}
			})
		})
		byHand := func(name string, decode func(body []byte) (events int, last int64, err error)) {
			b.Run(way.name+"/"+name, func(b *testing.B) {
				client := &http.Client{Transport: way.transport, Timeout: time.Minute}
				perEvent(b, 100*logPages, func() {
					total := 0
					for cursor := ""; ; {
						n, last, err := decode(fetch(b, client, way.base, cursor))
						if err != nil {
							b.Fatal(err)
						}
						if n == 0 {
							break
						}
						total += n
						cursor = strconv.FormatInt(last, 10)
					}
					if total != 100*logPages {
						b.Fatal(total)
					}
				})
			})
		}
		byHand("net-http", func(body []byte) (int, int64, error) {
			var page activity.Page
			err := page.UnmarshalJSON(body)
			return len(page.Events), page.Next, err
		})
		byHand("net-http-and-encoding-json", func(body []byte) (int, int64, error) {
			var page plainPage
			err := json.Unmarshal(body, &page)
			if len(page.Data) == 0 {
				return 0, 0, err
			}
			return len(page.Data), page.Data[len(page.Data)-1].ID, err
		})
	}
}

// fetch asks for a page and reads it, as cheaply as net/http can.
func fetch(b *testing.B, client *http.Client, base, cursor string) []byte {
	b.Helper()
	target := base + "/api/activity_logs"
	if cursor != "" {
		target += "?" + url.Values{"page[after]": {cursor}}.Encode()
	}
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, target, http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer wrk-token")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "bench")
	resp, err := client.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	body := make([]byte, resp.ContentLength)
	if _, err := io.ReadFull(resp.Body, body); err != nil {
		b.Fatal(err)
	}
	return body
}

// BenchmarkPoll is the round of a Watcher that finds nothing new.
func BenchmarkPoll(b *testing.B) {
	quiet := pages.Page(pages.Logins, 5)
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: 200, Header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}},
			Body: io.NopCloser(bytes.NewReader(quiet)), ContentLength: int64(len(quiet)), Request: r,
		}, nil
	})
	watcher, err := activity.New(newClient(b, transport, workato.WithLimiter(workato.QuotaEnvironment, nil)).Own()).NewWatcher(activity.WatchOptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if events, err := watcher.Poll(b.Context()); err != nil || len(events) > 0 {
			b.Fatal(len(events), err)
		}
	}
}

// perEvent measures f, which reads so many events each time, and reports its
// cost for one of them.
func perEvent(b *testing.B, events int, f func()) {
	b.Helper()
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	for b.Loop() {
		f()
		n += events
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(n), "allocs/event")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/event")
}
