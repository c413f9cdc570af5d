//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"golang.org/x/term"
)

// portPatterns are where the boards are.
func portPatterns() []string {
	if runtime.GOOS == "darwin" {
		// The cu device: its counterpart, tty, waits for a signal that USB has not.
		return []string{"/dev/cu.usbmodem*"}
	}
	return []string{"/dev/ttyACM*"}
}

// openPort opens a serial port for bytes as they are: nothing is echoed, and
// no byte means anything to the system. The speed does not matter to USB.
func openPort(name string) (io.ReadWriteCloser, error) {
	port, err := os.OpenFile(name, os.O_RDWR, 0) //nolint:gosec // the user names the port
	if os.IsPermission(err) {
		return nil, fmt.Errorf("%w: your user needs the right to use serial ports (on Debian: be in the group dialout)", err)
	}
	if err != nil {
		return nil, err
	}
	// Not port.Fd(): that would make reads block for good.
	raw, err := port.SyscallConn()
	if err == nil {
		if controlErr := raw.Control(func(fd uintptr) { _, err = term.MakeRaw(int(fd)) }); err == nil {
			err = controlErr
		}
	}
	if err != nil {
		_ = port.Close()
		return nil, fmt.Errorf("%s is no serial port: %w", name, err)
	}
	return port, nil
}
