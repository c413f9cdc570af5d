package workato_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato"
)

// Wherever a call is when it is cancelled, it ends at once and says why.
func TestCancel(t *testing.T) {
	t.Parallel()
	hang := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	hangInBody := func(r *http.Request) (*http.Response, error) {
		resp := respond(r, 200, "")
		resp.Body = io.NopCloser(readFunc(func([]byte) (int, error) {
			<-r.Context().Done()
			return 0, r.Context().Err()
		}))
		return resp, nil
	}
	places := map[string]struct {
		transport func(*http.Request) (*http.Response, error)
		limiter   workato.Limiter
	}{
		"in the transport":     {hang, nil},
		"in the body":          {hangInBody, nil},
		"in a backoff":         {status(502, ""), nil},
		"in a pause":           {status(429, "", "Retry-After", "25"), nil},
		"in the limiter":       {status(200, ""), limiterFunc(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })},
		"in a careless one":    {status(200, ""), limiterFunc(func(ctx context.Context) error { <-ctx.Done(); return errors.New("no") })},
		"before anything else": {nil, nil},
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var transport http.RoundTripper = roundTrip(func(*http.Request) (*http.Response, error) {
					t.Error("sent after the end")
					return nil, errors.New("sent")
				})
				cause := errors.New("the operator stopped it")
				ctx, cancel := context.WithCancelCause(t.Context())
				after := 400 * time.Millisecond
				if place.transport == nil {
					after = 0
					cancel(cause)
				} else {
					transport = roundTrip(place.transport)
					time.AfterFunc(after, func() { cancel(cause) })
				}
				client := newClient(t, transport, workato.WithLimiter(workato.QuotaEnvironment, place.limiter))
				began := time.Now()
				err := do(ctx, client.Own(), get("tags"))
				if !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
					t.Errorf("got %v, want it to match context.Canceled and its cause", err)
				}
				if took := time.Since(began); took != after {
					t.Errorf("ended after %v, want %v", took, after)
				}
				if want := "workato: test.Get: context canceled"; err.Error() != want {
					t.Errorf("got %q, want %q", err, want)
				}
			})
		})
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// A deadline is no cancellation, and says so.
func TestDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		client := newClient(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}))
		err := do(ctx, client.Own(), get("tags"))
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.DeadlineExceeded alone", err)
		}
	})
}

// An answer that is complete counts, even where the context ends right then.
func TestAnswerBeatsCancellation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		client := newClient(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			resp := respond(r, 200, "")
			resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"a":1}`), readFunc(func([]byte) (int, error) {
				cancel()
				return 0, io.EOF
			})))
			return resp, nil
		}))
		if err := do(ctx, client.Own(), get("tags")); err != nil {
			t.Errorf("got %v, want the answer", err)
		}
	})
}

// The client's timeout is for one attempt; the next one has it anew.
func TestTimeoutIsPerAttempt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ given, want time.Duration }{
		"the default": {0, 45 * time.Second},
		"the given":   {2 * time.Second, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				script := newScript(t, func(r *http.Request) (*http.Response, error) {
					<-r.Context().Done()
					return nil, r.Context().Err()
				}, status(200, ""))
				client, err := workato.NewClient(token, workato.WithHTTPClient(&http.Client{Transport: script, Timeout: tt.given}))
				if err != nil {
					t.Fatal(err)
				}
				if err := do(t.Context(), client.Own(), get("tags")); err != nil {
					t.Fatal(err)
				}
				if second := script.sent[1]; second < tt.want || second > tt.want+time.Second {
					t.Errorf("the second attempt came after %v, want %v and a backoff", second, tt.want)
				}
			})
		})
	}
}
