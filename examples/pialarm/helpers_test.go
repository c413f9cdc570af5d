package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

// fakeKernel is a machine's GPIO in memory.
type fakeKernel struct {
	mu      sync.Mutex
	list    []chip
	listErr error
	refuse  func(place, request) error // nil: nothing
	held    map[string]*fakeLine       // by chip and offset
	all     []*fakeLine                // ever
}

// aPi is a Raspberry Pi 4 as far as the alarm knows it.
func aPi() *fakeKernel {
	header := chip{path: "/dev/gpiochip0", names: []string{"gpiochip0"}, label: "pinctrl-bcm2711"}
	for offset := range 28 {
		name := fmt.Sprintf("GPIO%d", offset)
		if offset == 4 {
			name = "GPIO_GCLK"
		}
		header.lines = append(header.lines, lineInfo{offset: offset, name: name})
	}
	return &fakeKernel{list: []chip{header}, held: map[string]*fakeLine{}}
}

func (k *fakeKernel) chips() ([]chip, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.list, k.listErr
}

func (k *fakeKernel) request(p place, r request) (line, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.refuse != nil {
		if err := k.refuse(p, r); err != nil {
			return nil, err
		}
	}
	key := lineKey(p.chip, p.line)
	if k.held[key] != nil {
		return nil, syscall.EBUSY
	}
	l := &fakeLine{kernel: k, key: key, place: p, request: r, output: r.input == nil}
	k.held[key] = l
	k.all = append(k.all, l)
	return l, nil
}

// line is the one that is held for a role, or was held last.
func (k *fakeKernel) line(r role) *fakeLine {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, l := range slices.Backward(k.all) {
		if l.request.consumer == "pialarm "+string(r) {
			return l
		}
	}
	return &fakeLine{kernel: k}
}

func (k *fakeKernel) setRefuse(f func(place, request) error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refuse = f
}

// safe tells what is not: a line that is held, on, or an output.
func (k *fakeKernel) safe() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var unsafe []error
	for _, l := range k.all {
		if l.on || l.output || k.held[l.key] == l {
			unsafe = append(unsafe, fmt.Errorf("%s: on %v, output %v, held %v", l.request.consumer, l.on, l.output, k.held[l.key] == l))
		}
	}
	return errors.Join(unsafe...)
}

type fakeLine struct {
	kernel  *fakeKernel
	key     string
	place   place
	request request
	on      bool // an output's value, or whether the button is down
	output  bool
	broken  error
	panics  bool
	sets    int
	sounded time.Duration
	since   time.Time
}

func (l *fakeLine) Set(on bool) error {
	l.kernel.mu.Lock()
	defer l.kernel.mu.Unlock()
	l.sets++
	switch {
	case l.panics && on:
		panic("a mistake in the program")
	case l.broken != nil:
		return l.broken
	case on && !l.on:
		l.since = time.Now()
	case !on && l.on:
		l.sounded += time.Since(l.since)
	}
	l.on = on
	return nil
}

func (l *fakeLine) Value() (bool, error) {
	l.kernel.mu.Lock()
	defer l.kernel.mu.Unlock()
	return l.on, l.broken
}

func (l *fakeLine) Release() error {
	l.kernel.mu.Lock()
	defer l.kernel.mu.Unlock()
	if l.kernel.held[l.key] == l {
		delete(l.kernel.held, l.key)
	}
	l.on, l.output = false, false
	return l.broken
}

// isOn tells an output's value.
func (l *fakeLine) isOn() bool {
	l.kernel.mu.Lock()
	defer l.kernel.mu.Unlock()
	return l.on
}

// fail breaks the line, as when its chip is gone.
func (l *fakeLine) fail(err error) {
	l.kernel.mu.Lock()
	defer l.kernel.mu.Unlock()
	l.broken = err
}

// explode lets the next Set panic.
func (l *fakeLine) explode() {
	l.kernel.mu.Lock()
	defer l.kernel.mu.Unlock()
	l.panics = true
}

// move presses or releases the button, and tells so if that is wanted.
func (l *fakeLine) move(down bool) {
	l.kernel.mu.Lock()
	l.on = down
	changed := l.request.input.changed
	l.kernel.mu.Unlock()
	if changed != nil {
		changed(down)
	}
}

// press is a short press.
func (l *fakeLine) press() {
	l.move(true)
	after(100 * time.Millisecond)
	l.move(false)
	after(100 * time.Millisecond)
}

// stage is a server, a board, and what a run of the program with them printed.
type stage struct {
	t              *testing.T
	srv            *workatotest.Server
	kernel         *fakeKernel
	env            map[string]string
	http           *http.Client
	keys           keyboard
	columns        int // of stdout; 0: no terminal
	stdout, stderr buffer
}

// inBubble runs a test where time is virtual.
func inBubble(t *testing.T, f func(t *testing.T, s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := workatotest.NewServer(workatotest.WithSeed(1))
		defer srv.Close()
		s := newStage(t)
		s.srv, s.http = srv, srv.Client()
		f(t, s)
		if strings.Contains(s.stdout.String()+s.stderr.String(), workatotest.Token) {
			t.Error("the token is in the output")
		}
	})
}

func newStage(t *testing.T) *stage {
	return &stage{t: t, kernel: aPi(), env: map[string]string{"WORKATO_TOKEN": workatotest.Token}}
}

// buffer may be read while a run writes to it.
type buffer struct {
	mu   sync.Mutex
	text []byte
}

func (b *buffer) locked(do func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	do()
}

func (b *buffer) Write(p []byte) (int, error) {
	b.locked(func() { b.text = append(b.text, p...) })
	return len(p), nil
}

func (b *buffer) String() (text string) {
	b.locked(func() { text = string(b.text) })
	return text
}

// take gives what was written since it was last asked.
func (b *buffer) take() (text string) {
	b.locked(func() { text, b.text = string(b.text), nil })
	return text
}

func (s *stage) system(args ...string) system {
	return system{
		args: args, getenv: func(key string) string { return s.env[key] }, http: s.http, kernel: s.kernel, keys: s.keys,
		stdout: stream{&s.stdout, s.columns}, stderr: stream{Writer: &s.stderr},
	}
}

// want is a run to its end, which must have a status and print a text to stderr;
// "": nothing.
func (s *stage) want(status int, inStderr string, args ...string) {
	s.t.Helper()
	if got := run(s.t.Context(), s.system(args...)); got != status {
		s.t.Errorf("%q: exit status %d, want %d", args, got, status)
	}
	if got := s.stderr.take(); !strings.Contains(got, inStderr) || inStderr == "" && got != "" {
		s.t.Errorf("%q: stderr is %q, want %q in it", args, got, inStderr)
	}
}

// started is a run in the background.
type started struct {
	stop   context.CancelFunc
	status chan int
}

func (s *stage) start(args ...string) started { return startSystem(s.t, s.system(args...)) }

func startSystem(t *testing.T, sys system) started {
	ctx, cancel := context.WithCancel(t.Context())
	r := started{stop: cancel, status: make(chan int, 1)}
	go func() { r.status <- run(ctx, sys) }()
	synctest.Wait()
	return r
}

// end stops the run like a signal, and gives its status.
func (r started) end() int {
	r.stop()
	return <-r.status
}

// after lets virtual time pass, and what is due then happen.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// happen adds so many events of now.
func (s *stage) happen(n int, kind string) {
	for range n {
		s.srv.Own().AddEvents(workatotest.Event{
			Time: time.Now(), Type: kind,
			User:     &workatotest.User{ID: 12, Name: "Mara Lindqvist", Email: "mara@example.com"},
			Resource: workatotest.Resource{ID: 7, Name: "Orders", Type: "Flow"},
		})
	}
}

func (s *stage) wantLog(text string) {
	s.t.Helper()
	if got := s.stderr.String(); !strings.Contains(got, text) {
		s.t.Errorf("%q is not in the log:\n%s", text, got)
	}
}

func (s *stage) wantSafe() {
	s.t.Helper()
	if err := s.kernel.safe(); err != nil {
		s.t.Errorf("not safe: %v", err)
	}
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func wantStatus(t *testing.T, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("exit status %d, want %d", got, want)
	}
}

func wantError(t *testing.T, err error, text string) {
	t.Helper()
	switch {
	case text == "" && err != nil:
		t.Errorf("error %v, want none", err)
	case text != "" && (err == nil || !strings.Contains(err.Error(), text)):
		t.Errorf("error %v, want %q in it", err, text)
	}
}

func noEnv(string) string { return "" }

// discardLog is for servers that would complain of what a test does to them.
func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }
