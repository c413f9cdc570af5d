package sim

import (
	"cmp"
	"slices"
)

// journal is a log over its whole life, indexed once and shared by all who
// read it.
type journal struct {
	events    []Event // by ascending ID
	latest    []int64 // the latest second of events[:i+1]
	seconds   []int64 // of all events, ascending
	place     []int   // of each event in seconds
	showing   []int   // events in the order in which they become visible
	vanishing []int   // events in the order in which they are deleted
}

func newJournal(events []Event) *journal {
	never := func(e Event) bool { return e.Deleted != 0 && e.Deleted <= e.Visible }
	j := &journal{events: slices.DeleteFunc(slices.Clone(events), never)}
	slices.SortFunc(j.events, func(a, b Event) int { return cmp.Compare(a.ID, b.ID) })
	order := make([]int, len(j.events))
	for i := range order {
		order[i] = i
		j.latest = append(j.latest, second(j.events[i].Time))
		if i > 0 {
			j.latest[i] = max(j.latest[i], j.latest[i-1])
		}
	}
	j.showing = j.sorted(order, func(e *Event) int64 { return e.Visible })
	j.vanishing = slices.DeleteFunc(j.sorted(order, func(e *Event) int64 { return e.Deleted }), func(i int) bool {
		return j.events[i].Deleted == 0
	})
	j.place = make([]int, len(order))
	for place, i := range j.sorted(order, func(e *Event) int64 { return second(e.Time) }) {
		j.place[i] = place
		j.seconds = append(j.seconds, second(j.events[i].Time))
	}
	return j
}

func (j *journal) sorted(order []int, key func(*Event) int64) []int {
	out := slices.Clone(order)
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(key(&j.events[a]), key(&j.events[b])) })
	return out
}

// view is a journal at one instant, which only moves forward.
type view struct {
	*journal
	shown   int // of showing
	gone    int // of vanishing
	present []bool
	counts  [kinds]fenwick // of what is present, by place
}

func newView(j *journal) *view {
	v := &view{journal: j, present: make([]bool, len(j.events))}
	for k := range v.counts {
		v.counts[k] = newFenwick(len(j.events))
	}
	return v
}

// advance shows and removes what is due by now.
func (v *view) advance(now int64) {
	for ; v.shown < len(v.showing) && v.events[v.showing[v.shown]].Visible <= now; v.shown++ {
		v.set(v.showing[v.shown], true)
	}
	for ; v.gone < len(v.vanishing) && v.events[v.vanishing[v.gone]].Deleted <= now; v.gone++ {
		v.set(v.vanishing[v.gone], false)
	}
}

func (v *view) set(i int, present bool) {
	if v.present[i] == present {
		return
	}
	v.present[i] = present
	n := int32(-1)
	if present {
		n = 1
	}
	v.counts[v.events[i].Kind].add(v.place[i], n)
}

// span is a query's window in seconds, both inclusive.
type span struct{ from, to int64 }

// page returns the newest rows below the cursor that match.
func (v *view) page(q Query, s span) []Row {
	i := len(v.events)
	if q.After != 0 {
		i, _ = slices.BinarySearchFunc(v.events, q.After, func(e Event, id int64) int { return cmp.Compare(e.ID, id) })
	}
	var rows []Row
	for i--; i >= 0 && len(rows) < q.Size && v.latest[i] >= s.from; i-- {
		if v.matches(i, q.Filter, s) {
			e := &v.events[i]
			rows = append(rows, Row{ID: e.ID, Time: second(e.Time) * 1000})
		}
	}
	return rows
}

func (v *view) matches(i int, f Filter, s span) bool {
	at := second(v.events[i].Time)
	return v.present[i] && !f.hides(v.events[i].Kind) && at >= s.from && at <= s.to
}

// total counts the rows that match.
func (v *view) total(f Filter, s span) int {
	first, _ := slices.BinarySearch(v.seconds, s.from)
	next, _ := slices.BinarySearch(v.seconds, s.to+1)
	n := 0
	for k, counts := range v.counts {
		if !f.hides(Kind(k)) && next > first {
			n += counts.before(next) - counts.before(first)
		}
	}
	return n
}

// totalSince counts those of the matching rows that became visible after the
// moment.
func (v *view) totalSince(moment int64, f Filter, s span) int {
	n := 0
	for i := v.shown - 1; i >= 0 && v.events[v.showing[i]].Visible > moment; i-- {
		if v.matches(v.showing[i], f, s) {
			n++
		}
	}
	return n
}
