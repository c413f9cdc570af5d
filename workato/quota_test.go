package workato_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"github.com/workato-go/sdk/workato"
)

// clock remembers when requests came, from any number of goroutines.
type clock struct {
	mu     sync.Mutex
	began  time.Time
	sent   []time.Duration
	answer func(n int, r *http.Request) *http.Response
}

func (c *clock) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	n := len(c.sent)
	c.sent = append(c.sent, time.Since(c.began))
	c.mu.Unlock()
	return c.answer(n, r), nil
}

func newClock(answer func(n int, r *http.Request) *http.Response) *clock {
	return &clock{began: time.Now(), answer: answer}
}

func ok(_ int, r *http.Request) *http.Response { return respond(r, 200, "") }

// mostPerMinute is the largest number of requests in any minute, its first and
// its last instant included.
func mostPerMinute(sent []time.Duration) int {
	slices.Sort(sent)
	most, first := 0, 0
	for last := range sent {
		for sent[last]-sent[first] > time.Minute {
			first++
		}
		most = max(most, last-first+1)
	}
	return most
}

// Schedules of calls, each one by its own goroutine's plan.
func TestDefaultLimiterKeepsTheQuota(t *testing.T) {
	t.Parallel()
	schedules := map[string]func(call func()){
		"one after another": func(call func()) {
			for range 200 {
				call()
			}
		},
		"all at once": func(call func()) {
			var group sync.WaitGroup
			for range 200 {
				group.Go(call)
			}
			group.Wait()
		},
		"a burst, a rest, a burst": func(call func()) {
			for range 4 {
				var group sync.WaitGroup
				for range 50 {
					group.Go(call)
				}
				group.Wait()
				time.Sleep(7 * time.Second)
			}
		},
		"five every five seconds": func(call func()) {
			for range 40 {
				var group sync.WaitGroup
				for range 5 {
					group.Go(call)
				}
				group.Wait()
				time.Sleep(5 * time.Second)
			}
		},
		"a rest, then all": func(call func()) {
			time.Sleep(time.Hour)
			for range 200 {
				call()
			}
		},
	}
	answers := map[string]func(int, *http.Request) *http.Response{
		"200": ok,
		"429 now and then": func(n int, r *http.Request) *http.Response {
			if n%9 == 4 {
				return respond(r, 429, "", "Retry-After", "3")
			}
			return respond(r, 200, "")
		},
		"502 now and then": func(n int, r *http.Request) *http.Response {
			if n%3 == 1 {
				return respond(r, 502, "")
			}
			return respond(r, 200, "")
		},
	}
	for name, schedule := range schedules {
		for met, answer := range answers {
			t.Run(name+"/"+met, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					clock := newClock(answer)
					client := newClient(t, clock)
					own, customer := client.Own(), client.Customer(7)
					var mu sync.Mutex
					calls := 0
					schedule(func() {
						mu.Lock()
						calls++
						workspace := own
						if calls%2 == 0 {
							workspace = customer // customers share the quota
						}
						mu.Unlock()
						if err := do(t.Context(), workspace, get("tags")); err != nil && !errors.Is(err, workato.ErrRateLimited) && !errors.Is(err, workato.ErrServer) {
							t.Error(err)
						}
					})
					if most := mostPerMinute(clock.sent); most > 60 {
						t.Errorf("%d requests in a minute, the quota is 60", most)
					}
				})
			})
		}
	}
}

// The quota is used, too: five at once, and 55 more within the first minute.
func TestDefaultLimiterUsesTheQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(ok)
		client := newClient(t, clock)
		for range 61 {
			if err := do(t.Context(), client.Own(), get("tags")); err != nil {
				t.Fatal(err)
			}
		}
		if clock.sent[4] != 0 || clock.sent[5] == 0 {
			t.Errorf("the fifth went after %v and the sixth after %v, want five at once", clock.sent[4], clock.sent[5])
		}
		if within := clock.sent[59]; within > time.Minute+time.Second {
			t.Errorf("60 requests took %v, want a minute", within)
		}
	})
}

func TestQuotasAreSeparate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(ok)
		client := newClient(t, clock)
		assign := func(w *workato.Workspace) {
			request := operations["assign"]
			if err := do(t.Context(), w, &request); err != nil {
				t.Fatal(err)
			}
		}
		perMinute := func(w *workato.Workspace) (n int) {
			for began := time.Now(); time.Since(began) < time.Minute; n++ {
				assign(w)
			}
			return n
		}
		if n := perMinute(client.Own()); n < 55 || n > 62 {
			t.Errorf("%d assignments a minute in one's own workspace, want 60", n)
		}
		if n := perMinute(client.Customer(1)); n < 950 || n > 1002 {
			t.Errorf("%d assignments a minute for customers, want 1000", n)
		}
		before := time.Now()
		for range 5 {
			if err := do(t.Context(), client.Own(), get("tags")); err != nil {
				t.Fatal(err)
			}
		}
		if waited := time.Since(before); waited != 0 {
			t.Errorf("assignments made other requests wait for %v", waited)
		}
	})
}

// A 429 met by one of 20 concurrent calls holds the other 19.
func TestOne429HoldsAllOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(func(n int, r *http.Request) *http.Response {
			if n == 0 {
				return respond(r, 429, "", "Retry-After", "20")
			}
			return respond(r, 200, "")
		})
		client := newClient(t, clock, workato.WithLimiter(workato.QuotaEnvironment, rate.NewLimiter(rate.Every(time.Millisecond), 1)))
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if err := do(t.Context(), client.Own(), get("tags")); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if len(clock.sent) != 21 {
			t.Errorf("%d requests, want 21", len(clock.sent))
		}
		for i, at := range clock.sent {
			if i > 0 && at < 20*time.Second {
				t.Errorf("request %d went after %v, within the pause", i, at)
			}
		}
		if last := clock.sent[20]; last < 20*time.Second+19*time.Millisecond {
			t.Errorf("all went at once when the pause ended (the last after %v): the limiter no longer counts", last)
		}
	})
}

// A pause ends the calls that may not wait so long, without a request.
func TestCallsWithinALongPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(func(n int, r *http.Request) *http.Response {
			if n == 0 {
				return respond(r, 429, `{"message":"slow down"}`, "Retry-After", "600")
			}
			return respond(r, 200, "")
		})
		client := newClient(t, clock)
		_ = do(t.Context(), client.Own(), get("tags"))

		time.Sleep(time.Minute)
		before := time.Now()
		e := asError(t, do(t.Context(), client.Customer(3), get("tags")))
		if e.StatusCode != 429 || e.RetryAfter != 9*time.Minute || e.Attempts != 0 || time.Since(before) != 0 {
			t.Errorf("got %v after %v, want a 429 at once with 9 minutes to wait and nothing sent", e, time.Since(before))
		}
		if want := "workato: test.Get: 429 Too Many Requests: an earlier 429 pauses this quota (GET /api/managed_users/3/tags; not sent; retry after 9m0s)"; e.Error() != want {
			t.Errorf("got  %s\nwant %s", e, want)
		}
		if !errors.Is(e, workato.ErrRateLimited) || e.Body() != nil {
			t.Errorf("matches ErrRateLimited: %v, body %q", errors.Is(e, workato.ErrRateLimited), e.Body())
		}

		request := operations["assign"]
		if err := do(t.Context(), client.Own(), &request); err != nil {
			t.Errorf("the pause holds another quota: %v", err)
		}

		time.Sleep(9*time.Minute - 20*time.Second)
		before = time.Now()
		if err := do(t.Context(), client.Own(), get("tags")); err != nil || time.Since(before) != 20*time.Second {
			t.Errorf("got %v after %v, want success after the pause's last 20 s", err, time.Since(before))
		}
		if len(clock.sent) != 3 {
			t.Errorf("%d requests, want 3", len(clock.sent))
		}
	})
}

// A Retry-After gone wrong must not silence a client for ever.
func TestPauseIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(func(n int, r *http.Request) *http.Response {
			if n == 0 {
				return respond(r, 429, "", "Retry-After", "99999999999")
			}
			return respond(r, 200, "")
		})
		client := newClient(t, clock)
		_ = do(t.Context(), client.Own(), get("tags"))
		time.Sleep(time.Hour)
		if err := do(t.Context(), client.Own(), get("tags")); err != nil {
			t.Errorf("still paused after an hour: %v", err)
		}
	})
}

// The 429 that a call met itself is what it returns, with the time left, when
// another call's 429 made the pause too long.
func TestPauseGrowsWhileWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newClock(func(_ int, r *http.Request) *http.Response {
			if r.URL.Path == "/api/first" {
				return respond(r, 429, `{"message":"from the first"}`, "Retry-After", "10")
			}
			time.Sleep(time.Second)
			return respond(r, 429, "", "Retry-After", "300")
		})
		client := newClient(t, clock, workato.WithLimiter(workato.QuotaEnvironment, nil))
		result := make(chan error)
		go func() { _ = do(t.Context(), client.Own(), get("second")) }()
		synctest.Wait() // the second one is under way when the first one's pause begins
		go func() { result <- do(t.Context(), client.Own(), get("first")) }()
		e := asError(t, <-result)
		if e.Message != "from the first" || e.Attempts != 1 || e.RetryAfter != 291*time.Second {
			t.Errorf("got %v, want the first one's 429 with 291 s left", e)
		}
	})
}

func TestLimiterErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("limiter store is down")
	tests := map[string]struct {
		limiter workato.Limiter
		timeout time.Duration
		want    error
		not     error
	}{
		"past the deadline": {rate.NewLimiter(rate.Every(time.Hour), 1), time.Second, context.DeadlineExceeded, context.Canceled},
		"its own reason":    {limiterFunc(func(context.Context) error { return broken }), time.Second, broken, context.DeadlineExceeded},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				clock := newClock(ok)
				client := newClient(t, clock, workato.WithLimiter(workato.QuotaEnvironment, tt.limiter))
				ctx, cancel := context.WithTimeout(t.Context(), tt.timeout)
				defer cancel()
				_ = do(ctx, client.Own(), get("tags"))
				before := time.Now()
				err := do(ctx, client.Own(), get("tags"))
				if !errors.Is(err, tt.want) || errors.Is(err, tt.not) {
					t.Errorf("got %v, want it to match %v and not %v", err, tt.want, tt.not)
				}
				if time.Since(before) != 0 {
					t.Errorf("waited for %v", time.Since(before))
				}
			})
		})
	}
}

type limiterFunc func(context.Context) error

func (f limiterFunc) Wait(ctx context.Context) error { return f(ctx) }

// The limiter is asked once for each attempt, not for each call.
func TestLimiterIsAskedForEachAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		clock := newClock(func(_ int, r *http.Request) *http.Response { return respond(r, 502, "") })
		client := newClient(t, clock, workato.WithLimiter(workato.QuotaEnvironment, limiterFunc(func(context.Context) error {
			asked++
			return nil
		})))
		_ = do(t.Context(), client.Own(), get("tags"))
		if asked != len(clock.sent) || asked != 5 {
			t.Errorf("asked %d times for %d attempts, want 5 for 5", asked, len(clock.sent))
		}
	})
}
