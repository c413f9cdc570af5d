package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

func TestFollowPrintsWhatIsNewOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen("A", "B", "C")
		run := s.start("-follow", "-n", "2")
		wantText(t, "at first", names(s.take()), "B C")
		after(29 * time.Second)
		s.happen("D", "E")
		wantText(t, "before the round", names(s.take()), "")
		after(time.Second)
		wantText(t, "after it", names(s.take()), "D E")
		after(time.Hour)
		wantText(t, "an hour later", names(s.take()), "")
		s.happen("F")
		after(time.Minute)
		wantText(t, "after a quiet hour", names(s.take()), "F")
		wantStatus(t, run.end(), exitDone)
		wantText(t, "stderr", s.stderr.String(), "tail: stopped after 5 events\n")
	})
}

func TestFollowPrintsLateEvents(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen("A")
		run := s.start("-follow")
		late := updated("LATE")
		late.Delay = 9*time.Minute + 30*time.Second
		s.srv.Own().AddEvents(late)
		after(time.Minute)
		s.happen("B")
		after(time.Minute)
		wantText(t, "at first", names(s.take()), "A B")
		after(8 * time.Minute)
		wantText(t, "late", names(s.take()), "LATE")
		after(time.Hour)
		wantText(t, "later", names(s.take()), "")
		run.end()
	})
}

func TestFollowFromNow(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(numbered(250)...)
		run := s.start("-follow", "-n", "0", "-interval", "5s")
		after(time.Minute)
		wantText(t, "at first", s.stdout.String(), "")
		s.happen("NEW")
		after(5 * time.Second)
		wantText(t, "then", names(s.take()), "NEW")
		run.end()
	})
}

func TestFollowDoesNotTellTheBacklogLater(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		for range 90 { // fifteen minutes, of which a round asks for ten again
			s.happen("OLD")
			after(10 * time.Second)
		}
		s.happen("LAST")
		run := s.start("-follow", "-n", "1")
		after(time.Minute)
		wantText(t, "in all", names(s.take()), "LAST")
		run.end()
	})
}

func TestFollowAnEmptyLog(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start("-follow", "-json", "-from", "1h")
		after(time.Hour)
		s.happen("A")
		after(time.Minute)
		if got := s.take(); len(got) != 1 || !strings.HasPrefix(got[0], `{"id":`) {
			t.Errorf("printed %q", got)
		}
		wantStatus(t, run.end(), exitDone)
	})
}

func TestFollowKeepsTheFilter(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen("OLD")
		after(time.Hour)
		run := s.start("-follow", "-from", "30m", "-user", "12")
		other := updated("OTHER")
		other.User = nil
		s.srv.Own().AddEvents(other)
		s.happen("NEW")
		after(time.Minute)
		wantText(t, "printed", names(s.take()), "NEW")
		run.end()
	})
}

func TestFollowSurvivesAnOutage(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen("A")
		run := s.start("-follow")
		s.srv.Fail(-1, workatotest.Fault{Status: 503})
		after(20 * time.Minute)
		s.happen("B")
		after(20 * time.Minute)
		s.srv.ClearFaults()
		s.happen("C")
		after(time.Minute)
		wantText(t, "printed", names(s.take()), "A B C")
		said := lines(&s.stderr)
		if len(said) != 3 || !strings.Contains(said[0], "503: Workato does not answer properly") ||
			!strings.Contains(said[2], "it works again") {
			t.Errorf("said %q", said)
		}

		s.srv.Fail(5, workatotest.ProxyError(502))
		after(time.Minute)
		if said := lines(&s.stderr); len(said) != 3 {
			t.Errorf("of a second outage it said %q", said)
		}
		wantStatus(t, run.end(), exitDone)
	})
}

func TestFollowSurvivesALostConnection(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen("A")
		run := s.start("-follow")
		for _, fault := range []workatotest.Fault{{Drop: true}, {CutAfter: 20}, {Status: 200, Body: "<html>"}, {Latency: time.Hour}} {
			s.srv.Fail(-1, fault)
			after(10 * time.Minute)
			s.srv.ClearFaults()
			after(10 * time.Minute)
			if said := lines(&s.stderr); len(said) != 3 {
				t.Errorf("%+v: said %q", fault, said)
			}
		}
		s.happen("B")
		after(time.Minute)
		wantText(t, "printed", names(s.take()), "A B")
		run.end()
	})
}

func TestFollowEndsWhereNothingHelps(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				s.happen("A")
				run := s.start("-follow")
				s.srv.Fail(1, workatotest.Fault{Status: status})
				after(30 * time.Second)
				select {
				case got := <-run.status:
					wantStatus(t, got, exitFailed)
				default:
					t.Fatal("it goes on")
				}
				if !strings.Contains(s.stderr.String(), strconv.Itoa(status)) {
					t.Errorf("stderr: %s", &s.stderr)
				}
			})
		})
	}
}

func TestFollowDoesNotStartWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	inBubble(t, func(_ *testing.T, s *stage) {
		s.srv.Fail(-1, workatotest.Fault{Status: 503})
		s.want(exitFailed, "503", "-follow")
	})
}

func TestFollowCanBeEndedAtAnyTime(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]workatotest.Fault{
		"at the beginning": {Latency: time.Minute},
		"while it waits":   {},
		"in an outage":     {Status: 503},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				if fault.Latency == 0 {
					s.srv.Fail(5, workatotest.Fault{})
				}
				s.srv.Fail(-1, fault)
				run := s.start("-follow")
				after(31 * time.Second)
				wantStatus(t, run.end(), exitDone)
				if !strings.HasSuffix(s.stderr.String(), "tail: stopped after 0 events\n") {
					t.Errorf("stderr: %s", &s.stderr)
				}
			})
		})
	}
}

func TestAQuietRoundIsOneRequest(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.srv.Own().AddDay(time.Now().AddDate(0, 0, -1))
		run := s.start("-follow")
		after(time.Second)
		s.srv.ResetRequests()
		after(30 * time.Minute)
		if n := len(s.srv.Requests()); n != 60 {
			t.Errorf("%d requests in 60 rounds", n)
		}
		run.end()
	})
}

func TestOddEventsDoNotConfuseAFollower(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.srv.Own().AddEvents(workatotest.Event{Raw: []byte(`{"id":1,"timestamp":"2999-01-01T00:00:00Z"}`)})
		run := s.start("-follow")
		s.take()
		s.happen("A") // the event from the future does not hide it
		s.srv.Own().AddEvents(workatotest.Event{ID: 900_000_000, Raw: []byte(`{"id":900000000,"timestamp":"never","resource":{"name":"B"}}`)})
		after(time.Minute)
		wantText(t, "printed", names(s.take()), "A B")
		run.end()
	})
}

func TestWhatCannotBeToldIsCounted(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start("-follow")
		s.srv.Own().AddEvents(workatotest.Event{Raw: []byte(`{"event_type":"moon_landed"}`)}) // no ID
		s.happen("A")
		after(10 * time.Minute)
		wantText(t, "printed", names(s.take()), "A")
		if said := lines(&s.stderr); len(said) != 1 || !strings.HasPrefix(said[0], "tail: 1 event ") ||
			!strings.Contains(said[0], " cannot be told: ") {
			t.Errorf("said %q", said)
		}
		run.end()
	})
}
