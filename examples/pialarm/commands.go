package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"text/tabwriter"
	"time"
)

// safeState makes the outputs inactive and inputs of them. It is for after a
// crash, when a kernel may keep the buzzer on; so it does what it can, says what
// it cannot, and never fails.
func safeState(sys system, opts options) int {
	for _, problem := range opts.skipped {
		sys.say("left out: %s", problem)
	}
	p := pins{kernel: sys.kernel, settings: &opts.settings, log: sys.logger(&opts.settings)}
	for _, r := range []role{buzzer, led} {
		if opts.lines[r] == "" || opts.gpio == gpioNone {
			continue
		}
		h, err := p.hold(r, nil)
		if err == nil {
			err = h.Release()
		}
		if err != nil {
			sys.say("%s is not made safe: %v", r, err)
			continue
		}
		_, _ = fmt.Fprintf(sys.stdout, "%s: off, and an input\n", r)
	}
	return exitDone
}

// How long the self-test does each of its things.
const (
	pulse    = 500 * time.Millisecond
	patience = 10 * time.Second // with the person at the button
)

// selfTest shows a person that the wires are right.
func selfTest(ctx context.Context, sys system, opts options) int {
	levels := make(chan bool, 1)
	p := pins{kernel: sys.kernel, settings: &opts.settings, log: sys.logger(&opts.settings)}
	if opts.gpio == gpioNone {
		sys.say("there is nothing to test: gpio is none")
		return exitUsage
	}
	status := exitDone
	for _, test := range []struct {
		role role
		look string
		do   func(holding) error
	}{
		{led, "the LED is on for half a second", func(h holding) error { return pulseOnce(ctx, h) }},
		{buzzer, "the buzzer sounds for half a second", func(h holding) error { return pulseOnce(ctx, h) }},
		{mute, fmt.Sprintf("press the mute button within %v", patience), func(h holding) error { return awaitPress(ctx, h, levels) }},
	} {
		if opts.lines[test.role] == "" || ctx.Err() != nil {
			continue
		}
		err := p.try(test.role, levels, func(h holding) error {
			_, _ = fmt.Fprintf(sys.stdout, "%s: %s\n", test.role, test.look)
			return test.do(h)
		})
		if err != nil {
			sys.say("%v", err)
			status = exitFailed
		}
		if general(err) {
			break
		}
	}
	return status
}

// try does something with a line, and leaves it safe whatever happens.
func (p pins) try(r role, levels chan bool, do func(holding) error) error {
	h, err := p.hold(r, func(pressed bool) {
		select {
		case levels <- pressed:
		default:
		}
	})
	if err != nil {
		return err
	}
	defer func() { _ = h.Release() }()
	return do(h)
}

func pulseOnce(ctx context.Context, h holding) error {
	if err := h.Set(true); err != nil {
		return err
	}
	sleep(ctx, pulse)
	return h.Set(false)
}

// awaitPress wants to see the button up and then down: one that is down all the
// time is wired wrongly.
func awaitPress(ctx context.Context, h holding, levels <-chan bool) error {
	wasUp := false
	for end := time.Now().Add(patience); time.Now().Before(end); sleep(ctx, pollEvery) {
		if ctx.Err() != nil {
			return errors.New("mute: not tested: the test was ended")
		}
		pressed, err := h.Value()
		if err != nil {
			return err
		}
		select {
		case pressed = <-levels: // too short for a look now and then
		default:
		}
		if pressed && wasUp {
			return nil
		}
		wasUp = wasUp || !pressed
	}
	if wasUp {
		return errors.New("mute: no press was seen; is the button between its line and ground, and mute in active-low?")
	}
	return errors.New("mute: the button looks pressed all the time; is mute in active-low, and the wire on the right pin?")
}

// sleep waits, or less long if the context ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// listLines prints every line of the machine, and which ones are the alarm's.
func listLines(sys system, opts options) int {
	chips, err := sys.kernel.chips()
	if err == nil && len(chips) == 0 {
		err = cannotSee(chips)
	}
	if err != nil {
		sys.say("%v", err)
		return exitFailed
	}
	ours := map[string]string{} // by chip and offset
	problems := []error{cannotSee(chips)}
	for _, r := range []role{led, buzzer, mute} {
		if opts.lines[r] == "" {
			continue
		}
		p, err := resolve(opts.lines[r], chips)
		if err == nil {
			ours[lineKey(p.chip, p.line)] = string(r)
		} else if problems[0] == nil {
			problems = append(problems, fmt.Errorf("%s: %w", r, err))
		}
	}
	printLines(sys, chips, ours)
	if err := errors.Join(problems...); err != nil {
		sys.say("%v", err)
		return exitFailed
	}
	return exitDone
}

func lineKey(c chip, l lineInfo) string { return fmt.Sprintf("%s:%d", c.path, l.offset) }

func printLines(sys system, chips []chip, ours map[string]string) {
	table := tabwriter.NewWriter(sys.stdout, 0, 0, 2, ' ', 0)
	defer func() { _ = table.Flush() }()
	_, _ = fmt.Fprintln(table, "CHIP\tLABEL\tOFFSET\tNAME\tDIRECTION\tUSED BY\tALARM")
	for _, c := range chips {
		names := printable(strings.Join(c.names, "="))
		if errors.Is(c.err, fs.ErrPermission) {
			_, _ = fmt.Fprintf(table, "%s\tno permission\t\t\t\t\t\n", names)
			continue
		}
		for _, l := range c.lines {
			direction, user := "input", ""
			if l.output {
				direction = "output"
			}
			if l.used {
				user = cmp.Or(printable(l.consumer), "the kernel")
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\t%s\t%s\n",
				names, printable(c.label), l.offset, printable(l.name), direction, user, ours[lineKey(c, l)])
		}
	}
}

// beginAnew asks the program that follows with the state folder to drop its
// checkpoint.
func beginAnew(sys system, opts options) int {
	if err := askToBeginAnew(opts.state); err != nil {
		sys.say("the state folder cannot be used: %v", err)
		return exitFailed
	}
	_, _ = fmt.Fprintf(sys.stdout, "Asked to begin anew: the program that follows with %s does so within seconds, or at its next start.\n", opts.state)
	return exitDone
}
