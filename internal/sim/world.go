package sim

import (
	"cmp"
	"math"
	"slices"
	"time"
)

const (
	// epoch is when every run starts: 2026-01-05 00:00 UTC, a Monday.
	epoch = int64(1767571200000)

	// prelude is how long the log has been written before a reader first looks.
	prelude = 2 * time.Hour

	// drain is how long the readers go on after the last event, so that what is
	// late, or counted again after an hour, still has its turn.
	drain = 3 * time.Hour

	// settled is how long an event must be there to be read for a reader to be
	// blamed for missing it.
	settled = 10 * time.Minute
)

// World is everything that a server will ever show, known beforehand.
type World struct {
	Start, End int64   // of what counts; readers go on for a while after the end
	Finish     int64   // when the readers stop
	Events     []Event // by ascending ID

	journals []*journal
	logs     []change[int]
	filters  []change[Filter]
}

// change is a value from an instant on.
type change[T any] struct {
	at    int64
	value T
}

// valueAt returns the last value that holds at an instant, or else the zero value.
func valueAt[T any](changes []change[T], at int64) T {
	var v T
	for _, c := range changes {
		if c.at <= at {
			v = c.value
		}
	}
	return v
}

// LogAt says which log the token reads at an instant.
func (w *World) LogAt(at int64) int { return valueAt(w.logs, at) }

// FilterAt says which filter the reader's owner wants at an instant.
func (w *World) FilterAt(at int64) Filter { return valueAt(w.filters, at) }

// newWorld indexes the events.
func newWorld(end int64, logs int, events []Event) *World {
	w := &World{Start: epoch, End: end, Finish: end + drain.Milliseconds(), Events: slices.Clone(events)}
	slices.SortFunc(w.Events, func(a, b Event) int { return cmp.Compare(a.ID, b.ID) })
	for log := range logs {
		w.journals = append(w.journals, newJournal(slices.DeleteFunc(slices.Clone(w.Events), func(e Event) bool {
			return e.Log != log
		})))
	}
	return w
}

// NewWorld draws a world of a scenario.
func NewWorld(s *Scenario, run uint64, length time.Duration) *World {
	end := epoch + length.Milliseconds()
	// The IDs of the first log pass 2^32 on the way: what keeps half of an ID must
	// notice.
	events := s.write(newRandom(run, s.Name, "world"), length, 0, 1<<32-10_000)
	logs := 1
	if s.Switch {
		events = append(events, s.write(newRandom(run, s.Name, "other world"), length, 1, 1_000_000)...)
		logs = 2
	}
	w := newWorld(end, logs, events)
	if s.Switch {
		w.logs = []change[int]{{epoch + (length / 2).Milliseconds(), 1}}
	}
	if s.Refit {
		third := (length / 3).Milliseconds()
		w.filters = []change[Filter]{{epoch + third, WithoutNoise}, {epoch + 2*third, Unfiltered}}
	}
	return w
}

// write draws the events of a log. IDs are handed out when an event happens, not
// when it becomes visible, and leave gaps as if other customers had them.
func (s *Scenario) write(r random, length time.Duration, log int, id int64) []Event {
	moments := s.moments(r, length)
	slices.Sort(moments)
	skews := s.skews(r)
	events := make([]Event, len(moments))
	for i, at := range moments {
		id += 1 + r.Int64N(9)
		e := Event{ID: id, Time: at + skews[r.IntN(len(skews))], Visible: at + s.Late.draw(r), Log: log}
		if s.Keep > 0 {
			e.Deleted = at + s.Keep.Milliseconds()
		}
		if r.chance(s.Noise) {
			e.Kind = Noise
		}
		events[i] = e
	}
	return events
}

// moments draws when things happen.
func (s *Scenario) moments(r random, length time.Duration) []int64 {
	begin, end := epoch-prelude.Milliseconds(), epoch+length.Milliseconds()
	var out []int64
	if s.PerHour > 0 {
		mean := time.Duration(float64(time.Hour) / s.PerHour)
		for at := begin + r.exponential(mean); at < end; at += r.exponential(mean) {
			out = append(out, at)
		}
	}
	if s.Every > 0 {
		// Off the beat of the polls: one event arrives between two polls, and the
		// one an hour older leaves the hour between the same two.
		const offBeat = 17_300
		for at := begin + offBeat; at < end; at += s.Every.Milliseconds() {
			out = append(out, at)
		}
	}
	if s.Bursts.Every > 0 {
		every := s.Bursts.Every.Milliseconds()
		for at := epoch + every/2; at < end; at += every {
			for range s.Bursts.Size {
				out = append(out, at+r.between(0, s.Bursts.Within))
			}
		}
	}
	return out
}

// skews draws by how much each of eight writers is off.
func (s *Scenario) skews(r random) [8]int64 {
	var out [8]int64
	if s.Skew > 0 {
		for i := range out {
			out[i] = r.between(-s.Skew, s.Skew)
		}
	}
	return out
}

// draw returns how long an event takes to become visible.
func (l Late) draw(r random) int64 {
	switch {
	case !r.chance(l.Share):
		return 0
	case l.Mean > 0:
		return r.exponential(l.Mean)
	default:
		return r.between(l.Min, l.Max)
	}
}

// find returns the index of an event.
func (w *World) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(w.Events, id, func(e Event, id int64) int { return cmp.Compare(e.ID, id) })
}

// due says whether a reader that began at an instant must have delivered the
// event: it is stamped when its log was already read, became readable after that
// instant and before the end, and stayed so for long enough.
func (w *World) due(e *Event, began int64) bool {
	from := e.Visible
	if e.Time < w.readSince(from) || from <= began || from >= w.End || e.Log != w.LogAt(from) || w.FilterAt(from).hides(e.Kind) {
		return false
	}
	return w.readableUntil(e)-from >= settled.Milliseconds()
}

// readSince returns from when on the log is read that is read at an instant.
func (w *World) readSince(at int64) int64 {
	since := w.Start
	for _, c := range w.logs {
		if c.at <= at {
			since = c.at
		}
	}
	return since
}

// readableUntil returns when a readable event ends to be so.
func (w *World) readableUntil(e *Event) int64 {
	until := int64(math.MaxInt64)
	if e.Deleted != 0 {
		until = e.Deleted
	}
	for _, c := range w.logs {
		if c.at > e.Visible && c.value != e.Log {
			until = min(until, c.at)
		}
	}
	for _, c := range w.filters {
		if c.at > e.Visible && c.value.hides(e.Kind) {
			until = min(until, c.at)
		}
	}
	return until
}
