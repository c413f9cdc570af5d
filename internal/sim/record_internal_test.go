package sim

import (
	"testing"
	"time"
)

// ledger is a record of a world with an event a minute, of which some are
// delivered ten seconds after they became visible.
func ledger(events int, delivered ...int) *record {
	var all []Event
	for i := range events {
		at := epoch + int64(i+1)*60_000
		all = append(all, Event{ID: int64(100 + i), Time: at, Visible: at})
	}
	w := newWorld(epoch+time.Hour.Milliseconds(), 1, all)
	r := newRecord(w)
	r.began = epoch
	for _, i := range delivered {
		r.deliver(all[i].Visible+10_000, []int64{all[i].ID})
	}
	return r
}

func report(missing, fromMinute, toMinute int) Gap {
	return Gap{
		Missing: missing, At: epoch + time.Hour.Milliseconds(),
		From: epoch + int64(fromMinute)*60_000, To: epoch + int64(toMinute)*60_000,
	}
}

func TestReportsAreLaidAgainstLosses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		gaps                                       []Gap
		missed, silent, reported, unknown, falsely int
	}{
		"none":                           {missed: 3, silent: 3},
		"exact":                          {gaps: []Gap{report(3, 0, 60)}, missed: 3, reported: 3},
		"too few":                        {gaps: []Gap{report(2, 0, 60)}, missed: 3, silent: 1, reported: 2},
		"too many":                       {gaps: []Gap{report(4, 0, 60)}, missed: 3, reported: 4, falsely: 1},
		"another time":                   {gaps: []Gap{report(3, 40, 60)}, missed: 3, silent: 3, reported: 3, falsely: 3},
		"unknown":                        {gaps: []Gap{report(-1, 0, 60)}, missed: 3, unknown: 1},
		"unknown, part of it":            {gaps: []Gap{report(-1, 1, 3)}, missed: 3, silent: 1, unknown: 1},
		"unknown, another time":          {gaps: []Gap{report(-1, 40, 60)}, missed: 3, silent: 3, unknown: 1},
		"one inside the other":           {gaps: []Gap{report(1, 0, 60), report(2, 1, 3)}, missed: 3, reported: 3},
		"before it could be known of it": {gaps: []Gap{{Missing: 3, At: epoch, From: epoch, To: epoch + 3_600_000}}, missed: 3, silent: 3, reported: 3, falsely: 3},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := ledger(5, 0, 4) // the events of minutes 2, 3 and 4 are missing
			r.gaps = c.gaps
			got := r.result()
			if got.Events != 5 || got.Missed != c.missed || got.Silent != c.silent || got.Reported != c.reported ||
				got.Unknown != c.unknown || got.FalseGap != c.falsely {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestDeliveriesAreCounted(t *testing.T) {
	t.Parallel()
	r := ledger(3, 0, 1, 1)
	r.began = epoch + 60_000 // the first event was there when the reader began
	r.deliver(epoch+500_000, []int64{102, 999, 101})
	got := r.result()
	// Event 0 did not have to be delivered, as it was old; nor is it new when it is.
	if got.Events != 2 || got.Missed != 0 || got.Duplicated != 3 || got.Unsorted != 1 || got.Largest != 3 {
		t.Errorf("got %+v", got)
	}
	if got.Delay(0) != 10_000 || got.Delay(1) != 500_000-180_000 {
		t.Errorf("delays %v", got.Delays)
	}
}

// What could not be read for long enough is nobody's loss.
func TestWhoIsToBlame(t *testing.T) {
	t.Parallel()
	minute := time.Minute.Milliseconds()
	at := func(m int64) int64 { return epoch + m*minute }
	w := newWorld(at(60), 2, nil)
	w.logs = []change[int]{{at(30), 1}}
	w.filters = []change[Filter]{{at(20), WithoutNoise}, {at(45), Unfiltered}}
	cases := map[string]struct {
		event Event
		due   bool
	}{
		"ordinary":                      {Event{Visible: at(5)}, true},
		"there at the start":            {Event{Visible: at(1)}, false},
		"visible after the end":         {Event{Visible: at(61), Log: 1}, false},
		"soon deleted":                  {Event{Visible: at(5), Deleted: at(14)}, false},
		"later deleted":                 {Event{Visible: at(5), Deleted: at(16)}, true},
		"in the other log":              {Event{Visible: at(5), Log: 1}, false},
		"in the other log, read later":  {Event{Visible: at(35), Log: 1}, true},
		"just before the switch":        {Event{Visible: at(25)}, false},
		"noise before the filter":       {Event{Visible: at(5), Kind: Noise}, true},
		"noise just before the filter":  {Event{Visible: at(15), Kind: Noise}, false},
		"noise behind the filter":       {Event{Visible: at(35), Log: 1, Kind: Noise}, false},
		"noise after the filter":        {Event{Visible: at(50), Log: 1, Kind: Noise}, true},
		"stamped before the start":      {Event{Time: at(0) - 1, Visible: at(5)}, false},
		"deleted before it was visible": {Event{Visible: at(5), Deleted: at(4)}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.event.Time == 0 {
				c.event.Time = c.event.Visible
			}
			if got := w.due(&c.event, at(1)); got != c.due {
				t.Errorf("due is %v", got)
			}
		})
	}
}

func TestLimiterKeepsTheMinute(t *testing.T) {
	t.Parallel()
	for perMinute, want := range map[int]int{0: 60, 6: 7} {
		l := newLimiter(perMinute)
		var sent []int64
		for at := int64(0); at < 300_000; {
			at = l.admit(at)
			sent = append(sent, at)
		}
		for i, first := range sent {
			n := 0
			for _, at := range sent[i:] {
				if at-first < 60_000 {
					n++
				}
			}
			if n > want {
				t.Fatalf("budget %d: %d requests in a minute", perMinute, n)
			}
		}
	}
}
