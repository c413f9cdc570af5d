package main

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// aside writes on a goroutine of its own: a log that nobody takes off, as with
// Ctrl-S on a terminal, must not stop who drives the buzzer. Lines that find no
// room are dropped, and counted.
type aside struct {
	out     io.Writer
	lines   chan []byte
	dropped atomic.Int64
	end     chan struct{} // closed: what is there is written, and then no more
	ended   chan struct{}
}

func writeAside(out io.Writer) *aside {
	const room = 2000 // lines; a catch-up logs some hundred events at once
	a := &aside{out: out, lines: make(chan []byte, room), end: make(chan struct{}), ended: make(chan struct{})}
	go a.run()
	return a
}

// Write takes a line, and never waits.
func (a *aside) Write(p []byte) (int, error) {
	select {
	case a.lines <- bytes.Clone(p):
	default:
		a.dropped.Add(1)
	}
	return len(p), nil
}

func (a *aside) run() {
	defer close(a.ended)
	for {
		select {
		case line := <-a.lines:
			a.write(line)
		case <-a.end:
			for range len(a.lines) {
				a.write(<-a.lines)
			}
			return
		}
	}
}

func (a *aside) write(line []byte) {
	_, _ = a.out.Write(line)
	if n := a.dropped.Swap(0); n > 0 {
		_, _ = fmt.Fprintf(a.out, "pialarm: %d lines of the log were dropped: nobody took them\n", n)
	}
}

// How long the end waits for somebody to take the last lines.
const lastLines = 200 * time.Millisecond

// close writes what is left, unless nobody takes it.
func (a *aside) close() {
	close(a.end)
	select {
	case <-a.ended:
	case <-time.After(lastLines):
	}
}
