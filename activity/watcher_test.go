package activity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
	"github.com/workato-go/sdk/workato/workatotest"
)

// world is a server in memory and the means to watch it.
type world struct {
	t      *testing.T
	server *workatotest.Server
	store  activity.Store
	gaps   []activity.Gap
	told   []int64 // events that were handled
}

// inWorld runs f with a world in a bubble, where an hour takes no time.
func inWorld(t *testing.T, f func(*testing.T, *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := workatotest.NewServer()
		defer server.Close()
		f(t, &world{t: t, server: server, store: activity.MemoryStore()})
	})
}

func (w *world) service(opts ...workato.Option) *activity.Service {
	w.t.Helper()
	opts = append(opts, workato.WithHTTPClient(w.server.Client()))
	client, err := workato.NewClient(w.server.Token(), opts...)
	if err != nil {
		w.t.Fatal(err)
	}
	return activity.New(client.Own())
}

// watcher is a new one, as after a start of the program.
func (w *world) watcher(change ...func(*activity.WatchOptions)) *activity.Watcher {
	w.t.Helper()
	opts := activity.WatchOptions{Store: w.store, OnGap: func(g activity.Gap) { w.gaps = append(w.gaps, g) }}
	for _, c := range change {
		c(&opts)
	}
	watcher, err := w.service().NewWatcher(opts)
	if err != nil {
		w.t.Fatal(err)
	}
	return watcher
}

// happen adds n events, and gives their IDs.
func (w *world) happen(n int) []int64 {
	var ids []int64
	for range n {
		ids = append(ids, w.server.Own().AddEvents(workatotest.Event{Type: "recipe_started"})...)
	}
	return ids
}

// poll polls once and acknowledges, until nothing is new, and gives the IDs.
func (w *world) poll(watcher *activity.Watcher) (ids []int64) {
	w.t.Helper()
	for {
		events, err := watcher.Poll(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if len(events) == 0 {
			return ids
		}
		for _, event := range events {
			ids = append(ids, event.ID)
		}
		if err := watcher.Ack(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

func want(t *testing.T, what string, got, want []int64) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// What is there at the first start stays untold; what comes is told once,
// oldest first.
func TestWatcherTellsWhatIsNew(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.happen(250)
		watcher := w.watcher()
		want(t, "at the first start", w.poll(watcher), nil)
		for _, n := range []int{1, 0, 7, 120, 1, 450} {
			time.Sleep(time.Minute)
			ids := w.happen(n)
			want(t, fmt.Sprint(n, " events"), w.poll(watcher), ids)
		}
		if len(w.gaps) != 0 {
			t.Errorf("gaps: %v", w.gaps)
		}
	})
}

// An idle round is one request for a handful of rows.
func TestIdlePollIsOneSmallRequest(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.happen(20)
		watcher := w.watcher()
		w.poll(watcher)
		for range 60 {
			time.Sleep(time.Minute)
			w.poll(watcher)
		}
		w.server.ResetRequests()
		before := watcher.Lag()
		for range 30 {
			time.Sleep(time.Minute)
			w.poll(watcher)
		}
		requests := w.server.Requests()
		if len(requests) > 31 { // one of them may be the hourly second count
			t.Errorf("%d requests in 30 idle rounds", len(requests))
		}
		for _, r := range requests {
			if size := r.Query.Get("page[size]"); size > "5" || len(size) > 1 {
				t.Errorf("an idle round asks for %s rows", size)
			}
		}
		after := watcher.Lag()
		if after.Polls-before.Polls != 30 || after.Unseen != 0 || time.Since(after.LastExplained) > 2*time.Minute {
			t.Errorf("lag: %+v", after)
		}
	})
}

// Until they are acknowledged, the same events come again and nothing is asked.
func TestPollWithoutAck(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		watcher := w.watcher()
		w.poll(watcher)
		ids := w.happen(3)
		w.server.ResetRequests()
		for range 3 {
			events, err := watcher.Poll(t.Context())
			if err != nil || len(events) != 3 || events[0].ID != ids[0] || events[2].ID != ids[2] {
				t.Fatalf("got %v, %v", events, err)
			}
			events[0] = nil // the caller's slice is the caller's
		}
		if n := len(w.server.Requests()); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
		if err := watcher.Ack(t.Context()); err != nil {
			t.Fatal(err)
		}
		want(t, "after Ack", w.poll(watcher), nil)
		if err := watcher.Ack(t.Context()); err != nil {
			t.Errorf("Ack after an empty Poll: %v", err)
		}
	})
}

// A new Watcher goes on where the last one stopped: what happened in between is
// told, and nothing twice.
func TestWatcherGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.poll(w.watcher())
		off := w.happen(130)
		time.Sleep(3 * time.Hour)
		off = append(off, w.happen(2)...)
		want(t, "while it was off", w.poll(w.watcher()), off)
		want(t, "after another start", w.poll(w.watcher()), nil)
		if len(w.gaps) != 0 {
			t.Errorf("gaps: %v", w.gaps)
		}
	})
}

// A crash before Ack tells the batch in flight again, and no more.
func TestWatcherAfterACrash(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.poll(w.watcher())
		first := w.happen(2)
		want(t, "before the crash", w.poll(w.watcher()), first)
		second := w.happen(2)
		if events, err := w.watcher().Poll(t.Context()); err != nil || len(events) != 2 {
			t.Fatal(events, err)
		}
		want(t, "after the crash", w.poll(w.watcher()), second)
	})
}

// An event that becomes visible after newer ones is told when it appears.
func TestLateEvents(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		watcher := w.watcher()
		w.poll(watcher)
		late := w.server.Own().AddEvents(workatotest.Event{Type: "recipe_started", Delay: 8 * time.Minute})
		var told []int64
		newer := w.happen(2)
		for range 20 {
			told = append(told, w.poll(watcher)...)
			time.Sleep(time.Minute)
		}
		want(t, "with a late one", told, append(newer, late...))
	})
}

// The second count finds what came later than the lateness.
func TestVeryLateEvents(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		watcher := w.watcher()
		w.poll(watcher)
		late := w.server.Own().AddEvents(workatotest.Event{Type: "recipe_started", Delay: 90 * time.Minute})
		var told []int64
		for range 5 * 60 {
			told = append(told, w.poll(watcher)...)
			time.Sleep(time.Minute)
		}
		missing := 0
		for _, gap := range w.gaps {
			missing += gap.Missing
		}
		if len(told)+missing != 1 {
			t.Errorf("told %v and reported %v, want %v once", told, w.gaps, late)
		}
	})
}

// From starts the first run at a time; later starts go on.
func TestWatcherFrom(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.happen(5)
		time.Sleep(time.Hour)
		from := time.Now()
		recent := w.happen(210)
		since := func(o *activity.WatchOptions) { o.From = from }
		want(t, "the first start", w.poll(w.watcher(since)), recent)
		more := w.happen(1)
		want(t, "the second start", w.poll(w.watcher(since)), more)
	})
}

// Failures in mid-walk forget nothing.
func TestPollAfterFailures(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		watcher := w.watcher()
		w.poll(watcher)
		ids := w.happen(700)
		var told []int64
		failures := 0
		for range 400 {
			w.server.Fail(1, workatotest.Fault{})
			w.server.Fail(1, workatotest.Fault{Status: 403})
			events, err := watcher.Poll(t.Context())
			if err != nil {
				failures++
				time.Sleep(time.Second)
				continue
			}
			for _, event := range events {
				told = append(told, event.ID)
			}
			if err := watcher.Ack(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(told) >= len(ids) {
				break
			}
		}
		want(t, "with every second request failing", told, ids)
		if failures < 3 {
			t.Errorf("only %d failures were played", failures)
		}
	})
}

// Run ends with its context, retries the handler with the same events, and
// waits out what may pass.
func TestRun(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancelCause(t.Context())
		stop := errors.New("the operator stopped it")
		var retries []string
		watcher := w.watcher(func(o *activity.WatchOptions) {
			o.OnRetry = func(err error, wait time.Duration) { retries = append(retries, fmt.Sprint(wait, " ", err)) }
		})
		var happened []int64
		refused := 0
		go func() {
			for i := range 40 {
				time.Sleep(45 * time.Second)
				happened = append(happened, w.happen(1+i%3)...)
				if i == 20 {
					w.server.Fail(30, workatotest.Fault{Status: 503})
				}
			}
			time.Sleep(10 * time.Minute)
			cancel(stop)
		}()
		err := watcher.Run(ctx, func(_ context.Context, events []*activity.Event) error {
			if refused < 5 && len(w.told) > 10 {
				refused++
				return errors.New("the disk is full")
			}
			for _, event := range events {
				w.told = append(w.told, event.ID)
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) || !errors.Is(err, stop) {
			t.Errorf("Run ended with %v", err)
		}
		want(t, "told by Run", w.told, happened)
		if refused != 5 || len(retries) < 7 {
			t.Errorf("%d refusals and %d retries: %q", refused, len(retries), retries)
		}
		if retries[0] != "1s the disk is full" || retries[2] != "4s the disk is full" {
			t.Errorf("retries were %q", retries)
		}
	})
}

// Run ends with what no waiting mends.
func TestRunEnds(t *testing.T) {
	t.Parallel()
	for status, class := range map[int]error{400: workato.ErrInvalid, 401: workato.ErrUnauthorized, 403: workato.ErrForbidden, 404: workato.ErrNotFound} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(t *testing.T, w *world) {
				w.server.Fail(-1, workatotest.Fault{Status: status})
				began := time.Now()
				err := w.watcher().Run(t.Context(), func(context.Context, []*activity.Event) error { return nil })
				if !errors.Is(err, class) || time.Since(began) != 0 {
					t.Errorf("Run ended with %v after %v", err, time.Since(began))
				}
				for _, err := range w.watcher().Events(t.Context()) {
					if !errors.Is(err, class) {
						t.Errorf("Events ended with %v", err)
					}
				}
			})
		})
	}
}

// While it is quiet the interval grows, and something new brings it back.
func TestIntervalBacksOff(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(t.Context())
		watcher := w.watcher(func(o *activity.WatchOptions) {
			o.Interval, o.MaxInterval, o.NoAudit = 20*time.Second, time.Minute, true
		})
		go func() {
			time.Sleep(10 * time.Minute)
			w.happen(1)
			time.Sleep(10 * time.Minute)
			cancel()
		}()
		_ = watcher.Run(ctx, func(context.Context, []*activity.Event) error { return nil })
		var pauses []time.Duration
		var last time.Time
		for _, r := range w.server.Requests() {
			if !last.IsZero() && r.Time.Sub(last) > time.Second {
				pauses = append(pauses, r.Time.Sub(last).Round(time.Second))
			}
			last = r.Time
		}
		const s = time.Second
		quiet := []time.Duration{20 * s, 30 * s, 45 * s, 60 * s, 60 * s, 60 * s}
		if !slices.Equal(pauses[:6], quiet) {
			t.Errorf("pauses from the start are %v, want %v", pauses[:6], quiet)
		}
		again := slices.Index(pauses[6:], 20*time.Second)
		if again < 0 || !slices.Equal(pauses[6+again:][:4], quiet[:4]) {
			t.Errorf("pauses after the event are not short again: %v", pauses[6:])
		}
	})
}

// A loop over Events acknowledges an event when it asks for the next.
func TestEvents(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		w.poll(w.watcher())
		ids := w.happen(4)
		var told []int64
		for event, err := range w.watcher().Events(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			told = append(told, event.ID)
			if len(told) == 2 {
				break
			}
		}
		want(t, "the first loop", told, ids[:2])

		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		told = nil
		for event, err := range w.watcher().Events(ctx) {
			if err != nil {
				if !errors.Is(err, context.DeadlineExceeded) || event != nil {
					t.Errorf("the loop ended with %v, %v", event, err)
				}
				continue
			}
			told = append(told, event.ID)
		}
		want(t, "the second loop", told, ids[1:]) // the one at which the first ended comes again
		want(t, "afterwards", w.poll(w.watcher()), nil)
	})
}

// Each way in which a checkpoint does not fit has its error. None of them
// changes the checkpoint, and Restart says what it cost.
func TestCheckpointsThatDoNotFit(t *testing.T) {
	t.Parallel()
	filtered := func(o *activity.WatchOptions) { o.IncludeEvents = []activity.EventType{activity.EventRecipeStarted} }
	tests := map[string]struct {
		damage func(*world)
		change func(*activity.WatchOptions)
		err    error
		reason activity.GapReason
	}{
		"another filter":      {nil, filtered, activity.ErrFilterChanged, activity.GapFilterChanged},
		"another environment": {func(w *world) { w.server.Own().SetEnvironment("prod"); w.happen(1) }, nil, activity.ErrSourceChanged, activity.GapSourceChanged},
		"a damaged one":       {func(w *world) { w.damage(func(b []byte) []byte { b[len(b)/2] ^= 1; return b }) }, nil, activity.ErrCheckpoint, activity.GapCheckpointLost},
		"a foreign one":       {func(w *world) { w.damage(func([]byte) []byte { return []byte("hello") }) }, nil, activity.ErrCheckpoint, activity.GapCheckpointLost},
		"an empty one":        {func(w *world) { w.damage(func([]byte) []byte { return nil }) }, nil, activity.ErrCheckpoint, activity.GapCheckpointLost},
		"a newer one":         {func(w *world) { w.damage(func(b []byte) []byte { b[4] = 99; return b }) }, nil, activity.ErrCheckpoint, activity.GapCheckpointLost},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(t *testing.T, w *world) {
				w.happen(3)
				w.poll(w.watcher())
				w.happen(1)
				w.poll(w.watcher())
				if tt.damage != nil {
					tt.damage(w)
				}
				change := tt.change
				if change == nil {
					change = func(*activity.WatchOptions) {}
				}
				watcher := w.watcher(change)
				before, revision := w.checkpoint()
				for range 2 {
					events, err := watcher.Poll(t.Context())
					if len(events) != 0 || !errors.Is(err, tt.err) {
						t.Fatalf("Poll gives %v, %v; want %v", events, err, tt.err)
					}
				}
				if err := watcher.Run(t.Context(), nil); !errors.Is(err, tt.err) {
					t.Errorf("Run gives %v, want %v", err, tt.err)
				}
				if after, at := w.checkpoint(); string(after) != string(before) || at != revision {
					t.Error("the checkpoint changed")
				}

				if err := watcher.Restart(t.Context(), time.Time{}); err != nil {
					t.Fatal(err)
				}
				if len(w.gaps) != 1 || w.gaps[0].Reason != tt.reason || w.gaps[0].Missing != -1 {
					t.Errorf("Restart says %v, want an unknown number for %q", w.gaps, tt.reason)
				}
				w.poll(watcher)
				ids := w.happen(2)
				want(t, "after Restart", w.poll(watcher), ids)
				more := w.happen(1)
				want(t, "after another start", w.poll(w.watcher(change)), more)
			})
		})
	}
}

// The order of a filter's values, and a value twice, make no other filter.
func TestFilterInAnotherOrder(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		of := func(types ...activity.EventType) func(*activity.WatchOptions) {
			return func(o *activity.WatchOptions) { o.IncludeEvents = types }
		}
		w.poll(w.watcher(of("recipe_started", "recipe_stopped")))
		ids := w.happen(1)
		want(t, "with the same filter", w.poll(w.watcher(of("recipe_stopped", "recipe_started", "recipe_stopped"))), ids)
		if _, err := w.watcher(of("recipe_started")).Poll(t.Context()); !errors.Is(err, activity.ErrFilterChanged) {
			t.Errorf("with another filter: %v", err)
		}
	})
}

// damage changes the stored checkpoint behind the Watcher's back.
func (w *world) damage(f func([]byte) []byte) {
	w.t.Helper()
	state, revision := w.checkpoint()
	if _, err := w.store.Save(w.t.Context(), "us/own", f(state), revision); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) checkpoint() ([]byte, uint64) {
	w.t.Helper()
	state, revision, err := w.store.Load(w.t.Context(), "us/own")
	if err != nil || revision == 0 {
		w.t.Fatal("no checkpoint under the workspace's key", err)
	}
	return state, revision
}

// A second Watcher of the same checkpoint fences the first one off.
func TestSecondWatcher(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		first := w.watcher()
		w.poll(first)
		second := w.watcher()
		w.poll(second)
		ids := w.happen(1)
		if events, err := first.Poll(t.Context()); err != nil || len(events) != 1 {
			t.Fatal(events, err)
		}
		want(t, "told by the second", w.poll(second), ids)
		if err := first.Ack(t.Context()); !errors.Is(err, activity.ErrFenced) {
			t.Errorf("the first one's Ack gives %v, want ErrFenced", err)
		}
		if _, err := first.Poll(t.Context()); !errors.Is(err, activity.ErrFenced) {
			t.Errorf("the first one's Poll gives %v, want ErrFenced", err)
		}
		want(t, "afterwards", w.poll(second), nil)
	})
}

// A Store that fails is asked again, and nothing is told twice for it.
func TestStoreFails(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		store := &failingStore{Store: w.store}
		w.store = store
		watcher := w.watcher()
		store.failures = 1
		if _, err := watcher.Poll(t.Context()); !errors.Is(err, errStore) {
			t.Fatalf("loading: %v", err)
		}
		w.poll(watcher)
		ids := w.happen(2)
		if events, err := watcher.Poll(t.Context()); err != nil || len(events) != 2 {
			t.Fatal(events, err)
		}
		store.failures = 2
		if err := watcher.Ack(t.Context()); !errors.Is(err, errStore) {
			t.Fatalf("saving: %v", err)
		}
		if _, err := watcher.Poll(t.Context()); !errors.Is(err, errStore) {
			t.Errorf("Poll goes on although the checkpoint is not saved: %v", err)
		}
		if err := watcher.Ack(t.Context()); err != nil {
			t.Fatal(err)
		}
		want(t, "afterwards", w.poll(watcher), nil)
		want(t, "after another start", w.poll(w.watcher()), nil)
		_ = ids
	})
}

var errStore = errors.New("the disk is full")

type failingStore struct {
	activity.Store
	failures int
}

func (s *failingStore) Load(ctx context.Context, key string) ([]byte, uint64, error) {
	if s.failures > 0 {
		s.failures--
		return nil, 0, errStore
	}
	return s.Store.Load(ctx, key)
}

func (s *failingStore) Save(ctx context.Context, key string, state []byte, revision uint64) (uint64, error) {
	if s.failures > 0 {
		s.failures--
		return 0, errStore
	}
	return s.Store.Save(ctx, key, state, revision)
}

// A row without an ID cannot be told; the count says that it is there.
func TestRowsWithoutIDAreAGap(t *testing.T) {
	t.Parallel()
	inWorld(t, func(t *testing.T, w *world) {
		watcher := w.watcher()
		w.poll(watcher)
		w.server.Own().AddEvents(workatotest.Event{Raw: []byte(`{"event_type":"moon_landed"}`)})
		ids := w.happen(1)
		var told []int64
		for range 10 {
			told = append(told, w.poll(watcher)...)
			time.Sleep(time.Minute)
		}
		want(t, "beside it", told, ids)
		if len(w.gaps) != 1 || w.gaps[0].Missing != 1 {
			t.Errorf("gaps: %v, want one of one event", w.gaps)
		}
	})
}

func TestBadWatchOptions(t *testing.T) {
	t.Parallel()
	service := answering(t, "")
	tests := map[string]struct {
		opts        activity.WatchOptions
		field, says string
	}{
		"an end":             {activity.WatchOptions{Filter: activity.Filter{To: at("2024-06-18T19:17:31Z")}}, "WatchOptions.To", "use All"},
		"a negative pace":    {activity.WatchOptions{Interval: -1}, "WatchOptions.Interval", "use 0"},
		"a short maximum":    {activity.WatchOptions{Interval: 2, MaxInterval: 1}, "WatchOptions.MaxInterval", "use 0"},
		"no lateness":        {activity.WatchOptions{Lateness: time.Millisecond}, "WatchOptions.Lateness", "one second"},
		"a week of lateness": {activity.WatchOptions{Lateness: 7 * 24 * time.Hour}, "WatchOptions.Lateness", "to a day"},
		"nobody to tell":     {activity.WatchOptions{Store: activity.MemoryStore()}, "WatchOptions.OnGap", "tell somebody"},
		"a bad filter":       {activity.WatchOptions{Filter: activity.Filter{UserIDs: []int64{0}}}, "Filter.UserIDs", "leave it out"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			watcher, err := service.NewWatcher(tt.opts)
			if watcher != nil {
				t.Error("a watcher came with the error")
			}
			wantArgumentError(t, err, tt.field, tt.says)
		})
	}
}

func TestGapString(t *testing.T) {
	t.Parallel()
	from, to := at("2024-06-18T19:00:00Z"), at("2024-06-18T20:00:00Z")
	for want, gap := range map[string]activity.Gap{
		"3 events from 2024-06-18T19:00:00Z to 2024-06-18T20:00:00Z cannot be told: late": {Reason: activity.GapLate, Missing: 3, From: from, To: to},
		"1 event to 2024-06-18T20:00:00Z cannot be told: before start":                    {Reason: activity.GapBeforeStart, Missing: 1, To: to},
		"an unknown number of events cannot be told: checkpoint lost":                     {Reason: activity.GapCheckpointLost, Missing: -1},
	} {
		if got := gap.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
