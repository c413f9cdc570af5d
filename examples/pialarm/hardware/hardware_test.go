//go:build hardware

package hardware_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/emulator"
)

// places are where checks take place on a board, several at a time.
type places struct {
	withButton, without chan place
}

// newPlaces makes places of the names of their LED, buzzer and button. The fields
// of kind hold for each.
func newPlaces(kind place, names [][3]string, wires []string) places {
	ps := places{withButton: make(chan place, len(names)), without: make(chan place, len(names))}
	at := func(name string) wire {
		for i, n := range wires {
			if n == name {
				return wire{name, i}
			}
		}
		panic("no wire " + name)
	}
	for _, n := range names {
		p := kind
		p.led, p.buzzer = at(n[0]), at(n[1])
		if n[2] != "" {
			p.mute = at(n[2])
		} else {
			p.mute, p.button = wire{name: "none"}, false
		}
		ps.put(p)
	}
	return ps
}

func (ps places) put(p place) {
	if p.button {
		ps.withButton <- p
	} else {
		ps.without <- p
	}
}

// take waits for a place.
func (ps places) take(button bool) place {
	if button {
		return <-ps.withButton
	}
	select {
	case p := <-ps.without:
		return p
	default:
	}
	select {
	case p := <-ps.without:
		return p
	case p := <-ps.withButton:
		return p
	}
}

// The places of the two kinds of boards.
var (
	virtPlace  = place{button: true, keeps: true}
	virtPlaces = [][3]string{{"GPIO17", "GPIO27", "GPIO22"}, {"GPIO5", "GPIO6", "GPIO13"}}
	piPlaces   = [][3]string{
		{"GPIO17", "GPIO27", "GPIO22"},
		{"GPIO5", "GPIO6", "GPIO13"},
		{"GPIO19", "GPIO26", "GPIO12"},
		{"GPIO16", "GPIO20", "GPIO21"},
		{"GPIO23", "GPIO24", "GPIO25"},
	}
)

// piWires are the lines of the Raspberry Pi's chip by their GPIO number.
func piWires() []string {
	var wires []string
	for n := range 28 {
		wires = append(wires, fmt.Sprintf("GPIO%d", n))
	}
	return wires
}

// Each board has its checks; the lines are watched, and the button pressed, from
// outside.

func TestRaspberryPi(t *testing.T) {
	t.Parallel()
	board := pi(t, "pi", map[string][]byte{"arm64": build(t, module, arm64), "armv6": build(t, module, armv6)})
	ps := newPlaces(place{}, piPlaces, piWires())
	t.Run("arm64", func(t *testing.T) {
		t.Parallel()
		all(t, board, ps, "Raspberry Pi, arm64", "arm64", nil)
	})
	t.Run("armv6", func(t *testing.T) {
		t.Parallel()
		all(t, board, ps, "Raspberry Pi, ARMv6", "armv6", []string{"listed", "SIGKILL", "SIGTERM while", "sounds once", "while it was off", "the group", "active-low"})
	})
}

func TestBoardWithButton(t *testing.T) {
	t.Parallel()
	board := virt(t, map[string][]byte{"arm64": build(t, module, arm64)})
	ps := newPlaces(virtPlace, virtPlaces, virtLines)
	all(t, board, ps, "PL061, arm64", "arm64", []string{"listed", "exclusively", "sounds once", "stale", "active-low", "SIGTERM while", "SIGKILL", "button", "long press"})
}

// TestKernelThatKeepsOutputs is for Raspberry Pi OS, whose kernels keep an output
// as it is when its program crashes.
func TestKernelThatKeepsOutputs(t *testing.T) {
	t.Parallel()
	if installed["raspios_kernel"] == "" {
		t.Skip("Debian has no kernel here with the parameter persist_gpio_outputs")
	}
	board := pi(t, "raspios", map[string][]byte{"arm64": build(t, module, arm64)}, "pinctrl_bcm2835.persist_gpio_outputs=1")
	ps := newPlaces(place{keeps: true}, piPlaces, piWires())
	all(t, board, ps, "Raspberry Pi OS, arm64", "arm64", []string{"SIGTERM while", "SIGKILL"})
}

// all runs those checks on a board that have one of the words in their names; nil:
// all that need no button.
func all(t *testing.T, board *emulator.Board, ps places, label, program string, words []string) {
	t.Helper()
	for _, word := range words {
		find(t, word)
	}
	for i, c := range checks {
		chosen := words == nil && !c.button
		for _, word := range words {
			chosen = chosen || strings.Contains(c.name, word)
		}
		if !chosen {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			began, measured, trace, err := perform(t.Context(), board, ps, program, c)
			results.add(row{label, c.name, i, measured, time.Since(began), err})
			if err != nil {
				t.Errorf("%v\n%s", err, trace)
			}
		})
	}
}

// find gives the first check that has the word in its name.
func find(t *testing.T, name string) check {
	t.Helper()
	i := slices.IndexFunc(checks, func(c check) bool { return strings.Contains(c.name, name) })
	if i < 0 {
		t.Fatalf("there is no check of %q", name)
	}
	return checks[i]
}

// benches counts them, for their names.
var benches atomic.Int64

// perform performs a check at the next place that is free.
func perform(ctx context.Context, board *emulator.Board, ps places, program string, c check) (began time.Time, measured, trace string, err error) {
	p := ps.take(c.button)
	defer ps.put(p)
	began = time.Now()
	b, err := newBench(ctx, board, p, fmt.Sprintf("check%d", benches.Add(1)), program)
	if err != nil {
		return began, "", "", err
	}
	defer b.clean()
	measured, err = c.run(b)
	if gone := board.Err(); gone != nil {
		err = fmt.Errorf("%w: %w", errBench, gone)
	}
	return began, measured, b.trace(), err
}
