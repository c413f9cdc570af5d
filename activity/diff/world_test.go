package diff_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

// event is a row of the model server. Times are in milliseconds.
type event struct {
	id, timeMs  int64
	visible     int64 // from then on it is in answers
	gone        int64 // from then on it no longer is; 0: never
	otherSource bool
}

// world is a server with a log, and the instant that it is.
type world struct {
	now    int64
	log    []event // descending by ID
	lastID int64
	rng    *rand.Rand

	total     func(exact, onPage, size int) int // what the server says; nil: the truth
	countLag  int64                             // how far the count is behind the rows
	belowOnly bool                              // the count is of the rows below the cursor
	pageCap   int                               // it never gives more rows than that; 0: 100
	dateSlack int64                             // how long after its snapshot an answer is dated, at most
	source    uint64
	before    func(q diff.Query) // what happens just before an answer
	requests  int
	rows      int
}

const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
	epoch  = int64(1_760_000_000_000)
)

func newWorld(seed uint64) *world {
	return &world{now: epoch, lastID: 5_000_000_000, rng: rand.New(rand.NewPCG(seed, 7)), source: 42}
}

// add writes an event with the next ID. Times have whole seconds, as Workato's.
func (w *world) add(timeMs, visible int64) {
	w.lastID += 1 + w.rng.Int64N(1000)
	w.insert(event{id: w.lastID, timeMs: timeMs / 1000 * 1000, visible: visible})
}

// happen is an event that is visible at once.
func (w *world) happen(n int) {
	for range n {
		w.add(w.now, w.now)
	}
}

func (w *world) insert(e event) {
	i, _ := slices.BinarySearchFunc(w.log, e.id, func(a event, id int64) int { return int(id - a.id) })
	w.log = slices.Insert(w.log, i, e)
}

func (e *event) isThere(at int64) bool {
	return e.visible <= at && (e.gone == 0 || at < e.gone)
}

// answer is one snapshot.
func (w *world) answer(q diff.Query, into []diff.Item) (items []diff.Item, total int) {
	w.requests++
	if w.before != nil {
		w.before(q)
	}
	size := q.Size
	if w.pageCap > 0 {
		size = min(size, w.pageCap)
	}
	items = into[:0]
	for i := range w.log {
		e := &w.log[i]
		if e.timeMs < q.FromMs || q.ToMs > 0 && e.timeMs > q.ToMs {
			continue
		}
		below := q.After == 0 || e.id < q.After
		if e.isThere(w.now-w.countLag) && (below || !w.belowOnly) {
			total++
		}
		if below && len(items) < size && e.isThere(w.now) {
			source := w.source
			if e.otherSource {
				source++
			}
			items = append(items, diff.Item{ID: e.id, TimeMs: e.timeMs, Source: source})
		}
	}
	if w.total != nil {
		total = w.total(total, len(items), q.Size)
	}
	w.rows += len(items)
	return items, total
}

// driver uses a Tracker as a watcher would, and keeps the books.
type driver struct {
	tb     testing.TB
	w      *world
	config diff.Config
	t      *diff.Tracker
	store  []byte // the checkpoint on the disk
	held   []diff.Item

	latency  int64       // of a request
	failures float64     // share of requests that fail
	crashes  float64     // share of the points at which it may crash that it does
	atPoint  func() bool // whether it crashes at this point
	crashed  int
	parts    bool // acknowledge in parts
	name     string
	lazy     bool // saves after Ack only, as a board does
	budget   int  // requests left in this poll; 0: any number

	delivered map[int64]int
	order     []int64        // the IDs in the order of delivery
	unsaved   []int64        // delivered since the last save
	untold    []diff.Gap     // the same for gaps
	told      []diff.Gap     // gaps, once each
	again     map[int64]bool // may be delivered again: a crash came before the save
	startMs   int64          // the first window
	present   [2]int64       // when the first run read it; 0: not yet
	longest   int            // the most bytes of a checkpoint
	items     []diff.Item
}

func newDriver(tb testing.TB, w *world, c diff.Config) *driver {
	tb.Helper()
	d := &driver{tb: tb, w: w, config: c, latency: 300, delivered: map[int64]int{}, again: map[int64]bool{}}
	d.t = d.fresh()
	return d
}

func (d *driver) fresh() *diff.Tracker {
	d.tb.Helper()
	t, err := diff.New(d.config)
	if err != nil {
		d.tb.Fatal(err)
	}
	return t
}

type crash struct{}

// maybeCrash ends the process, sometimes.
func (d *driver) maybeCrash() {
	if d.store == nil {
		return
	}
	if d.atPoint != nil && d.atPoint() || d.crashes > 0 && d.w.rng.Float64() < d.crashes {
		panic(crash{})
	}
}

// restart is what comes after a crash.
func (d *driver) restart() {
	d.crashed++
	for _, id := range d.unsaved {
		d.again[id] = true
	}
	d.unsaved, d.untold, d.held = d.unsaved[:0], d.untold[:0], nil
	d.t = d.fresh()
	if err := d.t.UnmarshalBinary(d.store); err != nil {
		d.tb.Fatal(err)
	}
}

// poll is one round, as far as the budget goes.
func (d *driver) poll() {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(crash); !ok {
				panic(r)
			}
			d.restart()
		}
	}()
	for n := 0; d.budget == 0 || n < d.budget; n++ {
		if n > 20000 {
			d.tb.Fatalf("a poll without end: %s", d.name)
		}
		step, ok := d.ask()
		d.maybeCrash()
		if !ok {
			return
		}
		for step == diff.Deliver {
			step = d.deliver()
		}
		if !d.lazy && d.w.rng.IntN(4) == 0 {
			d.save()
		}
		if step == diff.Idle {
			return
		}
	}
}

// ask sends one request; false: it failed.
func (d *driver) ask() (diff.Step, bool) {
	q, ok := d.t.Next(d.w.now)
	if !ok {
		d.tb.Fatal("no question, and no batch waits")
	}
	d.checkQuery(q)
	if again, _ := d.t.Next(d.w.now); again != q {
		d.tb.Fatalf("Next = %+v, then %+v", q, again)
	}
	d.w.now += d.latency / 2
	items, total := d.w.answer(q, d.items)
	d.items = items
	seen := d.w.now
	d.w.now += d.latency - d.latency/2
	if d.w.rng.Float64() < d.failures/2 {
		d.t.Failed()
		return 0, false
	}
	date := seen
	if d.w.dateSlack > 0 {
		date += d.w.rng.Int64N(d.w.dateSlack + 1)
	}
	breaks := -1
	if d.w.rng.Float64() < d.failures/2 {
		breaks = d.w.rng.IntN(len(items) + 1) // in the middle of the body
	}
	d.t.Begin(date / 1000 * 1000)
	for i, item := range items {
		if i == breaks {
			break
		}
		keep, err := d.t.Offer(item)
		if err != nil {
			d.tb.Fatalf("Offer(%v): %v", item, err)
		}
		if keep == diff.Hold {
			d.hold(item)
		}
	}
	if breaks >= 0 {
		d.maybeCrash()
		d.t.Failed()
		return 0, false
	}
	step := d.t.End(diff.Tail{Total: total})
	if d.present[1] == 0 && q.FromMs > 0 {
		if q.After == 0 {
			d.startMs, d.present[0] = q.FromMs, seen
		}
		if step != diff.More {
			d.present[1] = seen
			d.save()
		}
	}
	return step, true
}

func (d *driver) checkQuery(q diff.Query) {
	if q.Size < 1 || q.Size > d.config.MaxPageSize || q.After < 0 || q.FromMs < 0 {
		d.tb.Fatalf("Next = %+v", q)
	}
}

func (d *driver) hold(item diff.Item) {
	i, found := slices.BinarySearchFunc(d.held, item, func(a, b diff.Item) int { return int(a.ID - b.ID) })
	if found {
		d.tb.Fatalf("told to hold %d twice", item.ID)
	}
	d.held = slices.Insert(d.held, i, item)
	if most := max(d.config.Hold, d.config.MaxPageSize); len(d.held) > most {
		d.held = d.held[:most]
	}
}

// deliver hands over the gaps and the batch, or a part of it.
func (d *driver) deliver() diff.Step {
	for gap, ok := d.t.Gap(); ok; gap, ok = d.t.Gap() {
		d.untold = append(d.untold, gap)
	}
	if _, ok := d.t.Next(d.w.now); ok {
		d.tb.Fatal("a question while a batch waits")
	}
	d.maybeCrash()
	n := len(d.held)
	if d.parts && n > 1 {
		n = 1 + d.w.rng.IntN(n)
	}
	var ids []int64
	for _, item := range d.held[:n] {
		ids = append(ids, item.ID)
		d.handle(item.ID)
	}
	d.held = slices.Delete(d.held, 0, n)
	d.maybeCrash() // delivered, and not saved
	step := d.t.Ack(ids)
	if (step == diff.Deliver) != (len(d.held) > 0) {
		d.tb.Fatalf("Ack = %d with %d events held", step, len(d.held))
	}
	d.save()
	return step
}

func (d *driver) handle(id int64) {
	if d.delivered[id] > 0 && !d.again[id] {
		d.tb.Fatalf("%d is delivered twice", id)
	}
	delete(d.again, id)
	d.delivered[id]++
	d.order = append(d.order, id)
	d.unsaved = append(d.unsaved, id)
}

func (d *driver) save() {
	b, err := d.t.AppendBinary(d.store[:0])
	if err != nil {
		d.tb.Fatal(err)
	}
	d.longest = max(d.longest, len(b))
	d.store = b
	d.unsaved = d.unsaved[:0]
	d.told = append(d.told, d.untold...)
	d.untold = d.untold[:0]
}

// run polls for a time.
func (d *driver) run(forMs, interval int64) {
	for end := d.w.now + forMs; d.w.now < end; d.w.now += interval {
		d.poll()
	}
}

// missed are the events that should have been delivered and were not.
func (d *driver) missed() []event {
	return d.undelivered(d.present[1], d.w.now)
}

// doubtful is how many events became visible while the first run read: they may
// count as present or as new.
func (d *driver) doubtful() int { return len(d.undelivered(d.present[0], d.present[1])) }

func (d *driver) undelivered(after, until int64) []event {
	var missed []event
	for _, e := range d.w.log {
		if e.timeMs >= d.startMs && e.visible > after && e.visible <= until && d.delivered[e.id] == 0 {
			missed = append(missed, e)
		}
	}
	return missed
}

// counted is the sum of the exact gaps; unknown tells whether there are others.
func (d *driver) counted() (n int, unknown bool) {
	for _, g := range d.told {
		if g.Missing < 0 {
			unknown = true
		} else {
			n += g.Missing
		}
	}
	return n, unknown
}

func (d *driver) reasons() map[diff.Reason]int {
	m := map[diff.Reason]int{}
	for _, g := range d.told {
		m[g.Reason] += g.Missing
	}
	return m
}

// wantAll fails unless everything was delivered and no gap was told.
func (d *driver) wantAll() {
	d.tb.Helper()
	if missed := d.missed(); len(missed) > 0 {
		d.tb.Errorf("%d events missed, such as %+v", len(missed), missed[0])
	}
	if len(d.told) > 0 {
		d.tb.Errorf("gaps %+v; want none", d.told)
	}
}
