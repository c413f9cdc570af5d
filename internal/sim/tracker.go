package sim

import (
	"errors"
	"slices"

	"github.com/workato-go/sdk/activity/diff"
)

// batchSize is how many events are delivered before the state is saved: what a
// crash can repeat.
const batchSize = 100

// tracked drives a [diff.Tracker] as a watcher does.
type tracked struct {
	tracker *diff.Tracker
	hold    int
	held    []int64 // ascending
	begun   bool    // the first round is over
	unsaved bool    // the disk does not know of something that must not be lost
	size    int
	flaw    flaw
}

// flaw is a mistake that a driver can make. The tests make them, to see that the
// simulator notices.
type flaw int

const (
	none           flaw = iota
	acksFirst           // registers before it delivers
	ignoresGaps         // reports nothing
	slidesAnchor        // asks for the last ten minutes, whatever the tracker asks for
	keepsNewest         // lets go of the wrong end when it holds too much
	savesNotAtOnce      // registers a batch without saving
)

// withTracker makes the strategy of a configuration, whose lateness and filter
// the host decides.
func withTracker(name string, config diff.Config) Strategy {
	return withFlaw(name, config, none)
}

func withFlaw(name string, config diff.Config, f flaw) Strategy {
	return Strategy{Name: name, New: func(h *Host) (Reader, error) {
		config := config
		config.LatenessMs = h.scenario.lateness().Milliseconds()
		config.Filter = uint32(h.filter)
		r, err := newTracked(h.saved, config)
		if err == nil {
			r.flaw = f
		}
		return r, err
	}}
}

func newTracked(saved []byte, config diff.Config) (*tracked, error) {
	t, err := diff.New(config)
	if err != nil {
		return nil, err
	}
	r := &tracked{tracker: t, hold: max(config.Hold, config.MaxPageSize), begun: saved != nil}
	if saved == nil {
		return r, nil
	}
	err = t.UnmarshalBinary(saved)
	if errors.Is(err, diff.ErrFilterChanged) {
		err = r.refilter(saved, config)
	}
	return r, err
}

// refilter goes on with another filter from where all was explained with the
// one before: rather twice than never.
func (r *tracked) refilter(saved []byte, config diff.Config) error {
	config.Filter ^= uint32(WithoutNoise)
	before, err := diff.New(config)
	if err != nil {
		return err
	}
	if err := before.UnmarshalBinary(saved); err != nil {
		return err
	}
	r.tracker.Restart(diff.FilterChanged, before.Lag().LastExplainedMs)
	r.unsaved = true
	return nil
}

// Size is that of the checkpoint, which is all the state there is.
func (r *tracked) Size() int { return r.size }

// Poll asks until nothing is left to ask. What could not be saved is saved
// before anything else happens.
func (r *tracked) Poll(h *Host) error {
	if r.unsaved && r.begun {
		if err := r.save(h); err != nil {
			return err
		}
	}
	for {
		step, err := r.ask(h)
		for err == nil && step == diff.Deliver {
			step, err = r.deliver(h)
		}
		if err != nil {
			return err
		}
		if err := r.checkpoint(h, step); err != nil {
			return err
		}
		if step == diff.Idle {
			return nil
		}
	}
}

// checkpoint saves where nothing was delivered. The first round is where
// everything begins: a process that had not saved it would begin later, and not
// know of what came between. And a long walk is not to be walked again, but that
// is only a matter of time, so it may fail.
func (r *tracked) checkpoint(h *Host, step diff.Step) error {
	switch {
	case !r.begun && step != diff.Idle:
	case !r.begun || r.unsaved:
		r.begun, r.unsaved = true, true
		return r.save(h)
	case step == diff.More:
		if err := r.save(h); !errors.Is(err, errSave) {
			return err
		}
	}
	return nil
}

func (r *tracked) ask(h *Host) (diff.Step, error) {
	q, ok := r.tracker.Next(h.Now())
	if !ok {
		return diff.Deliver, nil // a batch waits
	}
	if r.flaw == slidesAnchor {
		q.FromMs = h.Now() - settled.Milliseconds()
	}
	page, err := h.Get(Query{After: q.After, Size: q.Size, From: q.FromMs, To: q.ToMs})
	if err != nil {
		r.tracker.Failed()
		return diff.Idle, err
	}
	r.tracker.Begin(page.Date)
	for _, row := range page.Rows {
		keep, err := r.tracker.Offer(diff.Item{ID: row.ID, TimeMs: row.Time, Source: page.Source})
		if errors.Is(err, diff.ErrSourceChanged) {
			return r.otherSource(), nil
		}
		if err != nil {
			return diff.Idle, err
		}
		if keep == diff.Hold {
			r.keep(row.ID)
		}
	}
	return r.tracker.End(diff.Tail{Total: page.Total}), nil
}

// otherSource goes on with the log that is read now, from the time up to which
// the one before was explained.
func (r *tracked) otherSource() diff.Step {
	r.tracker.Restart(diff.SourceChanged, r.tracker.Lag().LastExplainedMs)
	r.held, r.unsaved = nil, true
	return diff.More
}

// keep holds a row, and lets go of the highest when there are too many.
func (r *tracked) keep(id int64) {
	i, found := slices.BinarySearch(r.held, id)
	if found {
		return
	}
	r.held = slices.Insert(r.held, i, id)
	switch {
	case len(r.held) <= r.hold:
	case r.flaw == keepsNewest:
		r.held = r.held[1:]
	default:
		r.held = r.held[:r.hold]
	}
}

func (r *tracked) deliver(h *Host) (diff.Step, error) {
	for gap, ok := r.tracker.Gap(); ok; gap, ok = r.tracker.Gap() {
		if r.flaw == ignoresGaps {
			continue
		}
		h.Report(Gap{Reason: gap.Reason.String(), Missing: gap.Missing, From: gap.FromMs, To: gap.ToMs})
	}
	batch := slices.Clone(r.held[:min(len(r.held), batchSize)])
	if r.flaw == acksFirst {
		step, err := r.ack(h, batch)
		return step, errors.Join(err, h.Deliver(batch))
	}
	if err := h.Deliver(batch); err != nil {
		return diff.Idle, err
	}
	return r.ack(h, batch)
}

func (r *tracked) ack(h *Host, batch []int64) (diff.Step, error) {
	step := r.tracker.Ack(batch)
	r.held, r.unsaved = r.held[len(batch):], true
	if r.flaw == savesNotAtOnce && h.random.chance(0.9) {
		r.unsaved = false
		return step, nil
	}
	return step, r.save(h)
}

func (r *tracked) save(h *Host) error {
	state, err := r.tracker.AppendBinary(nil)
	if err != nil {
		return err
	}
	if err := h.Save(state); err != nil {
		return err
	}
	r.unsaved = false
	r.size = max(r.size, len(state))
	return nil
}
