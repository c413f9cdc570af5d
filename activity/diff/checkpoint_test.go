package diff_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

// busyCheckpoint is one with all that a checkpoint can hold: a full ring, a walk
// with cursors and gaps.
func busyCheckpoint(tb testing.TB) []byte {
	tb.Helper()
	d := newDriver(tb, newWorld(1), diff.BoardConfig())
	d.poll()
	for range 40 {
		d.w.happen(10)
		d.run(minute, 30*second)
	}
	d.w.happen(600)
	for range 25 {
		if step, _ := d.ask(); step == diff.Deliver {
			break
		}
	}
	b, err := d.t.AppendBinary(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// sealed is a checkpoint after a change, with the checksum that fits.
func sealed(b []byte, change func(b []byte) []byte) []byte {
	b = change(slices.Clone(b[:len(b)-4]))
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

func TestCheckpointRefuses(t *testing.T) {
	t.Parallel()
	good := busyCheckpoint(t)
	same := func(b []byte) []byte { return b }
	small, filtered := diff.BoardConfig(), diff.BoardConfig()
	small.RingSize = 191
	filtered.Filter = 7
	for name, c := range map[string]struct {
		b      []byte
		config diff.Config
		want   error
	}{
		"good":           {sealed(good, same), diff.BoardConfig(), nil},
		"nothing":        {nil, diff.BoardConfig(), diff.ErrForeign},
		"other magic":    {append([]byte("PK"), good...), diff.BoardConfig(), diff.ErrForeign},
		"cut":            {good[:len(good)-1], diff.BoardConfig(), diff.ErrCorrupt},
		"only a header":  {good[:12], diff.BoardConfig(), diff.ErrCorrupt},
		"longer":         {append(slices.Clone(good), 0), diff.BoardConfig(), diff.ErrCorrupt},
		"newer":          {sealed(good, func(b []byte) []byte { b[4]++; return b }), diff.BoardConfig(), diff.ErrNewer},
		"version 0":      {sealed(good, func(b []byte) []byte { b[4] = 0; return b }), diff.BoardConfig(), diff.ErrCorrupt},
		"sealed, cut":    {sealed(good, func(b []byte) []byte { return b[:len(b)-4] }), diff.BoardConfig(), diff.ErrCorrupt},
		"sealed, longer": {sealed(good, func(b []byte) []byte { return append(b, 1, 2, 3, 4) }), diff.BoardConfig(), diff.ErrCorrupt},
		"small ring":     {good, small, diff.ErrTooLarge},
		"other filter":   {good, filtered, diff.ErrFilterChanged},
	} {
		tracker, err := diff.New(c.config)
		if err != nil {
			t.Fatal(err)
		}
		tracker.Start(epoch)
		before, _ := tracker.AppendBinary(nil)
		if err := tracker.UnmarshalBinary(c.b); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		} else if after, _ := tracker.AppendBinary(nil); err != nil && !bytes.Equal(before, after) {
			t.Errorf("%s: the tracker changed", name)
		}
	}
}

// A checksum that fits does not make a state that cannot be.
func TestCheckpointImpossible(t *testing.T) {
	t.Parallel()
	good := busyCheckpoint(t)
	const ring, tail = 192 * 4, 12 + 118 // bytes of the ring; where the state ends
	put := binary.LittleEndian.PutUint64
	for name, change := range map[string]func(b []byte){
		"no first run, but a walk":    func(b []byte) { b[5] &^= 1 },
		"a flag without a walk":       func(b []byte) { b[5] &^= 8 },
		"too many gaps":               func(b []byte) { b[11] = 5 },
		"too many cursors":            func(b []byte) { b[10] = 9 },
		"negative highest":            func(b []byte) { put(b[24:], 1<<63) },
		"floor above the highest":     func(b []byte) { put(b[32:], 1<<62) },
		"lowest at the floor":         func(b []byte) { copy(b[40:48], b[32:40]) },
		"lowest elsewhere":            func(b []byte) { b[40]++ },
		"IDs out of order":            func(b []byte) { copy(b[len(b)-4:], b[len(b)-8:len(b)-4]) },
		"an ID above the highest":     func(b []byte) { b[len(b)-1]++ },
		"a milestone below zero":      func(b []byte) { put(b[24:], 1); put(b[32:], 0) },
		"deviation since, but none":   func(b []byte) { b[12+74+4] = 1 },
		"walk at zero":                func(b []byte) { put(b[tail:], 0) },
		"negative found":              func(b []byte) { b[tail+19] = 0x80 },
		"done above the walk":         func(b []byte) { copy(b[tail+8:], []byte{0xfe, 0xff, 0xff, 0xff}); put(b[tail:], 5) },
		"two cursors in one place":    func(b []byte) { clear(b[tail+20 : tail+24]) },
		"a cursor beyond all numbers": func(b []byte) { put(b[tail:], 1<<63-5) },
	} {
		tracker, _ := diff.New(diff.BoardConfig())
		b := sealed(good, func(b []byte) []byte { change(b); return b })
		if err := tracker.UnmarshalBinary(b); !errors.Is(err, diff.ErrCorrupt) {
			t.Errorf("%s: %v; want ErrCorrupt", name, err)
		}
	}
	if len(good) < tail+20+4+ring {
		t.Errorf("%d bytes: no walk, no cursor or no full ring", len(good))
	}
	for name, change := range map[string]func(b []byte){
		"no such reason": func(b []byte) { b[12+118] = 77 },
		"nothing missed": func(b []byte) { clear(b[12+118+1 : 12+118+5]) },
	} {
		tracker, _ := diff.New(diff.BoardConfig())
		tracker.Restart(diff.CheckpointLost, 0)
		b, _ := tracker.AppendBinary(nil)
		b = sealed(b, func(b []byte) []byte { change(b); return b })
		if err := tracker.UnmarshalBinary(b); !errors.Is(err, diff.ErrCorrupt) {
			t.Errorf("%s: %v; want ErrCorrupt", name, err)
		}
	}
}

// Each flipped bit is found.
func TestCheckpointFlippedBits(t *testing.T) {
	t.Parallel()
	good := busyCheckpoint(t)
	tracker, _ := diff.New(diff.BoardConfig())
	for i := range good {
		for bit := range 8 {
			good[i] ^= 1 << bit
			if err := tracker.UnmarshalBinary(good); err == nil {
				t.Fatalf("bit %d of byte %d", bit, i)
			}
			good[i] ^= 1 << bit
		}
	}
}

// A board's checkpoint fits in four pages of flash, whatever is in it.
func TestCheckpointSize(t *testing.T) {
	t.Parallel()
	longest := len(busyCheckpoint(t))
	for seed := range uint64(20) {
		s := newScene(t, seed)
		s.d.config = diff.BoardConfig()
		s.d.t = s.d.fresh()
		s.rate, s.burst, s.late = 0.3, 450, 0.2
		s.w.total = func(exact, _, _ int) int { return exact - s.w.rng.IntN(2)*s.w.rng.IntN(20) }
		s.play()
		longest = max(longest, s.d.longest)
	}
	if longest > 1024 {
		t.Errorf("%d bytes", longest)
	}
	t.Logf("longest: %d bytes", longest)
}

// Whatever bytes come in: an error that changes nothing, or a state that is
// saved as the same bytes, knows its IDs and goes on.
func FuzzUnmarshalBinary(f *testing.F) {
	good := busyCheckpoint(f)
	f.Add(good[:len(good)-4])
	fresh, _ := diff.New(diff.BoardConfig())
	b, _ := fresh.AppendBinary(nil)
	f.Add(b[:len(b)-4])
	fresh.Start(epoch)
	fresh.Restart(diff.FilterChanged, 5)
	b, _ = fresh.AppendBinary(nil)
	f.Add(b[:len(b)-4])
	f.Fuzz(func(t *testing.T, b []byte) {
		tracker, _ := diff.New(diff.BoardConfig())
		if err := tracker.UnmarshalBinary(b); err == nil {
			t.Skip() // the fuzzer found a checksum
		}
		b = sealed(append(b, 0, 0, 0, 0), func(b []byte) []byte { return b })
		if err := tracker.UnmarshalBinary(b); err != nil {
			return
		}
		again, err := tracker.AppendBinary(nil)
		if err != nil || !bytes.Equal(b, again) {
			t.Fatalf("saved as\n%x\nnot as\n%x", again, b)
		}
		floor := int64(binary.LittleEndian.Uint64(b[32:]))
		for range 50 {
			q, ok := tracker.Next(epoch)
			if !ok {
				tracker.Ack(nil)
				continue
			}
			tracker.Begin(epoch)
			if keep, _ := tracker.Offer(diff.Item{ID: min(floor, max(q.After-1, 1)), TimeMs: epoch}); floor > 0 && keep == diff.Hold {
				t.Fatalf("an ID at the floor %d is held", floor)
			}
			tracker.End(diff.Tail{Total: 3})
		}
	})
}
