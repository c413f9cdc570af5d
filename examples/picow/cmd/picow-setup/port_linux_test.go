package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/workato-go/sdk/examples/picow/settings"
)

// terminal makes a pair of connected terminals, of which one is for the board.
func terminal(t *testing.T) (board *os.File, port string) {
	t.Helper()
	board, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo terminals here:", err)
	}
	t.Cleanup(func() { _ = board.Close() })
	raw, err := board.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	number := 0
	controlErr := raw.Control(func(fd uintptr) {
		if err = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); err == nil {
			number, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		}
	})
	if err != nil || controlErr != nil {
		t.Skip("no pseudo terminals here:", err, controlErr)
	}
	return board, "/dev/pts/" + strconv.Itoa(number)
}

// A terminal of the system between program and board: a line that the system
// changed on the way would not do.
func TestSerialPort(t *testing.T) {
	t.Parallel()
	line, name := terminal(t)
	f := newFake()
	served := make(chan struct{})
	go func() { defer close(served); f.serve(line) }()
	port, err := openPort(name)
	if err != nil {
		t.Fatal(err)
	}
	b := connect(port)
	if err := b.hello(); err != nil {
		t.Fatal(err)
	}
	current, err := b.show()
	if err != nil {
		t.Fatal(err)
	}
	token := strings.Repeat("t", settings.MaxToken)
	changes := map[string]string{"ssid": "café", "token": token, "host": "www.workato.com", "quiet-hours": "22:00-07:00"}
	want, err := merge(current, changes)
	if err != nil {
		t.Fatal(err)
	}
	if err := apply(b, want, changes); err != nil {
		t.Fatal(err)
	}
	port.Close()
	<-served
	if s, err := settings.Load(f.memory); err != nil || s.Token != token || s.SSID != "café" {
		t.Errorf("%v, %v", s, err)
	}
	if strings.Contains(f.sent.String(), "ttt") {
		t.Error("the token was echoed")
	}
}

func TestPortThatIsNone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openPort(file); err == nil || !strings.Contains(err.Error(), "no serial port") {
		t.Error(err)
	}
	if _, err := openPort(file + "s"); err == nil {
		t.Error("no error for a port that is not there")
	}
}
