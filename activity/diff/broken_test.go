package diff_test

import (
	"math/rand/v2"
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

// In these worlds an assumption is broken. Events may be missing then, but none
// silently, and none is told twice.
var broken = []struct {
	name  string
	spoil func(s *scene, r *rand.Rand)
	// exact: each missing event is counted. Else a gap of unknown size will do.
	exact bool
	// whole: with a ring that is large enough nothing is missing.
	whole bool
	// blind: nothing can be proven, and nothing is.
	blind bool
}{
	{name: "later than the lateness", exact: true, spoil: func(s *scene, r *rand.Rand) {
		s.audit()
		s.late, s.mostLate = pick(r, 0.01, 0.1), pick[int64](r, 3, 20, 140)*s.lateness
	}},
	{name: "later than the lateness, idle", exact: true, spoil: func(s *scene, _ *rand.Rand) {
		s.audit()
		s.rate, s.burst = 0.001, 0
		s.late, s.mostLate = 0.9, 140*s.lateness
		s.length = 200 * minute
	}},
	{name: "the total is that of the page", whole: true, spoil: func(s *scene, _ *rand.Rand) {
		s.w.total = func(_, onPage, _ int) int { return onPage }
	}},
	{name: "the total is capped", spoil: func(s *scene, r *rand.Rand) {
		most := pick(r, 3, 30, 300)
		s.w.total = func(exact, _, _ int) int { return min(exact, most) }
	}},
	{name: "no total", whole: true, spoil: func(s *scene, _ *rand.Rand) {
		s.w.total = func(int, int, int) int { return -1 }
	}},
	{name: "the total is missing at times", whole: true, spoil: func(s *scene, r *rand.Rand) {
		s.w.total = func(exact, _, _ int) int { return pick(r, exact, exact, -1) }
	}},
	{name: "the total is zero", whole: true, spoil: func(s *scene, _ *rand.Rand) {
		s.w.total = func(int, int, int) int { return 0 }
	}},
	{name: "the total includes rows that nobody sees", whole: true, spoil: func(s *scene, _ *rand.Rand) {
		s.w.total = func(exact, _, _ int) int { return exact + 17 }
	}},
	{name: "the total is noise", blind: true, spoil: func(s *scene, r *rand.Rand) {
		s.w.total = func(exact, _, _ int) int { return max(0, exact+r.IntN(7)-3) }
	}},
	{name: "the count lags by seconds", whole: true, spoil: func(s *scene, r *rand.Rand) {
		s.w.countLag = pick(r, second, s.lateness/10)
	}},
	{name: "the server's pages are smaller than asked", exact: true, whole: true, spoil: func(s *scene, _ *rand.Rand) {
		s.w.pageCap = 4
	}},
	{name: "rows vanish", spoil: func(s *scene, r *rand.Rand) {
		// A late row can hide behind one that vanished, and nobody can know of a
		// row that vanishes before it is read.
		s.burst, s.inOrder, s.late = 0, true, 0
		s.d.failures, s.d.budget, s.d.latency = 0, 0, 100
		s.vanish = func(e *event) {
			if r.IntN(20) == 0 {
				e.gone = e.visible + 2*s.interval + r.Int64N(2*s.lateness)
			}
		}
	}},
	{name: "retention passes in an outage", spoil: func(s *scene, _ *rand.Rand) {
		s.d.config.LatenessMs, s.lateness = minute, minute
		s.mostLate, s.rate, s.burst = minute-2*second, min(s.rate, 0.03), min(s.burst, 10)
		retention := 350 * minute
		s.d.config.RetentionMs = retention
		s.d.t = s.d.fresh()
		s.outage = retention + 2*hour
		s.vanish = func(e *event) { e.gone = e.timeMs + retention }
	}},
}

// audit turns the audit on.
func (s *scene) audit() {
	s.d.config.Audit = true
	s.d.t = s.d.fresh()
}

func TestBrokenWorlds(t *testing.T) {
	t.Parallel()
	for i, b := range broken {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			var events, missed, alarms, silent int
			for seed := range uint64(worlds(60)) {
				s := newScene(t, uint64(i+2)<<32+seed)
				b.spoil(s, s.w.rng)
				if b.whole {
					s.disorder = false
					s.d.config.RingSize = 16384
					s.d.t = s.d.fresh()
				}
				s.play()
				lost := s.d.missed()
				n, unknown := s.d.counted()
				switch {
				case b.exact && (n < len(lost) || n > len(lost)+s.d.doubtful() || unknown),
					b.whole && len(lost) > 0,
					len(lost) > n && !unknown && !b.blind:
					t.Fatalf("%s, seed %d: %d events missed, gaps %+v\n%s", b.name, seed, len(lost), s.d.told, s)
				}
				if len(lost) == 0 {
					alarms += len(s.d.told)
				} else {
					silent++
				}
				events += len(s.d.delivered)
				missed += len(lost)
			}
			t.Logf("%s: %d events delivered, %d missed in %d worlds, %d gaps in worlds that missed none", b.name, events, missed, silent, alarms)
		})
	}
}

var _ = diff.Late
