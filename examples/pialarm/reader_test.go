package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato/workatotest"
)

// listen starts a reader, and gives what it tells.
func (s *stage) listen(state string) (told <-chan news, r *reader, stop func()) {
	o, err := parse("-state", state)
	if err != nil {
		s.t.Fatal(err)
	}
	out := make(chan news)
	r = newReader(&o.settings, out, show{}, slog.New(slog.NewTextHandler(&s.stderr, nil)))
	a := app{settings: &o.settings}
	store, err := a.connect(r, workatotest.Token, o.clientOptions(s.http))
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan error)
	go func() { done <- r.run(ctx) }()
	return out, r, func() {
		cancel()
		if err := <-done; err != nil {
			s.t.Error(err)
		}
		if err := store.Close(); err != nil {
			s.t.Error(err)
		}
	}
}

// events takes some rounds of news until there are events, and takes these, too,
// if it should.
func events(told <-chan news, take bool) int {
	const rounds = 5
	for range rounds {
		n := <-told
		if n.normal == 0 || take {
			close(n.taken)
		}
		if n.normal > 0 {
			return n.normal
		}
	}
	return 0
}

func TestEventsAreAcknowledgedOnlyWhenTaken(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		state := t.TempDir()
		told, _, stop := s.listen(state)
		close((<-told).taken)
		s.happen(3, "recipe_updated")
		if n := events(told, false); n != 3 {
			t.Errorf("%d events at first", n)
		}
		stop() // a crash before the alarm had them

		told, _, stop = s.listen(state)
		if n := events(told, true); n != 3 {
			t.Errorf("%d events after the crash", n)
		}
		stop() // and one right after it had them

		told, _, stop = s.listen(state)
		if n := events(told, true); n != 0 {
			t.Errorf("%d events a second time", n)
		}
		stop()
	})
}

// A full disk is shown and waited out; what could not be saved is not told twice
// by the program that runs.
func TestACheckpointThatCannotBeSaved(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		state := filepath.Join(t.TempDir(), "state")
		told, _, stop := s.listen(state)
		close((<-told).taken)
		synctest.Wait()
		if err := os.Rename(state, state+".away"); err != nil {
			t.Fatal(err)
		}
		s.happen(2, "recipe_updated")
		if n := events(told, true); n != 2 {
			t.Errorf("%d events", n)
		}
		n := <-told
		if n.fault == 0 {
			t.Errorf("no fault: %+v", n)
		}
		close(n.taken)
		s.wantLog("state folder")
		if err := os.RemoveAll(state); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(state+".away", state); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			n = <-told
			close(n.taken)
			if n.answered {
				break
			}
		}
		if !n.answered || n.normal > 2 {
			t.Errorf("after the repair: %+v", n)
		}
		stop()
	})
}

// A folder that is gone may be a disk that is missing: nothing begins anew by
// itself.
func TestACheckpointThatIsGone(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		state := t.TempDir()
		run := s.start("-state", state)
		after(time.Minute)
		files, err := filepath.Glob(filepath.Join(state, "*.checkpoint"))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		if err := os.Rename(files[0], files[0]+".away"); err != nil {
			t.Fatal(err)
		}
		s.happen(2, "recipe_updated")
		after(3 * time.Hour)
		s.wantLog("fault: checkpoint damaged or foreign")
		if strings.Contains(s.stderr.String(), "it works again") {
			t.Error("it began anew by itself")
		}
		if err := os.Rename(files[0]+".away", files[0]); err != nil {
			t.Fatal(err)
		}
		s.stderr.take()
		after(6 * time.Minute)
		s.wantLog("it works again")
		if n := strings.Count(s.stderr.String(), "msg=event "); n != 2 {
			t.Errorf("%d events are told after the repair", n)
		}
		wantStatus(t, run.end(), exitDone)
	})
}

func TestTheReadersPromise(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		told, r, stop := s.listen(t.TempDir())
		for range 20 {
			close((<-told).taken)
			if !r.alive() {
				t.Error("not alive although it just spoke")
			}
		}
		n := <-told // it waits for this to be taken
		time.Sleep(r.settings.interval + longestStep + time.Second)
		if r.alive() {
			t.Error("alive although it has not moved")
		}
		close(n.taken)
		close((<-told).taken)
		if !r.alive() {
			t.Error("not alive again")
		}
		stop()
	})
}

func TestLongestPause(t *testing.T) {
	t.Parallel()
	for interval, want := range map[time.Duration][2]time.Duration{
		5 * time.Second:  {10 * time.Second, 50 * time.Second},
		30 * time.Second: {time.Minute, 5 * time.Minute},
		time.Hour:        {time.Minute, 5 * time.Minute},
	} {
		r := reader{settings: &settings{interval: interval}}
		got := [2]time.Duration{r.longestPause(faultOf(context.DeadlineExceeded)), r.longestPause(faultOf(activity.ErrCheckpoint))}
		if got != want {
			t.Errorf("interval %v: %v, want %v", interval, got, want)
		}
	}
}
