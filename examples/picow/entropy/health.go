package entropy

import "errors"

// Why the ring oscillator is not trusted. It stays so until the next
// start.
var (
	// ErrStuck: the oscillator gave the same bit again and again.
	ErrStuck = errors.New("entropy: the ring oscillator is stuck")
	// ErrBiased: the oscillator gives far more of one bit than of the other.
	ErrBiased = errors.New("entropy: the ring oscillator is biased")
	// ErrPeriodic: the oscillator repeats itself.
	ErrPeriodic = errors.New("entropy: the ring oscillator repeats itself")
)

// The tests of NIST SP 800-90B, section 4.4, for a source that is claimed to have
// half a bit of entropy in each bit, with a chance of 2^-30 to refuse such a
// source. An ideal coin is refused by far less.
const (
	repeats = 61   // 4.4.1: 1 + ceil(30 / 0.5) equal bits in a row
	window  = 1024 // 4.4.2: bits that are counted together
	tooMany = 810  // 4.4.2: the least k with P(X >= k) <= 2^-30, X of B(1024, 2^-0.5)

	lags = 64 // how long a period is noticed
)

// health tests the bits of a source as they come, in memory of a fixed size.
//
// The third test is not one of the standard's, which leaves it to the designer
// to test for what is likely to go wrong: an oscillator that locks to the
// processor's clock gives a pattern that is neither stuck nor biased, such as
// 0101. So each bit is compared with each of the 64 before it; to be equal to
// one of them, or unequal, too often is to be predictable.
type health struct {
	last    uint64 // the bits before, the newest lowest
	seen    int    // bits, at most lags
	run     int    // equal bits in a row
	count   int    // bits in this window
	ones    int
	matches [lags]uint16 // for each lag, bits equal to the one so much earlier
	windows int          // that were passed; stays at the largest number
}

// test takes the next bit, 0 or 1.
func (h *health) test(bit uint64) error {
	if h.seen > 0 && h.last&1 == bit {
		h.run++
	} else {
		h.run = 1
	}
	if h.run >= repeats {
		return ErrStuck
	}
	if h.seen == lags {
		h.count++
		h.ones += int(bit) //nolint:gosec // 0 or 1
		equal := ^(h.last ^ -bit)
		for i := range h.matches {
			h.matches[i] += uint16(equal & 1)
			equal >>= 1
		}
	} else {
		h.seen++
	}
	h.last = h.last<<1 | bit
	if h.count == window {
		return h.endWindow()
	}
	return nil
}

func (h *health) endWindow() error {
	if h.ones >= tooMany || window-h.ones >= tooMany {
		return ErrBiased
	}
	for _, n := range h.matches[:] {
		if n >= tooMany || window-n >= tooMany {
			return ErrPeriodic
		}
	}
	h.count, h.ones, h.matches = 0, 0, [lags]uint16{}
	if h.windows < startWindows {
		h.windows++
	}
	return nil
}
