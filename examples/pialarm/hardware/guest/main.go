//go:build linux

// Guest is the first program of an emulated board, and but for the program under
// test the only one. It does what the host orders over the serial console (see
// package talk): it starts and signals programs, plays the API, and says what the
// kernel and the registers know of the lines.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"syscall"
	"time"
	"unsafe"

	"github.com/workato-go/sdk/examples/pialarm/hardware/talk"
)

func main() {
	debug.SetGCPercent(400) // the board's memory is empty, its processor slow
	console, err := boot()
	if err != nil {
		fmt.Fprintln(os.Stderr, "guest:", err)
		return // the kernel says that its first program ended
	}
	b := newBoard(console)
	b.report(talk.Report{Name: "guest"}) // ready
	orders := json.NewDecoder(bufio.NewReader(console))
	for {
		var order talk.Order
		if err := orders.Decode(&order); err != nil {
			fmt.Fprintln(os.Stderr, "guest: the console is closed or not understood:", err)
			return
		}
		go func() {
			answer, err := b.carryOut(order)
			answer.ID = order.ID
			if err != nil {
				answer.Error = err.Error()
			}
			b.report(answer)
		}()
	}
}

// boot does what the programs of a distribution do before anything else.
func boot() (console *os.File, err error) {
	for _, m := range []struct{ kind, at string }{{"proc", "/proc"}, {"sysfs", "/sys"}, {"devtmpfs", "/dev"}} {
		if err := syscall.Mount(m.kind, m.at, m.kind, 0, ""); err != nil {
			return nil, fmt.Errorf("mounting %s: %w", m.at, err)
		}
	}
	// The kernel's messages would break lines; its last words come in any case.
	const consoleLevel = 8
	if _, _, errno := syscall.Syscall(syscall.SYS_SYSLOG, consoleLevel, 0, 1); errno != 0 {
		return nil, fmt.Errorf("silencing the kernel: %w", errno)
	}
	if console, err = os.OpenFile("/dev/console", os.O_RDWR, 0); err != nil {
		return nil, err
	}
	if err := raw(console); err != nil {
		return nil, fmt.Errorf("making the console raw: %w", err)
	}
	if err := loopback(); err != nil {
		return nil, fmt.Errorf("bringing up the loopback interface: %w", err)
	}
	for _, dir := range []string{"/tmp", "/run"} {
		if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // every program may look there
			return nil, err
		}
		if err := os.Chmod(dir, 0o777); err != nil { //nolint:gosec // and write
			return nil, err
		}
	}
	return console, permit()
}

// raw takes line editing and echo from a terminal.
func raw(tty *os.File) error {
	var t syscall.Termios
	if err := ioctl(tty.Fd(), syscall.TCGETS, &t); err != nil {
		return err
	}
	t.Iflag, t.Oflag, t.Lflag = 0, 0, 0
	t.Cc[syscall.VMIN], t.Cc[syscall.VTIME] = 1, 0
	return ioctl(tty.Fd(), syscall.TCSETS, &t)
}

// loopback brings the loopback interface up; its address comes with it.
func loopback() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer func() { _ = syscall.Close(fd) }()
	var request struct { // struct ifreq
		name  [16]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:], "lo")
	request.flags = syscall.IFF_UP
	return ioctl(uintptr(fd), syscall.SIOCSIFFLAGS, &request)
}

func ioctl[T any](fd, request uintptr, arg *T) error {
	//nolint:gosec // arg is what the request wants
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(unsafe.Pointer(arg))); errno != 0 {
		return errno
	}
	return nil
}

func setClock(t time.Time) error {
	tv := syscall.NsecToTimeval(t.UnixNano())
	return syscall.Settimeofday(&tv)
}
