//go:build hardware

package hardware_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/scope"
	"github.com/workato-go/sdk/examples/pialarm/hardware/talk"
)

// check is something that a user of the alarm would notice. It gives what was
// measured, or what is wrong. Times within an emulator are rough, so the bounds
// tell patterns from each other and nothing finer.
type check struct {
	name   string
	button bool // it needs one
	run    func(*bench) (measured string, err error)
}

// checks in the order of a life.
var checks = []check{
	{"lines are listed with their names and the alarm's part", false, listed},
	{"self-test pulses the LED and then the buzzer", false, selfTest},
	{"a line may be named by its chip and offset", false, byOffset},
	{"an unknown line ends the program with the names that there are", false, unknownLine},
	{"a busy line ends the program with the name of its holder", false, busyLine},
	{"without the group the program ends with what to do", false, noPermission},
	{"outputs are held exclusively and by name", false, held},
	{"events from before the first start are silent", false, firstStart},
	{"a new event lights the LED and sounds once", false, newEvent},
	{"a burst of 500 events is one sound", false, burst},
	{"an ignored user's event does nothing", false, ignoredUser},
	{"a high event sounds three bursts and blinks fast", false, highEvent},
	{"a sign of life winks while all is quiet", false, winks},
	{"an API that is gone shows the stale pattern until it is back", false, stale},
	{"an API that hangs is stale, too, and holds up no SIGTERM", false, hung},
	{"a refused token shows that a person has to act", false, refusedToken},
	{"active-low outputs are high while all is quiet", false, activeLow},
	{"SIGTERM while it sounds leaves the lines low and free", false, terminated},
	{"SIGKILL and then safe-state leaves the lines low and free", false, killed},
	{"what happened while it was off is told once", false, restarted},
	{"the service manager hears READY, WATCHDOG and STOPPING", false, notifies},
	{"spikes of the button are no press, and a press cuts the sound", true, pressed},
	{"a button that is held at the start is none until it is let go", true, heldAtStart},
	{"a long press mutes, and another one ends it", true, longPress},
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }

func listed(b *bench) (string, error) {
	p, ended, err := b.subcommand("lines")
	if err != nil {
		return "", err
	}
	if ended.Status != 0 {
		return "", fmt.Errorf("ended with %+v", ended)
	}
	said := p.said()
	for _, w := range []struct {
		wire
		part string
	}{{b.led, "led"}, {b.buzzer, "buzzer"}, {b.mute, "mute"}} {
		i := slices.IndexFunc(strings.Split(said, "\n"), func(line string) bool {
			fields := strings.Fields(line)
			return slices.Contains(fields, w.name) && slices.Contains(fields, strconv.Itoa(w.at)) && slices.Contains(fields, w.part)
		})
		if i < 0 {
			return "", fmt.Errorf("no line tells of %s, offset %d, as %s", w.name, w.at, w.part)
		}
	}
	return fmt.Sprintf("%d lines", strings.Count(said, "\n")-1), nil
}

func selfTest(b *bench) (string, error) {
	p, err := b.start(talk.Start{Args: append([]string{"self-test"}, append(b.wiring(), "-mute", "none")...), Groups: []uint32{talk.GPIO}})
	if err != nil {
		return "", err
	}
	ended, err := p.end()
	if err != nil {
		return "", err
	}
	if ended.Status != 0 {
		return "", fmt.Errorf("ended with %+v", ended)
	}
	light, sound, err := b.onePulseEach(p.began)
	if err != nil {
		return "", err
	}
	if sound.From.Before(light.To) {
		return "", errors.New("the buzzer sounds while the LED is on")
	}
	return fmt.Sprintf("LED %s, buzzer %s", milliseconds(light.Width(time.Now())), milliseconds(sound.Width(time.Now()))), b.safe()
}

// onePulseEach wants one pulse of about half a second on each output.
func (b *bench) onePulseEach(since time.Time) (light, sound scope.Pulse, err error) {
	for _, o := range []struct {
		wire
		into *scope.Pulse
	}{{b.led, &light}, {b.buzzer, &sound}} {
		pulses := b.board.Scope.Pulses(o.at, since)
		if len(pulses) != 1 {
			return light, sound, fmt.Errorf("%s had %d pulses instead of one", o.name, len(pulses))
		}
		*o.into = pulses[0]
		if err := within("the pulse of "+o.name, pulses[0].Width(time.Now()), 200*time.Millisecond, 3*time.Second); err != nil {
			return light, sound, err
		}
	}
	return light, sound, nil
}

func within(what string, d, low, high time.Duration) error {
	if d < low || d > high {
		return fmt.Errorf("%s took %s, which is not between %v and %v", what, milliseconds(d), low, high)
	}
	return nil
}

func byOffset(b *bench) (string, error) {
	line, err := b.inspect(b.led)
	if err != nil {
		return "", err
	}
	p, err := b.start(talk.Start{Args: []string{
		"self-test", "-led", fmt.Sprintf("%s:%d", line.Label, b.led.at), "-buzzer", fmt.Sprintf("%s:%d", line.Chip, b.buzzer.at), "-mute", "none",
	}, Groups: []uint32{talk.GPIO}})
	if err != nil {
		return "", err
	}
	ended, err := p.end()
	if err != nil {
		return "", err
	}
	if ended.Status != 0 {
		return "", fmt.Errorf("ended with %+v", ended)
	}
	_, _, err = b.onePulseEach(p.began)
	return line.Label + ", " + line.Chip, err
}

// refused wants the program to end at once with a failure and a message.
func (b *bench) refused(p *process, err error, words ...string) (string, error) {
	if err != nil {
		return "", err
	}
	ended, err := p.end()
	if err != nil {
		return "", err
	}
	if ended.Status < 1 {
		return "", fmt.Errorf("ended with %+v, which is no failure", ended)
	}
	said := p.said()
	for _, word := range words {
		if !strings.Contains(said, word) {
			return "", fmt.Errorf("the message has no %q", word)
		}
	}
	if strings.Contains(said, "goroutine") {
		return "", errors.New("the program crashed")
	}
	return fmt.Sprintf("status %d", ended.Status), errors.Join(
		b.still(b.buzzer, false, p.began), b.free(b.led), b.free(b.buzzer))
}

// free wants a line to be nobody's.
func (b *bench) free(w wire) error {
	line, err := b.inspect(w)
	if err == nil && line.Used && line.Consumer != somebody {
		err = fmt.Errorf("%s belongs to %q", w.name, line.Consumer)
	}
	return err
}

func unknownLine(b *bench) (string, error) {
	p, err := b.alarm("-led", "GPIO99")
	return b.refused(p, err, `"GPIO99"`, b.led.name, b.buzzer.name)
}

const somebody = "another program"

func busyLine(b *bench) (string, error) {
	if _, err := b.call(talk.Order{Hold: &talk.Hold{Line: b.buzzer.name, Consumer: somebody}}); err != nil {
		return "", err
	}
	p, err := b.alarm()
	measured, err := b.refused(p, err, b.buzzer.name, somebody)
	_, failed := b.call(talk.Order{Hold: &talk.Hold{Line: b.buzzer.name}})
	return measured, errors.Join(err, failed)
}

func noPermission(b *bench) (string, error) {
	p, err := b.start(talk.Start{Args: b.watching()}) // in no group
	return b.refused(p, err, "permission", "group", "/dev/gpiochip")
}

func held(b *bench) (string, error) {
	p, err := b.settled()
	if err != nil {
		return "", err
	}
	var consumers []string
	for _, w := range []wire{b.led, b.buzzer} {
		line, err := b.inspect(w)
		if err != nil {
			return "", err
		}
		if !line.Used || !driven(line) {
			return "", fmt.Errorf("%s is %+v, not an output in use", w.name, line)
		}
		consumers = append(consumers, line.Consumer)
	}
	if !slices.Equal(consumers, []string{"pialarm led", "pialarm buzzer"}) {
		return "", fmt.Errorf("the lines' consumers are %q", consumers)
	}
	if _, err := b.call(talk.Order{Hold: &talk.Hold{Line: b.buzzer.name, Consumer: somebody}}); err == nil {
		return "", errors.New("another program could take the buzzer's line")
	}
	return strings.Join(consumers, ", "), p.stop()
}

func firstStart(b *bench) (string, error) {
	if _, err := b.happen(3, colleague, "recipe_stopped"); err != nil {
		return "", err
	}
	p, err := b.alarm()
	if err != nil {
		return "", err
	}
	if err := p.answered(3); err != nil {
		return "", err
	}
	if err := b.still(b.buzzer, false, p.began); err != nil {
		return "", err
	}
	if err := b.dark(b.led); err != nil {
		return "", err
	}
	// What makes the silence worth something: the next one sounds.
	since, err := b.news()
	if err != nil {
		return "", err
	}
	at, err := b.goes(b.buzzer, true, since)
	return fmt.Sprintf("silent for %.0f s", at.Sub(p.began).Seconds()), err
}

// The widths that a sound of 300 ms may have.
const shortest, longest = 100 * time.Millisecond, 2500 * time.Millisecond

// What the LED says.
var (
	newActivity  = scope.Rhythm{{High: 500 * time.Millisecond, Low: 500 * time.Millisecond}}
	highActivity = scope.Rhythm{{High: 125 * time.Millisecond, Low: 125 * time.Millisecond}}
	noAnswer     = scope.Rhythm{{High: 250 * time.Millisecond, Low: 250 * time.Millisecond}, {High: 250 * time.Millisecond, Low: 1500 * time.Millisecond}}
	tokenRefused = scope.Rhythm{
		{High: time.Second, Low: 500 * time.Millisecond},
		{High: 250 * time.Millisecond, Low: 250 * time.Millisecond},
		{High: 250 * time.Millisecond, Low: 250 * time.Millisecond},
		{High: 250 * time.Millisecond, Low: 1500 * time.Millisecond},
	}
	signOfLife = scope.Rhythm{{High: 20 * time.Millisecond, Low: 980 * time.Millisecond}}
)

func newEvent(b *bench) (string, error) {
	if _, err := b.settled(); err != nil {
		return "", err
	}
	since, err := b.news()
	if err != nil {
		return "", err
	}
	sound, err := b.pulse(b.buzzer, since)
	if err != nil {
		return "", err
	}
	lit, err := b.goes(b.led, true, since)
	if err != nil {
		return "", err
	}
	if err := within("the time between the LED and the buzzer", lit.Sub(sound.From).Abs(), 0, 2*time.Second); err != nil {
		return "", err
	}
	if err := within("the sound", sound.Width(time.Now()), shortest, longest); err != nil {
		return "", err
	}
	blinks, err := b.shows(b.led, newActivity, 4, since)
	if err != nil {
		return "", err
	}
	if err := b.wait(interval); err != nil { // another round of the log, with nothing new
		return "", err
	}
	if err := b.still(b.buzzer, false, sound.To.Add(1)); err != nil {
		return "", fmt.Errorf("the sound comes again: %w", err)
	}
	return fmt.Sprintf("sound %s after %.1f s, LED %s", milliseconds(sound.Width(time.Now())), sound.From.Sub(since).Seconds(), blinks), nil
}

func burst(b *bench) (string, error) {
	// A pause that is over while the check looks on.
	p, err := b.settled("-sound-pause", "3s")
	if err != nil {
		return "", err
	}
	since, err := b.happen(500, colleague, "recipe_stopped")
	if err != nil {
		return "", err
	}
	heard := b.board.HeardSoFar()
	sound, err := b.pulse(b.buzzer, since)
	if err != nil {
		return "", err
	}
	if err := p.answeredSince(heard, 6+2); err != nil { // five pages, and rounds with nothing new
		return "", err
	}
	sounds := b.board.Scope.Pulses(b.buzzer.at, since)
	if len(sounds) != 1 {
		return "", fmt.Errorf("%d sounds instead of one", len(sounds))
	}
	return fmt.Sprintf("sound %s, then silent for %.0f s", milliseconds(sound.Width(time.Now())), time.Since(sound.To).Seconds()),
		within("the sound", sound.Width(time.Now()), shortest, longest)
}

func ignoredUser(b *bench) (string, error) {
	p, err := b.settled("-ignore-users", strconv.Itoa(robot))
	if err != nil {
		return "", err
	}
	since, err := b.happen(3, robot, "recipe_stopped")
	if err != nil {
		return "", err
	}
	if err := p.answeredSince(b.board.HeardSoFar(), 2); err != nil {
		return "", err
	}
	if err := b.wait(time.Second); err != nil {
		return "", err
	}
	if err := errors.Join(b.still(b.buzzer, false, p.began), b.still(b.led, false, since)); err != nil {
		return "", err
	}
	silent := time.Since(since)
	if since, err = b.news(); err != nil {
		return "", err
	}
	_, err = b.goes(b.buzzer, true, since)
	return fmt.Sprintf("silent for %.0f s", silent.Seconds()), err
}

func highEvent(b *bench) (string, error) {
	if _, err := b.settled("-high-events", "recipe_deleted", "-sound", "1500ms"); err != nil {
		return "", err
	}
	since, err := b.happen(1, colleague, "recipe_deleted")
	if err != nil {
		return "", err
	}
	if _, err := b.goes(b.buzzer, true, since); err != nil {
		return "", err
	}
	if err := b.wait(6 * time.Second); err != nil {
		return "", err
	}
	var widths []string
	for _, p := range b.board.Scope.Pulses(b.buzzer.at, since) {
		widths = append(widths, milliseconds(p.Width(time.Now())))
	}
	if len(widths) != 3 {
		return "", fmt.Errorf("%d bursts instead of three: %v", len(widths), widths)
	}
	blinks, err := b.shows(b.led, highActivity, 4, since)
	return fmt.Sprintf("bursts %s, LED %s", strings.Join(widths, ", "), blinks), err
}

func winks(b *bench) (string, error) {
	p, err := b.alarm("-wink", "1s")
	if err != nil {
		return "", err
	}
	if err := p.answered(1); err != nil {
		return "", err
	}
	measured, err := b.shows(b.led, signOfLife, 3, p.began)
	return "LED " + measured, errors.Join(err, b.still(b.buzzer, false, p.began))
}

func stale(b *bench) (string, error) {
	p, err := b.settled("-stale-after", "6s")
	if err != nil {
		return "", err
	}
	gone := time.Now()
	if err := b.serve(talk.Serve{Down: true}); err != nil {
		return "", err
	}
	first, err := b.goes(b.led, true, gone)
	if err != nil {
		return "", fmt.Errorf("stale looks like quiet: %w", err)
	}
	blinks, err := b.shows(b.led, noAnswer, 3, gone)
	if err != nil {
		return "", err
	}
	back := time.Now()
	if err := b.serve(talk.Serve{}); err != nil {
		return "", err
	}
	heard := b.board.HeardSoFar()
	if err := p.answeredSince(heard, 1); err != nil {
		return "", err
	}
	if err := b.dark(b.led); err != nil {
		return "", fmt.Errorf("the stale pattern goes on: %w", err)
	}
	dark := time.Now()
	if err := b.still(b.buzzer, false, p.began); err != nil {
		return "", err
	}
	since, err := b.news()
	if err != nil {
		return "", err
	}
	_, err = b.goes(b.buzzer, true, since)
	return fmt.Sprintf("LED %s after %.1f s, dark again after %.1f s", blinks, first.Sub(gone).Seconds(), dark.Sub(back).Seconds()), err
}

func hung(b *bench) (string, error) {
	if err := b.serve(talk.Serve{Hung: true}); err != nil {
		return "", err
	}
	p, err := b.alarm("-stale-after", "6s")
	if err != nil {
		return "", err
	}
	blinks, err := b.shows(b.led, noAnswer, 2, p.began)
	if err != nil {
		return "", err
	}
	at := time.Now()
	if err := p.stop(); err != nil {
		return "", err
	}
	took := time.Since(at)
	return fmt.Sprintf("LED %s, ended after %s", blinks, milliseconds(took)),
		errors.Join(within("the end", took, 0, 5*time.Second), b.safe())
}

func refusedToken(b *bench) (string, error) {
	p, err := b.start(talk.Start{Args: b.watching(), Groups: []uint32{talk.GPIO}, Env: map[string]string{"WORKATO_TOKEN": "another-token"}})
	if err != nil {
		return "", err
	}
	blinks, err := b.shows(b.led, tokenRefused, 2, p.began)
	if err != nil {
		return "", err
	}
	if strings.Contains(p.said(), "another-token") {
		return "", errors.New("the program wrote the token down")
	}
	return "LED " + blinks, errors.Join(b.still(b.buzzer, false, p.began), p.stop())
}

func activeLow(b *bench) (string, error) {
	flags := []string{"-active-low", "led,buzzer"}
	if b.button {
		flags = []string{"-active-low", "led,buzzer,mute"}
	}
	// Such outputs have a pull-up: they are high before the program starts.
	if err := errors.Join(b.play(b.led, false, true), b.play(b.buzzer, false, true)); err != nil {
		return "", err
	}
	p, err := b.alarm(flags...)
	if err != nil {
		return "", err
	}
	if err := p.answered(1); err != nil {
		return "", err
	}
	if err := b.wait(2500 * time.Millisecond); err != nil {
		return "", err
	}
	for _, w := range []wire{b.led, b.buzzer} {
		line, err := b.inspect(w)
		if err != nil {
			return "", err
		}
		if !driven(line) || !b.high(w, line) {
			return "", fmt.Errorf("%s is no output that is high while all is quiet", w.name)
		}
	}
	since, err := b.news()
	if err != nil {
		return "", err
	}
	from, err := b.goes(b.buzzer, false, p.began)
	if err != nil {
		return "", err
	}
	if from.Before(since) {
		return "", errors.New("the buzzer sounded before there was an event")
	}
	to, err := b.goes(b.buzzer, true, from)
	if err != nil {
		return "", err
	}
	if err := within("the sound", to.Sub(from), shortest, longest); err != nil {
		return "", err
	}
	return "low for " + milliseconds(to.Sub(from)), p.stop()
}

// sounding starts the alarm with a long sound and waits until it sounds.
func (b *bench) sounding() (*process, time.Time, error) {
	p, err := b.settled("-sound", "5s", "-sound-pause", "15s")
	if err != nil {
		return p, time.Time{}, err
	}
	since, err := b.news()
	if err != nil {
		return p, time.Time{}, err
	}
	at, err := b.goes(b.buzzer, true, since)
	if err != nil {
		return p, at, err
	}
	_, err = b.goes(b.led, true, since)
	return p, at, err
}

// cut wants the buzzer to have gone low well before the end of a long sound.
func (b *bench) cut(from, why time.Time) (string, error) {
	to, err := b.goes(b.buzzer, false, from)
	if err != nil {
		return "", err
	}
	if err := within("the sound of 5 s", to.Sub(from), 0, 4*time.Second); err != nil {
		return "", err
	}
	return milliseconds(to.Sub(why)), nil
}

func terminated(b *bench) (string, error) {
	p, from, err := b.sounding()
	if err != nil {
		return "", err
	}
	at, err := p.signal(sigterm)
	if err != nil {
		return "", err
	}
	after, err := b.cut(from, at)
	if err != nil {
		return "", err
	}
	ended, err := p.end()
	if err != nil {
		return "", err
	}
	if ended != (talk.Ended{}) {
		return "", fmt.Errorf("ended with %+v instead of status 0", ended)
	}
	return "low after " + after, b.safe()
}

func killed(b *bench) (string, error) {
	p, _, err := b.sounding()
	if err != nil {
		return "", err
	}
	if _, err := p.signal(sigkill); err != nil {
		return "", err
	}
	if _, err := p.end(); err != nil {
		return "", err
	}
	line, err := b.inspect(b.buzzer)
	if err != nil {
		return "", err
	}
	found := "an input"
	if driven(line) {
		found = "an output, " + level(b.high(b.buzzer, line))
	}
	if b.keeps && (!driven(line) || !b.high(b.buzzer, line)) {
		return "", fmt.Errorf("%w: after the kill the buzzer is %s, so there is nothing to make safe", errBench, found)
	}
	_, ended, err := b.subcommand("safe-state")
	if err != nil {
		return "", err
	}
	if ended.Status != 0 {
		return "", fmt.Errorf("safe-state ended with %+v", ended)
	}
	return "after the kill: " + found, b.safe()
}

func restarted(b *bench) (string, error) {
	for _, step := range []struct {
		while string
		news  bool
	}{{"first start", false}, {"start after news", true}, {"start after none", false}} {
		if step.news {
			if _, err := b.happen(2, colleague, "recipe_stopped"); err != nil {
				return "", err
			}
		}
		p, err := b.alarm()
		if err != nil {
			return "", err
		}
		if err := p.answered(3); err != nil {
			return "", err
		}
		sounds := len(b.board.Scope.Pulses(b.buzzer.at, p.began))
		switch {
		case step.news && sounds != 1:
			return "", fmt.Errorf("%s: %d sounds instead of one", step.while, sounds)
		case !step.news && sounds != 0:
			return "", fmt.Errorf("%s: it sounds", step.while)
		}
		if err := p.stop(); err != nil {
			return "", err
		}
	}
	return "three starts: 0, 1, 0 sounds", nil
}

func notifies(b *bench) (string, error) {
	const watchdog = 2 * time.Second
	p, err := b.start(talk.Start{Args: b.watching(), Groups: []uint32{talk.GPIO}, Watchdog: watchdog})
	if err != nil {
		return "", err
	}
	if err := p.settle(); err != nil {
		return "", err
	}
	if err := b.wait(2 * watchdog); err != nil {
		return "", err
	}
	if err := p.stop(); err != nil {
		return "", err
	}
	if err := b.wait(100 * time.Millisecond); err != nil {
		return "", err
	}
	counts := make(map[string]int)
	for _, datagram := range p.notified() {
		for line := range strings.Lines(datagram) {
			key, _, _ := strings.Cut(line, "=")
			counts[key]++
		}
	}
	if counts["READY"] != 1 || counts["WATCHDOG"] < 3 || counts["STOPPING"] != 1 || counts["STATUS"] < 1 {
		return "", fmt.Errorf("the datagrams were %q", p.notified())
	}
	return fmt.Sprintf("%d WATCHDOG in %.0f s", counts["WATCHDOG"], time.Since(p.began).Seconds()), nil
}

func pressed(b *bench) (string, error) {
	p, from, err := b.sounding()
	if err != nil {
		return "", err
	}
	if err := b.spikes(5); errors.Is(err, errWideSpike) {
		// That was a press, and no fault of the program.
		if err := p.stop(); err != nil {
			return "", err
		}
		return pressed(b)
	} else if err != nil {
		return "", err
	}
	if err := b.wait(400 * time.Millisecond); err != nil {
		return "", err
	}
	if err := b.still(b.buzzer, true, from.Add(1)); err != nil {
		return "", fmt.Errorf("spikes passed for a press: %w", err)
	}
	// A press begins and ends with spikes, and silences at once.
	at := time.Now()
	if err := b.bounce(true); err != nil {
		return "", err
	}
	after, err := b.cut(from, at)
	if err != nil {
		return "", fmt.Errorf("the button is not heeded: %w", err)
	}
	if err := errors.Join(b.wait(200*time.Millisecond), b.bounce(false)); err != nil {
		return "", err
	}
	if err := b.dark(b.led); err != nil {
		return "", fmt.Errorf("the event is not acknowledged: %w", err)
	}
	return "silent after " + after, nil
}

func heldAtStart(b *bench) (string, error) {
	if err := b.press(true); err != nil {
		return "", err
	}
	_, from, err := b.sounding()
	if err != nil {
		return "", err
	}
	if err := b.wait(500 * time.Millisecond); err != nil {
		return "", err
	}
	if err := b.still(b.buzzer, true, from.Add(1)); err != nil {
		return "", fmt.Errorf("the button counts: %w", err)
	}
	if err := errors.Join(b.press(false), b.wait(300*time.Millisecond)); err != nil {
		return "", err
	}
	if err := b.still(b.buzzer, true, from.Add(1)); err != nil {
		return "", fmt.Errorf("to let it go counts: %w", err)
	}
	at := time.Now()
	if err := errors.Join(b.press(true), b.wait(300*time.Millisecond), b.press(false)); err != nil {
		return "", err
	}
	after, err := b.cut(from, at)
	return "silent after " + after, err
}

func longPress(b *bench) (string, error) {
	if _, err := b.settled("-sound-pause", "1s"); err != nil {
		return "", err
	}
	for _, step := range []struct {
		presses bool
		muted   bool
	}{{false, false}, {true, true}, {true, false}} {
		if step.presses {
			if err := errors.Join(b.press(true), b.wait(2500*time.Millisecond), b.press(false), b.dark(b.led)); err != nil {
				return "", err
			}
		}
		since, err := b.news()
		if err != nil {
			return "", err
		}
		if _, err := b.goes(b.led, true, since); err != nil {
			return "", err
		}
		if err := b.wait(time.Second); err != nil {
			return "", err
		}
		if sounds := len(b.board.Scope.Pulses(b.buzzer.at, since)); sounds != 0 && step.muted {
			return "", errors.New("it sounds while muted")
		} else if sounds == 0 && !step.muted {
			return "", errors.New("it is silent and not muted")
		}
	}
	return "sound, none, sound", nil
}
