package sim

import (
	"cmp"
	"slices"
	"time"
)

// Gap is a report of events that a reader cannot deliver.
type Gap struct {
	Reason   string
	Missing  int   // below 0: it cannot be known
	From, To int64 // when they happened, as far as the reader knows
	At       int64 // when it was reported; the host fills it in
}

// record is what the consumer and the network saw of a reader.
type record struct {
	world     *World
	began     int64   // the snapshot that the reader started from: the last look of its first round
	first     []int64 // when an event was delivered for the first time; 0: never
	delivered int
	again     int // deliveries of what had been delivered, or is older than the start
	unsorted  int // batches that do not ascend
	largest   int // batch
	gaps      []Gap
	asked     int // requests
	requests  int // of these, before the end
	bytes     int // before the end
	idle      idle
	state     int // bytes, at most
	crashes   int
	batch     int // the size of the last one, until it is saved
	inFlight  int // the sum of those that a crash met
}

// idle is the cost of rounds that found nothing.
type idle struct{ polls, requests int }

func newRecord(w *World) *record { return &record{world: w, first: make([]int64, len(w.Events))} }

// request counts a request within the time that counts.
func (r *record) request(now int64, rows int) {
	r.asked++
	if now < r.world.End {
		r.requests++
		r.bytes += envelopeBytes + rows*rowBytes
	}
}

func (r *record) save(state int) {
	r.state = max(r.state, state)
	r.batch = 0
}

func (r *record) crash() {
	r.crashes++
	r.inFlight += r.batch
	r.batch = 0
}

func (r *record) deliver(now int64, batch []int64) {
	if !slices.IsSorted(batch) {
		r.unsorted++
	}
	r.delivered += len(batch)
	r.batch = len(batch)
	r.largest = max(r.largest, len(batch))
	for _, id := range batch {
		i, ok := r.world.find(id)
		switch {
		case !ok, r.first[i] != 0, r.old(&r.world.Events[i]):
			r.again++
		default:
			r.first[i] = now
		}
	}
}

// old says that the event was there when the reader began.
func (r *record) old(e *Event) bool { return e.Visible <= r.began && e.Log == r.world.LogAt(r.began) }

// Result is what came of one run, or of several together.
type Result struct {
	Events     int // that had to be delivered
	Missed     int // of these, never delivered
	Silent     int // of these, not covered by any report
	Duplicated int // deliveries of what had been delivered, or is older than the start
	Reported   int // missing events, by the reports that know how many
	Unknown    int // reports that do not
	FalseGap   int // reported as missing, but delivered or not there at all
	Crashes    int
	InFlight   int // events of the batches that these met between delivery and save
	Unsorted   int // batches whose IDs do not ascend
	Largest    int // batch
	Requests   int // before the end, when events stop
	Bytes      int
	State      int   // bytes to remember between rounds, at most
	Length     int64 // milliseconds until the end

	IdlePolls, IdleRequests int // rounds in which there was nothing new

	Delays []int64 // milliseconds from visible to delivered, ascending
}

// result draws the balance.
func (r *record) result() Result {
	out := Result{
		Duplicated: r.again, Crashes: r.crashes, InFlight: r.inFlight, Unsorted: r.unsorted, Largest: r.largest,
		Requests: r.requests, Bytes: r.bytes, State: r.state, Length: r.world.End - r.world.Start,
		IdlePolls: r.idle.polls, IdleRequests: r.idle.requests,
	}
	for i := range r.world.Events {
		e := &r.world.Events[i]
		if !r.world.due(e, r.began) {
			continue
		}
		out.Events++
		if r.first[i] == 0 {
			out.Missed++
			continue
		}
		out.Delays = append(out.Delays, r.first[i]-e.Visible)
	}
	slices.Sort(out.Delays)
	r.weigh(&out)
	return out
}

// weigh lays the reports against what was not delivered: each event is covered
// by one report at most, and each report covers no more than it says.
func (r *record) weigh(out *Result) {
	exact, unknown := r.split()
	for _, g := range exact {
		out.Reported += g.Missing
		out.FalseGap += g.Missing
	}
	out.Unknown = len(unknown)
	for _, i := range r.undelivered() {
		e := &r.world.Events[i]
		g := tightest(exact, e)
		if g != nil {
			g.Missing--
			out.FalseGap--
		}
		if g == nil && r.world.due(e, r.began) && tightest(unknown, e) == nil {
			out.Silent++
		}
	}
}

// split copies the reports, those that know how many first to end first.
func (r *record) split() (exact, unknown []Gap) {
	for _, g := range r.gaps {
		if g.Missing >= 0 {
			exact = append(exact, g)
		} else {
			unknown = append(unknown, g)
		}
	}
	slices.SortStableFunc(exact, func(a, b Gap) int { return cmp.Compare(a.to(), b.to()) })
	return exact, unknown
}

// undelivered lists the events that a reader could have delivered and did not,
// those that it had to deliver first.
func (r *record) undelivered() []int {
	var must, may []int
	for i := range r.world.Events {
		e := &r.world.Events[i]
		switch {
		case r.first[i] != 0 || e.Visible <= r.began || e.Deleted != 0 && e.Deleted <= e.Visible:
		case r.world.due(e, r.began):
			must = append(must, i)
		default:
			may = append(may, i)
		}
	}
	return append(must, may...)
}

// tightest returns the first of the reports that can mean the event and is not
// used up.
func tightest(gaps []Gap, e *Event) *Gap {
	for i := range gaps {
		if g := &gaps[i]; g.Missing != 0 && g.covers(e) {
			return g
		}
	}
	return nil
}

// covers says whether a report can mean the event. What was counted was visible;
// what cannot be known may become so later.
func (g *Gap) covers(e *Event) bool {
	at := second(e.Time) * 1000
	return at >= g.from() && at <= g.to() && (g.Missing < 0 || e.Visible <= g.At)
}

// from and to bound what a report can mean. One that cannot know how many is read
// with some latitude, but excuses no other time than its own: an open end means
// the hour before the report; what was still late when a log was given up
// belongs to it, and so does what happened since, where its span is empty.
func (g *Gap) from() int64 {
	switch {
	case g.From == 0:
		return g.At - time.Hour.Milliseconds()
	case g.Missing < 0:
		return g.From - settled.Milliseconds()
	default:
		return g.From
	}
}

func (g *Gap) to() int64 {
	if g.To == 0 || g.Missing < 0 && g.To == g.From {
		return g.At
	}
	return g.To
}

// Add joins two results of the same reader and scenario.
func (r *Result) Add(o Result) {
	r.Events += o.Events
	r.Missed += o.Missed
	r.Silent += o.Silent
	r.Duplicated += o.Duplicated
	r.Reported += o.Reported
	r.Unknown += o.Unknown
	r.FalseGap += o.FalseGap
	r.Crashes += o.Crashes
	r.InFlight += o.InFlight
	r.Unsorted += o.Unsorted
	r.Largest = max(r.Largest, o.Largest)
	r.Requests += o.Requests
	r.Bytes += o.Bytes
	r.State = max(r.State, o.State)
	r.Length += o.Length
	r.IdlePolls += o.IdlePolls
	r.IdleRequests += o.IdleRequests
	r.Delays = append(r.Delays, o.Delays...)
	slices.Sort(r.Delays)
}

// Delay returns the delay in milliseconds that this share of the delivered
// events did not exceed.
func (r *Result) Delay(share float64) int64 {
	if len(r.Delays) == 0 {
		return 0
	}
	return r.Delays[min(len(r.Delays)-1, int(share*float64(len(r.Delays))))]
}

// PerHour returns a sum as a rate.
func (r *Result) PerHour(n int) int {
	if r.Length == 0 {
		return 0
	}
	hour := int64(3_600_000)
	return int((int64(n)*hour + r.Length/2) / r.Length)
}
