package diff_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

// worlds is how many random worlds a test tries: DIFF_WORLDS, else the default.
func worlds(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("DIFF_WORLDS")); err == nil && n > 0 {
		return n
	}
	if testing.Short() || raceDetector {
		return usual / 10
	}
	return usual
}

// scene is a random world with its driver.
type scene struct {
	w        *world
	d        *driver
	lateness int64
	interval int64
	rate     float64 // events per second
	late     float64 // share of events that are late
	mostLate int64   // how late, at most
	burst    int     // events of a burst; 0: none
	bursts   float64 // bursts per poll
	length   int64
	disorder bool // bursts have higher IDs than all else
	inOrder  bool // no commits out of order
	plan     []event
	vanish   func(*event) // may set when a row is gone
	outage   int64        // how long the watcher stands still in the middle; 0: not
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// newScene is a world in which the assumptions hold: the count is true, nothing
// is deleted, and nothing is later than the lateness.
func newScene(t *testing.T, seed uint64) *scene {
	w := newWorld(seed)
	r := w.rng
	lateness := pick(r, minute, 2*minute, 10*minute)
	page := pick(r, 5, 7, 20, 100)
	c := diff.Config{
		RingSize: page + pick(r, 0, 10, 100, 1000, 16384), PageSize: 1 + r.IntN(5), MaxPageSize: page,
		Hold: page * pick(r, 1, 1, 3, 10), Cursors: pick(r, 16, 17, 64), LatenessMs: lateness, Audit: r.IntN(4) > 0,
	}
	s := &scene{
		w: w, d: newDriver(t, w, c), lateness: lateness,
		interval: pick(r, 5*second, 30*second, 30*second, minute),
		rate:     pick(r, 0.001, 0.01, 0.03, 0.1, 0.3),
		late:     pick(r, 0, 0, 0.01, 0.05, 0.2),
		mostLate: lateness - 2*second,
		burst:    pick(r, 0, 0, 10, 100, 450),
		bursts:   pick(r, 0.01, 0.03),
	}
	s.disorder = r.IntN(5) == 0
	s.length = 100 * s.interval
	s.w.dateSlack = pick(r, 0, 2*second)
	s.w.belowOnly = r.IntN(4) == 0
	s.d.name = fmt.Sprint("seed ", seed)
	s.d.latency = pick[int64](r, 100, 300, 2000)
	s.d.parts = r.IntN(2) == 0
	s.d.lazy = r.IntN(3) == 0
	if r.IntN(2) == 0 {
		s.d.failures = pick(r, 0.02, 0.1, 0.3)
	}
	if r.IntN(4) == 0 {
		s.d.budget = 1 + r.IntN(6)
	}
	return s
}

// fill writes the events of a time, each with a delay until it is visible.
func (s *scene) fill(from, to int64) {
	r := s.w.rng
	for at := from; s.rate > 0; {
		at += int64(r.ExpFloat64() / s.rate * 1000)
		if at >= to {
			break
		}
		visible := at
		switch {
		case r.Float64() < s.late:
			visible += r.Int64N(s.mostLate)
		case r.Float64() < 0.05 && !s.inOrder:
			visible += min(int64(r.ExpFloat64()*20_000), s.mostLate) // commits out of order
		}
		s.plan = append(s.plan, event{timeMs: at, visible: visible})
	}
}

func (s *scene) play() {
	begin := s.w.now
	end := begin + s.outage + s.length
	s.fill(begin-hour/4, end)
	for at := begin; s.burst > 0 && at < end; at += s.interval {
		if s.w.rng.Float64() < s.bursts {
			for range s.burst {
				moment := at + s.w.rng.Int64N(5*second)
				s.plan = append(s.plan, event{timeMs: moment, visible: moment})
			}
		}
	}
	if !s.disorder {
		slices.SortFunc(s.plan, func(a, b event) int { return int(a.timeMs - b.timeMs) })
	}
	for _, e := range s.plan {
		s.w.add(e.timeMs, e.visible)
	}
	for i := range s.w.log {
		if s.vanish != nil {
			s.vanish(&s.w.log[i])
		}
	}
	s.d.run(s.length/2, s.interval)
	s.w.now += s.outage
	s.d.run(s.length/2, s.interval)
	s.settle()
}

// settle lets everything come to rest: late events, catching up, the filter of
// deviations and the audits.
func (s *scene) settle() {
	d := s.d
	d.failures, d.crashes, d.budget, d.lazy = 0, 0, 0, false
	d.run(s.mostLate+2*s.lateness, s.interval)
	step := max(s.interval, s.lateness/2)
	d.run(max(8*s.lateness, 20*minute), step)
	d.run(4*minute, 30*second)
}

func (s *scene) String() string {
	return fmt.Sprintf("config %+v, interval %d s, rate %g/s, late %g up to %d s, bursts of %d, failures %g, budget %d",
		s.d.config, s.interval/second, s.rate, s.late, s.mostLate/second, s.burst, s.d.failures, s.d.budget)
}

func TestRandomWorlds(t *testing.T) {
	t.Parallel()
	var events, missed, requests int
	for seed := range uint64(worlds(1500)) {
		s := newScene(t, seed)
		s.play()
		lost := s.d.missed()
		n, unknown := s.d.counted()
		if n < len(lost) || n > len(lost)+s.d.doubtful() || unknown {
			t.Fatalf("seed %d: %d events missed, gaps %+v\n%s", seed, len(lost), s.d.told, s)
		}
		events += len(s.d.delivered)
		missed += n
		requests += s.w.requests
	}
	t.Logf("%d events delivered, %d reported, %d requests", events, missed, requests)
}

func TestRandomCrashes(t *testing.T) {
	t.Parallel()
	var events, twice, crashes, missed, reported int
	for seed := range uint64(worlds(700)) {
		s := newScene(t, 1<<32+seed)
		s.d.crashes = pick(s.w.rng, 0.01, 0.05, 0.2)
		s.play()
		lost := s.d.missed()
		n, unknown := s.d.counted()
		if len(lost) > n || unknown {
			t.Fatalf("seed %d: %d events missed, gaps %+v\n%s", seed, len(lost), s.d.told, s)
		}
		for _, n := range s.d.delivered {
			twice += n - 1
		}
		events += len(s.d.delivered)
		crashes += s.d.crashed
		missed += len(lost)
		reported += n
	}
	t.Logf("%d events, %d crashes, %d told again, %d missed, %d reported", events, crashes, twice, missed, reported)
}
