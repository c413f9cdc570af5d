package diff_test

import (
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

// TestSmallWorld plays all orders of four events that become visible, three
// polls and one crash, with a ring and pages of two: each permutation of the
// IDs over the events, and the crash before, within and after each poll.
func TestSmallWorld(t *testing.T) {
	t.Parallel()
	config := diff.BoardConfig()
	config.RingSize, config.PageSize, config.MaxPageSize, config.Hold = 2, 1, 2, 2
	games := 0
	for _, ids := range permutations([]int64{1, 2, 3, 4}) {
		for _, order := range interleavings(4, 3) {
			for point := range 16 {
				playSmall(t, config, ids, order, point)
				games++
			}
		}
	}
	t.Logf("%d games", games)
}

// playSmall plays one game; order tells for each turn whether an event becomes
// visible or a poll is made.
func playSmall(t *testing.T, config diff.Config, ids []int64, order []bool, crashPoint int) {
	t.Helper()
	w := newWorld(1)
	d := newDriver(t, w, config)
	d.poll()
	point := 0
	d.atPoint = func() bool {
		point++
		return point-1 == crashPoint
	}
	next := 0
	for _, isEvent := range order {
		w.now += second
		if isEvent {
			w.insert(event{id: 100 + ids[next], timeMs: w.now / 1000 * 1000, visible: w.now})
			next++
		} else {
			d.poll()
		}
	}
	d.atPoint = nil
	d.run(6*minute, 20*second)
	missed := d.missed()
	if n, unknown := d.counted(); n < len(missed) || d.crashed == 0 && n > len(missed) || unknown {
		t.Fatalf("IDs %v, order %v, crash at %d: %d events missed, gaps %+v", ids, order, crashPoint, len(missed), d.told)
	}
	for id, n := range d.delivered {
		if n > 1+d.crashed {
			t.Fatalf("IDs %v, order %v, crash at %d: %d is delivered %d times", ids, order, crashPoint, id, n)
		}
	}
}

func permutations(of []int64) [][]int64 {
	if len(of) == 0 {
		return [][]int64{nil}
	}
	var all [][]int64
	for i := range of {
		rest := append(append([]int64(nil), of[:i]...), of[i+1:]...)
		for _, p := range permutations(rest) {
			all = append(all, append([]int64{of[i]}, p...))
		}
	}
	return all
}

// interleavings are all orders of a events and b polls.
func interleavings(a, b int) [][]bool {
	if a == 0 && b == 0 {
		return [][]bool{nil}
	}
	var all [][]bool
	if a > 0 {
		for _, rest := range interleavings(a-1, b) {
			all = append(all, append([]bool{true}, rest...))
		}
	}
	if b > 0 {
		for _, rest := range interleavings(a, b-1) {
			all = append(all, append([]bool{false}, rest...))
		}
	}
	return all
}
