package diff

import (
	"runtime"
	"slices"
	"testing"
	"unsafe"
)

// Cost is what a Tracker takes: itself and what New allocates for it.
func cost(t *Tracker) int {
	return int(unsafe.Sizeof(*t)) + 4*cap(t.ring.ids) + 16*cap(t.held) + 8*cap(t.cursors)
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config Config
		most   int
	}{"server": {ServerConfig(), 1000}, "board": {BoardConfig(), 2048}} {
		tracker, err := New(c.config)
		if err != nil {
			t.Fatal(err)
		}
		if n := cost(tracker); n > c.most {
			t.Errorf("%s: %d bytes; want at most %d", name, n, c.most)
		}
		t.Logf("%s: %d bytes, of them %d fixed", name, cost(tracker), unsafe.Sizeof(*tracker))
	}
}

// Ten thousand quiet logs take less than 10 MB.
func TestManyTrackers(t *testing.T) { //nolint:paralleltest // measures the heap
	const n = 10000
	ids := make([]int64, 0, 64)
	trackers := make([]*Tracker, n)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range trackers {
		tracker, err := New(ServerConfig())
		if err != nil {
			t.Fatal(err)
		}
		trackers[i] = tracker
		s := server{t: tracker, ids: ids[:0]}
		s.poll()
		for range 50 { // a quiet day
			s.happen(1)
			s.poll()
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	bytes := int(after.HeapAlloc-before.HeapAlloc) / n
	t.Logf("%d bytes each", bytes)
	if bytes > 1048 {
		t.Errorf("%d bytes each; want at most 1,048", bytes)
	}
	runtime.KeepAlive(trackers)
}

const nowMs = 1_760_000_000_000

// server answers without an allocation of its own.
type server struct {
	t   *Tracker
	ids []int64 // ascending; all of now
	ack [1]int64
}

func serve(c Config) *server {
	t, err := New(c)
	if err != nil {
		panic(err)
	}
	s := &server{t: t, ids: make([]int64, 0, 1<<20)}
	s.poll()
	return s
}

// happen writes n events.
func (s *server) happen(n int) {
	id := int64(5_000_000_000)
	if len(s.ids) > 0 {
		id = s.ids[len(s.ids)-1]
	}
	for range n {
		id += 20
		s.ids = append(s.ids, id)
	}
}

// poll is a round, with all that it brings acknowledged.
func (s *server) poll() {
	for step := More; step != Idle; {
		if step == Deliver {
			if n := len(s.t.held); n > 0 {
				s.ack[0] = s.t.held[n-1].id
			}
			step = s.t.Ack(s.ack[:])
			continue
		}
		q, _ := s.t.Next(nowMs)
		s.t.Begin(nowMs)
		end := len(s.ids)
		if q.After != 0 {
			end, _ = slices.BinarySearch(s.ids, q.After)
		}
		for i := end - 1; i >= max(end-q.Size, 0); i-- {
			if _, err := s.t.Offer(Item{ID: s.ids[i], TimeMs: nowMs, Source: 1}); err != nil {
				panic(err)
			}
		}
		step = s.t.End(Tail{Total: len(s.ids)})
	}
}

func TestNoAllocations(t *testing.T) { //nolint:paralleltest // counts allocations
	for name, config := range map[string]Config{"board": BoardConfig(), "server": ServerConfig()} {
		s := serve(config)
		tracker := s.t
		want := func(what string, f func()) {
			t.Helper()
			if n := testing.AllocsPerRun(1000, f); n != 0 {
				t.Errorf("%s: %v allocations for %s", name, n, what)
			}
		}
		want("an idle poll", s.poll)
		want("a poll that brings two events", func() { s.happen(2); s.poll() })
		want("a burst", func() { s.happen(150); s.poll() })
		want("the rest", func() {
			tracker.Next(nowMs)
			tracker.Failed()
			tracker.Lost()
			tracker.Gap()
			tracker.Lag()
		})
		buf := make([]byte, 0, 1<<17)
		want("AppendBinary", func() { _, _ = tracker.AppendBinary(buf) })
		b, _ := tracker.AppendBinary(nil)
		want("UnmarshalBinary", func() { _ = tracker.UnmarshalBinary(b) })
		if tracker.highest != s.ids[len(s.ids)-1] {
			t.Errorf("%s: not all delivered", name)
		}
	}
}

// A board allocates in New and nowhere else: not once, in whatever comes.
func TestBoardAllocatesInNewOnly(t *testing.T) {
	t.Parallel()
	s := serve(BoardConfig())
	tracker := s.t
	before := cost(tracker)
	for range 5 {
		s.happen(700)
		s.poll()
	}
	if len(tracker.ring.ids) != 192 || cost(tracker) != before {
		t.Errorf("%d IDs in the ring, %d bytes; want 192, %d", len(tracker.ring.ids), cost(tracker), before)
	}
}

func BenchmarkIdlePoll(b *testing.B) {
	s := serve(ServerConfig())
	b.ReportAllocs()
	for b.Loop() {
		s.poll()
	}
}

func BenchmarkEvent(b *testing.B) {
	s := serve(ServerConfig())
	b.ReportAllocs()
	for b.Loop() {
		if len(s.ids) == cap(s.ids) {
			s = serve(ServerConfig())
		}
		s.happen(1)
		s.poll()
	}
}

func BenchmarkAppendBinary(b *testing.B) {
	s := serve(BoardConfig())
	s.happen(700)
	s.poll()
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = s.t.AppendBinary(buf[:0])
	}
}
