package ontarget_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

// Beyond 32 bits, as IDs of a large platform may be.
const first = 5_000_000_000

const start = midnight + 6*60*60*1000

func second(n int64) int64 { return start + n*1000 }

// minute is how long a board sleeps between two polls.
const minute = 60 * 1000

// started is a board that follows a log of five events. Little memory is better
// asked for once: there is room for so many events more.
func started(t *testing.T, c diff.Config, room int) *board {
	t.Helper()
	b := newBoard(room)
	b.start(t, c)
	return b
}

// start begins anew, in the same memory.
func (b *board) start(t *testing.T, c diff.Config) {
	t.Helper()
	b.forget(c)
	for n := range int64(5) {
		b.server.add(event{first + n, second(n), second(n)})
	}
	b.nowMs = second(10)
	if err := b.boot(); err != nil {
		t.Fatal(err)
	}
	poll(t, b)
	if len(b.told) != 0 || len(b.gaps) != 0 {
		t.Fatalf("the first run tells %v, %v", b.told, b.gaps)
	}
}

func poll(t *testing.T, b *board) {
	t.Helper()
	if err := b.poll(); err != nil {
		t.Fatal(err)
	}
	if lag := b.tracker.Lag(); lag.Unseen != b.server.hidden {
		t.Fatalf("after a poll %d are unseen, want %d", lag.Unseen, b.server.hidden)
	}
}

func wantTold(t *testing.T, b *board, want ...int64) {
	t.Helper()
	if !slices.Equal(b.told, want) {
		t.Errorf("told %v, want %v", b.told, want)
	}
	if len(b.gaps) != 0 {
		t.Errorf("gaps %v", b.gaps)
	}
	b.told = b.told[:0]
}

func TestNewEventsAreTold(t *testing.T) {
	t.Parallel()
	b := started(t, diff.BoardConfig(), 10)
	add := func(n int64) { b.server.add(event{first + n, b.nowMs / 1000 * 1000, b.nowMs}) }
	poll(t, b)
	wantTold(t, b)
	add(10)
	add(12)
	poll(t, b)
	wantTold(t, b, first+10, first+12)
	// One with a lower ID becomes visible after those, and one of its own time.
	add(11)
	add(13)
	poll(t, b)
	wantTold(t, b, first+11, first+13)
	requests := b.requests
	poll(t, b)
	wantTold(t, b)
	if b.requests != requests+1 {
		t.Errorf("a quiet poll takes %d requests", b.requests-requests)
	}
}

func TestBurst(t *testing.T) {
	t.Parallel()
	b := started(t, diff.BoardConfig(), 150)
	want := make([]int64, 0, 150)
	for n := range int64(150) {
		b.server.add(event{first + 1000 + 7*n, second(20 + n/10), second(30)})
		want = append(want, first+1000+7*n)
	}
	b.nowMs = second(60)
	poll(t, b)
	wantTold(t, b, want...)
}

// Every third request breaks off in the middle of its rows.
func TestBurstOverABadLink(t *testing.T) {
	t.Parallel()
	b := started(t, diff.BoardConfig(), 150)
	b.fails = func(request int) bool { return request%3 == 0 }
	want := make([]int64, 0, 150)
	for n := range int64(150) {
		b.server.add(event{first + 1000 + n, second(20 + n/10), second(30)})
		want = append(want, first+1000+n)
	}
	b.nowMs = second(60)
	poll(t, b)
	wantTold(t, b, want...)
}

// Power fails again and again between an answer and its Ack. The same flash is
// read at each start, so nothing may be missing; and as every crash here comes
// before a batch is told, nothing may come twice.
func TestBurstWithPowerCuts(t *testing.T) {
	t.Parallel()
	b := started(t, diff.BoardConfig(), 150)
	cuts := 0
	b.crashes = func(request int) bool {
		if request%5 != 0 || cuts == 10 {
			return false
		}
		cuts++
		return true
	}
	want := make([]int64, 0, 150)
	for n := range int64(150) {
		b.server.add(event{first + 1000 + n, second(20 + n/10), second(30)})
		want = append(want, first+1000+n)
	}
	b.nowMs = second(60)
	poll(t, b)
	wantTold(t, b, want...)
	if cuts == 0 {
		t.Error("no power cut happened")
	}
}

// What the server counts and no page shows is said, with its number.
func TestMissingEventsAreReported(t *testing.T) {
	t.Parallel()
	b := started(t, diff.BoardConfig(), 0)
	b.server.hidden = 3
	for range 10 {
		if err := b.poll(); err != nil {
			t.Fatal(err)
		}
		b.nowMs += minute
	}
	missing := 0
	for _, gap := range b.gaps {
		missing += gap.Missing
	}
	if missing != 3 || len(b.told) != 0 {
		t.Errorf("gaps %+v, told %v, want 3 missing", b.gaps, b.told)
	}
}

func TestAnotherWorkspaceIsRefused(t *testing.T) {
	t.Parallel()
	b := started(t, diff.BoardConfig(), 1)
	before := slices.Clone(b.saved)
	b.server.workspace++
	b.server.add(event{first + 10, b.nowMs / 1000 * 1000, b.nowMs})
	if err := b.poll(); !errors.Is(err, diff.ErrSourceChanged) {
		t.Fatalf("poll is %v", err)
	}
	if err := b.save(); err != nil || !bytes.Equal(b.saved, before) {
		t.Errorf("the checkpoint has changed; %v", err)
	}
	b.tracker.Restart(diff.SourceChanged, 0)
	poll(t, b)
	poll(t, b)
	if len(b.gaps) != 1 || b.gaps[0].Reason != diff.SourceChanged || b.gaps[0].Missing != -1 {
		t.Errorf("gaps %+v", b.gaps)
	}
}

func TestCheckpoint(t *testing.T) {
	t.Parallel()
	b := started(t, diff.BoardConfig(), 300)
	for n := range int64(300) { // more than the ring holds
		b.server.add(event{first + 1000 + n, b.nowMs / 1000 * 1000, b.nowMs})
		if n%10 == 9 {
			poll(t, b)
		}
	}
	if len(b.told) != 300 || len(b.saved) > 1024 {
		t.Errorf("%d told, %d bytes of checkpoint", len(b.told), len(b.saved))
	}
	good := slices.Clone(b.saved)
	again, err := diff.New(diff.BoardConfig())
	if err != nil {
		t.Fatal(err)
	}
	if err := again.UnmarshalBinary(good); err != nil {
		t.Fatal(err)
	}
	if same, err := again.AppendBinary(nil); err != nil || !bytes.Equal(same, good) {
		t.Errorf("a checkpoint does not come back as it was; %v", err)
	}
	bad := make([]byte, len(good))
	for i := range good {
		for _, flip := range []byte{1, 0x80, 0xff} {
			copy(bad, good)
			bad[i] ^= flip
			if err := again.UnmarshalBinary(bad); err == nil {
				t.Fatalf("byte %d with %#x flipped is taken", i, flip)
			}
		}
		if err := again.UnmarshalBinary(good[:i]); err == nil {
			t.Fatalf("%d bytes are taken", i)
		}
	}
	if same, err := again.AppendBinary(nil); err != nil || !bytes.Equal(same, good) {
		t.Errorf("bad checkpoints have changed the tracker; %v", err)
	}
	for _, bad := range [][]byte{nil, {}, make([]byte, 32), bytes.Repeat([]byte{0xff}, 40), append(good, 0)} {
		if err := again.UnmarshalBinary(bad); err == nil {
			t.Errorf("%d bytes of nothing are taken", len(bad))
		}
	}
}

func TestMisuse(t *testing.T) {
	t.Parallel()
	var config *diff.ConfigError
	if _, err := diff.New(diff.Config{}); !errors.As(err, &config) {
		t.Errorf("an empty Config: %v", err)
	}
	b := started(t, diff.BoardConfig(), 1)
	k := b.tracker
	if keep, err := k.Offer(diff.Item{ID: first + 9}); keep != diff.Drop || !errors.Is(err, diff.ErrNoAnswer) {
		t.Errorf("Offer outside an answer: %v, %v", keep, err)
	}
	k.Begin(b.nowMs)
	k.Failed()
	if step := k.End(diff.Tail{}); step != diff.Idle {
		t.Errorf("End outside an answer: %v", step)
	}
	if step := k.Ack([]int64{1, first + 9}); step != diff.Idle {
		t.Errorf("Ack of what is not held: %v", step)
	}
	if _, ok := k.Next(b.nowMs); !ok {
		t.Fatal("no question")
	}
	k.Begin(b.nowMs)
	for _, item := range []diff.Item{{ID: first + 10}, {ID: first + 11}} {
		if _, err := k.Offer(item); err != nil && !errors.Is(err, diff.ErrOrder) || err == nil && item.ID == first+11 {
			t.Errorf("%v: %v", item, err)
		}
	}
	// The answer is void, but nothing is lost.
	b.server.add(event{first + 10, b.nowMs / 1000 * 1000, b.nowMs})
	b.held = b.held[:0]
	k.Lost()
	poll(t, b)
	wantTold(t, b, first+10)
}

//nolint:paralleltest // counts allocations
func TestTrackerAllocatesNothing(t *testing.T) {
	b := started(t, diff.BoardConfig(), 0)
	k, id, ack := b.tracker, int64(first+10), make([]int64, 1)
	flash := make([]byte, 0, 1024)
	round := func(item diff.Item, total int) {
		q, ok := k.Next(b.nowMs)
		k.Begin(b.nowMs)
		if item.ID != 0 {
			if keep, err := k.Offer(item); keep != diff.Hold || err != nil {
				t.Error("not held", err)
			}
			if keep, err := k.Offer(diff.Item{ID: first + 4, TimeMs: second(4)}); keep != diff.Drop || err != nil {
				t.Error("not dropped", err)
			}
		}
		step := k.End(diff.Tail{Total: total})
		if step == diff.Deliver {
			ack[0] = item.ID
			step = k.Ack(ack)
		}
		if !ok || q.Size == 0 || step != diff.Idle {
			t.Error("not idle:", ok, q, step)
		}
	}
	total := 5
	if n := mallocs(func() { round(diff.Item{}, total) }); n != 0 {
		t.Errorf("a quiet poll takes %d allocations", n)
	}
	if n := mallocs(func() {
		id++
		total++
		round(diff.Item{ID: id, TimeMs: b.nowMs}, total)
	}); n != 0 {
		t.Errorf("an event takes %d allocations", n)
	}
	if n := mallocs(func() {
		if p, err := k.AppendBinary(flash); err != nil || len(p) == 0 {
			t.Error("no checkpoint", err)
		}
	}); n != 0 {
		t.Errorf("a checkpoint takes %d allocations", n)
	}
}
