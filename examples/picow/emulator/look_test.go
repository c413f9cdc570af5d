//go:build hardware

package emulator_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/workato/workatotest"
)

// stretch is how long a pin keeps a level.
type stretch struct {
	on bool
	d  time.Duration
}

func (s stretch) String() string {
	return fmt.Sprintf("%s %v", map[bool]string{true: "on", false: "off"}[s.on], s.d.Round(time.Millisecond))
}

// stretches are those of a pin that began and ended since a time.
func (w *world) stretches(pin int, since time.Duration) []stretch {
	var all []stretch
	last := event{At: -1}
	for _, e := range w.events {
		if e.Pin == nil || *e.Pin != pin || e.At < since {
			continue
		}
		if last.At >= 0 {
			all = append(all, stretch{last.On, e.At - last.At})
		}
		last = e
	}
	return all
}

// wantLook lets the board run for two turns of a pattern of the LED, and compares.
func (w *world) wantLook(shows string) {
	w.t.Helper()
	var want []stretch
	turn := time.Duration(0)
	for _, look := range alarm.Looks() {
		if look.Shows != shows {
			continue
		}
		for _, sign := range look.Pattern {
			on := sign == '█'
			if len(want) == 0 || want[len(want)-1].on != on {
				want = append(want, stretch{on: on})
			}
			want[len(want)-1].d += time.Second / 8
			turn += time.Second / 8
		}
	}
	if n := len(want); n > 1 && want[0].on == want[n-1].on {
		want[0].d += want[n-1].d
		want = want[:n-1]
	}
	if len(want) < 2 {
		w.t.Fatalf("there is no pattern %q that changes", shows)
	}
	w.run(time.Second) // what was shown before ends
	since := w.now
	w.run(2*turn + time.Second)
	got := w.stretches(led, since)
	for shift := range want {
		if len(got) >= len(want) && alike(got, want, shift) {
			return
		}
	}
	w.t.Errorf("the LED shows %v, want %v, %q\n%s", got, want, shows, w.transcript())
}

func alike(got, want []stretch, shift int) bool {
	for i, g := range got {
		s := want[(i+shift)%len(want)]
		if g.on != s.on || (g.d-s.d).Abs() > 45*time.Millisecond {
			return false
		}
	}
	return true
}

// wantWinks lets the board run, and wants it to show that all is quiet: one wink
// each ten seconds.
func (w *world) wantWinks() {
	w.t.Helper()
	w.run(time.Second)
	since := w.now
	w.run(22 * time.Second)
	winks := 0
	for _, s := range w.stretches(led, since) {
		if s.on {
			winks++
		}
		if s.on && s.d > 60*time.Millisecond || !s.on && (s.d-10*time.Second).Abs() > 200*time.Millisecond {
			w.t.Errorf("the LED is %v, want winks\n%s", s, w.transcript())
			return
		}
	}
	if winks < 1 {
		w.t.Errorf("the LED does not wink\n%s", w.transcript())
	}
}

// wantRecovery lets the board run until it asks again, and wants all to be quiet then.
func (w *world) wantRecovery(atMost time.Duration) {
	w.t.Helper()
	w.untilAsked(1, atMost)
	w.run(2 * time.Second)
	w.wantWinks()
}

// heard says whether a pin was ever on since a time.
func (w *world) heard(pin int, since time.Duration) bool {
	for _, e := range w.events {
		if e.Pin != nil && *e.Pin == pin && e.On && e.At >= since {
			return true
		}
	}
	return false
}

// sounds is how often the buzzer was on.
func (w *world) sounds(since time.Duration) (n int) {
	for _, s := range w.stretches(buzzer, since) {
		if s.on {
			n++
		}
	}
	return n
}

// longest is the longest time that a pin kept its level.
func (w *world) longest(pin int, since time.Duration) (d time.Duration) {
	for _, s := range w.stretches(pin, since) {
		d = max(d, s.d)
	}
	return d
}

// untilSaid lets the board run until it has said something, perhaps before.
func (w *world) untilSaid(text string, atMost time.Duration) {
	w.t.Helper()
	for _, line := range w.lines(0) {
		if strings.Contains(line, text) {
			return
		}
	}
	w.until(text, atMost)
}

func (w *world) press(d time.Duration) {
	w.t.Helper()
	w.hold(true)
	w.run(d)
	w.hold(false)
	w.run(100 * time.Millisecond)
}

// event is one of somebody.
func (w *world) event(kind string, user int64) workatotest.Event {
	e := w.log.Own().Activity(w.epoch.Add(w.now))
	e.Type = kind
	e.User = &workatotest.User{ID: user, Name: "Some Body", Email: "some.body@example.com"}
	return e
}

func (w *world) add(kind string, user int64) { w.log.Own().AddEvents(w.event(kind, user)) }

var (
	newLine  = regexp.MustCompile(`^log: new: (\d+), `)
	heapLine = regexp.MustCompile(`^heap (\d+)$`)
)

func number(pattern *regexp.Regexp, e event) int {
	if e.Text == nil {
		return 0
	}
	found := pattern.FindStringSubmatch(*e.Text)
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		return 0
	}
	return n
}

// told is how many events were told since a time.
func (w *world) told(since time.Duration) (n int) {
	for _, e := range w.events {
		if e.At >= since {
			n += number(newLine, e)
		}
	}
	return n
}

// wantTold lets the board run until so many events were told, each once.
func (w *world) wantTold(n int, since, atMost time.Duration) {
	w.t.Helper()
	for end := w.now + atMost; w.told(since) < n; w.run(time.Second) {
		if w.now > end {
			w.t.Fatalf("%d of %d events told within %v\n%s", w.told(since), n, atMost, w.transcript())
		}
	}
	w.run(2 * interval)
	if told := w.told(since); told != n {
		w.t.Errorf("%d events told, want %d", told, n)
	}
}

// heaps are the uses of memory that the board reported since a time, in bytes.
func (w *world) heaps(since time.Duration) (all []int) {
	for _, e := range w.events {
		if n := number(heapLine, e); n > 0 && e.At >= since {
			all = append(all, n)
		}
	}
	return all
}

// heap is the highest of them.
func (w *world) heap(since time.Duration) int { return slices.Max(append(w.heaps(since), 0)) }

// busy lets the board run and says how long its processor did not sleep.
func (w *world) busy(d time.Duration) time.Duration {
	w.t.Helper()
	before := w.cycles
	w.run(d)
	return time.Duration(w.cycles-before) * time.Second / 125e6
}

// unsaved is how many events were told just before, so that they may not be saved
// yet: that takes 40 ms.
func (w *world) unsaved() int {
	for i := len(w.events) - 1; i >= 0 && w.now-w.events[i].At < 60*time.Millisecond; i-- {
		if n := number(newLine, w.events[i]); n > 0 {
			return n
		}
	}
	return 0
}

// restore lets the API answer as it should.
func (w *world) restore() { w.before = nil }

// damage flips bits all over a part of the flash, as if it had been written by
// something else, but leaves what is erased alone.
func (w *world) damage(at int64, size int) {
	w.t.Helper()
	bytes := w.peek(at, size)
	for i := range bytes {
		if bytes[i] != 0xff && i%64 > 31 {
			bytes[i] ^= 0x41
		}
	}
	w.poke(at, bytes)
}

// wantNoSecrets fails where the board ever said what nobody may read.
func (w *world) wantNoSecrets() {
	for _, line := range w.lines(0) {
		for _, secret := range []string{token, password, "@", "Some Body"} {
			if strings.Contains(line, secret) {
				w.t.Errorf("the board says %q", strings.ReplaceAll(line, secret, "(secret)"))
			}
		}
	}
}
