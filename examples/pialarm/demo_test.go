package main

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// noNetwork fails the test that uses it.
type noNetwork struct{ t *testing.T }

func (n noNetwork) RoundTrip(*http.Request) (*http.Response, error) {
	n.t.Error("a request left the process")
	return nil, http.ErrNotSupported
}

// demoStage has nothing: no server, no board, no token.
func demoStage(t *testing.T) *stage {
	s := &stage{t: t, kernel: &fakeKernel{listErr: errNoChip}, env: map[string]string{"WORKATO_TOKEN": "a-real-token"}}
	s.http = &http.Client{Transport: noNetwork{t}}
	return s
}

// shown are the texts after a word in the lines of a transcript.
func shown(transcript, word string) string {
	var all []string
	for line := range strings.Lines(transcript) {
		if _, text, ok := strings.Cut(line, "Z  "+word+" "); ok {
			all = append(all, strings.TrimSpace(text))
		}
	}
	return strings.Join(all, ", ")
}

func TestDemoAsText(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := demoStage(t)
		began := time.Now()
		s.want(exitDone, "", "-demo")
		if took := time.Since(began); took > time.Minute || took < 30*time.Second {
			t.Errorf("it took %v", took)
		}
		out := s.stdout.take()
		wantText(t, "the alarm showed", shown(out, "shows"),
			"connecting, quiet, new activity, quiet, new activity, high, quiet, fault: nobody answers, new activity, quiet")
		wantText(t, "the buzzer", shown(out, "buzzer"), strings.TrimSuffix(strings.Repeat("on, off, ", 1+1+3+1), ", "))
		if n := strings.Count(out, "event  ignored"); n != 2 {
			t.Errorf("%d events were ignored", n)
		}
		for _, act := range script {
			if !strings.Contains(out, act.caption) {
				t.Errorf("%q was not said", act.caption)
			}
		}
		if !strings.HasPrefix(out, demoTitle) || !strings.HasSuffix(out, demoEnd) {
			t.Error("the first or the last words are missing")
		}
		if strings.Contains(out, "\x1b") || strings.Contains(out, "a-real-token") {
			t.Error("there is an escape sequence or the token in the output")
		}
	})
}

func TestDemoSpeed(t *testing.T) {
	t.Parallel()
	for speed, most := range map[string]time.Duration{"4": 15 * time.Second, "100": time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := demoStage(t)
			began := time.Now()
			s.want(exitDone, "", "-demo", "-speed", speed)
			if took := time.Since(began); took > most {
				t.Errorf("speed %s took %v", speed, took)
			}
		})
	}
}

// typist is a keyboard, and whether its terminal is as it was.
type typist struct {
	*io.PipeWriter
	raw bool
}

func (s *stage) sitDown() *typist {
	reader, writer := io.Pipe()
	k := &typist{PipeWriter: writer}
	s.columns = 80
	s.keys = keyboard{Reader: reader, raw: func() (func(), error) {
		k.raw = true
		return func() { k.raw = false }, nil
	}}
	return k
}

func (k *typist) hit(t *testing.T, keys string) {
	t.Helper()
	if _, err := io.WriteString(k, keys); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

var sequence = regexp.MustCompile("\x1b\\[[?0-9;]*[A-Za-z]")

// picture is the last one that was drawn.
func picture(out string) string {
	frames := strings.Split(out, "╭")
	return sequence.ReplaceAllString(frames[len(frames)-1], "")
}

func TestDemoOnATerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := demoStage(t)
		keys := s.sitDown()
		defer func() { _ = keys.Close() }()
		run := s.start("-demo")
		after(11*time.Second + 500*time.Millisecond)
		if p := picture(s.stdout.String()); !strings.Contains(p, "shows: new activity (1 not acknowledged)") ||
			!strings.Contains(p, "recipe_updated") || !strings.Contains(p, "one sound") {
			t.Errorf("with activity:\n%s", p)
		}
		keys.hit(t, "m")
		if p := picture(s.stdout.String()); !strings.Contains(p, "shows: quiet") || !strings.Contains(p, "mute [█]") {
			t.Errorf("with the button pressed:\n%s", p)
		}
		after(time.Second)
		keys.hit(t, "xM")
		after(3 * time.Second)
		if p := picture(s.stdout.String()); !strings.Contains(p, ", muted until 00:30") || !strings.Contains(p, "mute [ ]") {
			t.Errorf("after a long press:\n%s", p)
		}
		if !keys.raw {
			t.Error("keys do not come one by one")
		}
		keys.hit(t, "q")
		wantStatus(t, <-run.status, exitDone)
		if keys.raw {
			t.Error("the terminal is not as it was")
		}
		out := s.stdout.String()
		if strings.Count(out, hideCursor) != 1 || !strings.HasSuffix(out, showCursor) {
			t.Error("the cursor is not back")
		}
		for line := range strings.SplitSeq(strings.ReplaceAll(out, "\r", ""), "\n") {
			if n := utf8.RuneCountInString(sequence.ReplaceAllString(line, "")); n > 80 && !strings.HasPrefix(line, "Demo") {
				t.Errorf("%d columns: %q", n, line)
			}
		}
	})
}

func TestDemoGivesTheTerminalBack(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, k *typist, run started){
		"a signal": func(_ *testing.T, _ *typist, run started) { run.stop() },
		"Ctrl-C":   func(t *testing.T, k *typist, _ started) { k.hit(t, "\x03") },
		"its end":  func(*testing.T, *typist, started) { after(time.Minute) },
	} {
		synctest.Test(t, func(t *testing.T) {
			s := demoStage(t)
			keys := s.sitDown()
			defer func() { _ = keys.Close() }()
			run := s.start("-demo")
			after(time.Second)
			end(t, keys, run)
			wantStatus(t, <-run.status, exitDone)
			if keys.raw || !strings.Contains(s.stdout.String(), showCursor) {
				t.Errorf("after %s the terminal is not as it was", name)
			}
		})
	}
}

// exploding is an output that ends in a panic when it is drawn on for a while.
type exploding struct{ left int }

func (e *exploding) Write(p []byte) (int, error) {
	if e.left -= len(p); e.left < 0 {
		panic("a mistake in the drawing")
	}
	return len(p), nil
}

func TestDemoGivesTheTerminalBackAfterAPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := demoStage(t)
		keys := s.sitDown()
		defer func() { _ = keys.Close() }()
		sys := s.system("-demo")
		sys.stdout.Writer = &exploding{20_000}
		defer func() {
			if keys.raw {
				t.Error("the terminal is not as it was")
			}
		}()
		defer func() { _ = recover() }() // the cursor cannot be given back: that panics, too
		wantStatus(t, run(t.Context(), sys), exitFailed)
	})
}

func TestDemoWithoutKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := demoStage(t)
		s.columns = 40
		s.env["NO_COLOR"] = "1"
		s.keys.raw = func() (func(), error) { return nil, errors.New("not here") }
		s.want(exitDone, "keys cannot be read: not here", "-demo")
		if out := s.stdout.take(); strings.Contains(out, red) || !strings.Contains(out, "…") {
			t.Error("it is in color, or not cut to the terminal's width")
		}
		s.env["TERM"] = "dumb"
		s.keys = keyboard{}
		s.want(exitDone, "", "-demo")
		if strings.Contains(s.stdout.take(), "\x1b") {
			t.Error("a dumb terminal gets escape sequences")
		}
	})
}
