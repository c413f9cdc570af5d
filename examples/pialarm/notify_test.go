package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

// A real socket, as the service manager has it.
func TestNotifySockets(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there are no datagrams over Unix sockets on Windows")
	}
	folder, err := os.MkdirTemp("", "n") //nolint:usetesting // the name of a socket has to be short
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	names := []string{filepath.Join(folder, "notify")}
	if runtime.GOOS == "linux" {
		names = append(names, "@pialarm-test-"+strconv.Itoa(os.Getpid())+"-"+strconv.FormatInt(time.Now().UnixNano(), 36))
	}
	for _, name := range names {
		manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = manager.Close() }()
		env := map[string]string{"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "30000000"}
		n, err := newNotifier(func(key string) string { return env[key] })
		if err != nil {
			t.Fatal(err)
		}
		defer n.close()
		if n.watchdog != 30*time.Second {
			t.Errorf("watchdog %v", n.watchdog)
		}
		n.ready()
		n.status("quiet\nREADY=0")
		n.alive()
		n.stopping()
		for _, want := range []string{"READY=1", "STATUS=quiet READY=0", "WATCHDOG=1", "STOPPING=1"} {
			text := make([]byte, 200)
			length, err := manager.Read(text)
			if err != nil {
				t.Fatal(err)
			}
			wantText(t, name, string(text[:length]), want)
		}
		_ = manager.Close()
		n.alive() // nobody listens: no harm
	}
}

func TestNotifyNobody(t *testing.T) {
	t.Parallel()
	n, err := newNotifier(noEnv)
	if err != nil || n.watchdog != 0 {
		t.Errorf("%v, error %v", n, err)
	}
	n.ready()
	n.close()
	n, err = newNotifier(func(key string) string {
		return map[string]string{"NOTIFY_SOCKET": filepath.Join(t.TempDir(), "none")}[key]
	})
	if err == nil {
		t.Error("no error for a socket that is not there")
	}
	n.ready()
	n.close()
}

func TestWatchdogInterval(t *testing.T) {
	t.Parallel()
	own := strconv.Itoa(os.Getpid())
	for env, want := range map[[2]string]time.Duration{
		{"", ""}:                     0,
		{"2000000", ""}:              2 * time.Second,
		{"2000000", own}:             2 * time.Second,
		{"2000000", "1"}:             0, // another process is watched
		{"0", ""}:                    0,
		{"-5", ""}:                   0,
		{"x", ""}:                    0,
		{"99999999999999999999", ""}: 0,
	} {
		got := watchdogInterval(func(key string) string {
			return map[string]string{"WATCHDOG_USEC": env[0], "WATCHDOG_PID": env[1]}[key]
		})
		if got != want {
			t.Errorf("%q: %v, want %v", env, got, want)
		}
	}
}

// ear is the service manager's end, where time is virtual.
type ear struct {
	net.Conn // nil: only what the notifier uses is there
	mu       sync.Mutex
	heard    []string
	at       []time.Time
}

func (e *ear) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard, e.at = append(e.heard, string(p)), append(e.at, time.Now())
	return len(p), nil
}

func (e *ear) SetWriteDeadline(time.Time) error { return nil }

// take gives what was heard since it was last asked.
func (e *ear) take() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer func() { e.heard = nil }()
	return e.heard
}

// startApp is a run with a service manager.
func (s *stage) startApp(e *ear, watchdog time.Duration, args ...string) (stop func() error) {
	o, err := parse(args...)
	if err != nil {
		s.t.Fatal(err)
	}
	log := s.system().logger(&o.settings)
	a := app{
		settings: &o.settings, log: log, notify: &notifier{conn: e, watchdog: watchdog},
		holder: pins{kernel: s.kernel, settings: &o.settings, log: log},
	}
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(s.t.Context())
	go func() { ended <- a.run(ctx, workatotest.Token, o.clientOptions(s.http)) }()
	after(0)
	return func() error { cancel(); return <-ended }
}

func TestWhatTheServiceManagerHears(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		var e ear
		s.srv.Fail(1, workatotest.Fault{Status: 500, Latency: 3 * time.Second})
		stop := s.startApp(&e, 0)
		wantText(t, "before the first answer", strings.Join(e.take(), " "), "STATUS=connecting")
		after(3 * time.Second) // it fails, but the program works
		wantText(t, "after a failure", strings.Join(e.take(), ", "), "READY=1, STATUS=fault: answer cannot be used")
		after(2 * time.Second)
		wantText(t, "after the answer", strings.Join(e.take(), ", "), "STATUS=quiet")
		s.happen(2, "recipe_stopped")
		after(31 * time.Second)
		wantText(t, "with activity", strings.Join(e.take(), ", "), "STATUS=new activity; 2 not acknowledged; last: recipe_stopped")
		if err := stop(); err != nil {
			t.Error(err)
		}
		wantText(t, "at the end", strings.Join(e.take(), ", "), "STOPPING=1")
	})
}

func TestTheWatchdogIsFedWhileAllIsWell(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		var e ear
		stop := s.startApp(&e, 20*time.Second)
		count := func(d time.Duration) int {
			e.take()
			after(d)
			n := 0
			for _, message := range e.take() {
				if message == "WATCHDOG=1" {
					n++
				}
			}
			return n
		}
		if n := count(10 * time.Minute); n < 59 || n > 61 {
			t.Errorf("fed %d times in 10 minutes, every 10 s", n)
		}
		// A network that is gone is no reason to be killed.
		s.srv.Fail(-1, workatotest.Fault{Latency: time.Hour})
		if n := count(time.Hour); n < 359 || n > 361 {
			t.Errorf("fed %d times in an hour without answers", n)
		}
		_ = stop()
	})
}

// Where nothing else is due, the watchdog is.
func TestTheWatchdogIsFedInTheDark(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		var e ear
		stop := s.startApp(&e, 2*time.Second, "-wink", "off", "-mute", "none")
		after(7 * time.Second)
		n := 0
		for _, message := range e.take() {
			if message == "WATCHDOG=1" {
				n++
			}
		}
		if n < 7 || n > 8 {
			t.Errorf("fed %d times in 7 s, every second", n)
		}
		_ = stop()
	})
}

func TestAHungReaderIsLeftToTheWatchdog(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		var e ear
		// A transport that neither answers nor gives up, whatever it is told.
		let := make(chan struct{})
		s.http.Transport = hanging{let}
		stop := s.startApp(&e, 20*time.Second)
		after(longestStep + 10*time.Second)
		e.take()
		after(time.Hour)
		if heard := e.take(); slices.Contains(heard, "WATCHDOG=1") {
			t.Errorf("the manager heard %q though the reader hangs", heard)
		}
		s.wantLog("the reader shows no life")
		if n := s.kernel.line(led).sets; n < 100 {
			t.Errorf("the LED was set %d times; it has to go on", n)
		}
		began := time.Now()
		_ = stop()
		if took := time.Since(began); took > time.Second {
			t.Errorf("it took %v to stop", took)
		}
		s.wantSafe()
		close(let)
		after(time.Minute)
	})
}

type hanging struct{ let chan struct{} }

func (h hanging) RoundTrip(*http.Request) (*http.Response, error) {
	<-h.let
	return nil, http.ErrServerClosed
}
