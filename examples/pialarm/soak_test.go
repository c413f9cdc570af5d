package main

import (
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/workato/workatotest"
)

// counting is a view that counts what the alarm is told, and what it made of it.
type counting struct {
	transcript

	told    map[int64]int // by event
	ignored int
	open    int // as the alarm said last
	counted int // by the alarm, ever
	muted   bool
}

func (c *counting) show() show {
	return show{
		event: func(e *activity.Event, s alarm.Severity) {
			c.told[e.ID]++
			if s == alarm.Ignored {
				c.ignored++
			}
		},
		// Between two states the driver did one thing: events were added, or the
		// button took all of them away.
		state: func(s alarm.State) {
			c.counted += max(0, s.Open-c.open)
			c.open = s.Open
			c.muted = c.muted || !s.MutedUntil.IsZero()
		},
	}
}

const (
	soakSpeed = 100
	soakTime  = 1000 * time.Minute // of the script; a hundredth of it passes
)

// soak makes up what happens.
type soak struct {
	*rand.Rand

	ids     []int64 // of all events
	ignored int
	heap    []uint64
}

func (k *soak) acts() []act {
	var acts []act
	for passed := time.Duration(0); passed < soakTime; passed += acts[len(acts)-1].lasts {
		acts = append(acts, act{do: k.something, lasts: time.Duration(k.Int64N(int64(time.Minute)))})
	}
	repair := act{do: func(d *demo) { d.srv.ClearFaults() }, lasts: 10 * time.Minute}
	measure := act{do: func(*demo) { k.heap = append(k.heap, heapInUse()) }}
	third := len(acts) / 3
	all := append([]act{}, acts[:third]...)
	all = append(all, repair, measure)
	all = append(all, acts[third:]...)
	return append(all, repair, measure)
}

func heapInUse() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func (k *soak) something(d *demo) {
	d.srv.ResetRequests() // the server's own list has no bound
	for range k.IntN(4) {
		e := d.srv.Own().Activity(time.Now())
		if k.IntN(5) == 0 {
			e.User = &deployer
			k.ignored++
		}
		if k.IntN(20) == 0 {
			e.Type = "token_leaked"
		}
		if k.IntN(10) == 0 { // it becomes visible after others
			e.Delay = time.Duration(k.Int64N(int64(3 * time.Second)))
		}
		k.ids = append(k.ids, d.srv.Own().AddEvents(e)...)
	}
	switch k.IntN(12) {
	case 0:
		d.view.press(shortPress)
	case 1:
		d.view.press(longPress)
	case 2:
		d.srv.Fail(-1, workatotest.Fault{Drop: true})
	case 3:
		d.srv.Fail(3, workatotest.Fault{Status: 503})
	case 4:
		d.srv.Fail(1, workatotest.Fault{CutAfter: k.IntN(400)})
	case 5, 6:
		d.srv.ClearFaults()
	}
}

// TestSoak is the demo with a random script: ten minutes at a hundred times the
// speed. The bubble fails the test if a goroutine is left at its end.
func TestSoak(t *testing.T) { //nolint:paralleltest // it measures the heap
	synctest.Test(t, func(t *testing.T) {
		k := &soak{Rand: rand.New(rand.NewPCG(1, 2))}
		view := &counting{told: map[int64]int{}}
		view.out = io.Discard
		d := &demo{srv: workatotest.NewServer(workatotest.WithSeed(3), workatotest.WithQuota(0)), view: view, speed: soakSpeed}
		defer d.srv.Close()
		began := time.Now()
		if err := d.run(t.Context(), k.acts()); err != nil {
			if c, ok := errors.AsType[*crash](err); ok {
				t.Logf("%s", c.stack)
			}
			t.Fatal(err)
		}
		if passed := time.Since(began); passed < soakTime/soakSpeed {
			t.Errorf("only %v passed", passed)
		}

		for _, id := range k.ids {
			if n := view.told[id]; n != 1 {
				t.Errorf("event %d was told %d times", id, n)
			}
			delete(view.told, id)
		}
		if len(view.told) > 0 {
			t.Errorf("%d events were told that are not in the script", len(view.told))
		}
		if view.ignored != k.ignored || view.counted != len(k.ids)-k.ignored {
			t.Errorf("the alarm ignored %d and counted %d; the script has %d and %d", view.ignored, view.counted, k.ignored, len(k.ids)-k.ignored)
		}
		if len(k.ids) < 1000 || k.ignored == 0 || !view.muted {
			t.Errorf("a dull script: %d events, %d ignored, muted: %v", len(k.ids), k.ignored, view.muted)
		}
		// What the server keeps grows with its events; this is far below what a
		// leak of one page for each poll would cost.
		const bound = 4 << 20
		if k.heap[1] > k.heap[0]+bound {
			t.Errorf("the heap grew from %d to %d KiB", k.heap[0]>>10, k.heap[1]>>10)
		}
		t.Logf("%d events; heap %d KiB after a third, %d KiB at the end", len(k.ids), k.heap[0]>>10, k.heap[1]>>10)
	})
}
