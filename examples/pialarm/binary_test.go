package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

// The test binary is the program, too, where this variable is set: so the tests
// below run what users run, with its exit status and its signals.
const beTheProgram = "PIALARM_TEST_IS_THE_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(beTheProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is the program with arguments, and an environment of its own.
func program(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // for a program that hangs
	t.Cleanup(cancel)
	c := exec.CommandContext(ctx, self, args...)
	c.Env = append([]string{beTheProgram + "=1", "HOME=" + t.TempDir(), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT")}, env...)
	return c
}

func status(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		return -1
	}
	return exitDone
}

func TestExitStatus(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args   string
		env    []string
		status int
		stdout string
		stderr string
	}{
		{"help", nil, exitDone, "Usage: pialarm", ""},
		{"-h", nil, exitDone, "Usage: pialarm", ""},
		{"", nil, exitUsage, "", "pialarm: there is no token"},
		{"-intervall 3s", nil, exitUsage, "", "did you mean -interval?"},
		{"-led NO-SUCH-LINE", []string{"WORKATO_TOKEN=x"}, exitFailed, "", "pialarm: "},
		{"safe-state -led NO-SUCH-LINE -buzzer NONE-EITHER", nil, exitDone, "", "not made safe"},
		{"begin-anew", nil, exitUsage, "", "-state DIR"},
		{"-dry-run -base-url http://workato.example.com", []string{"WORKATO_TOKEN=x"}, exitUsage, "", "https"},
		{"-demo -speed 100", nil, exitDone, "That was the demo.", ""},
	} {
		var stdout, stderr strings.Builder
		c := program(t, test.env, strings.Fields(test.args)...)
		c.Stdout, c.Stderr = &stdout, &stderr
		if got := status(c.Run()); got != test.status {
			t.Errorf("%q: exit status %d, want %d; stderr %s", test.args, got, test.status, &stderr)
		}
		if !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
			t.Errorf("%q: stdout %q, stderr %q", test.args, &stdout, &stderr)
		}
	}
}

// running is the program in the background.
type running struct {
	t     *testing.T
	c     *exec.Cmd
	out   io.ReadCloser
	lines *bufio.Scanner
}

func startProgram(t *testing.T, env []string, args ...string) *running {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no signals to end a program with")
	}
	c := program(t, env, args...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return &running{t, c, out, bufio.NewScanner(out)}
}

// await reads until a line has the text.
func (r *running) await(text string) {
	r.t.Helper()
	for r.lines.Scan() {
		if strings.Contains(r.lines.Text(), text) {
			return
		}
	}
	r.t.Fatalf("the program ended without saying %q", text)
}

func (r *running) end(s os.Signal) int {
	r.t.Helper()
	if err := r.c.Process.Signal(s); err != nil {
		r.t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, r.out)
	return status(r.c.Wait())
}

// The real program against a real socket: silent at first, then what is new, and
// at the next start what happened meanwhile.
func TestProgramOverASocket(t *testing.T) {
	t.Parallel()
	srv := workatotest.NewServer()
	defer srv.Close()
	happens := func(kind string) {
		srv.Own().AddEvents(workatotest.Event{Type: kind, Resource: workatotest.Resource{ID: 1, Type: "Flow"}})
	}
	happens("recipe_created")
	env := []string{"WORKATO_TOKEN=" + srv.Token(), "STATE_DIRECTORY=" + t.TempDir()}
	args := []string{"-dry-run", "-base-url", srv.URL(), "-interval", "5s", "-high-events", "token_leaked"}
	r := startProgram(t, env, args...)
	r.await("shows  quiet")
	happens("recipe_updated")
	r.await("normal   recipe_updated Flow, by the platform")
	r.await("buzzer on")
	r.await("buzzer off")
	if got := r.end(syscall.SIGTERM); got != exitDone {
		t.Errorf("exit status %d", got)
	}
	happens("token_leaked")
	r = startProgram(t, env, args...)
	r.await("event  high     token_leaked")
	r.await("shows  new activity, high")
	srv.Fail(-1, workatotest.Fault{Latency: time.Hour}) // the next request hangs
	if got := r.end(os.Interrupt); got != exitDone {
		t.Errorf("exit status %d", got)
	}
}

func TestProgramAsAService(t *testing.T) {
	t.Parallel()
	srv := workatotest.NewServer()
	defer srv.Close()
	folder, err := os.MkdirTemp("", "n") //nolint:usetesting // the name of a socket has to be short
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	socket := filepath.Join(folder, "notify")
	if runtime.GOOS == "windows" {
		t.Skip("there are no datagrams over Unix sockets on Windows")
	}
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = manager.Close() }()
	hear := func(want string) {
		t.Helper()
		for text := make([]byte, 500); ; {
			n, err := manager.Read(text)
			if err != nil {
				t.Fatal(err)
			}
			if string(text[:n]) == want {
				return
			}
		}
	}
	credentials := t.TempDir()
	if err := os.WriteFile(filepath.Join(credentials, credentialName), []byte(srv.Token()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=200000", "CREDENTIALS_DIRECTORY=" + credentials}
	r := startProgram(t, env, "-gpio", "none", "-base-url", srv.URL())
	hear("READY=1")
	hear("STATUS=quiet")
	hear("WATCHDOG=1")
	hear("WATCHDOG=1")
	if got := r.end(syscall.SIGTERM); got != exitDone {
		t.Errorf("exit status %d", got)
	}
	hear("STOPPING=1")
}

// Who reads the log may go away: the program goes on.
func TestProgramSurvivesAClosedPipe(t *testing.T) {
	t.Parallel()
	srv := workatotest.NewServer()
	defer srv.Close()
	r := startProgram(t, []string{"WORKATO_TOKEN=" + srv.Token()}, "-dry-run", "-base-url", srv.URL(), "-interval", "5s")
	r.await("shows  quiet")
	r.out.Close()
	srv.Own().AddEvents(workatotest.Event{Type: "recipe_updated"})
	for n := len(srv.Requests()); len(srv.Requests()) < n+2; {
		time.Sleep(100 * time.Millisecond)
		if err := r.c.Process.Signal(syscall.Signal(0)); err != nil {
			t.Fatalf("it ended: %v", err)
		}
	}
	if err := r.c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := status(r.c.Wait()); got != exitDone {
		t.Errorf("exit status %d", got)
	}
}
