package main

import (
	"bytes"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func pinsOf(k *fakeKernel, change func(*settings)) (pins, *bytes.Buffer) {
	s := defaultSettings()
	if change != nil {
		change(&s)
	}
	log := new(bytes.Buffer)
	return pins{kernel: k, settings: &s, log: slog.New(slog.NewTextHandler(log, nil))}, log
}

func TestHowLinesAreAskedFor(t *testing.T) {
	t.Parallel()
	k := aPi()
	p, log := pinsOf(k, func(s *settings) { s.activeLow = []role{buzzer, mute} })
	for _, r := range []role{led, buzzer, mute} {
		if _, err := p.hold(r, func(bool) {}); err != nil {
			t.Fatal(err)
		}
		l := k.line(r)
		if l.request.consumer != "pialarm "+string(r) || l.request.activeLow != (r != led) {
			t.Errorf("%s: %+v", r, l.request)
		}
		if (l.request.input != nil) != (r == mute) {
			t.Errorf("%s: input %+v", r, l.request.input)
		}
	}
	in := k.line(mute).request.input
	if !in.pull || in.debounce != debounce || in.changed == nil {
		t.Errorf("the button: %+v", in)
	}
	if want := `line=buzzer chip=gpiochip0 label=pinctrl-bcm2711 offset=27 name=GPIO27 active_low=true`; !strings.Contains(log.String(), want) {
		t.Errorf("%q is not in the log %q", want, log)
	}
}

func TestAButtonMakesDoWithLess(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name             string
		can              func(in input) bool
		edges, debounced bool
		warns            bool
	}{
		{"everything", func(input) bool { return true }, true, true, false},
		{"no debounce", func(in input) bool { return in.debounce == 0 }, true, false, false},
		{"no edges", func(in input) bool { return in.changed == nil }, false, false, false},
		{"no pull-up", func(in input) bool { return !in.pull }, false, false, true},
	} {
		k := aPi()
		k.refuse = func(_ place, r request) error {
			if test.can(*r.input) {
				return nil
			}
			return syscall.ENXIO
		}
		p, log := pinsOf(k, nil)
		h, err := p.hold(mute, func(bool) {})
		if err != nil || h.edges != test.edges || h.debounced != test.debounced {
			t.Errorf("%s: edges %v, debounced %v, error %v", test.name, h.edges, h.debounced, err)
		}
		if warns := strings.Contains(log.String(), "resistor of its own"); warns != test.warns {
			t.Errorf("%s: log %q", test.name, log)
		}
	}
}

func TestAButtonThatIsInUseIsAskedForOnce(t *testing.T) {
	t.Parallel()
	for _, refusal := range []error{syscall.EBUSY, fs.ErrPermission} {
		k := aPi()
		asked := 0
		k.refuse = func(place, request) error { asked++; return refusal }
		p, _ := pinsOf(k, nil)
		_, err := p.hold(mute, nil)
		if asked != 1 || err == nil {
			t.Errorf("asked %d times, error %v", asked, err)
		}
	}
}

func TestWhoHasTheLine(t *testing.T) {
	t.Parallel()
	k := aPi()
	k.refuse = func(place, request) error { return syscall.EBUSY }
	p, _ := pinsOf(k, nil)
	_, err := p.hold(led, nil)
	wantError(t, err, `led: gpiochip0 (pinctrl-bcm2711) offset 17, name "GPIO17" is in use; end what uses it`)
	k.list[0].lines = slices.Clone(k.list[0].lines)
	k.list[0].lines[17].used, k.list[0].lines[17].consumer = true, "pialarm led"
	_, err = p.hold(led, nil)
	wantError(t, err, `is in use by "pialarm led"; end that, or take another line`)
}
