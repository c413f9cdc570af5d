package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

// stage is a server, and what a run of the program against it printed.
type stage struct {
	t              *testing.T
	srv            *workatotest.Server
	env            map[string]string
	stdoutColumns  int // 0: no terminal
	stderrColumns  int
	stdout, stderr buffer
	http           *http.Client
}

// inBubble runs a test where time is virtual: the server's quota counts, and
// still nothing takes long.
func inBubble(t *testing.T, f func(t *testing.T, s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := workatotest.NewServer(workatotest.WithSeed(1))
		defer srv.Close()
		s := &stage{t: t, srv: srv, http: srv.Client(), env: map[string]string{"WORKATO_TOKEN": workatotest.Token}}
		f(t, s)
		if strings.Contains(s.stdout.String()+s.stderr.String(), workatotest.Token) {
			t.Error("the token is in the output")
		}
	})
}

// buffer may be read while a run writes to it.
type buffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

func (b *buffer) Len() int { return len(b.String()) }

func (b *buffer) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Buffer.Reset()
}

func (s *stage) system(args ...string) system {
	return system{
		args: args, getenv: func(key string) string { return s.env[key] }, http: s.http,
		stdout: streamTo(&s.stdout, s.stdoutColumns), stderr: streamTo(&s.stderr, s.stderrColumns),
	}
}

func streamTo(b *buffer, columns int) stream {
	if columns == 0 {
		return stream{Writer: b}
	}
	return stream{Writer: b, columns: func() int { return columns }}
}

// run is a run to its end.
func (s *stage) run(args ...string) int {
	s.t.Helper()
	return run(s.t.Context(), s.system(args...))
}

// want is a run that must end with a status and print, on stderr, nothing but
// the given text or something with it in it.
func (s *stage) want(status int, inStderr string, args ...string) {
	s.t.Helper()
	if got := s.run(args...); got != status {
		s.t.Errorf("%q: exit status %d, want %d; stderr: %s", args, got, status, &s.stderr)
	}
	if got := s.stderr.String(); !strings.Contains(got, inStderr) || inStderr == "" && got != "" {
		s.t.Errorf("%q: stderr is %q, want %q in it", args, got, inStderr)
	}
}

// started is a run in the background.
type started struct {
	stop   context.CancelFunc
	status chan int
}

func (s *stage) start(args ...string) started {
	ctx, cancel := context.WithCancel(s.t.Context())
	r := started{stop: cancel, status: make(chan int, 1)}
	go func() { r.status <- run(ctx, s.system(args...)) }()
	synctest.Wait()
	return r
}

// end interrupts the run and gives its status.
func (r started) end() int {
	r.stop()
	return <-r.status
}

// after lets virtual time pass, and what is due then happen.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// take gives the lines printed since it was last asked.
func (s *stage) take() []string { return lines(&s.stdout) }

func lines(b *buffer) []string {
	defer b.Reset()
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

// names gives the resource names in lines, which are the only words in
// capitals there.
func names(lines []string) string {
	var found []string
	for _, line := range lines {
		for word := range strings.FieldsSeq(line) {
			if word == strings.ToUpper(word) && word[0] >= 'A' && word[0] <= 'Z' {
				found = append(found, word)
			}
		}
	}
	return strings.Join(found, " ")
}

// happen adds an event of now for each name.
func (s *stage) happen(names ...string) {
	for _, name := range names {
		s.srv.Own().AddEvents(updated(name))
	}
}

func updated(name string) workatotest.Event {
	return workatotest.Event{
		Time: time.Now(), Type: "recipe_updated",
		User:     &workatotest.User{ID: 12, Name: "Mara Lindqvist", Email: "mara@example.com"},
		Resource: workatotest.Resource{ID: 7, Name: name, Type: "Flow"},
	}
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// numbered is n names, "E1" and so on.
func numbered(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("E%d", i+1)
	}
	return all
}

func wantStatus(t *testing.T, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("exit status %d, want %d", got, want)
	}
}
