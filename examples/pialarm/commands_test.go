package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestSafeState(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.want(exitDone, "", "safe-state")
	wantText(t, "stdout", s.stdout.take(), "buzzer: off, and an input\nled: off, and an input\n")
	s.wantSafe()
	if len(s.kernel.all) != 2 {
		t.Errorf("%d lines were taken", len(s.kernel.all))
	}

	// It never fails, and does what it can.
	s.want(exitDone, "buzzer is not made safe: buzzer: no such line", "safe-state", "-buzzer", "GPIO99")
	wantText(t, "stdout", s.stdout.take(), "led: off, and an input\n")
	s.kernel.refuse = func(place, request) error { return syscall.EBUSY }
	s.want(exitDone, "is in use", "safe-state")
	s.kernel.list = nil
	s.want(exitDone, "no GPIO chip", "safe-state")
	s.kernel.listErr = errNoChip
	s.want(exitDone, "no GPIO chip", "safe-state")
	s.kernel = aPi()
	s.want(exitDone, "", "safe-state", "-gpio", "none")
	s.want(exitDone, "", "safe-state", "-led", "none", "-buzzer", "none")
	if len(s.kernel.all) != 0 {
		t.Error("lines were taken that are not the alarm's")
	}
	s.want(exitUsage, "did you mean -buzzer", "safe-state", "-buzer", "GPIO2")
}

// Somebody wrote nonsense into the file since the alarm was started: the buzzer is
// silenced all the same, on the line that the file says.
func TestSafeStateNeedsOnlyTheLines(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "c")
	content := "intervall = 30s\nled = GPIO5\nbuzzer = pin29\nbuzzer = GPIO6\nactive-low = bell\nquiet-hours = late\nnonsense\nlog-level = loud\nstale-after = 1s\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	s.want(exitDone, path+":1: there is no key", "safe-state", "-config", path, "-led", "GPIO6")
	wantText(t, "stdout", s.stdout.take(), "buzzer: off, and an input\nled: off, and an input\n")
	if b, l := s.kernel.line(buzzer), s.kernel.line(led); b.place.line.offset != 5 || l.place.line.offset != 6 {
		t.Errorf("the buzzer was at %v, the LED at %v", b.place, l.place)
	}
	run(t.Context(), s.system("safe-state", "-config", path))
	for _, want := range []string{":4: buzzer is set in line 3 already", ":5: active-low must be a list", ":7: there is no"} {
		s.wantLog("left out: " + path + want)
	}
	s.stderr.take()
	s.want(exitDone, "", "safe-state", "-led", "GPIO6", "-buzzer", "GPIO6", "-stale-after", "1s")
	s.want(exitUsage, "the configuration cannot be read", "safe-state", "-config", path+".none")
}

// After a crash the kernel may have kept an output as it was.
func TestSafeStateEndsASound(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.want(exitDone, "", "safe-state", "-active-low", "buzzer")
	if r := s.kernel.line(buzzer).request; !r.activeLow || r.input != nil {
		t.Errorf("the buzzer was asked for as %+v", r)
	}
}

func TestSelfTest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		run := s.start("self-test")
		after(200 * time.Millisecond)
		if !s.kernel.line(led).isOn() || s.kernel.line(buzzer).isOn() {
			t.Error("first the LED, and nothing else")
		}
		after(500 * time.Millisecond)
		if s.kernel.line(led).isOn() || !s.kernel.line(buzzer).isOn() {
			t.Error("then the buzzer")
		}
		after(500 * time.Millisecond)
		s.kernel.line(mute).press()
		wantStatus(t, <-run.status, exitDone)
		s.wantSafe()
		wantText(t, "stdout", s.stdout.take(), "led: the LED is on for half a second\n"+
			"buzzer: the buzzer sounds for half a second\nmute: press the mute button within 10s\n")
		for _, r := range []role{led, buzzer} {
			if l := s.kernel.line(r); l.sounded != pulse {
				t.Errorf("%s was on for %v", r, l.sounded)
			}
		}

		s.want(exitFailed, "mute: no press was seen", "self-test")
		s.want(exitDone, "", "self-test", "-mute", "none")
		s.want(exitUsage, "gpio is none", "self-test", "-gpio", "none")
		s.wantSafe()

		run = s.start("self-test")
		after(200 * time.Millisecond)
		run.end()
		s.wantSafe()
	})
}

func TestSelfTestOfAButtonThatIsWiredWrongly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		run := s.start("self-test")
		after(1100 * time.Millisecond)
		s.kernel.line(mute).move(true)
		after(20 * time.Second)
		if status := <-run.status; status == exitDone {
			return // it was seen up before: a press
		}
		t.Error("a press was not seen")
	})
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		s.kernel.refuse = func(_ place, r request) error {
			if r.input != nil {
				return errDown
			}
			return nil
		}
		s.want(exitFailed, "cannot be had", "self-test")
		s.wantSafe()
	})
}

var errDown = fmt.Errorf("the chip is off: %w", syscall.ENODEV)

func TestSelfTestWithoutGPIO(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.kernel.list = nil
	if status := run(t.Context(), s.system("self-test")); status != exitFailed {
		t.Errorf("status %d", status)
	}
	if n := strings.Count(s.stderr.take(), "no GPIO chip"); n != 1 {
		t.Errorf("said %d times", n)
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := &s.kernel.list[0]
	c.names = append(c.names, "gpiochip4")
	c.lines = slices.Clone(c.lines)
	c.lines[27].used, c.lines[27].consumer, c.lines[27].output = true, "pialarm \x1b[31mbuzzer", true
	c.lines[3].used = true
	s.want(exitDone, "", "lines")
	var rows []string
	for row := range strings.Lines(s.stdout.take()) {
		rows = append(rows, strings.Join(strings.Fields(row), " "))
	}
	for _, want := range []string{
		"CHIP LABEL OFFSET NAME DIRECTION USED BY ALARM",
		"gpiochip0=gpiochip4 pinctrl-bcm2711 17 GPIO17 input led",
		"gpiochip0=gpiochip4 pinctrl-bcm2711 27 GPIO27 output pialarm [31mbuzzer buzzer",
		"gpiochip0=gpiochip4 pinctrl-bcm2711 3 GPIO3 input the kernel",
		"gpiochip0=gpiochip4 pinctrl-bcm2711 5 GPIO5 input",
	} {
		if !slices.Contains(rows, want) {
			t.Errorf("%q is not in\n%s", want, strings.Join(rows, "\n"))
		}
	}
	s.want(exitFailed, `led: no such line: "GPIO71"`, "lines", "-led", "GPIO71")
	s.kernel.list = append(s.kernel.list, chip{path: "/dev/gpiochip1", names: []string{"gpiochip1"}, err: fs.ErrPermission})
	s.want(exitFailed, "no permission: /dev/gpiochip1 exists", "lines")
	if out := s.stdout.take(); !strings.Contains(out, "gpiochip1            no permission") {
		t.Errorf("the chip is not listed:\n%s", out)
	}
	s.kernel.list = nil
	s.want(exitFailed, "no GPIO chip", "lines")
}

func TestBeginAnewNeedsTheFolder(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.want(exitFailed, "the state folder cannot be used", "begin-anew", "-state", t.TempDir()+"/none")
	s.want(exitUsage, "name the folder", "begin-anew")
}
