package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDemo compares with what is in testdata. UPDATE_GOLDEN=1 writes it anew.
func TestDemo(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.env, s.http = nil, nil
		began := time.Now()
		if status := s.run("-demo"); status != exitDone {
			t.Errorf("status %d", status)
		}
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("it took %v", took)
		}
		got := s.stdout.String() + "--- stderr\n" + s.stderr.String()
		if strings.Contains(got, "\x1b") {
			t.Error("there are escape sequences without a terminal")
		}
		golden := filepath.Join("testdata", "demo.golden")
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		wantText(t, golden, got, string(want))
	})
}

func TestDemoOnATerminal(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.env, s.stdoutColumns, s.stderrColumns = nil, 80, 80
		s.want(exitDone, "go run ./examples/tail -follow", "-demo")
		got := s.take()
		if len(got) != demoCount+demoLive || !strings.HasPrefix(got[0], dim) {
			t.Errorf("%d lines; the first is %q", len(got), got[0])
		}
		for line := range strings.Lines(s.stderr.String()) {
			if len(line) > 81 {
				t.Errorf("too wide: %q", line)
			}
		}
	})
}

func TestDemoTakesTheOtherFlags(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.env = nil
		s.want(exitDone, "That was the demo.", "-demo", "-n", "3", "-json", "-from", "2d", "-follow")
		got := s.take()
		if len(got) != 3+demoLive {
			t.Errorf("%d lines", len(got))
		}
		for _, line := range got {
			if !strings.HasPrefix(line, `{"id":`) {
				t.Errorf("no record: %s", line)
			}
		}
	})
}

func TestDemoCanBeEnded(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start("-demo")
		after(3 * time.Second)
		wantStatus(t, run.end(), exitDone)
		wantText(t, "stderr", s.stderr.String(), demoHeader)
	})
}

// noNetwork fails the test that uses it.
type noNetwork struct{ t *testing.T }

func (n noNetwork) RoundTrip(*http.Request) (*http.Response, error) {
	n.t.Error("a request left the process")
	return nil, http.ErrNotSupported
}

func TestDemoNeedsNeitherTheTokenNorTheNetwork(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.http = &http.Client{Transport: noNetwork{t}}
		s.env["WORKATO_TOKEN"] = "a-real-token"
		s.want(exitDone, "That was the demo.", "-demo")
		if strings.Contains(s.stdout.String()+s.stderr.String(), "a-real-token") {
			t.Error("the token is in the output")
		}
	})
}
