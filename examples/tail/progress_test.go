package main

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.stderrColumns = 100
		s.happen(numbered(1000)...)
		began := time.Now()
		s.want(exitDone, " events, ", "-json")
		took := time.Since(began)

		drawn := strings.Split(s.stderr.String(), "\r")[1:]
		last := drawn[len(drawn)-1]
		wantText(t, "at the end", last, "\x1b[K")
		if n := len(drawn) - 1; n < 3 || n > int(2*took.Seconds())+1 {
			t.Errorf("drawn %d times in %v", n, took)
		}
		for _, line := range drawn[:len(drawn)-1] {
			if !strings.HasSuffix(line, ", back to 2000-01-01 00:00:00Z\x1b[K") || !strings.Contains(line, "/s, ") {
				t.Errorf("drawn: %q", line)
			}
		}
		if n := len(s.take()); n != 1000 {
			t.Errorf("%d events", n)
		}
	})
}

func TestProgressFitsTheTerminal(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.stderrColumns = 20
		s.happen(numbered(1000)...)
		s.want(exitDone, "…\x1b[K", "-json")
		for part := range strings.SplitSeq(s.stderr.String(), "\r") {
			if got := width(strings.TrimSuffix(part, "\x1b[K")); got > 19 {
				t.Errorf("%d columns: %q", got, part)
			}
		}
	})
}

func TestNoProgress(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stdout, stderr int
		term           string
		args           string
	}{
		"stderr is no terminal": {args: "-json"},
		"stdout is a terminal":  {stdout: 100, stderr: 100, args: "-json"},
		"a dumb terminal":       {stderr: 100, term: "dumb", args: "-json"},
		"no export":             {stderr: 100, args: "-n 1000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(_ *testing.T, s *stage) {
				s.stdoutColumns, s.stderrColumns, s.env["TERM"] = test.stdout, test.stderr, test.term
				s.happen(numbered(1000)...)
				s.want(exitDone, "", strings.Fields(test.args)...)
			})
		})
	}
}

func TestEventCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0: "0 events", 1: "1 event", 999: "999 events", 1000: "1,000 events", 1234567: "1,234,567 events",
	} {
		wantText(t, strconv.Itoa(n), eventCount(n), want)
	}
}
