//go:build hardware

package hardware_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/emulator"
	"github.com/workato-go/sdk/examples/pialarm/hardware/scope"
	"github.com/workato-go/sdk/examples/pialarm/hardware/talk"
	"github.com/workato-go/sdk/workato/workatotest"
)

// patience is for what must happen. Nobody waits for it where all is well: it is
// several times what the slowest machine needs.
const patience = 30 * time.Second

// interval is how often the program asks, the least that it allows.
const interval = 5 * time.Second

// wire is a line and where it is on the controller.
type wire struct {
	name string
	at   int
}

// place is three wires of a board, for one check at a time.
type place struct {
	led, buzzer, mute wire
	button            bool // the host can press it
	keeps             bool // the kernel keeps an output as it is when its program ends
}

// bench is a place on a board, a Workato, a folder for the state and the programs
// of one check.
type bench struct {
	place

	board   *emulator.Board
	name    string // of the check on this board; "-" and a number makes programs of it
	program string // the one under test
	ctx     context.Context
	api     string // URL
	began   time.Time
	heard   int // reports on the board before
	runs    int
	marks   []scope.Mark
}

// process is a run of the program under test.
type process struct {
	bench *bench
	name  string
	heard int
	began time.Time
}

// errBench is a failure of the bench and not of the program under test.
var errBench = errors.New("the bench failed")

func newBench(ctx context.Context, board *emulator.Board, at place, name, program string) (*bench, error) {
	b := &bench{
		place: at, board: board, name: name, program: program, ctx: ctx,
		began: time.Now(), heard: board.HeardSoFar(),
	}
	return b, b.serve(talk.Serve{})
}

func (b *bench) mark(format string, args ...any) {
	b.marks = append(b.marks, scope.Mark{At: time.Now(), Text: fmt.Sprintf(format, args...)})
}

func (b *bench) call(order talk.Order) (talk.Report, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	report, err := b.board.Call(ctx, order)
	if err != nil {
		err = fmt.Errorf("%w: %w", errBench, err)
	}
	return report, err
}

// serve changes how the API fares.
func (b *bench) serve(s talk.Serve) error {
	b.mark("API down: %t, hung: %t", s.Down, s.Hung)
	s.Name = b.name
	report, err := b.call(talk.Order{Serve: &s})
	b.api = report.URL
	return err
}

const (
	colleague = 8 // a user whose events are news
	robot     = 7 // and one whose events are not, with -ignore-users
)

// happen adds events to the log, and returns when that began.
func (b *bench) happen(count int, user int64, kind string) (time.Time, error) {
	at := time.Now()
	b.mark("%d × %s by user %d", count, kind, user)
	_, err := b.call(talk.Order{Events: &talk.Events{Server: b.name, Count: count, User: user, Type: kind}})
	return at, err
}

// news is a new event that everybody should hear of.
func (b *bench) news() (time.Time, error) { return b.happen(1, colleague, "recipe_stopped") }

// inspect asks the kernel for a line.
func (b *bench) inspect(w wire) (talk.Line, error) {
	report, err := b.call(talk.Order{Lines: &talk.Lines{Names: []string{w.name}}})
	if err != nil {
		return talk.Line{}, err
	}
	return report.Lines[0], nil
}

// wiring are the flags for the place.
func (b *bench) wiring() []string {
	flags := []string{"-led", b.led.name, "-buzzer", b.buzzer.name, "-mute", b.mute.name}
	if !b.button {
		flags = append(flags, "-active-low", "none") // an open wire that is low, then, is no press
	}
	return flags
}

// start starts the program under test.
func (b *bench) start(s talk.Start) (*process, error) {
	b.runs++
	s.Name, s.Program = fmt.Sprintf("%s-%d", b.name, b.runs), b.program
	if s.Env == nil {
		s.Env = map[string]string{"WORKATO_TOKEN": workatotest.Token}
	}
	p := &process{bench: b, name: s.Name, heard: b.board.HeardSoFar(), began: time.Now()}
	b.mark("start %s", strings.Join(s.Args, " "))
	_, err := b.call(talk.Order{Start: &s})
	return p, err
}

// alarm starts watching, as a user of the group that may open the GPIO devices.
func (b *bench) alarm(flags ...string) (*process, error) {
	return b.start(talk.Start{Args: b.watching(flags...), Groups: []uint32{talk.GPIO}})
}

// watching are the arguments for it. Without the wink, quiet is dark.
func (b *bench) watching(flags ...string) []string {
	args := append([]string{"run", "-base-url", b.api, "-state", "/tmp/" + b.name, "-interval", interval.String(), "-wink", "off"}, b.wiring()...)
	return append(args, flags...)
}

// subcommand runs another subcommand to its end.
func (b *bench) subcommand(name string, flags ...string) (*process, talk.Ended, error) {
	p, err := b.start(talk.Start{Args: append(append([]string{name}, b.wiring()...), flags...), Groups: []uint32{talk.GPIO}})
	if err != nil {
		return p, talk.Ended{}, err
	}
	ended, err := p.end()
	return p, ended, err
}

// settled starts watching and waits until all is quiet.
func (b *bench) settled(flags ...string) (*process, error) {
	p, err := b.alarm(flags...)
	if err != nil {
		return p, err
	}
	return p, p.settle()
}

// settle waits until the log answered and the LED is dark.
func (p *process) settle() error {
	if err := p.answered(1); err != nil {
		return err
	}
	return p.bench.dark(p.bench.led)
}

// answered waits until the API has answered the program so often since it started.
func (p *process) answered(times int) error { return p.answeredSince(p.heard, times) }

// answeredSince counts from that report on.
func (p *process) answeredSince(heard, times int) error {
	b := p.bench
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	last, err := b.board.Hear(ctx, heard, func(r talk.Report) bool {
		if r.Name == b.name && r.Answered == 200 {
			times--
		}
		return times == 0 || r.Name == p.name && r.Ended != nil
	})
	switch {
	case err != nil:
		return fmt.Errorf("the program did not ask for the log within %v", patience)
	case last.Ended != nil:
		return fmt.Errorf("the program ended with %+v", *last.Ended)
	}
	return nil
}

// dark waits until a wire is low and stays so for longer than the gaps of any
// pattern.
func (b *bench) dark(w wire) error {
	const gap = 3 * time.Second
	deadline := time.Now().Add(patience)
	for since := time.Now(); ; {
		if b.board.Scope.High(w.at) {
			since = time.Now()
		}
		if changes := b.board.Scope.Changes(w.at, since); len(changes) > 0 {
			since = changes[len(changes)-1].At.Add(1)
		}
		if time.Since(since) > gap {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s does not come to rest", w.name)
		}
		if err := b.wait(20 * time.Millisecond); err != nil {
			return err
		}
	}
}

// wait lets time pass.
func (b *bench) wait(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-b.ctx.Done():
		return fmt.Errorf("%w: %w", errBench, context.Cause(b.ctx))
	}
}

// goes waits for a wire to go high or low.
func (b *bench) goes(w wire, high bool, since time.Time) (time.Time, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	change, err := b.board.Scope.Wait(ctx, w.at, high, since)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s did not go %s within %v", w.name, level(high), patience)
	}
	return change.At, nil
}

func level(high bool) string {
	if high {
		return "high"
	}
	return "low"
}

// pulse waits for a pulse to begin and to end.
func (b *bench) pulse(w wire, since time.Time) (scope.Pulse, error) {
	from, err := b.goes(w, true, since)
	if err != nil {
		return scope.Pulse{}, err
	}
	to, err := b.goes(w, false, from)
	return scope.Pulse{From: from, To: to}, err
}

// shows waits until a wire has a rhythm, so many times in a row.
func (b *bench) shows(w wire, rhythm scope.Rhythm, times int, since time.Time) (measured string, err error) {
	deadline := time.Now().Add(patience)
	for {
		pulses := b.board.Scope.Pulses(w.at, since)
		if found := rhythm.Times(times).Find(pulses); found != nil {
			return found[:len(rhythm)].String(), nil
		}
		if time.Now().After(deadline) {
			return "", fmt.Errorf("%s did not show %v within %v", w.name, rhythm, patience)
		}
		if err := b.wait(50 * time.Millisecond); err != nil {
			return "", err
		}
	}
}

// still watches a wire and wants no change.
func (b *bench) still(w wire, high bool, since time.Time) error {
	if b.board.Scope.High(w.at) != high {
		return fmt.Errorf("%s is not %s", w.name, level(high))
	}
	if changes := b.board.Scope.Changes(w.at, since); len(changes) > 0 {
		return fmt.Errorf("%s went %s", w.name, level(changes[0].High))
	}
	return nil
}

// press presses the button or lets it go.
func (b *bench) press(down bool) error {
	b.mark("button down: %t", down)
	return b.level(!down)
}

func (b *bench) level(high bool) error {
	if err := b.board.Drive(b.mute.at, high); err != nil {
		return fmt.Errorf("%w: %w", errBench, err)
	}
	return nil
}

// spikes presses the button for so short a time, over and over, as only a bad
// contact does. Where the host was too busy for that, it says errWideSpike.
func (b *bench) spikes(n int) error {
	const spike, press = 3 * time.Millisecond, 20 * time.Millisecond
	b.mark("%d spikes of the button", n)
	wide := false
	for range n {
		began := time.Now()
		if err := errors.Join(b.level(false), b.wait(spike), b.level(true)); err != nil {
			return err
		}
		wide = wide || time.Since(began) > press
		if err := b.wait(spike); err != nil {
			return err
		}
	}
	if wide {
		return errWideSpike
	}
	return nil
}

var errWideSpike = fmt.Errorf("%w: a spike was long enough for a press", errBench)

// bounce presses the button or lets it go, with spikes before it comes to rest.
func (b *bench) bounce(down bool) error {
	if err := b.spikes(5); err != nil && !errors.Is(err, errWideSpike) {
		return err
	}
	return b.press(down)
}

// signals, by their numbers in Linux.
const (
	sigterm = 15
	sigkill = 9
)

func (p *process) signal(number int) (time.Time, error) {
	at := time.Now()
	p.bench.mark("signal %d", number)
	_, err := p.bench.call(talk.Order{Signal: &talk.Signal{Name: p.name, Signal: number}})
	return at, err
}

// end waits for the program to end.
func (p *process) end() (talk.Ended, error) {
	ctx, cancel := context.WithTimeout(p.bench.ctx, patience)
	defer cancel()
	h, err := p.bench.board.Hear(ctx, p.heard, func(r talk.Report) bool { return r.Name == p.name && r.Ended != nil })
	if err != nil {
		return talk.Ended{}, fmt.Errorf("the program did not end within %v", patience)
	}
	return *h.Ended, nil
}

// stop ends the program in the way of a service manager.
func (p *process) stop() error {
	if _, err := p.signal(sigterm); err != nil {
		return err
	}
	ended, err := p.end()
	if err == nil && ended != (talk.Ended{}) {
		err = fmt.Errorf("after SIGTERM the program ended with %+v instead of status 0", ended)
	}
	return err
}

// said is what the program wrote.
func (p *process) said() string {
	var text strings.Builder
	for _, h := range p.bench.board.Heard(p.heard) {
		if h.Name == p.name && h.Said != nil {
			text.WriteString(*h.Said + "\n")
		}
	}
	return text.String()
}

// notified is what the program sent to its service manager.
func (p *process) notified() (datagrams []string) {
	for _, h := range p.bench.board.Heard(p.heard) {
		if h.Name == p.name && h.Notified != nil {
			datagrams = append(datagrams, *h.Notified)
		}
	}
	return datagrams
}

// safe wants the outputs nobody's, inputs, and low.
func (b *bench) safe() error {
	for _, w := range []wire{b.led, b.buzzer} {
		line, err := b.inspect(w)
		switch {
		case err != nil:
			return err
		case line.Used:
			return fmt.Errorf("%s still belongs to %q", w.name, line.Consumer)
		case driven(line):
			return fmt.Errorf("%s is still an output", w.name)
		case b.high(w, line):
			return fmt.Errorf("%s is still high", w.name)
		}
	}
	return nil
}

// driven tells an output. The kernel has its own opinion of a line that was let
// go; a chip's registers are what the wire feels.
func driven(line talk.Line) bool {
	if line.Register != nil {
		return line.Register.Function != 0
	}
	return line.Output
}

// high is the level of a line. QEMU's Raspberry Pi shows an output only when it
// changes and not when it becomes one, so there the registers are asked.
func (b *bench) high(w wire, line talk.Line) bool {
	if line.Register != nil {
		return line.Register.High
	}
	return b.board.Scope.High(w.at)
}

// play lets another program drive a line through these levels and make an input
// of it.
func (b *bench) play(w wire, levels ...bool) error {
	for _, high := range levels {
		if _, err := b.call(talk.Order{Hold: &talk.Hold{Line: w.name, Consumer: somebody, High: high}}); err != nil {
			return err
		}
	}
	_, err := b.call(talk.Order{Hold: &talk.Hold{Line: w.name}})
	return err
}

// clean ends what a check left, so that the next one finds the place as this one
// did.
func (b *bench) clean() {
	ended := make(map[string]bool)
	for _, h := range b.board.Heard(b.heard) {
		ended[h.Name] = ended[h.Name] || h.Ended != nil
	}
	for n := range b.runs {
		p := &process{bench: b, name: fmt.Sprintf("%s-%d", b.name, n+1), heard: b.heard}
		if ended[p.name] {
			continue
		}
		if _, err := p.signal(sigkill); err == nil {
			_, _ = p.end()
		}
	}
	if b.button {
		_ = b.press(false)
	}
	// What a crash left on would stay so, and what a Raspberry Pi's scope did not
	// see it would not see later.
	for _, w := range []wire{b.led, b.buzzer} {
		_ = b.play(w, true, false)
	}
	_ = b.serve(talk.Serve{Down: true})
}

// trace is what happened, for a failure.
func (b *bench) trace() string {
	marks := b.marks
	for _, h := range b.board.Heard(b.heard) {
		switch {
		case h.Name == b.name && h.Answered != 0:
			marks = append(marks, scope.Mark{At: h.At, Text: fmt.Sprintf("API: %d", h.Answered)})
		case !strings.HasPrefix(h.Name, b.name+"-"):
		case h.Said != nil:
			marks = append(marks, scope.Mark{At: h.At, Text: "| " + *h.Said})
		case h.Ended != nil:
			marks = append(marks, scope.Mark{At: h.At, Text: fmt.Sprintf("ended: %+v", *h.Ended)})
		}
	}
	names := map[int]string{b.led.at: "LED", b.buzzer.at: "buzzer"}
	return b.board.Scope.Draw(names, b.began, marks...)
}
