package workato_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato"
)

// bodyReader is a workato.BodyReader made of a function.
type bodyReader func(io.Reader) error

func (f bodyReader) ReadBody(body io.Reader) error { return f(body) }

// gathering reads bodies, and remembers what each of them had.
type gathering struct{ bodies []string }

func (g *gathering) ReadBody(body io.Reader) error {
	all, err := io.ReadAll(body)
	g.bodies = append(g.bodies, string(all))
	return err
}

// openBody is an answer with the given body, which says when it is closed.
func openBody(body io.Reader, closed *bool) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		resp := respond(r, 200, "")
		resp.ContentLength = -1
		resp.Body = &closing{body, r.Context(), closed}
		return resp, nil
	}
}

// closing is a body that ends with its request's context, as a connection does.
type closing struct {
	io.Reader
	ctx    context.Context //nolint:containedctx // the one of the request
	closed *bool
}

func (c *closing) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}

func (c *closing) Close() error {
	if *c.closed {
		return errors.New("closed twice")
	}
	*c.closed = true
	if closer, ok := c.Reader.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// A BodyReader sees the first part of a body before there is a second, and none
// that it does not ask for.
func TestBodyReaderReadsWhatArrives(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body, server := io.Pipe()
		closed := false
		w := newClient(t, newScript(t, openBody(body, &closed)), workato.WithRetry(workato.RetryPolicy{MaxAttempts: 1})).Own()
		go func() {
			for _, part := range []string{"first", "second"} {
				if _, err := io.WriteString(server, part); err != nil {
					t.Error(err)
				}
			}
			if _, err := io.WriteString(server, "third"); !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("the third part could be written: %v", err)
			}
		}()
		var parts []string
		resp, err := w.Do(t.Context(), get("x"), bodyReader(func(r io.Reader) error {
			buffer := make([]byte, 100)
			for range 2 {
				n, err := r.Read(buffer)
				if err != nil {
					t.Error(err)
				}
				parts = append(parts, string(buffer[:n]))
			}
			return nil // enough
		}))
		if err != nil || resp.StatusCode != 200 || !slices.Equal(parts, []string{"first", "second"}) || !closed {
			t.Errorf("got %v, %v, %q; closed: %v", resp, err, parts, closed)
		}
	})
}

// What a BodyReader says of a body, and what it had before.
func TestBodyReaderErrors(t *testing.T) {
	t.Parallel()
	failed := errors.New("no page")
	long := strings.Repeat("x", 10_000)
	tests := map[string]struct {
		code    int
		body    string
		needs   bool
		err     error // of ReadBody
		calls   int
		says    string // "": a success
		is      error
		bodyLen int
	}{
		"a success":               {200, "{}", true, nil, 1, "", nil, 0},
		"of another form":         {200, "<html>", true, failed, 1, "the body cannot be read: no page; the body begins: <html>", failed, 6},
		"of a long body":          {200, long, true, failed, 1, "the body cannot be read: no page", failed, 4096},
		"tells of a failure":      {200, `{"success":false,"message":"no such day","id":"7"}`, true, workato.ErrInvalid, 1, "200 OK: no such day (GET /api/x; id 7)", workato.ErrInvalid, 50},
		"an empty body":           {200, "", false, failed, 1, "", nil, 0},
		"white space":             {200, " \n", false, failed, 1, "", nil, 0},
		"an empty body is needed": {200, " ", true, nil, 1, "the body is missing", nil, 1},
		"no success":              {404, "{}", true, nil, 0, "404", workato.ErrNotFound, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				request := get("x")
				request.NeedsBody = tt.needs
				server := newScript(t, status(tt.code, tt.body))
				_, err := newClient(t, server).Own().Do(t.Context(), request, bodyReader(func(r io.Reader) error {
					calls++
					if got, err := io.ReadAll(r); err != nil || string(got) != tt.body {
						t.Errorf("read %q, %v", got, err)
					}
					return tt.err
				}))
				if calls != tt.calls || len(server.sent) != 1 {
					t.Errorf("%d calls, %d requests", calls, len(server.sent))
				}
				if tt.says == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				e := asError(t, err)
				if !strings.Contains(e.Error(), tt.says) || tt.is != nil && !errors.Is(err, tt.is) || errors.Is(err, workato.ErrInvalid) != errors.Is(tt.is, workato.ErrInvalid) || len(e.Body()) != tt.bodyLen {
					t.Errorf("got %v with %d bytes, want %s", err, len(e.Body()), tt.says)
				}
			})
		})
	}
}

// A body that breaks off is read anew where the request may be repeated, and only
// there.
func TestBodyReaderReadsAgain(t *testing.T) {
	t.Parallel()
	for _, idempotent := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			server := newScript(t, brokenBody(200), status(503, "busy"), status(200, "all of it"))
			request, got := get("x"), &gathering{}
			request.Idempotent = idempotent
			resp, err := newClient(t, server).Own().Do(t.Context(), request, got)
			if idempotent {
				if err != nil || resp.Attempts != 3 || !slices.Equal(got.bodies, []string{`{"data":[`, "all of it"}) {
					t.Errorf("got %+v, %v, %q", resp, err, got.bodies)
				}
			} else if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(err.Error(), "workato: test.Get: the body broke off") || len(server.sent) != 1 {
				t.Errorf("got %v after %d requests", err, len(server.sent))
			}
		})
	}
}

// A BodyReader that takes its time meets neither a timeout nor a lost body, and
// its time is not the server's.
func TestSlowBodyReader(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"a page": 60_000, "all that waits": 1 << 20} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				closed := false
				want := strings.Repeat("0123456789", size/10)
				var took time.Duration
				w := newClient(t, newScript(t, openBody(strings.NewReader(want), &closed)), workato.WithObserver(func(_ context.Context, a workato.Attempt) { took = a.Took })).Own()
				var got strings.Builder
				_, err := w.Do(t.Context(), get("x"), bodyReader(func(r io.Reader) error {
					buffer := make([]byte, 1000)
					for {
						n, err := r.Read(buffer)
						got.Write(buffer[:n])
						if errors.Is(err, io.EOF) {
							return nil
						}
						if err != nil {
							return err
						}
						time.Sleep(time.Minute)
					}
				}))
				if err != nil || got.String() != want || !closed {
					t.Errorf("%d bytes of %d, %v; closed: %v", got.Len(), len(want), err, closed)
				}
				if took > 2*time.Second {
					t.Errorf("the attempt took %v", took)
				}
			})
		})
	}
}

// What waits for a slow BodyReader has a bound: a body beyond it is as slow as
// its reader.
func TestSlowBodyReaderOfALongBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		closed := false
		sent := &counted{Reader: io.LimitReader(endless{}, 20<<20)}
		client := &http.Client{Timeout: 24 * time.Hour, Transport: newScript(t, openBody(sent, &closed))}
		w := newClient(t, nil, workato.WithHTTPClient(client)).Own()
		read := 0
		_, err := w.Do(t.Context(), get("x"), bodyReader(func(r io.Reader) error {
			buffer := make([]byte, 64<<10)
			for {
				n, err := r.Read(buffer)
				read += n
				time.Sleep(2 * time.Second)
				synctest.Wait()
				if ahead := sent.n - read; ahead > 1<<20+64<<10 {
					t.Fatalf("%d bytes wait", ahead)
				}
				if errors.Is(err, io.EOF) {
					return nil
				}
				if err != nil {
					return err
				}
			}
		}))
		if err != nil || read != 20<<20 {
			t.Errorf("%d bytes, %v", read, err)
		}
	})
}

type counted struct {
	io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A slow server is waited for, and the reading behind the scenes does not begin.
func TestSlowServerOfABody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body, server := io.Pipe()
		closed := false
		go func() {
			for range 5 {
				time.Sleep(7 * time.Second)
				_, _ = io.WriteString(server, "part ")
			}
			_ = server.Close()
		}()
		got := &gathering{}
		if _, err := newClient(t, newScript(t, openBody(body, &closed))).Own().Do(t.Context(), get("x"), got); err != nil || !slices.Equal(got.bodies, []string{"part part part part part "}) {
			t.Errorf("got %q, %v", got.bodies, err)
		}
	})
}

// A body over 64 MiB is no answer, however it is read and whatever it says of
// its length.
func TestBodyReaderOfTooMuch(t *testing.T) {
	t.Parallel()
	for _, length := range []int64{-1, 64<<20 + 1} {
		closed, calls := false, 0
		transport := roundTrip(func(r *http.Request) (*http.Response, error) {
			calls++
			resp, err := openBody(endless{}, &closed)(r)
			resp.ContentLength = length
			return resp, err
		})
		_, err := newClient(t, transport).Own().Do(t.Context(), get("x"), bodyReader(func(r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			return err
		}))
		if e := asError(t, err); !strings.HasPrefix(e.Message, "the body is over 64 MiB") || calls != 1 || !closed {
			t.Errorf("got %v after %d requests", err, calls)
		}
	}
}

// A BodyReader that does not return leaves no body open.
func TestBodyReaderThatPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body, server := io.Pipe()
		closed := false
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic is lost")
				}
			}()
			_, _ = newClient(t, newScript(t, openBody(body, &closed))).Own().Do(t.Context(), get("x"), bodyReader(func(io.Reader) error {
				time.Sleep(3 * time.Second) // so that it is read behind the scenes
				panic("no")
			}))
		}()
		if _, err := server.Write([]byte("x")); !closed || !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("the body is open: %v", err)
		}
	})
}
