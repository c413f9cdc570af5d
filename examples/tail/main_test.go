package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

func TestLastEventsOldestFirst(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(numbered(120)...)
		s.want(exitDone, "", "-n", "3")
		wantText(t, "-n 3", names(s.take()), "E118 E119 E120")

		s.want(exitDone, "")
		if got := s.take(); len(got) != 20 || !strings.Contains(got[19], "E120") {
			t.Errorf("%d lines by default, the last one %q", len(got), got[len(got)-1])
		}
		s.want(exitDone, "", "-n", "110")
		wantText(t, "over two pages", names(s.take()), strings.Join(numbered(120)[10:], " "))
		s.want(exitDone, "", "-n", "500")
		wantText(t, "more than there are", names(s.take()), strings.Join(numbered(120), " "))
	})
}

func TestAnEmptyLogPrintsNothing(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		for _, args := range [][]string{{}, {"-json"}, {"-from", "24h"}} {
			s.want(exitDone, "", args...)
			wantText(t, "an empty log", s.stdout.String(), "")
		}
	})
}

func TestExportIsEverythingNewestFirst(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(numbered(250)...)
		s.want(exitDone, "", "-from", "1h")
		got := s.take()
		if len(got) != 250 || !strings.Contains(got[0], "E250") || !strings.Contains(got[249], "E1 ") {
			t.Errorf("%d lines, from %q to %q", len(got), got[0], got[len(got)-1])
		}
		s.want(exitDone, "", "-from", "1h", "-n", "2")
		wantText(t, "-n makes it the last events", names(s.take()), "E249 E250")
		s.want(exitDone, "", "-to", "24h")
		wantText(t, "-to", s.stdout.String(), "")
	})
}

func TestFiltersReachTheServer(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		for i, kind := range []string{"Flow", "SharedAccount", "Folder"} {
			for _, verb := range []string{"created", "deleted"} {
				s.srv.Own().AddEvents(workatotest.Event{
					Type: strings.ToLower(kind) + "_" + verb, User: &workatotest.User{ID: int64(i + 1), Name: "u"},
					Resource: workatotest.Resource{Name: strings.ToUpper(kind[:3] + verb[:1]), Type: kind},
				})
			}
		}
		for args, want := range map[string]string{
			"":                                   "FLOC FLOD SHAC SHAD FOLC FOLD",
			"-user 1":                            "FLOC FLOD",
			"-user 1 -user 3":                    "FLOC FLOD FOLC FOLD",
			"-user 1,2":                          "FLOC FLOD SHAC SHAD",
			"-event folder_created":              "FOLC",
			"-event folder_created,flow_deleted": "FLOD FOLC",
			"-not-event folder_created -not-event flow_deleted": "FLOC SHAC SHAD FOLD",
			"-resource Flow": "FLOC FLOD",
			"-resource Flow,Folder -not-event flow_deleted": "FLOC FOLC FOLD",
			"-not-resource Flow -not-resource Folder":       "SHAC SHAD",
			"-user 1 -resource Folder":                      "",
		} {
			s.run(strings.Fields(args)...)
			wantText(t, args, names(s.take()), want)
		}
	})
}

func TestOneOfSeveralLogs(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen("OWN")
		customer := s.srv.Customer(19029)
		customer.SetExternalID("a/b")
		customer.AddEvents(updated("CUSTOMER"))
		for args, want := range map[string]string{
			"": "OWN", "-customer 19029": "CUSTOMER", "-external a/b": "CUSTOMER",
			"-region eu": "OWN", "-base-url https://workato.example.com/": "OWN",
		} {
			s.want(exitDone, "", strings.Fields(args)...)
			wantText(t, args, names(s.take()), want)
		}
	})
}

func TestJSONIsTheRecordsAsTheyWereSent(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		odd := `{"id":8, "event_type" : "x",	"resource":{"name":"\u001b[31m` + "\u202e\u009b" + `1.0"},"n":1.50}`
		s.srv.Own().AddEvents(
			workatotest.Event{ID: 7, Raw: []byte("{\n  \"id\": 7,\r\n  \"a\": [ 1,\n 2 ]\n}")},
			workatotest.Event{ID: 8, Raw: []byte(odd)},
		)
		broken := `{"id":7,"a":[1,2]}`
		s.want(exitDone, "", "-json", "-color", "always")
		wantText(t, "everything, newest first", s.stdout.String(), odd+"\n"+broken+"\n")
		s.stdout.Reset()
		s.want(exitDone, "", "-json", "-n", "2")
		wantText(t, "the last ones, oldest first", s.stdout.String(), broken+"\n"+odd+"\n")
	})
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		delete(s.env, "WORKATO_TOKEN")
		s.want(exitUsage, "WORKATO_TOKEN is empty")
		for _, want := range []string{"API clients", "-demo"} {
			if !strings.Contains(s.stderr.String(), want) {
				t.Errorf("%q does not say %q", &s.stderr, want)
			}
		}
		if len(s.srv.Requests()) != 0 {
			t.Error("something was sent")
		}
		s.env["WORKATO_TOKEN"] = "two words"
		s.want(exitUsage, "the token has a space")
		if strings.Contains(s.stderr.String(), "two words") {
			t.Error("the token is in the message")
		}
	})
}

func TestFailuresSayWhatHelps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		args   string
		want   string
	}{
		"401":          {401, "-region eu", "401: the token is not valid in region eu, or its API client lacks the privilege"},
		"401 host":     {401, "-base-url https://workato.example.com", "the token is not valid at this base URL"},
		"403":          {403, "", "403: the token's API client lacks the privilege"},
		"404":          {404, "", "404: there is no activity log in region us"},
		"404 customer": {404, "-customer 3", "404: there is no customer 3 for this token in region us"},
		"404 external": {404, "-external mara@example.com", "404: there is no customer with this external ID"},
		"429":          {429, "", "429: the quota of 60 requests a minute is used up"},
		"400":          {400, "-from 24h", "activity.List: 400 Bad Request"},
		"503":          {503, "", "503: Workato does not answer properly, asked 5 times; try again later (request "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				s.srv.Fail(-1, workatotest.Fault{Status: test.status})
				s.want(exitFailed, test.want, strings.Fields(test.args)...)
				if got := s.stderr.String(); strings.Contains(got, "mara") || s.stdout.Len() > 0 {
					t.Errorf("printed %q and %q", got, &s.stdout)
				}
			})
		})
	}
}

func TestAnUnreachableServer(t *testing.T) {
	t.Parallel()
	inBubble(t, func(_ *testing.T, s *stage) {
		s.srv.Close()
		s.want(exitFailed, "tail: activity.List: ")
	})
}

func TestTheServersWordsAreMadeSafe(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.srv.Fail(1, workatotest.Fault{Status: 409, Body: `{"message":"no \u001b]0;evil\u0007\u202e way"}`})
		s.want(exitFailed, " way (GET /api/activity_logs")
		if got := s.stderr.String(); strings.ContainsAny(got, "\x1b\x07\u202e") {
			t.Errorf("printed %q", got)
		}
	})
}

func TestAnInterruptedExportSaysHowToGoOn(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		for i := range 1500 {
			e := updated(fmt.Sprintf("E%d", i))
			e.Time = e.Time.Add(time.Duration(i-1500) * time.Minute)
			s.srv.Own().AddEvents(e)
		}
		run := s.start("-json")
		after(3 * time.Second)
		wantStatus(t, run.end(), exitInterrupted)
		got := s.take()
		reached := time.Now().Add(-3*time.Second - time.Duration(len(got))*time.Minute)
		wantText(t, "stderr", s.stderr.String(), fmt.Sprintf(
			"tail: stopped after %s, back to %s; to go on from there, repeat the command with -to %s (a minute comes twice, with the same IDs)\n",
			eventCount(len(got)), clock(reached), reached.Add(time.Minute).UTC().Format(time.RFC3339)))

		rest := s.start("-json", "-to", reached.Add(time.Minute).Format(time.RFC3339))
		wantStatus(t, <-rest.status, exitDone)
		if n := len(s.take()); n != 1500-len(got)+2 { // the minute's both ends
			t.Errorf("%d events and then %d, want 1500 together and two twice", len(got), n)
		}
	})
}

func TestAnExportThatFailsSaysHowToGoOn(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(numbered(150)...)
		s.srv.Fail(1, workatotest.Fault{})
		s.srv.Fail(-1, workatotest.Fault{Status: 401})
		s.want(exitFailed, "stopped after 100 events, back to 2000-01-01 00:00:00Z; to go on", "-json")
		if got := s.stderr.String(); !strings.Contains(got, "401: the token is not valid") {
			t.Errorf("stderr: %s", got)
		}
	})
}

func TestInterruptedBeforeTheEnd(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.srv.Fail(-1, workatotest.Fault{Latency: time.Minute})
		wantStatus(t, s.start().end(), exitInterrupted)
		wantText(t, "stderr", s.stderr.String(), "")
	})
}

// full is an output that takes a line and then no more.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left == 0 {
		return 0, errors.New("no space left on device")
	}
	f.left--
	return len(p), nil
}

func TestAFailedWriteIsAFailure(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"", "-json", "-follow"} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				s.happen(numbered(3)...)
				sys := s.system(strings.Fields(args)...)
				sys.stdout.Writer = &full{left: 1}
				if status := run(t.Context(), sys); status != exitFailed {
					t.Errorf("status %d", status)
				}
				if got := s.stderr.String(); !strings.Contains(got, "cannot write the output: no space left on device") {
					t.Errorf("stderr: %s", got)
				}
			})
		})
	}
}
