package alarm_test

import (
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

func TestScripts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		config alarm.Config
		script string
	}{
		{"the start", alarm.Config{}, `
			0s     led       ████████████████
			2s     enter     joining
			2s     led       ████████________████████
			5s     enter     clock
			5s     led       ██████████████__██████████████__
			9s     enter     connecting
			9s     led       ██████████__██__██████████__██__
			13s    shows     connecting
			13s    answered
			13s    led       ▏_______________________________
			13s    shows     quiet
			20s    led       ________________________▏_______
			20s    enter     joining
			20s    shows     quiet
		`},
		{"watching is not entered without an answer", alarm.Config{}, `
			0s     enter     connecting
			1s     enter     watching
			1s     shows     connecting
		`},
		{"without winks", alarm.Config{Wink: -1}, `
			0s     answered
			0s     led       ________________________________________________________________________________________________
		`},
		{"new activity until somebody comes", alarm.Config{}, `
			0s     answered
			0s     release
			2s     activity  normal 3
			2s     led       ████____████____████____████____████____
			2s     buzzer    ███_________________________________________________________________________________________________________________________________
			7s     shows     new activity
			17s    press
			17.03s led       ▏_______________________________
			17.1s  release
			18s    shows     quiet
		`},
		{"what does not matter", alarm.Config{}, `
			0s     answered
			2s     activity  ignored 3
			2s     activity  normal 0
			2s     activity  high -1
			2s     shows     quiet
			2s     buzzer    __________
		`},
		{"500 events are one sound", alarm.Config{}, `
			0s     answered
			1s     activity  normal 1
			1.2s   activity  normal 498
			2s     activity  normal 1
			1s     buzzer    ███_________________________________________________________________________________________________
			11s    activity  normal 1
			11s    buzzer    ███_______
		`},
		{"a sound that was held back is not made up for", alarm.Config{}, `
			0s     answered
			1s     activity  normal 1
			5s     activity  normal 1
			1.3s   buzzer    ______________________________________________________________________________________________________________________________________________
		`},
		{"high severity", alarm.Config{HighRepeat: 2}, `
			0s     answered
			1s     activity  high 1
			1s     led       █_█_█_█_█_█_█_█_█_█_█_█_
			1s     buzzer    ██_██_██____________
			60s    buzzer    __________██_██_██____________
			120s   buzzer    __________██_██_██____________
			180s   buzzer    ________________________________
			181s   shows     new activity, high
		`},
		{"high severity without repeats", alarm.Config{HighRepeat: -1}, `
			0s     answered
			1s     activity  high 1
			1s     buzzer    ██_██_██____________
			60s    buzzer    ______________________________
		`},
		{"a press ends the repeats", alarm.Config{}, `
			0s     answered
			0s     release
			1s     activity  high 1
			30s    press
			30.1s  release
			60s    buzzer    ______________________________
			70s    shows     quiet
		`},
		{"high is not held back by normal, and normal is by high", alarm.Config{}, `
			0s     answered
			1s     activity  normal 1
			2s     activity  high 1
			3s     activity  high 1
			4s     activity  normal 1
			1s     buzzer    ███_______██_██_██_______________________
			4s     led       █_█_█_█_
			12s    activity  normal 1
			12s    buzzer    ███_______
		`},
		{"normal is held back by high alone", alarm.Config{}, `
			0s     answered
			1s     activity  high 1
			5s     activity  normal 1
			5s     buzzer    ______________________________
			11s    activity  normal 1
			11s    buzzer    ███_______
		`},
		{"repeats come when they are due", alarm.Config{HighEvery: 30050 * time.Millisecond}, `
			0s     answered
			1s     activity  high 1
			31.05s buzzer    ██_██_██__
		`},
		{"two sounds in one piece end at the bound", alarm.Config{Sound: 3 * time.Second, MaxSound: 3050 * time.Millisecond}, `
			0s     answered
			1s     activity  normal 1
			2.9s   activity  high 1
			1s     buzzer    ██████████████████████████████▏__________________█████████████████
		`},
		{"high takes the place of a normal sound", alarm.Config{}, `
			0s     answered
			1s     activity  normal 1
			1.1s   activity  high 1
			1s     buzzer    ███_██_██_______
		`},
		{"the press silences in the middle of a sound", alarm.Config{Sound: 3 * time.Second}, `
			0s     answered
			0s     release
			1s     activity  normal 1
			1.97s  press
			9s     release
			1s     buzzer    ██████████____________________
		`},
		{"another sound than the default", alarm.Config{Sound: 600 * time.Millisecond}, `
			0s     answered
			1s     activity  normal 1
			1s     buzzer    ██████____
			20s    activity  high 1
			20s    buzzer    ████__████__████____
		`},

		{"a fault before the first answer shows at once", alarm.Config{}, `
			0s     enter     joining
			3s     failed    wifi
			3s     led       ██__██__██____________██__██__██____________
			10s    shows     fault: network cannot be joined
			10s    enter     joining
			10s    shows     fault: network cannot be joined
			11s    enter     clock
			11s    shows     asking for the time
			11s    led       ████████
			12s    failed    token
			12s    enter     connecting
			12s    shows     fault: token refused
			13s    answered
			13s    shows     quiet
		`},
		{"a fault after the first answer shows when the log is stale", alarm.Config{StaleAfter: time.Minute}, `
			0s     answered
			20s    failed    server
			20s    shows     quiet
			59s    shows     quiet
			60s    shows     fault: answer cannot be used
			60s    led       ██__██__██__██__██__██____________██__
			70s    answered
			70s    shows     quiet
			130s   shows     stale
		`},
		{"stale does not wink", alarm.Config{StaleAfter: 295 * time.Second}, `
			0s     answered
			290s   led       ▏_______________________________________██__██____________██__██____________██__██____________██__██____________
			310s   shows     stale
		`},
		{"no answer at all, and nobody says why", alarm.Config{}, `
			0s     enter     connecting
			299s   shows     connecting
			300s   shows     stale
			300s   led       ██__██____________██__
		`},
		{"a lasting fault shows at once", alarm.Config{}, `
			0s     answered
			1s     failed    token
			1s     led       ████████____██__██__██____________████████____
			9s     failed    unreachable
			400s   shows     fault: token refused
			401s   failed    trust
			401s   shows     fault: certificate refused
		`},
		{"a round is finished before the next fault shows", alarm.Config{}, `
			0s     failed    unreachable
			0.5s   failed    wifi
			0s     led       ██__██____________██__██__██____________
		`},
		{"a later round is finished, too", alarm.Config{}, `
			0s     failed    unreachable
			3s     failed    wifi
			0s     led       ██__██____________██__██____________██__██__██____________
		`},
		{"a round that is over needs not be finished", alarm.Config{}, `
			0s     failed    unreachable
			2.25s  failed    wifi
			0s     led       ██__██____________██__██__██____________
		`},
		{"another fault waits for the turn of activity, too", alarm.Config{}, `
			0s     failed    unreachable
			1s     activity  normal 1
			3s     failed    token
			1s     led       ████____████____████____████____________██__██____________████____████____████____████____________████████____██__██__██____________
		`},
		{"an end of a fault does not wait", alarm.Config{}, `
			0s     failed    unreachable
			0.25s  failed    wifi
			0.5s   answered
			0s     led       ██__▏___________________
		`},
		{"a fault that is none counts as unreachable", alarm.Config{}, `
			0s     failed    none
			0s     shows     fault: nobody answers
		`},
		{"activity and a fault take turns", alarm.Config{}, `
			0s     answered
			0s     release
			1s     failed    token
			2s     activity  normal 1
			2s     led       ████____████____████____████____________████████____██__██__██____________████____████____
			20s    shows     new activity; fault: token refused
			20s    press
			20.1s  release
			21s    shows     fault: token refused
		`},
		{"high activity and a stale log take turns", alarm.Config{}, `
			0s     answered
			290s   activity  high 1
			300s   led       █_█_█_█_█_█_█_█_█_█_█_█_█_█_█_█_________██__██____________█_█_█_
			301s   shows     new activity, high; stale
		`},

		{"trouble is silent", alarm.Config{}, `
			0s     answered
			1s     failed    token
			1s     buzzer    ______________________________
			300s   buzzer    ______________________________
		`},
		{"trouble that sounds, sounds once", alarm.Config{TroubleSound: true}, `
			0s     failed    unreachable
			0s     buzzer    ______________________________
			5s     failed    token
			5s     buzzer    █_█_______________________________________________________________________________________________________________________________________________________________________________
			30s    failed    trust
			30s    buzzer    ______________________________
			300s   buzzer    ______________________________
			301s   answered
			601s   buzzer    █_█___________________________
		`},

		{"mute", alarm.Config{MuteFor: time.Minute}, `
			0s     answered
			0s     release
			1s     press
			3s     led       ▏_▏_____________________
			4s     release
			5s     shows     quiet, muted
			6s     activity  high 1
			6s     buzzer    ______________________________
			7s     shows     new activity, high
			8s     press
			8.1s   release
			8.2s   shows     quiet, muted
			8.03s  led       ▏_▏_____________________________________________________________________________▏_▏__
			20s    activity  normal 1
			20s    buzzer    ______________________________
			21s    press
			21.1s  release
			62.9s  shows     quiet, muted
			63s    led       ▏______
			63.9s  shows     quiet
			64s    activity  normal 1
			64s    buzzer    ███_______
		`},
		{"a mute does not disturb what is shown", alarm.Config{}, `
			0s     answered
			0s     release
			1s     failed    token
			1.9s   press
			1s     led       ████████____██__██__██____________████████____██__██__██____________
			5s     release
		`},
		{"a second long press ends the mute", alarm.Config{}, `
			0s     answered
			0s     release
			1s     press
			3.5s   release
			4s     shows     quiet, muted
			10s    press
			11.9s  shows     quiet, muted
			12s    shows     quiet
			13s    release
			14s    activity  normal 1
			14s    buzzer    ███_______
		`},
		{"a mute is not mistaken for the end of a sound", alarm.Config{Sound: 3 * time.Second, HighBreaks: true}, `
			0s     answered
			0s     release
			1s     press
			4s     release
			5s     activity  high 1
			5s     buzzer    ████████████████████__________████████████████████__________████████████████████
		`},
		{"quiet hours", alarm.Config{Quiet: alarm.QuietHours{From: 12*time.Hour + time.Minute, To: 12*time.Hour + 2*time.Minute}}, `
			0s     answered
			59.9s  activity  normal 1
			59.9s  buzzer    █_________
			59.9s  led       ████____████____
			80s    activity  high 1
			80s    buzzer    ______________________________
			119s   activity  normal 1
			120s   activity  normal 1
			120s   buzzer    ███_______
			140s   buzzer    ██_██_██__
		`},
		{"high breaks quiet hours", alarm.Config{Quiet: alarm.QuietHours{To: 24 * time.Hour}, HighBreaks: true}, `
			0s     answered
			1s     activity  normal 1
			1s     buzzer    __________
			2s     activity  high 1
			2s     buzzer    ██_██_██__
		`},

		{"bounces are one press", alarm.Config{}, `
			0s     answered
			0s     release
			0s     activity  normal 1
			1.000s press
			1.003s release
			1.006s press
			1.009s release
			1.012s press
			1.015s release
			1.018s press
			1.021s release
			1.024s press
			1.027s release
			1.030s press
			1.059s shows     new activity
			1.060s shows     quiet
			1.070s activity  normal 1
			1.500s release
			1.503s press
			1.506s release
			2s     shows     new activity
		`},
		{"a spike is no press", alarm.Config{}, `
			0s     answered
			0s     release
			0s     activity  normal 1
			1.000s press
			1.029s release
			2s     shows     new activity
		`},
		{"without debounce a press counts at once", alarm.Config{Debounce: -1}, `
			0s     answered
			0s     release
			0s     activity  normal 1
			1s     press
			1s     shows     quiet
		`},
		{"a button that is down at the start", alarm.Config{}, `
			0s     press
			0s     answered
			1s     activity  normal 1
			2s     press
			5s     shows     new activity
			6s     release
			7s     press
			7.03s  shows     quiet
		`},

		{"a clock that goes forward", alarm.Config{}, `
			0s     answered
			1s     activity  normal 1
			1.1s   clock     1h
			1s     buzzer    █_________
			2s     shows     new activity; stale
			3s     activity  normal 1
			3s     buzzer    ███_______
		`},
		{"a clock that goes back ends a sound, and nothing else", alarm.Config{}, `
			0s     answered
			1s     activity  normal 1
			1.25s  clock     -1h
			1s     buzzer    ██▏_______
			1s     led       ██████____████____████____
			12s    activity  normal 1
			12s    buzzer    ███_______
		`},
		{"a clock that goes forward by centuries", alarm.Config{}, `
			0s     answered
			1s     clock     2000000h
			2s     clock     2000000h
			3s     answered
			3s     activity  normal 1
			3s     buzzer    ███_______
		`},
		{"off is for good", alarm.Config{}, `
			0s     answered
			1s     activity  high 1
			1.1s   off
			1s     buzzer    █_________
			1.25s  led       __________________
			2s     activity  high 1
			2s     answered
			60s    buzzer    ______________________________
			61s    shows     off
		`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, test.config)
			_, drawings := parse(t, test.script)
			for _, word := range []string{"led", "buzzer"} {
				w := r.wave(word)
				w.from, w.to = time.Hour, 1
				for _, d := range drawings {
					if d.word == word {
						w.from, w.to = min(w.from, d.at), max(w.to, d.to())
					}
				}
			}
			r.play(test.script)
		})
	}
}

func TestReopen(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{StaleAfter: 20 * time.Second})
	r.step()
	r.Reopen(r.now, alarm.High, 0)
	r.Reopen(r.now, alarm.Ignored, 5)
	if open := r.State().Open; open != 0 {
		t.Errorf("%d events are open", open)
	}
	r.Reopen(r.now, alarm.High, 3)
	r.Answered(r.now)
	r.run(30 * time.Second)
	if s := r.State(); s.Open != 3 || s.Severity != alarm.High || s.Shows != "new activity, high; stale" {
		t.Errorf("State = %+v", s)
	}
	if r.buzzer.calls > 1 {
		t.Errorf("the buzzer was set %d times", r.buzzer.calls)
	}
}
