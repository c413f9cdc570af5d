package ontarget_test

import (
	"errors"
	"slices"

	"github.com/workato-go/sdk/activity/diff"
	"github.com/workato-go/sdk/activity/scan"
)

var errLost = errors.New("the connection broke")

// board is a microcontroller that follows a log: what comes from the network is
// scanned, rows are offered to the tracker, held ones are told. It is all that
// a firmware has between its network and its buzzer.
type board struct {
	server  *server
	tracker *diff.Tracker
	scanner *scan.Scanner
	config  diff.Config
	nowMs   int64

	held  []int64
	told  []int64
	gaps  []diff.Gap
	saved []byte // the checkpoint

	requests int
	fails    func(request int) bool // breaks the connection in the middle of the answer
	crashes  func(request int) bool // power fails before the batch is acknowledged
	onQuery  func(diff.Query)
	onStep   func(diff.Step)
}

func newBoard(room int) *board {
	b := &board{
		server: &server{events: make([]event, 0, 5+room), body: make([]byte, 0, 3072)},
		held:   make([]int64, 0, 32),
		told:   make([]int64, 0, room),
		saved:  make([]byte, 0, 1024),
	}
	b.scanner = scan.New(func(item *scan.Item) error {
		keep, err := b.tracker.Offer(diff.Item{ID: item.ID, TimeMs: item.TimeMs, Source: uint64(item.WorkspaceID)})
		if keep == diff.Hold {
			b.held = append(b.held, item.ID)
			slices.Sort(b.held)
			b.held = b.held[:min(len(b.held), b.config.MaxPageSize)]
		}
		return err
	})
	return b
}

// forget makes board and log as good as new.
func (b *board) forget(c diff.Config) {
	*b.server = server{workspace: 20417, events: b.server.events[:0], body: b.server.body}
	*b = board{
		server: b.server, scanner: b.scanner, config: c,
		held: b.held[:0], told: b.told[:0], gaps: b.gaps[:0], saved: b.saved[:0],
	}
}

// boot starts with what the flash has.
func (b *board) boot() (err error) {
	b.held = b.held[:0]
	if b.tracker, err = diff.New(b.config); err != nil || len(b.saved) == 0 {
		return err
	}
	return b.tracker.UnmarshalBinary(b.saved)
}

// poll goes on until the tracker is idle.
func (b *board) poll() error {
	for range 1000 {
		q, ok := b.tracker.Next(b.nowMs)
		if !ok {
			return errors.New("the tracker asks nothing")
		}
		if b.onQuery != nil {
			b.onQuery(q)
		}
		b.requests++
		b.nowMs += 300
		step, err := b.ask(q)
		if errors.Is(err, errLost) {
			continue
		}
		if err != nil {
			return err
		}
		if step == diff.Deliver && b.crashes != nil && b.crashes(b.requests) {
			if err := b.boot(); err != nil {
				return err
			}
			continue
		}
		if step = b.tell(step); step == diff.Idle {
			return b.save()
		}
	}
	return errors.New("a thousand requests, and not idle")
}

// ask makes one request.
func (b *board) ask(q diff.Query) (diff.Step, error) {
	b.scanner.Reset()
	b.tracker.Begin(b.nowMs / 1000 * 1000) // as exact as the header Date
	body := b.server.answer(q, b.nowMs)
	if b.fails != nil && b.fails(b.requests) {
		body = body[:len(body)*2/3]
	}
	for piece := range slices.Chunk(body, 100) {
		if _, err := b.scanner.Write(piece); err != nil {
			b.tracker.Failed()
			return diff.Idle, err
		}
	}
	if err := b.scanner.Close(); err != nil {
		b.tracker.Failed()
		return diff.Idle, errLost
	}
	total, ok := b.scanner.Total()
	if !ok {
		total = -1
	}
	return b.tracker.End(diff.Tail{Total: total}), nil
}

// tell delivers as long as there is something to deliver.
func (b *board) tell(step diff.Step) diff.Step {
	for step == diff.Deliver {
		b.step(step)
		for gap, ok := b.tracker.Gap(); ok; gap, ok = b.tracker.Gap() {
			b.gaps = append(b.gaps, gap)
		}
		b.told = append(b.told, b.held...)
		step = b.tracker.Ack(b.held)
		b.held = b.held[:0]
		if err := b.save(); err != nil {
			panic(err)
		}
	}
	b.step(step)
	return step
}

func (b *board) step(step diff.Step) {
	if b.onStep != nil {
		b.onStep(step)
	}
}

func (b *board) save() (err error) {
	b.saved, err = b.tracker.AppendBinary(b.saved[:0])
	return err
}
