package main

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// stuck is a pipe that nobody reads until it is let go.
type stuck struct {
	buffer

	let chan struct{}
}

func (s *stuck) Write(p []byte) (int, error) {
	<-s.let
	return s.buffer.Write(p)
}

func TestAside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := &stuck{let: make(chan struct{})}
		a := writeAside(out)
		for i := range 5000 { // nobody waits
			_, _ = fmt.Fprintf(a, "line %d\n", i)
		}
		began := time.Now()
		a.close()
		if took := time.Since(began); took > lastLines {
			t.Errorf("the end took %v", took)
		}
		close(out.let)
		synctest.Wait()
		text := out.String()
		if !strings.HasPrefix(text, "line 0\n") || !strings.Contains(text, "line 1999\n") || strings.Contains(text, "line 4999\n") {
			t.Errorf("%d bytes were written", len(text))
		}
		if n := strings.Count(text, "\n"); !strings.Contains(text, fmt.Sprintf("pialarm: %d lines of the log were dropped", 5000-(n-1))) {
			t.Errorf("it is not said how many of %d lines are missing", 5000-(n-1))
		}
		_, _ = a.Write([]byte("too late\n")) // no harm

		var whole buffer
		a = writeAside(&whole)
		_, _ = a.Write([]byte("one\n"))
		_, _ = a.Write([]byte("two\n"))
		a.close()
		wantText(t, "what is left at the end", whole.String(), "one\ntwo\n")
	})
}

// Nobody reads the log, as after Ctrl-S: the buzzer stops in time all the same.
func TestALogThatNobodyReadsDoesNotStopTheAlarm(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		out := &stuck{let: make(chan struct{})}
		sys := s.system("-log-level", "debug")
		sys.stderr.Writer = out
		r := startSystem(t, sys)
		after(time.Second)
		s.happen(600, "recipe_updated")
		if on := s.lit(buzzer, 40*time.Second); on < 290*time.Millisecond || on > 310*time.Millisecond {
			t.Errorf("it sounded for %v", on)
		}
		began := time.Now()
		wantStatus(t, r.end(), exitDone)
		if took := time.Since(began); took > time.Second {
			t.Errorf("the end took %v", took)
		}
		s.wantSafe()
		close(out.let)
		synctest.Wait()
	})
}

// A log that is slow, as on a bad SD card, does not swallow the sound of a burst.
func TestASlowLogDoesNotSwallowTheSound(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		sys := s.system()
		sys.stderr.Writer = slow{&s.stderr}
		r := startSystem(t, sys)
		after(time.Second)
		s.happen(500, "recipe_updated")
		if on := s.lit(buzzer, time.Minute); on < 290*time.Millisecond || on > 310*time.Millisecond {
			t.Errorf("it sounded for %v", on)
		}
		wantStatus(t, r.end(), exitDone)
		after(10 * time.Second)
	})
}

type slow struct{ *buffer }

func (s slow) Write(p []byte) (int, error) {
	time.Sleep(2 * time.Millisecond)
	return s.buffer.Write(p)
}
