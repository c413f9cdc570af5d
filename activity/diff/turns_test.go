package diff_test

import (
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

// Each test of this file fails when a turn is taken that looks right on paper.

// boardConfig has no audit: it would find what a turn has lost.
func boardConfig() diff.Config {
	c := diff.BoardConfig()
	c.Audit = false
	return c
}

func started(t *testing.T, c diff.Config) *driver {
	t.Helper()
	d := newDriver(t, newWorld(1), c)
	d.poll()
	return d
}

// Turn 1: the anchor follows the time alone. A backlog older than the lateness
// then falls behind it.
func TestAnchorWaitsForBacklog(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.w.happen(450)
	d.budget = 1 // few requests are left, so it takes hours
	for range 100 {
		d.run(5*minute, 5*minute)
		d.w.happen(1)
	}
	d.budget = 0
	d.run(hour, minute)
	d.wantAll()
}

// Turn 2: the total of the next window comes from a second request. What comes
// between the two is then booked as told.
func TestNextWindowIsCountedByIdentity(t *testing.T) {
	t.Parallel()
	for name, ring := range map[string]int{"the ring reaches back": 192, "it does not": 40} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := boardConfig()
			c.RingSize = ring
			d := started(t, c)
			busy := func(polls int) {
				for range polls {
					d.w.happen(1)
					d.w.now += 10 * second
					d.poll()
				}
			}
			busy(200) // the window is longer than a page
			from := int64(0)
			var late []int64
			d.w.before = func(q diff.Query) {
				if from > 0 && q.FromMs > from && q.After == 0 && len(late) == 0 {
					// The first question about a later window: now a row appears in
					// it, below the page.
					id := d.w.log[30].id + 1
					d.w.insert(event{id: id, timeMs: d.w.now / 1000 * 1000, visible: d.w.now})
					late = append(late, id)
				}
				from = max(from, q.FromMs)
			}
			busy(200)
			d.run(hour, 30*second)
			d.wantAll()
			if len(late) == 0 {
				t.Fatal("the anchor did not move")
			}
		})
	}
}

// Turn 3: a walk that found as many rows as were missing counts as a proof. A
// row that appears on its way then stands in for one that it did not reach.
func TestOnlyALookProves(t *testing.T) {
	t.Parallel()
	c := boardConfig()
	c.RingSize = 1000
	d := started(t, c)
	for range 150 {
		d.w.happen(1)
		d.w.now += 4 * second
	}
	d.poll()
	bottom := d.w.log[len(d.w.log)-10].id + 1
	d.w.insert(event{id: bottom, timeMs: d.w.now / 1000 * 1000, visible: d.w.now})
	var pages, last int64
	d.w.before = func(q diff.Query) {
		if pages++; q.After == 0 {
			pages = 0
		}
		if pages != 2 || d.w.now-last < 30*second {
			return
		}
		// On the way down, above the row that waits and once in a poll.
		last = d.w.now
		for _, e := range d.w.log {
			if e.id < q.After && d.delivered[e.id+1] == 0 {
				d.w.insert(event{id: e.id + 1, timeMs: d.w.now / 1000 * 1000, visible: d.w.now})
				return
			}
		}
	}
	d.run(hour, minute)
	d.w.before = nil
	d.run(hour/2, minute)
	d.wantAll()
}

// Turn 4: what the count says is believed at once. A count that runs ahead of
// the rows gives false gaps then, and one that falls for a moment gives false
// alarms.
func TestNoVerdictAtOnce(t *testing.T) {
	t.Parallel()
	t.Run("ahead", func(t *testing.T) {
		t.Parallel()
		d := started(t, boardConfig())
		d.w.countLag = -20 * second
		for range 300 {
			at := d.w.now + d.w.rng.Int64N(hour/10)
			d.w.add(at, at)
			d.run(minute, 30*second)
		}
		d.w.countLag = 0
		d.run(hour/2, 30*second)
		d.wantAll()
	})
	t.Run("low", func(t *testing.T) {
		t.Parallel()
		d := started(t, boardConfig())
		glitch := 0
		d.w.total = func(exact, _, _ int) int {
			if glitch++; glitch%7 == 0 {
				return max(0, exact-3)
			}
			return exact
		}
		for range 300 {
			d.w.happen(1)
			d.run(minute, 30*second)
		}
		d.wantAll()
	})
}

// Turn 5: a reported gap is not carried into the next window, and is reported
// there again.
func TestGapIsToldOnce(t *testing.T) {
	t.Parallel()
	for name, pause := range map[string]int64{
		"windows of one page": 150 * second, "of several": 15 * second, "longer than the ring": 2 * second,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := boardConfig()
			c.RingSize = 60
			d := started(t, c)
			d.w.happen(300)
			d.run(10*minute, minute)
			const gaps, every = 12, 25
			low := d.w.log[len(d.w.log)-1].id
			for i := range gaps * every {
				d.w.happen(1)
				d.w.now += pause
				d.poll()
				if i%every == 0 {
					// Below all that is known, and new by its time.
					low--
					d.w.insert(event{id: low, timeMs: d.w.now / 1000 * 1000, visible: d.w.now})
				}
			}
			d.run(3*hour, minute)
			if n, unknown := d.counted(); n != gaps || unknown || len(d.missed()) != gaps {
				t.Fatalf("%d missed, gaps %+v; want %d", len(d.missed()), d.told, gaps)
			}
		})
	}
}

// Turn 6: a failed request ends the walk. With one failure in five, a walk of
// 35 pages then never ends.
func TestFailureKeepsTheWalk(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.w.happen(35 * 20)
	d.failures = 0.2
	before := d.w.requests
	for d.w.requests < before+35*2*2 {
		d.poll()
	}
	d.wantAll()
}

// Turn 7: the audit begins with a count of zero. Rows that were there at the
// first run, some stamped a little in the future, then look like missing ones.
func TestAuditKnowsWhatWasPresent(t *testing.T) {
	t.Parallel()
	w := newWorld(1)
	for i := range int64(30) {
		w.add(w.now+(i-20)*10*second, w.now)
	}
	d := newDriver(t, w, diff.BoardConfig())
	for range 6 {
		d.run(hour, minute)
		w.happen(1)
		w.add(w.now+40*second, w.now)
	}
	d.run(hour, minute)
	d.wantAll()
}

// A plain highest ID instead of the ring loses what becomes visible after it.
func TestLateRowIsDelivered(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	now := d.w.now
	d.w.add(now, now+9*minute)
	for range 50 {
		d.w.add(now, now)
	}
	d.run(30*minute, minute)
	d.wantAll()
}

// Registered before it is delivered, an event that a crash kept back is lost.
func TestCrashBeforeDelivery(t *testing.T) {
	t.Parallel()
	d := started(t, boardConfig())
	d.w.happen(7)
	for step, ok := d.ask(); step != diff.Deliver; step, ok = d.ask() {
		if !ok {
			t.Fatal("failed")
		}
	}
	d.save() // all that can be saved while the batch waits
	d.restart()
	d.run(minute, 30*second)
	d.wantAll()
}
