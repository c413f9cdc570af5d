package watch_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/https"
	"github.com/workato-go/sdk/examples/picow/watch"
	"github.com/workato-go/sdk/workato/workatotest"
)

func TestTheFirstStartIsSilentAndWhatComesAfterIsTold(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.happen(300, "recipe_started", 7)
		w.start()
		w.poll()
		if got := w.watch.State(); got.Open != 0 || got.Phase != alarm.Watching || got.Shows != "quiet" {
			t.Fatalf("after the first poll: %+v", got)
		}
		w.happen(3, "recipe_started", 7)
		w.poll()
		if got := w.watch.State(); got.Open != 3 || got.Severity != alarm.Normal {
			t.Errorf("after three events: %d open, %v", got.Open, got.Severity)
		}
	})
}

func TestAnEventBeforeTheFirstSaveIsToldAfterAStart(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		w.poll() // of an empty log
		w.happen(1, "recipe_started", 7)
		w.start()
		w.poll()
		if w.sum() != 1 {
			t.Errorf("%d events told, want 1", w.sum())
		}
	})
}

func TestSeverities(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.start(func(c *watch.Config) {
			c.Policy = alarm.Policy{IgnoreUsers: []int64{99}, ExcludeEvents: []string{"user_login"}, HighEvents: []string{"token_leaked"}}
		})
		w.poll()
		w.happen(50, "recipe_started", 99) // a service account at work
		w.happen(5, "user_login", 7)
		w.poll()
		if got := w.watch.State(); got.Open != 0 || got.Shows != "quiet" {
			t.Errorf("ignored events show: %d open, %q", got.Open, got.Shows)
		}
		w.happen(2, "recipe_started", 7)
		w.happen(1, "token_leaked", 7)
		w.poll()
		if got := w.watch.State(); got.Open != 3 || got.Severity != alarm.High {
			t.Errorf("%d open, %v", got.Open, got.Severity)
		}
		// What was ignored is told as little after a start without the rule.
		w.start()
		w.poll()
		if w.sum() != 3 {
			t.Errorf("%d events told, want 3", w.sum())
		}
	})
}

func TestABurstOfAThousand(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		w.poll()
		before := len(w.server.Requests())
		began := time.Now()
		w.happen(1000, "recipe_started", 7)
		w.poll()
		if w.sum() != 1000 {
			t.Errorf("%d events told, want 1000", w.sum())
		}
		requests := len(w.server.Requests()) - before
		if perMinute := float64(requests) / time.Since(began).Minutes(); perMinute > 60 {
			t.Errorf("%d requests in %v: more than the quota of 60 a minute", requests, time.Since(began))
		}
		if w.wire.dials != 1 {
			t.Errorf("%d dials, want one for all", w.wire.dials)
		}
		if w.store.biggest > 1024 {
			t.Errorf("a checkpoint of %d bytes", w.store.biggest)
		}
	})
}

// crash ends a life in the middle of a poll.
type crash struct{}

// survive polls, and tells whether the board came through.
func survive(w *world) (alive bool) {
	defer func() {
		if what := recover(); what != nil {
			if _, ok := what.(crash); !ok {
				panic(what)
			}
			alive = false
		}
	}()
	wait, err := w.watch.Poll()
	if err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(wait)
	return true
}

func TestStartsAtRandomPointsLoseNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(t *testing.T, w *world) {
				random := rand.New(rand.NewPCG(seed, 7))
				happened, again := 0, 0 // again: how many may have been told twice
				die := func(every int, cost int) func() {
					return func() {
						if random.IntN(every) == 0 {
							again += cost
							panic(crash{})
						}
					}
				}
				w.start()
				w.poll()
				w.store.onSave, w.store.onSaved = die(8, 20), die(8, 0)
				dieAsleep := die(20, 0)
				w.sleeps = func(d time.Duration) { dieAsleep(); time.Sleep(d) }
				for range 40 {
					if random.IntN(3) == 0 {
						n := 1 + random.IntN(60)
						w.happen(n, "recipe_started", 7)
						happened += n
					}
					if !survive(w) || random.IntN(5) == 0 {
						w.start()
					}
				}
				w.store.onSave, w.store.onSaved, w.sleeps = nil, nil, time.Sleep
				w.poll()
				w.poll()
				if sum := w.sum(); sum < happened || sum > happened+again {
					t.Errorf("%d events told of %d, %d of which may have come twice", sum, happened, again)
				}
				if again > 0 && happened == 0 {
					t.Error("nothing was tested")
				}
			})
		})
	}
}

func TestStartsBetweenPollsTellNothingTwice(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		w.poll()
		for i := range 30 {
			w.happen(i, "recipe_started", 7)
			w.poll()
			w.start()
			w.poll()
			if want := (i + 1) * i / 2; w.sum() != want {
				t.Fatalf("round %d: %d events told, want %d", i, w.sum(), want)
			}
		}
	})
}

func TestWhatTheServerCanDoWrong(t *testing.T) {
	t.Parallel()
	const page = `{"data":[{"id":5,"timestamp":"2024-06-18 19:17:31 UTC"}],"total":1`
	for _, test := range []struct {
		name     string
		fault    workatotest.Fault
		shows    alarm.Fault
		min, max time.Duration // the wait
	}{
		{"500", workatotest.Fault{Status: 500}, alarm.Server, time.Second, 2 * time.Second},
		{"503 of a proxy", workatotest.ProxyError(503), alarm.Server, time.Second, 2 * time.Second},
		{"429", workatotest.Fault{Status: 429}, alarm.Server, time.Second, 2 * time.Second},
		{"429 with a wait", workatotest.Fault{Status: 429, RetryAfter: "600"}, alarm.Server, 10 * time.Minute, 10 * time.Minute},
		{"429 with an absurd wait", workatotest.Fault{Status: 429, RetryAfter: "999999"}, alarm.Server, time.Hour, time.Hour},
		{"503 with a wait", workatotest.Fault{Status: 503, RetryAfter: "90"}, alarm.Server, 90 * time.Second, 90 * time.Second},
		{"401", workatotest.Fault{Status: 401}, alarm.Token, 5 * time.Minute, 5 * time.Minute},
		{"403", workatotest.Fault{Status: 403}, alarm.Token, 5 * time.Minute, 5 * time.Minute},
		{"404", workatotest.Fault{Status: 404}, alarm.Settings, 5 * time.Minute, 5 * time.Minute},
		{"redirect", workatotest.Fault{Status: 302, Header: http.Header{"Location": {"https://elsewhere.example.com/"}}}, alarm.Server, time.Second, 2 * time.Second},
		{"HTML with 200", workatotest.ProxyError(200), alarm.Server, time.Second, 2 * time.Second},
		{"refusal with 200", workatotest.Fault{Status: 200, Body: `{"success":false,"message":"no"}`}, alarm.Server, time.Second, 2 * time.Second},
		{"no list", workatotest.Fault{Status: 200, Body: `{"total":0}`}, alarm.Server, time.Second, 2 * time.Second},
		{"half a list", workatotest.Fault{Status: 200, Body: page}, alarm.Server, time.Second, 2 * time.Second},
		{"half a body", workatotest.Fault{CutAfter: 40}, alarm.Server, time.Second, 2 * time.Second},
		{"rows out of order", workatotest.Fault{Status: 200, Body: `{"data":[{"id":5},{"id":6}],"total":2}`}, alarm.Server, time.Second, 2 * time.Second},
		{"gzip", workatotest.Fault{Header: http.Header{"Content-Encoding": {"gzip"}}}, alarm.Server, time.Second, 2 * time.Second},
		{"silence", workatotest.Fault{Latency: 2 * time.Hour}, alarm.Unreachable, time.Second, 2 * time.Second},
		{"dropped", workatotest.Fault{Drop: true}, alarm.Unreachable, time.Second, 2 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(t *testing.T, w *world) {
				w.happen(30, "recipe_started", 7)
				// Once before anything else, and once on a board that is well under way.
				w.server.Fail(2, test.fault)
				w.start()
				wait, err := w.watch.Poll()
				if got := w.watch.State().Fault; err == nil || got != test.shows || wait < test.min || wait > test.max {
					t.Fatalf("error %v, fault %v, wait %v; want %v, %v to %v", err, got, wait, test.shows, test.min, test.max)
				}
				w.server.ClearFaults()
				w.poll()
				if got := w.watch.State(); got.Fault != 0 || got.Open != 0 {
					t.Errorf("after the next answer: fault %v, %d open", got.Fault, got.Open)
				}
				w.happen(3, "recipe_started", 7)
				w.server.Fail(2, test.fault)
				if _, err := w.watch.Poll(); err == nil {
					t.Error("the second failure is none")
				}
				if got := w.watch.State(); got.Open != 0 {
					t.Errorf("%d events told by an answer that failed", got.Open)
				}
				w.server.ClearFaults()
				w.poll()
				if w.sum() != 3 {
					t.Errorf("%d events told after the failures, want 3", w.sum())
				}
			})
		})
	}
}

func TestAServerWithoutAClock(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.server.Fail(-1, workatotest.Fault{Header: http.Header{"Date": nil}})
		w.happen(3, "recipe_started", 7)
		w.start()
		w.poll()
		for round := range 5 {
			w.happen(round, "recipe_started", 7)
			w.poll()
		}
		if w.sum() != 10 {
			t.Errorf("%d events told, want 10", w.sum())
		}
	})
}

func TestFaultsOfDialing(t *testing.T) {
	t.Parallel()
	noName := errors.New("no such host")
	for _, test := range []struct {
		name  string
		err   error
		shows alarm.Fault
	}{{"known", noName, alarm.Address}, {"unknown", errors.New("something"), alarm.Unreachable}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(t *testing.T, w *world) {
				w.wire.fail(test.err)
				w.start(func(c *watch.Config) {
					c.Fault = func(err error) alarm.Fault {
						if errors.Is(err, noName) {
							return alarm.Address
						}
						return 0
					}
				})
				if _, err := w.watch.Poll(); !errors.Is(err, test.err) || w.watch.State().Fault != test.shows {
					t.Errorf("error %v, fault %v; want %v", err, w.watch.State().Fault, test.shows)
				}
			})
		})
	}
}

func TestWaitsGrowToAMinuteAndStartAnew(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		w.wire.fail(errors.New("down"))
		for i, seconds := range []int{2, 4, 8, 16, 32, 60, 60, 60, 60} {
			most := time.Duration(seconds) * time.Second
			wait, err := w.watch.Poll()
			if err == nil || wait > most || wait < most/2 {
				t.Errorf("failure %d: wait %v, want %v to %v", i, wait, most/2, most)
			}
		}
		w.wire.fail(nil)
		if wait, err := w.watch.Poll(); err != nil || wait != 30*time.Second {
			t.Errorf("well again: wait %v, %v", wait, err)
		}
		w.wire.fail(errors.New("down"))
		if wait, _ := w.watch.Poll(); wait > 2*time.Second {
			t.Errorf("the next failure: wait %v", wait)
		}
	})
}

func TestAQuietLogIsOneRequestARoundOnOneConnection(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.happen(100, "recipe_started", 7)
		w.start()
		w.poll()
		time.Sleep(2 * time.Hour) // so that the first counts are done
		w.poll()
		w.server.ResetRequests()
		saves := w.store.saves
		for range 100 {
			w.poll()
		}
		if n := len(w.server.Requests()); n > 102 { // and the audit's
			t.Errorf("%d requests in 100 quiet rounds", n)
		}
		if w.wire.dials > 1 {
			t.Errorf("%d dials", w.wire.dials)
		}
		if n := w.store.saves - saves; n > 2 {
			t.Errorf("%d saves in 50 quiet minutes wear the flash out", n)
		}
	})
}

func TestACheckpointThatDoesNotFitEndsPolling(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		damage func(*world) func(*watch.Config)
		want   error
	}{
		{"flash damaged", func(w *world) func(*watch.Config) { w.store.damaged = true; return nil }, watch.ErrCheckpoint},
		{"a bit turned", func(w *world) func(*watch.Config) { w.store.state[20] ^= 1; return nil }, watch.ErrCheckpoint},
		{"something else", func(w *world) func(*watch.Config) { w.store.state = []byte("hello"); return nil }, watch.ErrCheckpoint},
		{"another host", func(*world) func(*watch.Config) {
			return func(c *watch.Config) { c.Host = "app.elsewhere.example.com" }
		}, watch.ErrOtherWorkspace},
		{"another customer", func(w *world) func(*watch.Config) {
			w.server.Customer(5)
			return func(c *watch.Config) { c.Customer = "5" }
		}, watch.ErrOtherWorkspace},
		{"another environment", func(w *world) func(*watch.Config) {
			w.server.Own().SetEnvironment("prod")
			w.happen(3, "recipe_started", 7)
			return nil
		}, watch.ErrOtherWorkspace},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(t *testing.T, w *world) {
				w.happen(3, "recipe_started", 7)
				w.start()
				w.poll()
				w.happen(3, "recipe_started", 7)
				change := test.damage(w)
				if change == nil {
					change = func(*watch.Config) {}
				}
				w.start(change)
				saves, state := w.store.attempts, string(w.store.state)
				for range 3 {
					if wait, err := w.watch.Poll(); !errors.Is(err, test.want) || w.watch.State().Fault != alarm.Checkpoint || wait != time.Minute {
						t.Fatalf("error %v, fault %v, wait %v", err, w.watch.State().Fault, wait)
					}
				}
				if w.sum() != 0 || w.store.attempts != saves || string(w.store.state) != state {
					t.Errorf("%d events told, %d saves: the checkpoint must stay as it is", w.sum(), w.store.attempts-saves)
				}
				if len(w.server.Requests()) > 3 {
					t.Errorf("%d requests", len(w.server.Requests()))
				}
				// Setup wipes it.
				w.store.state, w.store.damaged = nil, false
				w.start(change)
				w.poll()
				if got := w.watch.State(); got.Fault != 0 || got.Open != 0 {
					t.Errorf("after the wipe: fault %v, %d open", got.Fault, got.Open)
				}
			})
		})
	}
}

func TestAnEnvironmentThatChangesUnderWay(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.happen(3, "recipe_started", 7)
		w.start()
		w.poll()
		w.server.Own().SetEnvironment("prod")
		w.happen(3, "recipe_started", 7)
		if _, err := w.watch.Poll(); !errors.Is(err, watch.ErrOtherWorkspace) || w.watch.State().Fault != alarm.Checkpoint {
			t.Errorf("error %v, fault %v", err, w.watch.State().Fault)
		}
		w.server.Own().SetEnvironment("dev")
		if _, err := w.watch.Poll(); !errors.Is(err, watch.ErrOtherWorkspace) {
			t.Errorf("error %v: a person has to look", err)
		}
	})
}

func TestAStoreThatTakesNothing(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		w.poll()
		w.store.full = true
		w.happen(2, "recipe_started", 7)
		wait, err := w.watch.Poll()
		if got := w.watch.State(); !errors.Is(err, watch.ErrUnsaved) || got.Fault != alarm.Checkpoint || got.Open != 2 || wait != 30*time.Second {
			t.Fatalf("error %v, fault %v, %d open, wait %v", err, got.Fault, got.Open, wait)
		}
		w.happen(2, "recipe_started", 7)
		if _, err := w.watch.Poll(); !errors.Is(err, watch.ErrUnsaved) || w.sum() != 4 {
			t.Errorf("error %v, %d told: polling goes on", err, w.sum())
		}
		w.store.full = false
		w.poll()
		w.start()
		w.poll()
		if got := w.watch.State(); got.Fault != 0 || w.sum() != 4 {
			t.Errorf("fault %v, %d told", got.Fault, w.sum())
		}
	})
}

func TestWhatNobodyAcknowledgedIsShownAfterAStart(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		high := func(c *watch.Config) { c.Policy.HighEvents = []string{"token_leaked"} }
		w.start(high)
		w.poll()
		w.happen(3, "recipe_started", 7)
		w.happen(1, "token_leaked", 7)
		w.poll()
		for range 2 { // a start changes nothing
			w.start(high)
			w.poll()
			if got := w.watch.State(); got.Open != 4 || got.Severity != alarm.High || got.Shows != "new activity, high" {
				t.Errorf("after the start %d events are open, severity %v, %q", got.Open, got.Severity, got.Shows)
			}
		}
		press := func(pressed bool) {
			w.watch.Tick(time.Now(), pressed)
			time.Sleep(100 * time.Millisecond)
			w.watch.Tick(time.Now(), pressed)
		}
		press(false)
		press(true)
		saves := w.store.saves
		w.poll()
		w.poll()
		if w.store.saves != saves+1 {
			t.Errorf("a press of the button is saved %d times", w.store.saves-saves)
		}
		w.start(high)
		w.poll()
		if got := w.watch.State(); got.Open != 0 || got.Shows != "quiet" {
			t.Errorf("after the press and a start %d events are open, %q", got.Open, got.Shows)
		}
	})
}

func TestAGapIsActivityAndLogged(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.happen(5, "recipe_started", 7)
		w.start()
		w.poll()
		// The server counts four events that are on no page.
		w.server.Own().SetTotal(func(matching, _ int) int { return matching + 4 })
		for range 30 {
			w.poll()
		}
		if !slices.ContainsFunc(w.lines, func(l string) bool { return strings.HasPrefix(l, "gap: ") && strings.HasSuffix(l, "missing: 4") }) || w.sum() != 4 {
			t.Errorf("%d told, log %q", w.sum(), w.lines)
		}
	})
}

func TestWaitComesInSlices(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		var longest, sum time.Duration
		w.sleeps = func(d time.Duration) { longest, sum = max(longest, d), sum+d }
		w.start()
		w.steps = 0
		w.watch.Wait(30*time.Second + time.Millisecond)
		if longest > 250*time.Millisecond || sum != 30*time.Second+time.Millisecond || w.steps != 121 {
			t.Errorf("%v in all, %v at most, progress %d times", sum, longest, w.steps)
		}
	})
}

func TestThereIsNoProgressWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		w.server.Fail(-1, workatotest.Fault{Latency: time.Hour})
		w.steps = 0
		if _, err := w.watch.Poll(); !errors.Is(err, https.ErrTimeout) || w.steps != 0 {
			t.Errorf("error %v, progress %d times in a silent minute", err, w.steps)
		}
	})
}

func TestTheTickerRunsWhileAPollWaits(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		w.watch.Enter(alarm.Connecting)
		w.server.Fail(1, workatotest.Fault{Latency: 30 * time.Second})
		done := make(chan struct{})
		go func() {
			defer close(done)
			w.poll()
		}()
		ticks := 0
		for {
			select {
			case <-done:
				if ticks < 100 {
					t.Errorf("%d ticks in half a minute", ticks)
				}
				return
			default:
			}
			next := w.watch.Tick(time.Now(), false)
			ticks++
			time.Sleep(max(min(time.Until(next), 100*time.Millisecond), time.Millisecond))
			synctest.Wait()
		}
	})
}

func TestTheButtonAcknowledges(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		w.watch.Tick(time.Now(), false)
		w.poll()
		w.happen(2, "recipe_started", 7)
		w.poll()
		for _, pressed := range []bool{false, true, true, false, false} {
			w.watch.Tick(time.Now(), pressed)
			time.Sleep(100 * time.Millisecond)
		}
		if got := w.watch.State(); got.Open != 0 || got.Presses != 1 {
			t.Errorf("%d open after %d presses", got.Open, got.Presses)
		}
	})
}

func TestNothingPersonalIsLogged(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		w.poll()
		w.happen(40, "recipe_started", 7)
		w.poll()
		for _, f := range []workatotest.Fault{{Status: 401}, {CutAfter: 300}, {Status: 200, Body: `{"data":[{"email":"ada@example.com" "x"}]}`}} {
			w.server.Fail(1, f)
			if _, err := w.watch.Poll(); err == nil {
				t.Error("no failure")
			}
		}
		if len(w.lines) < 4 {
			t.Errorf("log %q", w.lines)
		}
		for _, line := range w.lines {
			if strings.Contains(line, "Ada") || strings.Contains(line, "@") || strings.Contains(line, w.server.Token()) || len(line) > 200 {
				t.Errorf("logged: %q", line)
			}
		}
	})
}

func TestAConfigThatCannotWork(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		shown, err := alarm.New(alarm.Config{}, output{}, output{})
		if err != nil {
			t.Fatal(err)
		}
		for field, spoil := range map[string]func(*watch.Config){
			"Client":             func(c *watch.Config) { c.Client = nil },
			"Host":               func(c *watch.Config) { c.Host = "" },
			"Customer":           func(c *watch.Config) { c.Customer = "19029/../1" },
			"Token":              func(c *watch.Config) { c.Token = "" },
			"Interval":           func(c *watch.Config) { c.Interval = time.Millisecond },
			"Store, Alarm":       func(c *watch.Config) { c.Store = nil },
			"Now, Sleep, Random": func(c *watch.Config) { c.Random = nil },
		} {
			c := watch.Config{
				Client: https.New(w.wire.dial, host), Host: host, Token: "x", Store: w.store, Alarm: shown,
				Now: time.Now, Sleep: time.Sleep, Random: w.random.Uint32,
			}
			spoil(&c)
			_, err := watch.New(c)
			if wrong, ok := errors.AsType[*watch.FieldError](err); !ok || wrong.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}
