package diff_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

func TestIdlePollIsOneSmallRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]diff.Config{"server": diff.ServerConfig(), "board": diff.BoardConfig()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(1)
			w.happen(500)
			d := newDriver(t, w, c)
			d.run(hour, 30*second)
			requests, rows := w.requests, w.rows
			d.run(hour, 30*second)
			// One a poll and one for the audit, and no rows but those of the audit.
			if n := w.requests - requests; n > 121+1 {
				t.Errorf("%d requests for 120 idle polls", n)
			}
			if n := w.rows - rows; n > 2*5 {
				t.Errorf("%d rows in 120 idle polls", n)
			}
			d.wantAll()
		})
	}
}

func TestFirstRunIsSilent(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 19, 20, 21, 100, 500} {
		w := newWorld(uint64(n))
		w.happen(n)
		d := newDriver(t, w, boardConfig())
		d.run(minute, 30*second)
		if len(d.delivered) > 0 {
			t.Errorf("%d events present: %d delivered", n, len(d.delivered))
		}
		w.happen(1)
		d.run(minute, 30*second)
		if len(d.delivered) != 1 {
			t.Errorf("%d events present: %d of 1 new delivered", n, len(d.delivered))
		}
		d.wantAll()
	}
}

func TestBeforeStart(t *testing.T) {
	t.Parallel()
	w := newWorld(1)
	w.happen(500)
	d := newDriver(t, w, boardConfig())
	d.poll()
	w.insert(event{id: w.log[len(w.log)-1].id - 1, timeMs: w.now / 1000 * 1000, visible: w.now})
	d.run(10*minute, 30*second)
	if n := d.reasons()[diff.BeforeStart]; n != 1 || len(d.told) != 1 {
		t.Errorf("gaps %+v; want one missing BeforeStart", d.told)
	}
}

func TestStartAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(1)
	begin := w.now
	for range 300 {
		w.happen(1)
		w.now += minute
	}
	d := newDriver(t, w, boardConfig())
	from := begin + 100*minute
	d.t.Start(from)
	d.startMs = from
	d.save()
	d.run(5*minute, 30*second)
	if len(d.delivered) != 200 {
		t.Errorf("%d events delivered; want 200", len(d.delivered))
	}
	if !slices.IsSorted(d.order) {
		t.Error("not oldest first")
	}
	d.t.Start(begin) // has begun: nothing to start
	w.happen(1)
	d.run(2*hour, 30*second)
	if len(d.delivered) != 201 || len(d.told) > 0 {
		t.Errorf("%d events delivered, gaps %+v; want 201, none", len(d.delivered), d.told)
	}
}

// A burst that no memory holds is delivered oldest first, at a few requests a
// page.
func TestBurst(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 19, 20, 21, 39, 400, 3000, 12000} {
		d := started(t, boardConfig())
		d.w.happen(n)
		before := d.w.requests
		d.poll()
		d.wantAll()
		if !slices.IsSorted(d.order) || len(d.order) != n {
			t.Errorf("burst of %d: %d delivered, sorted %t", n, len(d.order), slices.IsSorted(d.order))
		}
		pages := (n + 19) / 20
		if got := d.w.requests - before; got > 5*pages+3 {
			t.Errorf("burst of %d: %d requests for %d pages", n, got, pages)
		}
		t.Logf("burst of %d: %d pages, %d requests", n, pages, d.w.requests-before)
	}
}

// What the driver can hold is read once.
func TestBurstWithinMemory(t *testing.T) {
	t.Parallel()
	d := started(t, diff.ServerConfig())
	d.w.happen(950)
	before := d.w.requests
	d.poll()
	d.wantAll()
	if got := d.w.requests - before; got > 1+10+1+1 {
		t.Errorf("%d requests for 950 events", got)
	}
}

// A checkpoint from the middle of a walk goes on there, at the same page.
func TestCrashKeepsTheWalk(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.w.happen(50 * 20)
	before := d.w.requests
	for d.w.requests < before+400 && len(d.order) < 1000 {
		if step, _ := d.ask(); step == diff.Deliver {
			d.deliver()
		}
		d.save()
		if d.w.requests%2 == 0 {
			continue
		}
		q, _ := d.t.Next(d.w.now)
		d.restart()
		if again, _ := d.t.Next(d.w.now); q.After != 0 && again.After != q.After {
			t.Fatalf("Next = %+v after a crash; want %+v", again, q)
		}
	}
	d.wantAll()
}

// A quota that ends in the middle of a walk delays it, and that is all.
func TestQuotaEndsTheWalkForAWhile(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.w.happen(700)
	d.budget = 3
	before := d.w.requests
	for len(d.order) < 700 && d.w.requests < before+200 {
		d.run(minute, minute)
		d.w.happen(1)
	}
	d.budget = 0
	d.run(hour, minute)
	d.wantAll()
}

func TestEnvironmentSwitch(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.w.happen(30)
	d.run(10*minute, minute)
	q, _ := d.t.Next(d.w.now)
	d.t.Begin(d.w.now)
	if _, err := d.t.Offer(diff.Item{ID: 17, TimeMs: d.w.now, Source: 43}); !errors.Is(err, diff.ErrSourceChanged) {
		t.Fatalf("Offer = %v; want ErrSourceChanged", err)
	}
	if _, err := d.t.Offer(diff.Item{ID: 16, TimeMs: d.w.now, Source: 42}); !errors.Is(err, diff.ErrNoAnswer) {
		t.Fatalf("Offer after an error = %v; want ErrNoAnswer", err)
	}
	d.t.Failed()
	if again, ok := d.t.Next(d.w.now); !ok || again != q {
		t.Errorf("Next = %+v, %t; want %+v", again, ok, q)
	}
	d.w.happen(1)
	d.run(5*minute, minute)
	d.wantAll() // nothing was forgotten

	// The caller decides to follow the other log.
	d.w.source, d.w.log, d.w.lastID = 43, nil, 100
	d.w.happen(3)
	d.t.Restart(diff.SourceChanged, 0)
	d.held = nil
	d.run(5*minute, minute)
	d.w.happen(4)
	d.run(5*minute, minute)
	if n := len(d.order); n != 30+1+4 {
		t.Errorf("%d events delivered; want 35", n)
	}
	if len(d.told) != 1 || d.told[0].Reason != diff.SourceChanged || d.told[0].Missing != -1 {
		t.Errorf("gaps %+v; want one of unknown size, SourceChanged", d.told)
	}
}

func TestRestart(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.w.happen(30)
	d.run(10*minute, minute)
	d.t.Restart(0, epoch) // no such reason
	clear(d.delivered)
	d.run(minute, minute)
	if len(d.delivered) != 30 || d.reasons()[diff.CheckpointLost] != -1 {
		t.Errorf("%d events delivered, gaps %+v; want 30, CheckpointLost", len(d.delivered), d.told)
	}
}

// An event that is late when the tracker forgets is within the gap that says so.
func TestRestartCoversLateEvents(t *testing.T) {
	t.Parallel()
	for _, late := range []int64{8 * minute, 3 * hour} {
		config := boardConfig()
		config.Audit = late > config.LatenessMs
		d := started(t, config)
		for range 30 {
			d.w.happen(1)
			d.run(10*minute, minute)
		}
		at := d.w.now
		d.w.add(at, at+late) // nobody sees it yet
		d.run(late/2, minute)
		explained := d.t.Lag().LastExplainedMs
		d.t.Restart(diff.CheckpointLost, 0)
		d.run(minute, minute)
		if len(d.told) != 1 {
			t.Fatalf("gaps %+v; want one", d.told)
		}
		if gap := d.told[0]; explained <= at || gap.FromMs > at || gap.FromMs == 0 || gap.ToMs != 0 {
			t.Errorf("late by %d minutes: gap %+v, all explained until %d; want one from before %d on", late/minute, gap, explained, at)
		}
	}
}

func TestShrinkingTotal(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.w.happen(10)
	d.run(5*minute, 30*second)
	d.w.log = slices.Delete(d.w.log, 2, 5)
	d.run(10*minute, 30*second)
	if len(d.told) != 1 || d.told[0].Reason != diff.Miscounted || d.told[0].Missing != -1 {
		t.Fatalf("gaps %+v; want one of unknown size, Miscounted", d.told)
	}
	// The count proves itself again, and late rows are found as before.
	for range 60 {
		d.w.happen(1)
		d.w.add(d.w.now-minute, d.w.now+8*minute)
		d.run(minute, 30*second)
	}
	d.run(hour, 30*second)
	if lag := d.t.Lag(); lag.Unseen != 0 || d.w.now-lag.LastExplainedMs > 2*minute {
		t.Errorf("Lag = %+v at %d; want all explained", lag, d.w.now)
	}
	if missed := d.missed(); len(missed) > 0 || len(d.told) != 1 {
		t.Errorf("%d events missed, gaps %+v", len(missed), d.told)
	}
}

func TestCountThatLags(t *testing.T) {
	t.Parallel()
	t.Run("no alarm", func(t *testing.T) {
		t.Parallel()
		d := started(t, boardConfig())
		d.w.countLag = 8 * second
		for range 600 {
			d.w.happen(1)
			d.w.now += 3 * second
			d.poll()
		}
		d.run(hour, 30*second)
		d.wantAll()
	})
	// Each poll, a row that is not counted yet stands in for a late one that is.
	t.Run("veil", func(t *testing.T) {
		t.Parallel()
		c := boardConfig()
		c.RingSize = 1000
		d := started(t, c)
		d.w.countLag = 5 * second
		d.latency = 6 * second // what a look does not count is counted by the next request
		for i := range 400 {
			if i == 50 {
				d.w.insert(event{id: d.w.log[40].id + 1, timeMs: (d.w.now - 9*minute) / 1000 * 1000, visible: d.w.now})
			}
			d.w.now += 20 * second
			d.w.happen(1)
			d.w.now += second / 2
			d.poll()
		}
		d.run(hour, 30*second)
		d.wantAll()
	})
}

func TestRetentionPasses(t *testing.T) {
	t.Parallel()
	c := boardConfig()
	c.LatenessMs, c.RetentionMs = minute, 6*hour
	w := newWorld(1)
	d := newDriver(t, w, c)
	d.run(10*minute, 30*second)
	for range 20 * 60 {
		w.happen(1)
		w.now += minute
	}
	for i := range w.log {
		w.log[i].gone = w.log[i].timeMs + 6*hour
	}
	d.run(2*hour, 30*second)
	if len(d.told) != 1 || d.told[0].Reason != diff.Retention || d.told[0].Missing != -1 {
		t.Errorf("gaps %+v; want one of unknown size, Retention", d.told)
	}
	if n := len(d.delivered); n < 359 || n > 361 {
		t.Errorf("%d events delivered; want those of six hours", n)
	}
	for range 10 {
		w.happen(2)
		d.run(minute, 30*second)
	}
	if lag := d.t.Lag(); lag.Unseen != 0 {
		t.Errorf("Lag = %+v; want the count in use again", lag)
	}
}

// A late row beyond the lateness is found by the audit.
func TestAudit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ring, events int
		delivered    bool
	}{"still known": {16384, 100, true}, "no longer": {192, 1000, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := diff.ServerConfig()
			config.RingSize = c.ring
			d := started(t, config)
			d.w.happen(1)
			d.w.add(d.w.now, d.w.now+2*hour)
			late := d.w.lastID
			for range c.events {
				d.w.happen(1)
				pause := 3 * hour / int64(c.events)
				d.run(pause, pause)
			}
			d.run(3*hour, minute)
			if got := d.delivered[late] == 1; got != c.delivered {
				t.Errorf("delivered: %t; want %t", got, c.delivered)
			}
			if n := d.reasons()[diff.Audit]; (n == 1) == c.delivered {
				t.Errorf("gaps %+v", d.told)
			}
		})
	}
}

// An answer may be much older than its Date, and one Date may be wrong.
func TestDates(t *testing.T) {
	t.Parallel()
	t.Run("slow answers", func(t *testing.T) {
		t.Parallel()
		c := boardConfig()
		c.LatenessMs, c.Audit = minute, false
		d := started(t, c)
		for range 300 {
			d.w.happen(1)
			at := d.w.now
			for range 3 {
				d.w.add(at, at+minute-second-d.w.rng.Int64N(minute/2))
			}
			// The snapshot is taken a long time before the answer is dated.
			q, _ := d.t.Next(d.w.now)
			items, total := d.w.answer(q, nil)
			d.w.now += 40 * second
			d.t.Begin(d.w.now)
			for _, item := range items {
				if keep, _ := d.t.Offer(item); keep == diff.Hold {
					d.hold(item)
				}
			}
			if d.t.End(diff.Tail{Total: total}) == diff.Deliver {
				d.deliver()
			}
		}
		d.run(hour, 30*second)
		d.wantAll()
	})
	t.Run("one wrong", func(t *testing.T) {
		t.Parallel()
		d := started(t, boardConfig())
		for i := range 200 {
			d.w.happen(1)
			d.run(minute, minute)
			if i%50 == 20 {
				now := d.w.now
				d.w.now += 30 * 24 * hour
				d.w.happen(0)
				q, _ := d.t.Next(now)
				d.t.Begin(d.w.now)
				d.w.now = now
				items, total := d.w.answer(q, nil)
				for _, item := range items {
					if keep, _ := d.t.Offer(item); keep == diff.Hold {
						d.hold(item)
					}
				}
				if d.t.End(diff.Tail{Total: total}) == diff.Deliver {
					d.deliver()
				}
			}
		}
		d.run(hour, minute)
		d.wantAll()
	})
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		w := newWorld(1)
		w.happen(5)
		tracker, err := diff.New(boardConfig())
		if err != nil {
			t.Fatal(err)
		}
		for range 3 { // the driver's clock stands in
			q, _ := tracker.Next(w.now)
			items, total := w.answer(q, nil)
			tracker.Begin(0)
			for _, item := range items {
				if _, err := tracker.Offer(item); err != nil {
					t.Fatal(err)
				}
			}
			tracker.End(diff.Tail{Total: total})
		}
		if q, _ := tracker.Next(w.now); q.FromMs < w.now-hour {
			t.Errorf("Next = %+v at %d", q, w.now)
		}
	})
}

// Without a count the walk that sweeps the window must end while rows arrive.
func TestSweepEnds(t *testing.T) {
	t.Parallel()
	c := boardConfig()
	c.RingSize, c.MaxPageSize, c.Hold = 16384, 5, 5
	d := started(t, c)
	d.w.total = func(int, int, int) int { return 0 }
	for range 3000 {
		d.w.now += 3 * second
		d.w.happen(1)
		d.w.before = func(diff.Query) {
			if d.w.rng.IntN(10) == 0 {
				d.w.happen(1)
			}
		}
		if d.w.rng.IntN(10) == 0 {
			d.poll()
		}
	}
	if lag := d.t.Lag(); d.w.now-lag.LastExplainedMs > 20*minute {
		t.Errorf("explained up to %d s ago", (d.w.now-lag.LastExplainedMs)/second)
	}
	if n := d.w.requests; n > 20000 {
		t.Errorf("%d requests", n)
	}
	d.w.before = nil
	d.run(hour, minute)
	if missed := d.missed(); len(missed) > 0 {
		t.Errorf("%d events missed", len(missed))
	}
}

func TestOrderOfRows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ids []int64
		ok  bool
	}{
		"descending":         {[]int64{9_000_000_009, 9_000_000_007, 9_000_000_001}, true},
		"the same row twice": {[]int64{9_000_000_009, 9_000_000_009, 9_000_000_001}, true},
		"ascending":          {[]int64{9_000_000_001, 9_000_000_009}, false},
		"zero":               {[]int64{9_000_000_001, 0}, false},
		"negative":           {[]int64{-1}, false},
	} {
		d := started(t, boardConfig())
		d.t.Next(d.w.now)
		d.t.Begin(d.w.now)
		var err error
		for _, id := range c.ids {
			var e error
			if _, e = d.t.Offer(diff.Item{ID: id, TimeMs: d.w.now}); e != nil {
				err = e
			}
		}
		if c.ok != (err == nil) || err != nil && !errors.Is(err, diff.ErrOrder) && !errors.Is(err, diff.ErrNoAnswer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A page below a cursor holds no row at or above it.
func TestRowsAboveTheCursor(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.w.happen(100)
	if step, _ := d.ask(); step != diff.More {
		t.Fatal("no walk")
	}
	q, _ := d.t.Next(d.w.now)
	d.t.Begin(d.w.now)
	if keep, err := d.t.Offer(diff.Item{ID: q.After, TimeMs: d.w.now}); keep != diff.Drop || err != nil {
		t.Errorf("the row of the cursor itself: %d, %v; want Drop", keep, err)
	}
	if _, err := d.t.Offer(diff.Item{ID: q.After + 1, TimeMs: d.w.now}); !errors.Is(err, diff.ErrOrder) {
		t.Errorf("a row above the cursor: %v; want ErrOrder", err)
	}
	d.t.Failed()
	d.run(minute, minute)
	d.wantAll()
}

// A driver that lost what it held says so, and gets it again.
func TestLost(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.w.happen(130)
	for i := 0; len(d.order) < 130 && i < 200; i++ {
		step, _ := d.ask()
		if i%3 == 0 {
			d.t.Lost()
			d.held = nil
			continue
		}
		for step == diff.Deliver {
			step = d.deliver()
		}
	}
	d.run(10*minute, minute)
	d.wantAll()
}

func TestGapComesAgainUntilAck(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.t.Restart(diff.FilterChanged, 0)
	for range 3 {
		gap, ok := d.t.Gap()
		if !ok || gap.Reason != diff.FilterChanged {
			t.Fatalf("Gap = %+v, %t", gap, ok)
		}
		if gap, ok := d.t.Gap(); ok {
			t.Fatalf("a second Gap %+v", gap)
		}
		d.save()
		d.restart()
	}
	d.t.Gap()
	d.t.Ack(nil)
	d.save()
	d.restart()
	if gap, ok := d.t.Gap(); ok {
		t.Fatalf("Gap = %+v after Ack", gap)
	}
}

func TestLag(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	oldest := d.w.now / 1000 * 1000
	d.w.happen(5)
	d.w.now += minute
	d.w.happen(60)
	step, _ := d.ask()
	if lag := d.t.Lag(); lag.Unseen != 65 {
		t.Errorf("Lag = %+v; want 65 unseen", lag)
	}
	for step == diff.More {
		step, _ = d.ask()
	}
	if lag := d.t.Lag(); lag.OldestUnseenMs != oldest {
		t.Errorf("Lag = %+v; want the oldest at %d", lag, oldest)
	}
	d.deliver()
	if lag := d.t.Lag(); lag.Unseen >= 65 {
		t.Errorf("Lag = %+v after Ack", lag)
	}
	d.run(5*minute, minute)
	if lag := d.t.Lag(); lag.Unseen != 0 || lag.OldestUnseenMs != 0 || d.w.now-lag.LastExplainedMs > 3*minute {
		t.Errorf("Lag = %+v at %d", lag, d.w.now)
	}
}
