package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"syscall"
	"time"
)

// holder gives the lines that the alarm needs: those of this machine, or others
// that only look so.
type holder interface {
	// hold takes the line of a role. changed is told of the button's edges.
	hold(r role, changed func(pressed bool)) (holding, error)
}

// holding is a line that is held, and what the kernel does for it.
type holding struct {
	line
	edges     bool // it tells of edges; else its value has to be asked for
	debounced bool
}

// pins are the lines of this machine.
type pins struct {
	kernel   kernel
	settings *settings
	log      *slog.Logger
}

func (p pins) hold(r role, changed func(bool)) (holding, error) {
	at, err := p.find(r)
	if err != nil {
		return holding{}, err
	}
	activeLow := slices.Contains(p.settings.activeLow, r)
	want := request{consumer: "pialarm " + string(r), activeLow: activeLow}
	var h holding
	if r == mute {
		h, err = p.holdButton(at, want, changed)
	} else {
		h.line, err = p.kernel.request(at, want)
	}
	if err != nil {
		return holding{}, explainRequest(r, at, err)
	}
	p.log.Info("holding the line", "line", string(r), "chip", at.chip.names[0], "label", at.chip.label,
		"offset", at.line.offset, "name", at.line.name, "active_low", activeLow)
	return h, nil
}

// find looks a role's line up.
func (p pins) find(r role) (place, error) {
	chips, err := p.kernel.chips()
	if err != nil {
		return place{}, err
	}
	at, err := resolve(p.settings.lines[r], chips)
	if general(err) {
		return place{}, err
	}
	if err != nil {
		return place{}, fmt.Errorf("%s: %w", r, err)
	}
	if at.note != "" {
		p.log.Warn(at.note, "line", string(r))
	}
	return at, nil
}

// debounce is how long the kernel waits for a button to come to rest.
const debounce = 30 * time.Millisecond

// holdButton asks for everything, and goes on with less where the chip or the
// kernel cannot do it.
func (p pins) holdButton(at place, want request, changed func(bool)) (h holding, err error) {
	for _, in := range []input{
		{pull: true, changed: changed, debounce: debounce},
		{pull: true, changed: changed},
		{pull: true},
		{},
	} {
		want.input = &in
		h.line, err = p.kernel.request(at, want)
		if err == nil {
			h.edges, h.debounced = in.changed != nil, in.debounce > 0
			p.log.Debug("the button", "edges", h.edges, "debounced", h.debounced, "pull", in.pull)
			if !in.pull {
				p.log.Warn("this chip has no pull-up or pull-down for the button: it needs a resistor of its own")
			}
			return h, nil
		}
		if errors.Is(err, syscall.EBUSY) || errors.Is(err, fs.ErrPermission) {
			break
		}
	}
	return holding{}, err
}

// explainRequest says who has the line, where that is the reason.
func explainRequest(r role, at place, err error) error {
	switch {
	case errors.Is(err, syscall.EBUSY) && at.line.consumer != "":
		return fmt.Errorf("%s: %v is in use by %q; end that, or take another line: %w", r, at, at.line.consumer, err)
	case errors.Is(err, syscall.EBUSY):
		return fmt.Errorf("%s: %v is in use; end what uses it, or take another line: %w", r, at, err)
	default:
		return fmt.Errorf("%s: %v cannot be had: %w", r, at, err)
	}
}
