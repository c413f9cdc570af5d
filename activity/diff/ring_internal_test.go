package diff

import (
	"math/rand/v2"
	"testing"
)

// The ring against a set that forgets nothing.
func TestRing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		size := 1 + r.IntN(100)
		ring := ring{ids: make([]uint32, 0, 1+r.IntN(size)), max: size}
		set := map[int64]bool{}
		last := int64(1)
		for range 500 {
			var id int64
			switch r.IntN(10) {
			case 0:
				id = max(1, last-r.Int64N(1<<20)) // late
			case 1:
				id = max(1, last-r.Int64N(1<<34)) // absurdly late
			case 2:
				id = last + r.Int64N(1<<34) // a jump that 32 bits cannot hold
			default:
				id = last + r.Int64N(1000)
			}
			last = max(last, id)
			expendable := int64(0)
			if r.IntN(3) == 0 {
				expendable = max(0, last-r.Int64N(5000))
			}
			ring.add(id, expendable)
			set[id] = true
			checkRing(t, &ring, set, id)
		}
	}
}

func checkRing(t *testing.T, r *ring, set map[int64]bool, added int64) {
	t.Helper()
	if !r.seen(added) {
		t.Fatalf("%d is not seen after add", added)
	}
	if len(r.ids) > r.max || cap(r.ids) > r.max {
		t.Fatalf("%d IDs in room for %d; want at most %d", len(r.ids), cap(r.ids), r.max)
	}
	if len(r.ids) == 0 && r.lowest != 0 || len(r.ids) > 0 && (r.lowest <= r.floor || r.id(0) != r.lowest) {
		t.Fatalf("lowest %d of %d IDs above the floor %d", r.lowest, len(r.ids), r.floor)
	}
	last := int64(0)
	for i := range r.ids {
		if id := r.id(i); id <= last || !set[id] {
			t.Fatalf("ID %d after %d, added: %t", id, last, set[id])
		} else {
			last = id
		}
	}
	for _, near := range []int64{added - 1, added + 1, added + 1<<32, added - 1<<32} {
		if near > r.floor && r.seen(near) != set[near] {
			t.Fatalf("seen(%d) = %t above the floor %d", near, r.seen(near), r.floor)
		}
	}
}

// IDs above the floor are never forgotten, whatever is evicted.
func TestRingForgetsOnlyBelowTheFloor(t *testing.T) {
	t.Parallel()
	r := ring{ids: make([]uint32, 0, 8), max: 8}
	for id := int64(10); id <= 1000; id += 10 {
		r.add(id, 0)
	}
	for id := int64(10); id <= 1000; id += 10 {
		if !r.seen(id) {
			t.Errorf("%d is forgotten", id)
		}
	}
	if r.floor != 920 || len(r.ids) != 8 || r.seen(995) || !r.seen(915) {
		t.Errorf("floor %d with %d IDs", r.floor, len(r.ids))
	}
}

func TestDeviation(t *testing.T) {
	t.Parallel()
	type look struct{ atS, value, verdict int64 }
	for name, looks := range map[string][]look{
		"one look":            {{0, 3, 0}},
		"the smallest counts": {{0, 3, 0}, {30, 1, 0}, {60, 2, 0}, {90, 5, 1}},
		"once":                {{0, 3, 0}, {90, 3, 3}, {120, 3, 0}},
		"explained between":   {{0, 3, 0}, {60, 0, 0}, {90, 3, 0}, {150, 3, 0}, {180, 3, 3}},
		"the other sign":      {{0, 3, 0}, {60, -1, 0}, {90, -2, 0}, {150, -2, -1}},
		"the clock goes back": {{100, 3, 0}, {0, 3, 0}, {89, 3, 0}, {90, 3, 3}},
	} {
		var d deviation
		for i, l := range looks {
			if got := d.note(l.value, l.atS*1000); got != l.verdict {
				t.Errorf("%s: look %d: verdict %d; want %d", name, i, got, l.verdict)
			}
		}
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	var g gaps
	for i, reason := range []Reason{Late, Retention, Audit, Late, Overflow} {
		g.add(gap{int64(10 + i), int64(20 + i), 2, reason})
	}
	g.list[1].missing = unknown
	g.add(gap{5, 50, 7, BeforeStart}) // no place of its own: added to one that is exact, too
	g.add(gap{6, 0, unknown, CheckpointLost})
	var exact, unknowns int
	for told, ok := g.next(); ok; told, ok = g.next() {
		if told.Missing < 0 {
			unknowns++
		} else {
			exact += told.Missing
		}
		if told.FromMs > 13 {
			t.Errorf("gap %+v", told)
		}
	}
	if exact != 2+2+2+2+7 || unknowns != 1 {
		t.Errorf("%d missing and %d unknown; want 15 and 1", exact, unknowns)
	}
	g.done()
	if _, ok := g.next(); ok || g.n != 0 {
		t.Error("gaps after done")
	}
}

func TestGapsBetweenGapAndAck(t *testing.T) {
	t.Parallel()
	var g gaps
	g.add(gap{1, 2, 3, Late})
	g.next()
	g.add(gap{4, 5, 6, Late}) // not part of the one that was told
	g.done()
	if told, ok := g.next(); !ok || told.Missing != 6 {
		t.Errorf("gap %+v, %t; want the 6 that came later", told, ok)
	}
}
