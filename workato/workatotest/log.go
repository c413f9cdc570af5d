package workatotest

import (
	"cmp"
	"slices"
	"time"
)

// eventLog is the activity log of one environment.
type eventLog struct {
	rows    []*row  // visible, by ascending ID
	times   []int64 // of the visible rows, ascending
	arrived []*row  // the visible rows in the order they became visible
	pending []*row  // not visible yet, by the moment they will be
}

func byID(a, b *row) int      { return cmp.Compare(a.id, b.id) }
func byVisible(a, b *row) int { return a.visible.Compare(b.visible) }

// add takes rows in; settle shows those whose moment has come.
func (l *eventLog) add(rows []*row) {
	l.pending = merge(l.pending, rows, byVisible)
}

// settle shows the rows that have become visible by now.
func (l *eventLog) settle(now time.Time) {
	due := 0
	for due < len(l.pending) && !l.pending[due].visible.After(now) {
		due++
	}
	if due == 0 {
		return
	}
	batch := l.pending[:due]
	l.pending = slices.Clone(l.pending[due:])
	l.arrived = append(l.arrived, batch...)
	seconds := make([]int64, due)
	for i, r := range batch {
		seconds[i] = r.seconds
	}
	l.times = merge(l.times, seconds, cmp.Compare)
	l.rows = merge(l.rows, batch, byID)
}

// removeBefore removes the rows of an earlier second, visible or not.
func (l *eventLog) removeBefore(seconds int64) int {
	old := func(r *row) bool { return r.seconds < seconds }
	before := len(l.rows) + len(l.pending)
	l.rows = slices.DeleteFunc(l.rows, old)
	l.arrived = slices.DeleteFunc(l.arrived, old)
	l.pending = slices.DeleteFunc(l.pending, old)
	first, _ := slices.BinarySearch(l.times, seconds)
	l.times = slices.Delete(l.times, 0, first)
	return before - len(l.rows) - len(l.pending)
}

// page returns the newest rows below the cursor that match.
func (l *eventLog) page(f *filter, after int64, size int) []*row {
	end, _ := slices.BinarySearchFunc(l.rows, after, func(r *row, id int64) int {
		return cmp.Compare(r.id, id)
	})
	var out []*row
	for i := end - 1; i >= 0 && len(out) < size; i-- {
		if f.matches(l.rows[i]) {
			out = append(out, l.rows[i])
		}
	}
	return out
}

// count returns how many rows match.
func (l *eventLog) count(f *filter) int {
	if f.onlyTime() {
		first, _ := slices.BinarySearch(l.times, f.from)
		next, _ := slices.BinarySearch(l.times, f.to+1)
		return max(0, next-first)
	}
	n := 0
	for _, r := range l.rows {
		if f.matches(r) {
			n++
		}
	}
	return n
}

// countSince returns how many of the rows that became visible after the
// moment match.
func (l *eventLog) countSince(moment time.Time, f *filter) int {
	n := 0
	for i := len(l.arrived) - 1; i >= 0 && l.arrived[i].visible.After(moment); i-- {
		if f.matches(l.arrived[i]) {
			n++
		}
	}
	return n
}

// merge puts the batch into a sorted list, behind what is equal. It is cheap
// where the batch belongs at the end, and where it is small.
func merge[T any](list, batch []T, compare func(a, b T) int) []T {
	slices.SortStableFunc(batch, compare)
	for i, v := range batch {
		if n := len(list); n == 0 || compare(list[n-1], v) <= 0 {
			return append(list, batch[i:]...)
		}
		if len(batch)-i > 64 {
			list = append(list, batch[i:]...)
			slices.SortStableFunc(list, compare)
			return list
		}
		at, _ := slices.BinarySearchFunc(list, v, func(a, b T) int {
			if compare(a, b) <= 0 {
				return -1
			}
			return 1
		})
		list = slices.Insert(list, at, v)
	}
	return list
}

// filter is what a request asks of a row; a nil list asks nothing.
type filter struct {
	from, to                           int64 // seconds since the Unix epoch, both inclusive
	users                              []int64
	includeResources, excludeResources []string
	includeEvents, excludeEvents       []string
}

// onlyTime says that the filter asks for nothing but a span of time.
func (f *filter) onlyTime() bool {
	return f.users == nil && f.includeResources == nil && f.excludeResources == nil &&
		f.includeEvents == nil && f.excludeEvents == nil
}

func (f *filter) matches(r *row) bool {
	switch {
	case r.seconds < f.from || r.seconds > f.to,
		f.users != nil && (!r.hasUser || !slices.Contains(f.users, r.user)),
		f.includeResources != nil && !slices.Contains(f.includeResources, r.resource),
		f.includeEvents != nil && !slices.Contains(f.includeEvents, r.event),
		slices.Contains(f.excludeResources, r.resource),
		slices.Contains(f.excludeEvents, r.event):
		return false
	}
	return true
}
