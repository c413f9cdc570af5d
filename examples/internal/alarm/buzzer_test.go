package alarm_test

import (
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// TestBound asks for a sound without end, which no pattern does.
func TestBound(t *testing.T) {
	t.Parallel()
	on := false
	sound := alarm.BoundedBuzzer(set(func(level bool) error { on = level; return nil }), 10*time.Second)
	for _, step := range []struct {
		at       time.Duration
		ask, get bool
	}{
		{0, true, true},
		{9999 * time.Millisecond, true, true},
		{10 * time.Second, true, false},
		{11 * time.Second, true, false},
		{time.Hour, true, false},
		{time.Hour + 1, false, false},
		{time.Hour + 2, true, true},
		{time.Hour + 3, false, false},
		{time.Hour + 4, true, true},
		{2 * time.Hour, true, false},
	} {
		if err := sound(step.at, step.ask); err != nil {
			t.Fatal(err)
		}
		if on != step.get {
			t.Errorf("at %v, asked for %v: %v, want %v", step.at, step.ask, on, step.get)
		}
	}
}

// TestLateStep has a driver that was busy between the news and the next Step.
func TestLateStep(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{})
	r.step()
	r.Answered(r.now)
	r.Activity(r.now, alarm.Normal, 500)
	r.wait(5 * time.Second)
	r.step()
	r.run(8 * time.Second)
	if got, want := r.buzzer.draw(5*time.Second, buzzerTick, 8), "███_____"; got != want {
		t.Errorf("buzzer %s, want %s", got, want)
	}
}
