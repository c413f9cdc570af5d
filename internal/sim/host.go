package sim

import (
	"errors"
	"slices"
	"time"
)

var (
	// errKilled is what every call returns once the reader's process is dead.
	errKilled = errors.New("killed")
	// errSave is a save that failed; what was saved before is still there.
	errSave = errors.New("the state could not be saved")
	// errStuck is a reader that delivers without end and without asking.
	errStuck = errors.New("the reader does not advance")
)

// What an answer weighs: the body is about this long without compression.
const (
	envelopeBytes = 250
	rowBytes      = 800
)

// tooBusy is more deliveries than any answer can lead to.
const tooBusy = 10_000

// Host is the machine that a reader runs on: its clock, its way to the server,
// the consumer of what it delivers, and its disk. Only the disk outlives a
// crash. Time passes while a reader waits for the host and at no other time.
type Host struct {
	now      int64
	scenario *Scenario
	world    *World
	server   *Server
	random   random
	limiter  limiter
	deaths   deaths
	record   *record
	filter   Filter
	saved    []byte
	pause    int64 // a refusal asked for silence until then
	looked   int64 // the last snapshot of the newest rows
	busy     int   // deliveries since the last request
}

func newHost(s *Scenario, w *World, run uint64) *Host {
	rules := s.Rules
	rules.PerMinute = orElse(rules.PerMinute, 60)
	h := &Host{
		now: w.Start, scenario: s, world: w, server: NewServer(w, rules),
		random: newRandom(run, s.Name, "host"), limiter: newLimiter(s.Budget), record: newRecord(w),
	}
	h.deaths = planDeaths(s, w, newRandom(run, s.Name, "deaths"))
	return h
}

// Now is the host's clock.
func (h *Host) Now() int64 { return h.now }

// Filter is what the owner wants hidden; it is sent with every request.
func (h *Host) Filter() Filter { return h.filter }

// Get sends a request and waits for the answer.
func (h *Host) Get(q Query) (Page, error) {
	h.busy = 0
	h.now = h.limiter.admit(h.now)
	q.Filter = h.filter
	latency := h.scenario.latency().Milliseconds() + h.random.between(0, h.scenario.Jitter)
	h.now += latency / 2
	page, err := h.answer(q)
	h.record.request(h.now, len(page.Rows))
	if err == nil && q.After == 0 {
		h.looked = h.now
	}
	h.now += latency - latency/2
	if h.deaths.strike(inRequest, h.now) {
		return Page{}, errKilled
	}
	if limit, ok := errors.AsType[*LimitError](err); ok {
		h.pause = h.now + limit.RetryAfter.Milliseconds()
	}
	return page, err
}

func (h *Host) answer(q Query) (Page, error) {
	if h.warm() && h.random.chance(h.scenario.Failures) {
		return Page{}, errUnavailable
	}
	return h.server.Get(h.now, q)
}

// warm says that trouble may begin: every reader gets to make its first request
// undisturbed, so that all begin at the same row.
func (h *Host) warm() bool { return h.now >= h.world.Start+time.Minute.Milliseconds() }

// Deliver gives events to the consumer, which takes them for good. Where the
// process dies on the way it has taken some of them, or all.
func (h *Host) Deliver(batch []int64) error {
	if h.busy++; h.busy > tooBusy {
		return errStuck
	}
	killed := len(batch) > 0 && h.deaths.strike(inDelivery, h.now)
	if killed {
		batch = batch[:1+h.random.IntN(len(batch))]
	}
	h.record.deliver(h.now, batch)
	if killed {
		return errKilled
	}
	return nil
}

// Report tells the consumer of events that cannot be delivered.
func (h *Host) Report(g Gap) {
	g.At = h.now
	h.record.gaps = append(h.record.gaps, g)
}

// Save replaces what was saved, at once or not at all.
func (h *Host) Save(state []byte) error {
	if h.deaths.strike(beforeSave, h.now) {
		return errKilled
	}
	if h.warm() && h.random.chance(h.scenario.BadSaves) {
		return errSave
	}
	h.saved = slices.Clone(state)
	h.record.save(len(state))
	return nil
}

// limiter lets requests through at a rate, and a few at once after a silence.
type limiter struct {
	gap, slack int64
	next       int64 // when the next one is due at the even rate
}

func newLimiter(perMinute int) limiter {
	const usual, burst = 55, 5 // never more than 60 in a minute
	if perMinute == 0 {
		return limiter{gap: 60_000 / usual, slack: (burst - 1) * 60_000 / usual}
	}
	return limiter{gap: 60_000 / int64(perMinute)}
}

// admit returns when a request may go out that would like to do so now.
func (l *limiter) admit(now int64) int64 {
	at := max(now, l.next-l.slack)
	l.next = max(l.next, at) + l.gap
	return at
}
