package ontarget_test

import "testing"

var kept [][]byte

//nolint:paralleltest // counts allocations
func TestAllocationsAreCounted(t *testing.T) {
	if n := mallocs(func() { kept = append(kept[:0:0], make([]byte, 8+len(kept))) }); n != 2 || len(kept[0]) != 9 {
		t.Errorf("two allocations count as %d, with %d bytes", n, len(kept[0]))
	}
}
