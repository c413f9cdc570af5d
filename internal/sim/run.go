package sim

import (
	"errors"
	"fmt"
	"time"
)

// Run plays one reader through one run of a scenario. The same arguments give
// the same result.
func Run(s *Scenario, strategy Strategy, run uint64, length time.Duration) (Result, error) {
	return runIn(NewWorld(s, run, length), s, strategy, run)
}

func runIn(w *World, s *Scenario, strategy Strategy, run uint64) (Result, error) {
	return newHost(s, w, run).result(strategy, run)
}

// result plays the strategy and draws the balance.
func (h *Host) result(strategy Strategy, run uint64) (Result, error) {
	if err := h.play(strategy); err != nil {
		return Result{}, fmt.Errorf("%s, %s, run %d, %v after the start: %w", h.scenario.Name, strategy.Name, run,
			time.Duration(h.now-h.world.Start)*time.Millisecond, err)
	}
	return h.record.result(), nil
}

// play lets the reader poll until the world ends, and starts it again after each
// crash.
func (h *Host) play(strategy Strategy) error {
	reader, err := h.start(strategy)
	for err == nil && h.now < h.world.Finish {
		began := h.now
		err = h.poll(reader)
		switch {
		case errors.Is(err, errKilled):
			h.record.crash()
			h.now += h.deaths.bury()
			reader, err = h.start(strategy)
			continue
		case isTrouble(err):
			err = nil
		}
		h.now = max(h.now, h.pause, began+h.scenario.interval().Milliseconds())
		if h.filter != h.world.FilterAt(h.now) && err == nil {
			reader, err = h.start(strategy)
		}
	}
	return err
}

// start begins a process, with the filter that its owner wants now.
func (h *Host) start(strategy Strategy) (Reader, error) {
	h.filter = h.world.FilterAt(h.now)
	return strategy.New(h)
}

// poll does one round and counts it. A round that brought nothing and met no
// trouble was idle.
func (h *Host) poll(reader Reader) error {
	asked, delivered := h.record.asked, h.record.delivered
	err := reader.Poll(h)
	h.record.state = max(h.record.state, reader.Size())
	if (err == nil || errors.Is(err, errSave)) && h.record.began == 0 {
		h.record.began = h.looked
	}
	if err == nil && h.record.delivered == delivered {
		h.record.idle.polls++
		h.record.idle.requests += h.record.asked - asked
	}
	return err
}

// isTrouble says whether the next round may go better.
func isTrouble(err error) bool {
	_, limited := errors.AsType[*LimitError](err)
	return limited || errors.Is(err, errUnavailable) || errors.Is(err, errSave)
}
