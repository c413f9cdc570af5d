package workato_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato"
)

// counting is a way in which a server may count requests against a quota. The
// API's documents name the number and not the way, so the client has to fit all.
type counting interface {
	// admit counts a request that arrives at now, a time since an instant that
	// no client knows, or refuses it.
	admit(now time.Duration) bool
}

// fixedWindow counts anew with each minute of its own clock.
type fixedWindow struct {
	limit, count int
	minute       time.Duration
}

func (w *fixedWindow) admit(now time.Duration) bool {
	if minute := now.Truncate(time.Minute); minute != w.minute {
		w.minute, w.count = minute, 0
	}
	if w.count == w.limit {
		return false
	}
	w.count++
	return true
}

// slidingWindow remembers each request for a minute, the last instant included.
type slidingWindow struct {
	limit int
	taken []time.Duration
}

func (w *slidingWindow) admit(now time.Duration) bool {
	for len(w.taken) > 0 && now-w.taken[0] > time.Minute {
		w.taken = w.taken[1:]
	}
	if len(w.taken) == w.limit {
		return false
	}
	w.taken = append(w.taken, now)
	return true
}

// weightedWindow knows the counts of two fixed minutes and takes the one before
// in the proportion in which the last sixty seconds still cover it.
type weightedWindow struct {
	limit         int
	before, count int
	minute        time.Duration
}

func (w *weightedWindow) admit(now time.Duration) bool {
	switch minute := now.Truncate(time.Minute); minute - w.minute {
	case 0:
	case time.Minute:
		w.minute, w.before, w.count = minute, w.count, 0
	default:
		w.minute, w.before, w.count = minute, 0, 0
	}
	left := 1 - float64(now-w.minute)/float64(time.Minute)
	if float64(w.before)*left+float64(w.count) >= float64(w.limit) {
		return false
	}
	w.count++
	return true
}

// tokenBucket fills evenly and holds a minute's worth.
type tokenBucket struct {
	limit  int
	tokens float64
	last   time.Duration
}

func (b *tokenBucket) admit(now time.Duration) bool {
	b.tokens = min(b.tokens+(now-b.last).Minutes()*float64(b.limit), float64(b.limit))
	b.last = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// countings are made for one simulation each.
var countings = map[string]func(limit int) counting{
	"fixed window":    func(limit int) counting { return &fixedWindow{limit: limit} },
	"sliding window":  func(limit int) counting { return &slidingWindow{limit: limit} },
	"weighted window": func(limit int) counting { return &weightedWindow{limit: limit} },
	"token bucket":    func(limit int) counting { return &tokenBucket{limit: limit, tokens: float64(limit)} },
}

// counter is a server that does nothing but count, and the way to it. The way
// takes a varying time, and longest after a rest, when it begins with a new
// connection; so requests can arrive closer together than they were sent.
type counter struct {
	began  time.Time
	offset time.Duration // of the server's minutes
	way    time.Duration // the longest way

	mu        sync.Mutex
	random    *rand.Rand
	connected time.Time // when the connection is there
	last      time.Time // when it was last used
	counting  counting
	admitted  int
	refused   int
}

// A connection that nobody used for so long is closed.
const idleConnection = 10 * time.Second

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	now := time.Now()
	if now.Sub(c.last) > idleConnection {
		c.connected = now.Add(c.way)
	}
	c.last = now
	way := max(c.connected.Sub(now), time.Duration(c.random.Int64N(int64(c.way))))
	c.mu.Unlock()
	time.Sleep(way)

	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.counting.admit(c.offset + time.Since(c.began)) {
		c.refused++
		return respond(r, http.StatusTooManyRequests, ""), nil
	}
	c.admitted++
	return respond(r, http.StatusOK, ""), nil
}

// load is one simulation: so many callers that call without end for a time.
type load struct {
	request workato.Request
	own     bool
	limit   int // the server's, per minute
	minutes int
	callers int
	way     time.Duration // the longest to the server
	rests   bool          // all callers rest now and then, so that the next ones may send a burst
	seed    uint64
}

func (l load) run(t *testing.T, counting counting) *counter {
	t.Helper()
	random := rand.New(rand.NewPCG(l.seed, 1))
	server := &counter{
		began: time.Now(), random: random, counting: counting, way: l.way,
		offset: time.Hour + time.Duration(random.Int64N(int64(time.Minute))),
	}
	client := newClient(t, server)
	workspace := client.Customer(7)
	if l.own {
		workspace = client.Own()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(l.minutes)*time.Minute)
	defer cancel()
	var group sync.WaitGroup
	for range l.callers {
		group.Go(func() {
			for {
				const every, rest = 100 * time.Second, 25 * time.Second
				if at := time.Since(server.began) % every; l.rests && at < rest {
					time.Sleep(rest - at)
				}
				request := l.request
				if err := do(ctx, workspace, &request); errors.Is(err, context.DeadlineExceeded) {
					return
				} else if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	return server
}

// loads are the quotas with one, ten and a hundred callers. A way that would
// keep a single caller below the quota is shorter.
func loads() map[string]load {
	const long, short = 990 * time.Millisecond, 10 * time.Millisecond
	quotas := map[string]load{
		"environment":          {request: *get("tags"), limit: 60, minutes: 60, way: long},
		"own assignments":      {request: operations["assign"], own: true, limit: 60, minutes: 5, way: long},
		"customer assignments": {request: operations["assign"], limit: 1000, minutes: 2, way: long},
	}
	all := map[string]load{}
	for name, l := range quotas {
		for _, l.callers = range []int{1, 10, 100} {
			if l.limit > 60 && l.callers == 1 {
				l.way = short
			} else {
				l.way = long
			}
			all[fmt.Sprintf("%s/%d callers", name, l.callers)] = l
			rests := l
			rests.rests, rests.minutes = true, min(l.minutes, 10)
			all[fmt.Sprintf("%s/%d callers that rest", name, l.callers)] = rests
		}
	}
	return all
}

// However the server counts, wherever its minutes begin, and however many
// callers there are: the default limiters meet no 429, and use nine tenths of
// the quota or more.
func TestDefaultLimitersFitEveryWayOfCounting(t *testing.T) {
	t.Parallel()
	seed := uint64(0)
	for _, way := range slices.Sorted(maps.Keys(countings)) {
		counting, loads := countings[way], loads()
		for _, name := range slices.Sorted(maps.Keys(loads)) {
			load := loads[name]
			seed++
			load.seed = seed
			t.Run(way+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					server := load.run(t, counting(load.limit))
					if server.refused > 0 {
						t.Errorf("%d of %d requests met a 429", server.refused, server.refused+server.admitted)
					}
					used := float64(server.admitted) / float64(load.limit*load.minutes)
					if used < 0.9 && !load.rests {
						t.Errorf("%.1f%% of the quota were used, want 90%%", 100*used)
					}
				})
			})
		}
	}
}
