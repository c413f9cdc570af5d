package activity_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/internal/pages"
	"github.com/workato-go/sdk/workato"
)

// arriving is a log of one page that a test sends as it likes: each attempt gets
// the next body, and the page after it is empty.
type arriving struct {
	bodies []io.Reader
	asked  []string
	closed int
	read   int64 // bytes
}

func (a *arriving) RoundTrip(r *http.Request) (*http.Response, error) {
	after := r.URL.Query().Get("page[after]")
	a.asked = append(a.asked, after)
	var body io.Reader = strings.NewReader(`{"data":[],"total":0}`)
	if after == "" || after == "100" {
		body, a.bodies = a.bodies[0], a.bodies[1:]
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: &arrivingBody{body, a, r.Context()}, ContentLength: -1, Request: r}, nil
}

// arrivingBody is one that ends with its request's context, as a connection does.
type arrivingBody struct {
	io.Reader
	log *arriving
	ctx context.Context //nolint:containedctx // the one of the request
}

func (w *arrivingBody) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.Reader.Read(p)
	w.log.read += int64(n)
	return n, err
}

func (w *arrivingBody) Close() error {
	w.log.closed++
	if c, ok := w.Reader.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

func broken(text string) io.Reader {
	return io.MultiReader(strings.NewReader(text), failing{io.ErrUnexpectedEOF})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// An event is told before the server has sent what follows it.
func TestEventsBeforeThePageIsThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body, server := io.Pipe()
		told := make(chan int64)
		go func() {
			send := func(text string) {
				if _, err := io.WriteString(server, text); err != nil {
					t.Error(err)
				}
			}
			send(` {"total":3, "data" : [`)
			for id := range int64(3) {
				send(fmt.Sprintf(`{"id":%d,"user":{"na`, 9-id))
				send(`me":"x"}}`)
				if got := <-told; got != 9-id { // only then goes the comma
					t.Errorf("told %d", got)
				}
				if id < 2 {
					send(`,`)
				}
			}
			send(`]`)
			send(`}`)
			_ = server.Close()
		}()
		for event, err := range serviceOf(t, &arriving{bodies: []io.Reader{body}}).All(t.Context(), activity.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			told <- event.ID
		}
	})
}

// No more of a page is read than a piece, however long it is.
func TestAPageIsReadPieceByPiece(t *testing.T) {
	t.Parallel()
	const piece = 32 << 10
	for _, shape := range pages.Shapes() {
		page := pages.Page(shape, 3000)
		server := &arriving{bodies: []io.Reader{strings.NewReader(string(page))}}
		told := int64(0)
		for event, err := range serviceOf(t, server).All(t.Context(), activity.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			if told += int64(len(event.Raw()) + len(",\n            ")); server.read > told+piece+piece/4*3 && server.read < int64(len(page)) {
				t.Fatalf("%s: after %d bytes of events, %d are read", shape, told, server.read)
			}
		}
		if server.read < int64(len(page)) {
			t.Errorf("%s: %d of %d bytes are read", shape, server.read, len(page))
		}
	}
}

// A row that is larger than the buffer is a row.
func TestLargeRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var page strings.Builder
		page.WriteString(`{"data":[`)
		for id := 9; id > 0; id-- {
			fmt.Fprintf(&page, `{"x":%q,"id":%d,"y":[%s{}]},`, strings.Repeat("{}", id*id*1000), id, strings.Repeat("{},", id*1000))
		}
		page.WriteString(`{"id":0}]}`)
		ids, err := collect(t.Context(), serviceOf(t, &arriving{bodies: []io.Reader{&piecewise{[]byte(page.String()), 1000}}}))
		if want := []int64{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}; err != nil || !slices.Equal(ids, want) {
			t.Errorf("got %v, %v", ids, err)
		}
	})
}

// A break ends the answer: nothing more is read of it, and nothing asked for.
func TestBreakEndsTheAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body, server := io.Pipe()
		go func() {
			_, err := io.WriteString(server, `{"data":[{"id":9},{"id":8},`)
			if err == nil {
				_, err = io.WriteString(server, `{"id":7},`)
			}
			if !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("the server's writing ended with %v", err)
			}
		}()
		log := &arriving{bodies: []io.Reader{body}}
		for event, err := range serviceOf(t, log).All(t.Context(), activity.Filter{}) {
			if err != nil || event.ID == 8 {
				break
			}
		}
		if log.closed != 1 || len(log.asked) != 1 {
			t.Errorf("%d of %d answers are closed", log.closed, len(log.asked))
		}
	})
}

// A page that breaks off in the middle is asked for again, and nothing of it is
// told twice: not even rows without an ID.
func TestAPageThatBreaksOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &arriving{bodies: []io.Reader{
			broken(`{"data":[{"id":9},{"event_type":"a"},{"id":8},{"id`),
			broken(``),
			broken(`{"data":[{"id":10},{"id":9},{"event_type":"a"},{"event_type":"b"},{"id":8}`), // 10 is new
			strings.NewReader(`{"data":[{"id":9},{"event_type":"a"},{"event_type":"b"},{"id":8},{"event_type":"c"},{"id":7}],"total":7}`),
		}}
		var told []string
		for event, err := range serviceOf(t, log).All(t.Context(), activity.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			told = append(told, fmt.Sprintf("%d%s", event.ID, event.Type))
		}
		if want := []string{"9", "0a", "8", "10", "0b", "0c", "7"}; !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
		if want := []string{"", "", "", "", "7"}; !slices.Equal(log.asked, want) || log.closed != 5 {
			t.Errorf("asked after %q, and %d answers are closed", log.asked, log.closed)
		}
	})
}

// What goes wrong in the middle of a page comes after the events before it, with
// the page that it is.
func TestFailuresWithinAPage(t *testing.T) {
	t.Parallel()
	const start = `{"data":[{"id":99},{"id":98},`
	tests := map[string]struct {
		rest     string
		broken   bool
		requests int
		says     string
		is       error
	}{
		"breaks off every time":      {`{"id`, true, 5, "activity.List: the body broke off: unexpected EOF (5 attempts)", io.ErrUnexpectedEOF},
		"ends too early":             {`{"id":97}`, false, 1, "the body cannot be read: it ends in the middle of the JSON; the body begins: " + start, nil},
		"is no JSON":                 {`<html>`, false, 1, "the body cannot be read: byte 29 cannot stand there in JSON; the body begins: ", nil},
		"is no JSON, further down":   {`{"id":98}` + strings.Repeat(" ", 70_000) + `x`, false, 1, "byte 70038 cannot", nil},
		"goes on behind its end":     {`{"id":98}]} x`, false, 1, "byte 41 cannot", nil},
		"says that it is no success": {`{"id":98}],"success":false,"message":"no such user"}`, false, 1, "200 OK: no such user", workato.ErrInvalid},
		"has no list in the end":     {`{"id":98}],"data":7}`, false, 1, `the field "data" is missing or is no list`, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				log := &arriving{bodies: []io.Reader{strings.NewReader(`{"data":[{"id":101},{"id":100}]}`)}}
				for range tt.requests {
					if tt.broken {
						log.bodies = append(log.bodies, broken(start+tt.rest))
					} else {
						log.bodies = append(log.bodies, strings.NewReader(start+tt.rest))
					}
				}
				ids, err := collect(t.Context(), serviceOf(t, log))
				if !slices.Equal(ids[:4], []int64{101, 100, 99, 98}) {
					t.Errorf("told %v", ids)
				}
				if err == nil || !strings.HasPrefix(err.Error(), "activity: page after 100: ") || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("got %v, want %s", err, tt.says)
				}
				e, isError := errors.AsType[*workato.Error](err)
				if tt.broken == isError || isError && e.StatusCode != 200 || tt.is != nil && !errors.Is(err, tt.is) || errors.Is(err, workato.ErrInvalid) != errors.Is(tt.is, workato.ErrInvalid) {
					t.Errorf("got %T (%v)", err, err)
				}
				if len(log.asked) != 1+tt.requests || log.closed != len(log.asked) {
					t.Errorf("%d requests, %d closed", len(log.asked), log.closed)
				}
			})
		})
	}
}

// Whoever takes long over an event loses none of those that follow it: the
// client's timeout is for the server.
func TestSlowLoops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		page := pages.Page(pages.Logins, 300)
		log := &arriving{bodies: []io.Reader{strings.NewReader(string(page))}}
		n := 0
		for _, err := range serviceOf(t, log).All(t.Context(), activity.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == 1 || n == 250 {
				time.Sleep(time.Hour)
			}
		}
		if n != 300 || len(log.asked) != 2 {
			t.Errorf("%d events in %d requests, want 300 in 2", n, len(log.asked))
		}
	})
}

// The context's end is an end in the middle of a page, too.
func TestCancelWithinAPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		log := &arriving{bodies: []io.Reader{&piecewise{pages.Page(pages.Minimal, 100), 4000}}}
		told := 0
		var last error
		for _, err := range serviceOf(t, log).All(ctx, activity.Filter{}) {
			if last = err; err == nil {
				told++
			}
			cancel(cause)
		}
		if told == 0 || told == 100 || !errors.Is(last, context.Canceled) || !errors.Is(last, cause) || len(log.asked) != 1 || log.closed != 1 {
			t.Errorf("%d events, then %v; %d requests", told, last, len(log.asked))
		}
	})
}

// Pages tells whole pages only: a retry leaves no trace in them.
func TestPagesThatBreakOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &arriving{bodies: []io.Reader{broken(`{"data":[{"id":9},{}`), strings.NewReader(`{"data":[{"id":10},{"id":9}],"total":2}`)}}
		for page, err := range serviceOf(t, log).Pages(t.Context(), activity.ListOptions{}) {
			if err != nil || len(page.Events) != 2 || page.Events[0].ID != 10 || page.Next != 9 || page.Total != 2 {
				t.Errorf("got %+v, %v", page, err)
			}
		}
		if len(log.asked) != 3 {
			t.Errorf("%d requests", len(log.asked))
		}
	})
}
