package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

// slowly is an output that takes some time for each line.
type slowly struct {
	io.Writer
	delay func() time.Duration
}

func (s slowly) Write(p []byte) (int, error) {
	time.Sleep(s.delay())
	return s.Writer.Write(p)
}

func always(d time.Duration) func() time.Duration { return func() time.Duration { return d } }

// blocked is an output that takes nothing before it is opened, and then
// everything.
type blocked struct {
	io.Writer
	open    chan struct{}
	waiting atomic.Int64
}

func (b *blocked) Write(p []byte) (int, error) {
	b.waiting.Add(1)
	<-b.open
	return b.Writer.Write(p)
}

// exporting is an export to an output of its own.
func (s *stage) exporting(out io.Writer, args ...string) system {
	sys := s.system(append([]string{"-json"}, args...)...)
	sys.stdout.Writer = out
	return sys
}

// wantEvents checks that the lines are the last n events of so many, newest
// first, each once.
func wantEvents(t *testing.T, lines []string, n, of int) {
	t.Helper()
	if len(lines) != n {
		t.Errorf("%d events, want %d", len(lines), n)
	}
	for i, line := range lines {
		if want := fmt.Sprintf(`"name":"E%d"`, of-i); !strings.Contains(line, want) {
			t.Fatalf("event %d is %s, want %s", i, line, want)
		}
	}
}

func (s *stage) statuses() map[int]int {
	counts := map[int]int{}
	for _, request := range s.srv.Requests() {
		counts[request.Status]++
	}
	return counts
}

// A long log is told from end to end, as fast as the quota allows and no faster.
func TestExportTakesTheQuotaAndNoMore(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for name, delay := range map[string]func() time.Duration{
		"a fast output":    always(0),
		"an even output":   always(10 * time.Millisecond),
		"an uneven output": func() time.Duration { return time.Duration(random.Int64N(int64(20 * time.Millisecond))) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				const events, requests = 7500, 76 // the last page is empty
				s.happen(numbered(events)...)
				s.srv.Fail(-1, workatotest.Fault{Latency: 300 * time.Millisecond})
				began := time.Now()
				wantStatus(t, run(t.Context(), s.exporting(slowly{&s.stdout, delay})), exitDone)
				took := time.Since(began)
				wantEvents(t, s.take(), events, events)
				if got := s.statuses(); got[200] != requests || len(got) != 1 {
					t.Errorf("statuses %v, want 200 %d times: no page twice, and no 429", got, requests)
				}
				if most := time.Duration(requests) * time.Minute / 54; took > most { // nine tenths of the quota
					t.Errorf("it took %v, want at most %v", took, most)
				}
			})
		})
	}
}

// While the output takes nothing, the next page is asked for, and no third one
// for as long as it lasts.
func TestExportAsksForOnePageAhead(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(numbered(450)...)
		out := &blocked{Writer: &s.stdout, open: make(chan struct{})}
		ended := make(chan int)
		go func() { ended <- run(t.Context(), s.exporting(out)) }()
		after(time.Second)
		if n := out.waiting.Load(); n != 1 {
			t.Fatalf("%d writes are under way, want 1", n)
		}
		for range 2 {
			if n := len(s.srv.Requests()); n != 2 {
				t.Errorf("%d requests while the first event waits, want 2", n)
			}
			after(time.Hour)
		}
		close(out.open)
		wantStatus(t, <-ended, exitDone)
		wantEvents(t, s.take(), 450, 450)
	})
}

// However slow the output, there are never more than two pages of events that
// were asked for and are not written.
func TestExportKeepsTwoPages(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(numbered(1000)...)
		written, most := 0, 0
		out := writer(func(p []byte) (int, error) {
			time.Sleep(50 * time.Millisecond) // far slower than the pages come
			written++
			most = max(most, 100*len(s.srv.Requests())-written)
			return s.stdout.Write(p)
		})
		wantStatus(t, run(t.Context(), s.exporting(out)), exitDone)
		wantEvents(t, s.take(), 1000, 1000)
		if most < 100 || most > 200 {
			t.Errorf("up to %d events were asked for and not written, want more than a page and at most two", most)
		}
	})
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

// The server and the output work at the same time: an export takes as long as
// the slower of the two.
func TestExportOverlapsReadingAndWriting(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ server, output, want time.Duration }{
		"a slow server": {10 * time.Second, 50 * time.Millisecond, 6 * 10 * time.Second},
		"a slow output": {10 * time.Second, 150 * time.Millisecond, 10*time.Second + 500*150*time.Millisecond},
		// Longer than a request may last: nothing is under way meanwhile.
		"a very slow output": {time.Second, 2 * time.Second, time.Second + 500*2*time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				s.happen(numbered(500)...)
				s.srv.Fail(-1, workatotest.Fault{Latency: test.server})
				began := time.Now()
				wantStatus(t, run(t.Context(), s.exporting(slowly{&s.stdout, always(test.output)})), exitDone)
				if took := time.Since(began); took > test.want+time.Second {
					t.Errorf("it took %v, want %v", took, test.want)
				}
				wantEvents(t, s.take(), 500, 500)
				if got := s.statuses(); got[200] != 6 || len(got) != 1 {
					t.Errorf("statuses %v", got)
				}
			})
		})
	}
}

// The events before a failure are written before it ends the program, also
// where it came while they were waiting.
func TestExportWritesWhatCameBeforeAFailure(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(numbered(450)...)
		s.srv.Fail(3, workatotest.Fault{})
		s.srv.Fail(-1, workatotest.Fault{Status: 401})
		wantStatus(t, run(t.Context(), s.exporting(slowly{&s.stdout, always(time.Second)})), exitFailed)
		wantEvents(t, s.take(), 300, 450)
		if got := s.stderr.String(); !strings.Contains(got, "stopped after 300 events") || !strings.Contains(got, "401: the token is not valid") {
			t.Errorf("stderr: %s", got)
		}
	})
}

// What passes is waited out behind the scenes: the output does not stop for it.
func TestExportWaitsOutAShortFailure(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(numbered(450)...)
		s.srv.Fail(2, workatotest.Fault{})
		s.srv.Fail(3, workatotest.Fault{Status: 503})
		began := time.Now()
		wantStatus(t, run(t.Context(), s.exporting(slowly{&s.stdout, always(100 * time.Millisecond)})), exitDone)
		wantEvents(t, s.take(), 450, 450)
		if took := time.Since(began); took > 450*100*time.Millisecond+time.Second {
			t.Errorf("it took %v, want the time of the output alone", took)
		}
	})
}

// Where the output is gone the export ends at once, and so does the request
// that is under way.
func TestExportEndsWithItsOutput(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(numbered(450)...)
		s.srv.Fail(2, workatotest.Fault{})
		s.srv.Fail(-1, workatotest.Fault{Latency: 40 * time.Second})
		began := time.Now()
		out := slowly{&full{left: 150}, always(10 * time.Millisecond)}
		wantStatus(t, run(t.Context(), s.exporting(out)), exitFailed)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("it took %v, want no wait for the third page", took)
		}
		if got := s.stderr.String(); !strings.Contains(got, "stopped after 150 events") || !strings.Contains(got, "cannot write the output: no space left") {
			t.Errorf("stderr: %s", got)
		}
		after(time.Hour)
		if n := len(s.srv.Requests()); n != 3 {
			t.Errorf("%d requests, want 3", n)
		}
	})
}

// A pipe whose reader left, as of head(1).
func TestExportIntoABrokenPipe(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(numbered(450)...)
		reader, pipe, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = pipe.Close() }()
		left := 20
		out := writer(func(p []byte) (int, error) {
			if left--; left == 0 {
				_ = reader.Close()
			}
			return pipe.Write(p)
		})
		wantStatus(t, run(t.Context(), s.exporting(out)), exitFailed)
		if got := s.stderr.String(); !strings.Contains(got, "stopped after 19 events") {
			t.Errorf("stderr: %s", got)
		}
		if n := len(s.srv.Requests()); n > 2 {
			t.Errorf("%d requests, want no more than one ahead", n)
		}
		if _, err := pipe.WriteString("x"); !errors.Is(err, syscall.EPIPE) && os.PathSeparator == '/' {
			t.Errorf("the pipe is not broken: %v", err)
		}
	})
}

// Ctrl-C ends an export within a line, whatever it waits for, and what it says
// fits what it wrote.
func TestExportCanBeInterrupted(t *testing.T) {
	t.Parallel()
	for name, latency := range map[string]time.Duration{"while it prints": 0, "while a page is under way": 40 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, when := range []time.Duration{0, 10 * time.Millisecond, 25 * time.Second, 120 * time.Second} {
				inBubble(t, func(t *testing.T, s *stage) {
					s.happen(numbered(450)...)
					s.srv.Fail(1, workatotest.Fault{})
					s.srv.Fail(-1, workatotest.Fault{Latency: latency})
					ctx, cancel := context.WithCancel(t.Context())
					ended := make(chan int)
					go func() { ended <- run(ctx, s.exporting(slowly{&s.stdout, always(time.Second)})) }()
					after(when)
					cancel()
					interrupted := time.Now()
					wantStatus(t, <-ended, exitInterrupted)
					if took := time.Since(interrupted); took > time.Second {
						t.Errorf("it went on for %v", took)
					}
					n := strings.Count(s.stdout.String(), "\n")
					if n == 0 {
						t.Fatal("nothing was printed")
					}
					wantEvents(t, s.take(), n, 450)
					if got, want := s.stderr.String(), "tail: stopped after "+eventCount(n)+", back to "; !strings.HasPrefix(got, want) {
						t.Errorf("stderr is %q, want %q", got, want)
					}
				})
			}
		})
	}
}

// An export into a file that was cut short goes on as it says, and together
// they have every event.
func TestExportGoesOnInAFile(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		const events = 1200
		for i := range events {
			e := updated(fmt.Sprintf("E%d", i+1))
			e.Time = e.Time.Add(time.Duration(i-events) * 20 * time.Second)
			s.srv.Own().AddEvents(e)
		}
		file, err := os.Create(filepath.Join(t.TempDir(), "log.ndjson"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		s.srv.Fail(7, workatotest.Fault{})
		s.srv.Fail(5, workatotest.Fault{Status: 503})
		wantStatus(t, run(t.Context(), s.exporting(file)), exitFailed)
		_, advice, found := strings.Cut(s.stderr.String(), "repeat the command with ")
		flag, at, _ := strings.Cut(advice, " ")
		at, _, _ = strings.Cut(at, " ")
		if !found || flag != "-to" {
			t.Fatalf("stderr: %s", &s.stderr)
		}
		wantStatus(t, run(t.Context(), s.exporting(file, flag, at)), exitDone)

		all, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		lines := strings.Split(strings.TrimSpace(string(all)), "\n")
		for _, line := range lines {
			seen[line] = true
		}
		if len(seen) != events || len(lines) > events+4 {
			t.Errorf("%d events in %d lines, want %d, and of one minute twice", len(seen), len(lines), events)
		}
	})
}
