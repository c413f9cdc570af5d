package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

// before calls a function before each request, with its number from 1 on.
func (s *stage) before(f func(n int)) {
	var sent atomic.Int64
	next := s.srv.Client().Transport
	s.http = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		f(int(sent.Add(1)))
		return next.RoundTrip(r)
	})}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The requests of a first start: what time it is, what is there, the last
// events in up to two pages, and whether something came meanwhile.
const firstRequests = 5

// Whenever something happens while it starts, it is printed once; also where it
// becomes visible late, and where more happens than the last events are.
func TestNothingIsLostBetweenTheLastEventsAndTheNewOnes(t *testing.T) {
	t.Parallel()
	for _, state := range []bool{false, true} {
		for _, n := range []int{0, 2, 50} {
			for when := 3; when <= firstRequests+2; when++ {
				t.Run(fmt.Sprintf("state %v, n %d, request %d", state, n, when), func(t *testing.T) {
					t.Parallel()
					inBubble(t, func(t *testing.T, s *stage) {
						late := updated("LATE")
						s.happen(numbered(5)...)
						s.before(func(request int) {
							if request == when {
								s.happen("A", "B", "C")
								late.Delay = 3 * time.Minute
								s.srv.Own().AddEvents(late)
								s.happen("D")
							}
						})
						args := []string{"-follow", "-n", strconv.Itoa(n)}
						if state {
							args = append(args, "-state", t.TempDir())
						}
						run := s.start(args...)
						after(time.Minute)
						got := names(s.take())
						after(time.Minute)
						s.happen("E")
						after(time.Minute)
						got += " " + names(s.take())
						after(10 * time.Minute)
						got += " " + names(s.take())
						wantStatus(t, run.end(), exitDone)
						if said := lines(&s.stderr); len(said) != 1 {
							t.Errorf("said %q", said)
						}
						old := strings.Join(numbered(5)[max(5-n, 0):], " ")
						if n == 2 && when == 3 {
							old = "" // the listing has D, so the last two are new ones
						}
						wantText(t, "printed", strings.TrimSpace(got), strings.TrimSpace(old+" A B C D E LATE"))
					})
				})
			}
		}
	}
}

func TestFollowGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		args := []string{"-follow", "-n", "2", "-state", filepath.Join(t.TempDir(), "a", "b")}
		s.happen("A", "B", "C")
		run := s.start(args...)
		wantText(t, "at first", names(s.take()), "B C")
		s.happen("D")
		after(time.Minute)
		wantText(t, "then", names(s.take()), "D")
		wantStatus(t, run.end(), exitDone)

		off := numbered(130)
		s.happen(off...)
		after(3 * time.Hour)
		run = s.start(append(args, "-from", "1h")...)
		after(time.Minute)
		wantText(t, "what happened meanwhile", names(s.take()), strings.Join(off, " "))
		s.happen("F")
		after(time.Minute)
		wantText(t, "and what is new", names(s.take()), "F")
		run.end()

		run = s.start(args...)
		after(time.Hour)
		wantText(t, "after a quiet restart", names(s.take()), "")
		run.end()
	})
}

func TestFollowGoesOnWithRecords(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		args := []string{"-follow", "-json", "-n", "0", "-state", t.TempDir()}
		s.start(args...).end()
		record := `{"id":900000000,  "n":1.50}`
		s.srv.Own().AddEvents(workatotest.Event{ID: 900_000_000, Raw: []byte(record)})
		run := s.start(args...)
		wantText(t, "printed", s.stdout.String(), record+"\n")
		run.end()
	})
}

// However early or late a start is ended by Ctrl-C, the next one prints what is
// left, and nothing twice.
func TestCtrlCAndAnotherStart(t *testing.T) {
	t.Parallel()
	for when := 1; when <= firstRequests+4; when++ {
		t.Run(fmt.Sprintf("request %d", when), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				args := []string{"-follow", "-n", "3", "-state", t.TempDir()}
				s.happen("A", "B", "C")
				ctx, cancel := context.WithCancel(t.Context())
				s.before(func(request int) {
					if request == 4 {
						s.happen("D")
					}
					if request == when {
						cancel()
					}
				})
				go func() {
					time.Sleep(15 * time.Second)
					s.happen("E")
				}()
				wantStatus(t, run(ctx, s.system(args...)), exitDone)
				after(time.Minute)

				s.http = s.srv.Client()
				run := s.start(args...)
				after(time.Minute)
				run.end()
				got := names(s.take())
				want := "A B C D E"
				switch { // before the look after the listing ends, nothing is printed: it begins anew
				case when < 4:
					want = "B C E" // D did not happen
				case when <= 5:
					want = "C D E"
				}
				wantText(t, "printed by both", got, want)
			})
		})
	}
}

// What stdout did not take is printed by the next start.
func TestAFailedWriteAndAnotherStart(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		args := []string{"-follow", "-n", "2", "-state", t.TempDir()}
		failing := func(left int) {
			t.Helper()
			sys := s.system(args...)
			sys.stdout.Writer = &full{left: left}
			wantStatus(t, run(t.Context(), sys), exitFailed)
		}
		s.happen("A", "B", "C")
		failing(1)
		run := s.start(args...)
		wantText(t, "the last events", names(s.take()), "B C")
		run.end()

		s.happen("D", "E", "F", "G")
		failing(2)
		s.happen("H")
		run = s.start(args...)
		wantText(t, "the rest", names(s.take()), "F G H")
		run.end()
	})
}

func TestFollowGoesOnInAnOutage(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		args := []string{"-follow", "-state", t.TempDir()}
		s.start(args...).end()
		s.stderr.Reset()
		s.happen("A")
		s.srv.Fail(-1, workatotest.Fault{Status: 503})
		run := s.start(args...)
		after(time.Hour)
		s.happen("B")
		s.srv.ClearFaults()
		after(2 * time.Minute)
		wantText(t, "printed", names(s.take()), "A B")
		if said := lines(&s.stderr); len(said) != 3 || !strings.Contains(said[0], "503") || !strings.Contains(said[2], "it works again") {
			t.Errorf("said %q", said)
		}
		wantStatus(t, run.end(), exitDone)
	})
}

// A checkpoint that cannot be saved for a while is an outage, too.
func TestFollowWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		dir := t.TempDir()
		run := s.start("-follow", "-state", dir)
		after(time.Second)
		inTheWay := checkpoint(t, dir) + ".new"
		if err := os.Mkdir(inTheWay, 0o700); err != nil {
			t.Fatal(err)
		}
		s.happen("A", "B")
		after(10 * time.Minute)
		wantText(t, "meanwhile", names(s.take()), "A")
		if err := os.Remove(inTheWay); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		after(2 * time.Minute)
		wantText(t, "afterwards", names(s.take()), "B")
		if said := lines(&s.stderr); len(said) != 3 || !strings.HasPrefix(said[0], "tail: saving the checkpoint: ") {
			t.Errorf("said %q", said)
		}
		wantStatus(t, run.end(), exitDone)
	})
}

func TestASecondTailIsRefused(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		args := []string{"-follow", "-state", t.TempDir()}
		first := s.start(args...)
		s.want(exitFailed, "another tail follows this log with -state", args...)
		s.stderr.Reset()
		s.happen("A")
		after(time.Minute)
		wantText(t, "the first one", names(s.take()), "A")
		s.srv.Customer(19029).AddEvents(updated("CUSTOMER"))
		other := s.start(append(args, "-customer", "19029")...)
		after(time.Minute)
		wantText(t, "another log in the same folder", names(s.take()), "CUSTOMER")
		other.end()
		wantStatus(t, first.end(), exitDone)
	})
}

func TestTheFolderIsTakenAway(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		dir := filepath.Join(t.TempDir(), "state")
		run := s.start("-follow", "-state", dir)
		if err := os.RemoveAll(dir); err != nil {
			t.Skip("this system does not let go of a file in use:", err)
		}
		s.happen("A")
		wantStatus(t, <-run.status, exitFailed)
		if got := s.stderr.String(); !strings.Contains(got, "is gone or damaged") {
			t.Errorf("stderr: %s", got)
		}
	})
}

func TestAStateThatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args    string
		happens func(t *testing.T, s *stage, dir string)
		want    []string
	}{
		"another filter": {
			args: "-event recipe_updated",
			want: []string{"the filters are not those", "use those, or take another -state folder, or remove "},
		},
		"another environment": {
			happens: func(_ *testing.T, s *stage, _ string) {
				s.srv.Own().SetEnvironment("prod")
				s.happen("PROD")
			},
			want: []string{"another workspace's or environment's", "take another -state folder"},
		},
		"damaged": {
			happens: func(t *testing.T, _ *stage, dir string) { damage(t, dir) },
			want:    []string{"is gone or damaged, or a newer version", "take another -state folder"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				dir := filepath.Join(t.TempDir(), "state")
				args := append([]string{"-follow", "-state", dir}, strings.Fields(test.args)...)
				s.happen("A")
				run := s.start("-follow", "-state", dir)
				s.happen("B")
				after(time.Minute)
				wantText(t, "at first", names(s.take()), "A B")
				run.end()
				s.stderr.Reset()

				if test.happens != nil {
					test.happens(t, s, dir)
				}
				for range 2 {
					s.want(exitFailed, test.want[0], args...)
					s.want(exitFailed, test.want[1], args...)
				}
				wantText(t, "nothing is printed", s.stdout.String(), "")
				if err := os.RemoveAll(dir); err != nil {
					t.Fatal(err)
				}
				run = s.start(args...)
				s.happen("C")
				after(time.Minute)
				if got := names(s.take()); !strings.HasSuffix(got, " C") {
					t.Errorf("begun anew, it prints %q", got)
				}
				run.end()
			})
		})
	}
}

// checkpoint is the one file in the folder that holds one.
func checkpoint(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.checkpoint"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	return files[0]
}

func damage(t *testing.T, dir string) {
	t.Helper()
	if err := os.WriteFile(checkpoint(t, dir), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Without -state, too, one log is not taken for another.
func TestFollowEndsWhereTheLogIsAnother(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen("A")
		run := s.start("-follow")
		s.srv.Own().SetEnvironment("prod")
		s.happen("B")
		wantStatus(t, <-run.status, exitFailed)
		if got := s.stderr.String(); !strings.Contains(got, "start again to follow it") {
			t.Errorf("stderr: %s", got)
		}
	})
}

func TestAStateThatIsNoFolder(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		s.want(exitFailed, "tail: the checkpoint's folder: ", "-follow", "-state", file)
		if n := len(s.srv.Requests()); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

// A gap is told while it follows, and not again after a restart.
func TestAGapIsToldOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		args := []string{"-follow", "-state", t.TempDir()}
		run := s.start(args...)
		s.srv.Own().AddEvents(workatotest.Event{Raw: []byte(`{"event_type":"moon_landed"}`)}) // no ID
		after(10 * time.Minute)
		run.end()
		run = s.start(args...)
		after(3 * time.Hour)
		run.end()
		if n := strings.Count(s.stderr.String(), " cannot be told: "); n != 1 {
			t.Errorf("told %d times: %s", n, &s.stderr)
		}
	})
}
