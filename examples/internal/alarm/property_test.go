//go:build !tinygo

package alarm_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// TestAlways calls an alarm at random, with a clock that is set now and then, and
// looks at what has to hold whatever happens.
func TestAlways(t *testing.T) {
	t.Parallel()
	games := 40
	if testing.Short() {
		games = 20
	}
	for seed := range uint64(games) {
		random := rand.New(rand.NewPCG(seed, 1))
		config := randomConfig(random)
		r := newRig(t, config)
		w := watcher{rig: r, config: config}
		for range 400 {
			switch random.IntN(10) {
			case 0, 1:
				r.Activity(r.now, alarm.Severity(random.IntN(4)), random.IntN(4)-1)
			case 2, 3:
				r.Answered(r.now)
				w.answered = r.elapsed
			case 4:
				r.Failed(r.now, alarm.Fault(random.IntN(12)))
			case 5:
				r.Enter(r.now, alarm.Phase(random.IntN(6)))
			case 6, 7:
				r.Button(r.now, random.IntN(2) == 0)
			case 8:
				if random.IntN(4) == 0 {
					w.jump(time.Duration(random.Int64N(int64(8*time.Hour))) - 4*time.Hour)
				}
			case 9:
				if random.IntN(200) == 0 {
					if err := r.Off(); err != nil {
						t.Fatal(err)
					}
					w.off = true
				}
			}
			r.step()
			w.look()
			longest := []time.Duration{time.Millisecond, 50 * time.Millisecond, time.Second, 10 * time.Second, 2 * time.Minute}
			until := r.elapsed + time.Duration(random.Int64N(int64(longest[random.IntN(len(longest))])))
			for r.due <= until {
				r.wait(r.due)
				r.step()
				w.look()
			}
			r.wait(until)
			if t.Failed() {
				t.Fatalf("seed %d, %+v", seed, config)
			}
		}
		w.summary()
		if t.Failed() {
			t.Fatalf("seed %d, %+v", seed, config)
		}
	}
}

func randomConfig(random *rand.Rand) alarm.Config {
	var c alarm.Config
	c.Sound = []time.Duration{0, 30 * time.Millisecond, 2 * time.Second, 10 * time.Second}[random.IntN(4)]
	if c.Sound > 3*time.Second {
		c.SoundPause = 3 * c.Sound
	}
	c.HighRepeat = random.IntN(4) - 1
	c.HighEvery = []time.Duration{0, 30 * time.Second}[random.IntN(2)]
	c.Debounce = []time.Duration{0, -1}[random.IntN(2)]
	c.TroubleSound = random.IntN(2) == 0
	c.HighBreaks = random.IntN(2) == 0
	if random.IntN(2) == 0 {
		c.Quiet = alarm.QuietHours{From: 12*time.Hour + 10*time.Minute, To: 12*time.Hour + 20*time.Minute}
	}
	return c
}

// watcher looks at a rig after each Step.
type watcher struct {
	*rig
	config   alarm.Config
	answered time.Duration // or the start
	jumped   bool
	off      bool
}

func (w *watcher) jump(by time.Duration) {
	w.now = w.now.Add(by)
	w.jumped = true
}

func (w *watcher) look() {
	state := w.State()
	if state.LED != w.led.on || state.Buzzer != w.buzzer.on {
		w.t.Errorf("at %v: the state has other levels than the outputs", w.elapsed)
	}
	if w.buzzer.on {
		switch hushed := !state.MutedUntil.IsZero() || w.config.Quiet.Contains(w.now); {
		case w.off:
			w.t.Errorf("at %v: a sound after Off", w.elapsed)
		case hushed && !w.config.HighBreaks:
			w.t.Errorf("at %v: a sound while it is muted or in quiet hours", w.elapsed)
		}
	}
	if w.off {
		if w.led.on {
			w.t.Errorf("at %v: lit after Off", w.elapsed)
		}
		return
	}
	// A clock that goes back makes time stand still, so this cannot be told then.
	if !w.jumped && w.elapsed-w.answered >= 5*time.Minute && (state.Fault == 0 || strings.Contains(state.Shows, "quiet")) {
		w.t.Errorf("at %v: %q without an answer for %v", w.elapsed, state.Shows, w.elapsed-w.answered)
	}
}

// summary looks at the whole course of the buzzer.
func (w *watcher) summary() {
	config := w.config
	if config.Sound == 0 {
		config.Sound = 300 * time.Millisecond
	}
	if config.SoundPause == 0 {
		config.SoundPause = 10 * time.Second
	}
	for i, begin := range w.buzzer.edges {
		if i%2 != 0 {
			continue
		}
		end := w.elapsed
		if i+1 < len(w.buzzer.edges) {
			end = w.buzzer.edges[i+1]
		}
		if end-begin > 10*time.Second {
			w.t.Errorf("a sound of %v at %v", end-begin, begin)
		}
		// A clock that goes forward makes pauses shorter.
		begins := int64(time.Minute/config.SoundPause + 1)
		bound := time.Duration(3 * begins * int64(config.Sound))
		if got := w.buzzer.lit(begin, begin+time.Minute); !w.jumped && got > bound {
			w.t.Errorf("%v of sound in the minute from %v, want at most %v", got, begin, bound)
		}
	}
}

// TestStaleIsNeverDark looks at the LED for a long time without an answer, from
// each way to get there.
func TestStaleIsNeverDark(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"never an answer":        "0s enter connecting",
		"an answer":              "0s answered",
		"a fault":                "0s answered\n1s failed server",
		"a lasting fault":        "0s answered\n1s failed token",
		"acknowledged activity":  "0s answered\n0s release\n1s activity normal 1\n2s press\n2.1s release",
		"muted":                  "0s answered\n0s release\n1s press\n4s release",
		"open activity":          "0s answered\n1s activity normal 1",
		"open activity of High":  "0s answered\n1s activity high 1",
		"a fault that passes by": "0s failed wifi\n1s enter connecting",
	} {
		r := newRig(t, alarm.Config{})
		r.play(script)
		r.run(20 * time.Minute)
		for i := 2; i+1 < len(r.led.edges); i += 2 {
			if at := r.led.edges[i]; at > 5*time.Minute+3*time.Second && at-r.led.edges[i-1] > 3*time.Second {
				t.Errorf("%s: dark for %v until %v", name, at-r.led.edges[i-1], at)
				break
			}
		}
		if last := r.led.edges[len(r.led.edges)-1]; r.elapsed-last > 3*time.Second {
			t.Errorf("%s: nothing happens from %v on", name, last)
		}
		for i := 0; i+1 < len(r.led.edges); i += 2 {
			if at := r.led.edges[i]; at > 5*time.Minute && r.led.edges[i+1]-at < 100*time.Millisecond {
				t.Errorf("%s: a wink at %v", name, at)
				break
			}
		}
	}
}
