package sim

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// random is where a run draws from: the same run of the same scenario draws the
// same, for each purpose by itself, so that all readers see one world.
type random struct{ *rand.Rand }

func newRandom(run uint64, scenario, purpose string) random {
	h := fnv.New64a()
	_, _ = h.Write([]byte(scenario + "/" + purpose))     // a hash takes everything
	return random{rand.New(rand.NewPCG(run, h.Sum64()))} //nolint:gosec // repeatable on purpose
}

// chance is true for that share of the calls.
func (r random) chance(share float64) bool { return share > 0 && r.Float64() < share }

// between draws milliseconds from a span.
func (r random) between(low, high time.Duration) int64 {
	if high <= low {
		return low.Milliseconds()
	}
	return low.Milliseconds() + r.Int64N((high-low).Milliseconds()+1)
}

// exponential draws milliseconds with that mean.
func (r random) exponential(mean time.Duration) int64 {
	return int64(r.ExpFloat64() * float64(mean.Milliseconds()))
}
