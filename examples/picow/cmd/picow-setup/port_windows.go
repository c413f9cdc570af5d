package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/windows"
)

// portPatterns: the names of ports say nothing of what is there.
func portPatterns() []string { return nil }

const (
	dtrAndRTS = 0x10 | 0x1000 // the board sends only to who is ready
	binary    = 1
)

// openPort opens a serial port for bytes as they are.
func openPort(name string) (io.ReadWriteCloser, error) {
	if !strings.HasPrefix(name, `\\`) {
		name = `\\.\` + name // else ports above COM9 are not found
	}
	port, err := os.OpenFile(name, os.O_RDWR, 0) //nolint:gosec // the user names the port
	if err != nil {
		return nil, err
	}
	handle := windows.Handle(port.Fd())
	var state windows.DCB
	if err := windows.GetCommState(handle, &state); err != nil {
		_ = port.Close()
		return nil, fmt.Errorf("%s is no serial port: %w", name, err)
	}
	state.BaudRate, state.ByteSize, state.Parity, state.StopBits = 115200, 8, 0, 0
	state.Flags = binary | dtrAndRTS
	if err := windows.SetCommState(handle, &state); err != nil {
		_ = port.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	// A read returns as soon as there is something.
	timeouts := windows.CommTimeouts{ReadIntervalTimeout: 0xffffffff, ReadTotalTimeoutMultiplier: 0xffffffff, ReadTotalTimeoutConstant: 0xfffffffe}
	if err := windows.SetCommTimeouts(handle, &timeouts); err != nil {
		_ = port.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return port, nil
}
