package alarm_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// noon is when each test begins. It has no monotonic reading, as on a board
// whose clock can be set.
var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// rig is an alarm with a clock of its own, which calls Step when it has to.
type rig struct {
	*alarm.Alarm
	t           *testing.T
	elapsed     time.Duration // really
	now         time.Time     // on the clock that the alarm is told
	due         time.Duration // when Step has to be called
	led, buzzer *wave
	err         error // of the last Step
}

func newRig(t *testing.T, c alarm.Config) *rig {
	t.Helper()
	r := &rig{t: t, now: noon}
	r.led, r.buzzer = &wave{rig: r}, &wave{rig: r}
	a, err := alarm.New(c, r.led, r.buzzer)
	if err != nil {
		t.Fatal(err)
	}
	r.Alarm = a
	return r
}

// wave is an output that remembers when it went on and off.
type wave struct {
	rig    *rig
	on     bool
	edges  []time.Duration // on, off, on, ...
	calls  int
	broken bool

	// Edges outside of these are forgotten: a board has 64 KB. Zero: none is.
	from, to time.Duration
}

var errBroken = errors.New("no such pin")

func (w *wave) Set(on bool) error {
	w.calls++
	if w.broken {
		return errBroken
	}
	if on != w.on {
		w.on = on
		w.remember()
	}
	return nil
}

func (w *wave) remember() {
	at := w.rig.elapsed
	switch {
	case w.to == 0 || at >= w.from && at <= w.to:
		w.edges = append(w.edges, at)
	case at > w.to:
	case w.on:
		w.edges = append(w.edges[:0], at)
	default:
		w.edges = w.edges[:0]
	}
}

// step calls Step, and notes when it wants to be called again.
func (r *rig) step() {
	r.t.Helper()
	next, err := r.Step(r.now)
	r.err = err
	wait := next.Sub(r.now)
	if wait <= 0 || wait > time.Minute {
		r.t.Fatalf("at %v, Step wants to be called in %v", r.elapsed, wait)
	}
	r.due = r.elapsed + wait
}

// wait lets time go by, without Step.
func (r *rig) wait(until time.Duration) {
	until = max(until, r.elapsed)
	r.now = r.now.Add(until - r.elapsed)
	r.elapsed = until
}

// run lets time go by and calls Step when it is due.
func (r *rig) run(until time.Duration) {
	r.t.Helper()
	for r.due <= until {
		r.wait(r.due)
		r.step()
	}
	r.wait(until)
}

// draw draws a wave: each sign is a tick, in which it was on (█), off (_), or both
// (▏).
func (w *wave) draw(from, tick time.Duration, signs int) string {
	var text strings.Builder
	for i := range signs {
		begin := from + time.Duration(i)*tick
		switch lit := w.lit(begin, begin+tick); lit {
		case 0:
			text.WriteString("_")
		case tick:
			text.WriteString("█")
		default:
			text.WriteString("▏")
		}
	}
	return text.String()
}

// lit is how long the wave was on within an interval.
func (w *wave) lit(from, to time.Duration) (sum time.Duration) {
	for i := 0; i < len(w.edges); i += 2 {
		end := w.rig.elapsed
		if i+1 < len(w.edges) {
			end = w.edges[i+1]
		}
		sum += max(0, min(end, to)-max(w.edges[i], from))
	}
	return sum
}

const (
	ledTick    = 125 * time.Millisecond
	buzzerTick = 100 * time.Millisecond
)

// play runs a script. Each line is a time, a word, and what belongs to it; lines
// stand in the order of time.
//
//	0s  answered
//	1s  activity normal 3
//	1s  led      ████____████    from there on, 1/8 s each
//	1s  buzzer   ███_____        1/10 s each
//	4s  press                    and release, and their opposites of one contact: bounce
//	9s  shows    new activity    what State says then
func (r *rig) play(script string) {
	r.t.Helper()
	lines, drawings := parse(r.t, script)
	end := time.Duration(0)
	for _, d := range drawings {
		end = max(end, d.to())
	}
	for _, line := range lines {
		if line.at < r.elapsed {
			r.t.Fatalf("%s: is earlier than the line before", line)
		}
		r.run(line.at - 1)
		r.wait(line.at)
		if line.word == "shows" {
			r.step()
			if got := r.State().Shows; got != strings.Join(line.rest, " ") {
				r.t.Errorf("%v: shows %q", line, got)
			}
			continue
		}
		r.do(line.word, line.rest)
		r.step()
	}
	r.run(end)
	for _, d := range drawings {
		if got := r.wave(d.word).draw(d.at, d.tick(), d.signs()); got != d.rest[0] {
			r.t.Errorf("%v: got\n%s, want\n%s", d, got, d.rest[0])
		}
	}
}

// line is one of a script.
type line struct {
	at   time.Duration
	word string
	rest []string
}

func (l line) String() string { return l.at.String() + " " + l.word }

// parse reads a script: what to do, and what to draw.
func parse(t *testing.T, script string) (lines, drawings []line) {
	t.Helper()
	for text := range strings.Lines(script) {
		fields := strings.Fields(text)
		if len(fields) == 0 {
			continue
		}
		at, err := time.ParseDuration(fields[0])
		if err != nil {
			t.Fatal(err)
		}
		l := line{at, fields[1], fields[2:]}
		if l.word == "led" || l.word == "buzzer" {
			drawings = append(drawings, l)
		} else {
			lines = append(lines, l)
		}
	}
	return lines, drawings
}

func (l line) tick() time.Duration {
	if l.word == "buzzer" {
		return buzzerTick
	}
	return ledTick
}

func (l line) signs() int        { return utf8.RuneCountInString(l.rest[0]) }
func (l line) to() time.Duration { return l.at + time.Duration(l.signs())*l.tick() }

func (r *rig) wave(word string) *wave {
	if word == "buzzer" {
		return r.buzzer
	}
	return r.led
}

func (r *rig) do(word string, arguments []string) {
	r.t.Helper()
	switch word {
	case "answered":
		r.Answered(r.now)
	case "activity":
		n, err := strconv.Atoi(arguments[1])
		if err != nil {
			r.t.Fatal(err)
		}
		r.Activity(r.now, severities[arguments[0]], n)
	case "failed":
		r.Failed(r.now, faults[arguments[0]])
	case "enter":
		r.Enter(r.now, phases[arguments[0]])
	case "press":
		r.Button(r.now, true)
	case "release":
		r.Button(r.now, false)
	case "clock": // is set
		by, err := time.ParseDuration(arguments[0])
		if err != nil {
			r.t.Fatal(err)
		}
		r.now = r.now.Add(by)
	case "off":
		if err := r.Off(); err != nil {
			r.t.Fatal(err)
		}
	default:
		r.t.Fatalf("%s: no such word", word)
	}
}

var (
	severities = map[string]alarm.Severity{"ignored": alarm.Ignored, "normal": alarm.Normal, "high": alarm.High}
	phases     = map[string]alarm.Phase{
		"booting": alarm.Booting, "joining": alarm.Joining, "clock": alarm.Clock,
		"connecting": alarm.Connecting, "watching": alarm.Watching,
	}
	faults = map[string]alarm.Fault{
		"unreachable": alarm.Unreachable, "wifi": alarm.WiFi, "address": alarm.Address, "time": alarm.Time,
		"server": alarm.Server, "trust": alarm.Trust, "token": alarm.Token, "settings": alarm.Settings,
		"checkpoint": alarm.Checkpoint,
	}
)
