package alarm_test

import (
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

func TestChatter(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{})
	r.play("0s answered\n0s release\n1s activity normal 1")

	// A wire that hums with the mains is no press, whoever polls it.
	chatter := func(from, length, half time.Duration) {
		down := false
		for at := from; at < from+length; at += half {
			r.run(at)
			down = !down
			r.Button(r.now, down)
			r.step()
		}
	}
	chatter(2*time.Second, 3*time.Second, 10*time.Millisecond)
	if got := r.State(); got.Presses != 0 || !got.ButtonIgnored || got.Open != 1 {
		t.Errorf("while it chatters: %+v", got)
	}

	// It is ignored for 10 s after that, a real press included.
	r.play("6s press\n7s release\n8s shows new activity\n14.9s press\n15.1s shows new activity")
	if got := r.State(); got.ButtonIgnored {
		t.Errorf("10 s later: %+v", got)
	}
	// Who pressed before that has to let go first.
	r.play("20s shows new activity\n21s release\n22s press\n22.03s shows quiet\n22.1s release")
	if got := r.State(); got.Presses != 1 {
		t.Errorf("after a press: %+v", got)
	}
}

// TestChatterEndsAPress lets a wire come loose while the button is held.
func TestChatterEndsAPress(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{})
	r.play("0s answered\n0s release\n1s press\n2s shows quiet")
	for i := range 31 {
		r.run(2*time.Second + time.Duration(i)*10*time.Millisecond)
		r.Button(r.now, i%2 == 0)
		r.step()
	}
	r.play("10s shows quiet\n20s shows quiet\n21s release\n22s press\n24s shows quiet, muted")
}

// TestChatterWithoutBounces is of a level that is said not to bounce, and does.
func TestChatterWithoutBounces(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{Debounce: -1})
	r.play("0s release")
	for i := range 1000 {
		r.run(time.Second + time.Duration(i)*time.Millisecond)
		r.Button(r.now, i%2 == 0)
		r.step()
	}
	if got := r.State(); got.Presses > 11 || !got.ButtonIgnored {
		t.Errorf("%+v", got)
	}
}

func TestFastFingerIsNoChatter(t *testing.T) {
	t.Parallel()
	for _, bounces := range []bool{false, true} {
		r := newRig(t, alarm.Config{})
		r.play("0s release")
		edge := func(at time.Duration, down bool) {
			if bounces {
				for i := range 5 {
					r.run(at + time.Duration(i)*4*time.Millisecond)
					r.Button(r.now, down)
					r.step()
					r.run(at + time.Duration(i)*4*time.Millisecond + 2*time.Millisecond)
					r.Button(r.now, !down)
					r.step()
				}
				at += 20 * time.Millisecond
			}
			r.run(at)
			r.Button(r.now, down)
			r.step()
		}
		for i := range 16 { // 8 presses in a second, twice
			edge(time.Second+time.Duration(i)*125*time.Millisecond, true)
			edge(time.Second+time.Duration(i)*125*time.Millisecond+60*time.Millisecond, false)
		}
		r.run(4 * time.Second)
		if got := r.State(); got.Presses != 16 || got.ButtonIgnored {
			t.Errorf("bounces %v: %+v, want 16 presses", bounces, got)
		}
	}
}

// TestButtonWays tells the same finger in different ways.
func TestButtonWays(t *testing.T) {
	t.Parallel()
	const pressed, released = 1 * time.Second, 3500 * time.Millisecond
	for name, tell := range map[string]func(r *rig){
		"edges": func(r *rig) {
			r.Button(r.now, false)
			r.step()
			r.run(pressed)
			r.Button(r.now, true)
			r.step()
			r.run(released)
			r.Button(r.now, false)
			r.step()
		},
		"edges, and no Step between": func(r *rig) {
			r.Button(r.now, false)
			r.wait(pressed)
			r.Button(r.now, true)
			r.wait(released)
			r.Button(r.now, false)
			r.step()
		},
		"polled each 20 ms": func(r *rig) {
			for at := time.Duration(0); at < 4*time.Second; at += 20 * time.Millisecond {
				r.wait(at)
				r.Button(r.now, at >= pressed && at < released)
				r.step()
			}
		},
		"polled each 50 ms": func(r *rig) {
			for at := time.Duration(0); at < 4*time.Second; at += 50 * time.Millisecond {
				r.run(at)
				r.Button(r.now, at >= pressed && at < released)
				r.step()
			}
		},
	} {
		r := newRig(t, alarm.Config{})
		r.Answered(r.now)
		r.Activity(r.now, alarm.Normal, 1)
		tell(r)
		r.run(5 * time.Second)
		if got := r.State(); got.Presses != 1 || got.Open != 0 || got.Shows != "quiet, muted" {
			t.Errorf("%s: %+v, want one long press", name, got)
		}
	}
}

func TestReleaseBouncesDoNotDelayALongPress(t *testing.T) {
	t.Parallel()
	newRig(t, alarm.Config{}).play(`
		0s     answered
		0s     release
		1.000s press
		1.9s   release
		1.91s  press
		2.9s   shows  quiet
		3s     shows  quiet, muted
	`)
}
