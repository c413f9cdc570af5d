package alarm_test

import (
	"errors"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

func TestFirstStepSetsBothOff(t *testing.T) {
	t.Parallel()
	var calls []string
	a, err := alarm.New(alarm.Config{},
		set(func(on bool) error { calls = append(calls, "led "+level(on)); return nil }),
		set(func(on bool) error { calls = append(calls, "buzzer "+level(on)); return nil }))
	if err != nil {
		t.Fatal(err)
	}
	a.Activity(noon, alarm.Normal, 1)
	if len(calls) != 0 {
		t.Errorf("before the first Step: %v", calls)
	}
	if _, err := a.Step(noon); err != nil {
		t.Fatal(err)
	}
	want := []string{"buzzer off", "led off", "buzzer on", "led on"}
	if len(calls) != len(want) {
		t.Fatalf("%v, want %v", calls, want)
	}
	for i := range want {
		if calls[i] != want[i] {
			t.Fatalf("%v, want %v", calls, want)
		}
	}
}

type set func(on bool) error

func (s set) Set(on bool) error { return s(on) }

func level(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func TestOutputsAreToldChangesOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{})
	r.play(`
		0s   answered
		1s   activity normal 1
		11s  shows    new activity
	`)
	// Off, the first flash, and 10 s of blinking.
	if want := 1 + 2 + 21; r.led.calls != want {
		t.Errorf("the LED was set %d times, want %d", r.led.calls, want)
	}
	if want := 1 + 2; r.buzzer.calls != want {
		t.Errorf("the buzzer was set %d times, want %d", r.buzzer.calls, want)
	}
}

func TestFailedOutput(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{Sound: 3 * time.Second})
	r.play(`
		0s   answered
		1s   activity normal 1
		2s   shows    new activity
	`)
	// The end of the sound does not reach the buzzer. It is tried each second.
	r.buzzer.broken = true
	r.play("4s shows new activity")
	if !errors.Is(r.err, errBroken) {
		t.Errorf("Step says %v, want the buzzer's error", r.err)
	}
	if got := r.State(); got.Buzzer || got.OutputErrors == 0 {
		t.Errorf("state %+v, want a buzzer that was told to be off, and errors", got)
	}
	r.run(6500 * time.Millisecond)
	r.buzzer.broken = false
	r.run(8 * time.Second)
	if r.buzzer.on || r.err != nil {
		t.Errorf("buzzer on: %v, error %v after it works again", r.buzzer.on, r.err)
	}
	if got := r.led.draw(6*time.Second, ledTick, 16); got != "████____████____" {
		t.Errorf("meanwhile the LED did %s", got)
	}

	// A sound that cannot begin is not longer for that.
	r = newRig(t, alarm.Config{Sound: 3 * time.Second})
	r.buzzer.broken = true
	r.play("1s activity normal 1\n2.5s shows new activity")
	r.buzzer.broken = false
	r.run(20 * time.Second)
	if got := r.buzzer.lit(0, r.elapsed); got == 0 || got > 1500*time.Millisecond {
		t.Errorf("after a failure of 1.5 s a sound of 3 s is on for %v", got)
	}

	r = newRig(t, alarm.Config{})
	r.led.broken = true
	r.play("1s activity normal 1")
	if !errors.Is(r.err, errBroken) {
		t.Errorf("Step says %v, want the LED's error", r.err)
	}
	if got := r.buzzer.draw(time.Second, buzzerTick, 1); got != "_" {
		t.Fatal("the rig draws what did not happen yet")
	}
	r.run(2 * time.Second)
	if got := r.buzzer.draw(time.Second, buzzerTick, 5); got != "███__" {
		t.Errorf("with an LED that fails, the buzzer does %s", got)
	}
}

func TestFailedOutputIsTriedAgainSoon(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(r *rig){
		"LED":    func(r *rig) { r.led.broken = true },
		"buzzer": func(r *rig) { r.buzzer.broken = true },
	} {
		r := newRig(t, alarm.Config{Wink: -1})
		fail(r)
		r.play("0s answered\n5s answered")
		if wait := r.due - r.elapsed; wait > time.Second || !errors.Is(r.err, errBroken) {
			t.Errorf("%s: tried again in %v, after error %v", name, wait, r.err)
		}
		r.led.broken, r.buzzer.broken = false, false
		r.run(7 * time.Second)
		if r.err != nil {
			t.Errorf("%s: error %v after it works again", name, r.err)
		}
	}
}

func TestOffTriesAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{Sound: 3 * time.Second})
	r.play("0s answered\n1s activity normal 1\n1.1s shows new activity")
	r.led.broken, r.buzzer.broken = true, true
	err := r.Off()
	if joined, ok := err.(interface{ Unwrap() []error }); !ok || len(joined.Unwrap()) != 2 {
		t.Errorf("Off says %v, want both errors", err)
	}
	r.led.broken, r.buzzer.broken = false, false
	r.step()
	if r.led.on || r.buzzer.on || r.err != nil {
		t.Errorf("LED %v, buzzer %v, error %v after a Step", r.led.on, r.buzzer.on, r.err)
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{})
	if got := r.State(); got != (alarm.State{Shows: "starting"}) {
		t.Errorf("at first: %+v", got)
	}
	r.play(`
		0s     answered
		0s     release
		1s     activity normal 2
		2s     activity high 3
		3s     activity normal 1
	`)
	want := alarm.State{
		LED: true, Shows: "new activity, high", Phase: alarm.Watching, Open: 6, Severity: alarm.High, LastAnswer: noon,
	}
	if got := r.State(); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	r.play(`
		5s     failed   settings
		6s     press
		8s     shows    fault: settings missing or damaged
	`)
	want = alarm.State{
		LED: r.led.on, Shows: "fault: settings missing or damaged", Phase: alarm.Watching, Fault: alarm.Settings,
		MutedUntil: noon.Add(8*time.Second + 30*time.Minute), LastAnswer: noon, Presses: 1,
	}
	if got := r.State(); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	// A clock that is set takes the times with it.
	r.play("8.1s clock -1h\n8.1s answered")
	if got := r.State(); !got.LastAnswer.Equal(r.now) || got.MutedUntil.Sub(r.now).Round(time.Second) != 30*time.Minute {
		t.Errorf("at %v: %+v", r.now, got)
	}
}

func TestCountsDoNotOverflow(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{})
	const most = int(^uint(0) >> 1)
	r.Activity(r.now, alarm.Normal, most)
	r.Activity(r.now, alarm.Normal, most)
	if got := r.State().Open; got != most {
		t.Errorf("%d events are open, want %d", got, most)
	}
	r.Activity(r.now, alarm.High+1, 1)
	if got := r.State().Severity; got != alarm.High {
		t.Errorf("severity %v, want high", got)
	}
}
