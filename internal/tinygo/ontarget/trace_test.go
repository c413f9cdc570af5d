package ontarget_test

import (
	"slices"
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

// TestTrace lets boards follow random logs and sums up every question, step,
// event, gap and checkpoint. The script that runs this on the target holds the
// sum against that of the host: with other integers, another compiler and
// another processor, nothing may come out differently.
func TestTrace(t *testing.T) {
	t.Parallel()
	b := newBoard(130)
	sum := trace(2166136261)
	for seed := range uint32(24) {
		sum.world(t, b, seed)
	}
	t.Logf("trace %08x", uint32(sum))
}

// trace is an FNV-1a sum. hash/crc32 would take 8 KB for its tables.
type trace uint32

func (s *trace) note(values ...int64) {
	for _, v := range values {
		for ; v != 0; v = int64(uint64(v) >> 8) {
			*s = (*s ^ trace(v&0xff)) * 16777619
		}
		*s = (*s ^ 0x100) * 16777619
	}
}

// world adds what happens with one board and one log.
func (s *trace) world(t *testing.T, b *board, seed uint32) {
	t.Helper()
	state := seed*2654435761 + 12345
	random := func(n int64) int64 { // below n
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		return int64(state>>1) % n
	}
	c := diff.BoardConfig()
	c.RingSize = int(100 + random(92))
	c.MaxPageSize = int(5 + random(15))
	c.PageSize = int(1 + random(5))
	b.start(t, c)
	b.fails = func(int) bool { return random(10) == 0 }
	b.crashes = func(int) bool { return random(20) == 0 }

	b.onQuery = func(q diff.Query) { s.note(q.After, int64(q.Size), q.FromMs, q.ToMs) }
	b.onStep = func(step diff.Step) { s.note(int64(step)) }

	events, next := 0, int64(first+100)
	for range 25 {
		for range random(6) * random(6) / 2 {
			next += 1 + random(1000)
			e := event{id: next, atMs: b.nowMs / 1000 * 1000, visibleMs: b.nowMs}
			if random(10) == 0 {
				e.visibleMs += random(3 * minute)
			}
			b.server.add(e)
			events++
		}
		if err := b.poll(); err != nil {
			t.Fatalf("world %d: %v", seed, err)
		}
		s.note(b.told...)
		for _, gap := range b.gaps {
			s.note(int64(gap.Reason), int64(gap.Missing), gap.FromMs, gap.ToMs)
		}
		for _, v := range b.saved {
			s.note(int64(v))
		}
		b.nowMs += 10_000 + random(2*minute)
	}
	b.fails, b.crashes = nil, nil
	for range 5 {
		b.nowMs += minute
		poll(t, b)
	}
	// Nothing is lost without a word, and nothing is told twice.
	missing := 0
	for _, gap := range b.gaps {
		missing += gap.Missing
	}
	slices.Sort(b.told)
	s.note(b.told...)
	all := len(b.told)
	if once := len(slices.Compact(b.told)); once != all || once+missing != events {
		t.Errorf("world %d: of %d events %d are told, %d of them twice, and %d reported", seed, events, once, all-once, missing)
	}
}
