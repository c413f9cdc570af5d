package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/picow/flash/flashtest"
	"github.com/workato-go/sdk/examples/picow/setup"
	"github.com/workato-go/sdk/workato/workatotest"
)

// fake is a board with the setup that the real one runs.
type fake struct {
	memory   *flashtest.Memory
	lose     func(line string) string // what gets through of what comes in; nil: all
	api      *workatotest.Server
	restarts int
	begun    int
	sent     bytes.Buffer // what the board printed
}

func newFake() *fake { return &fake{memory: flashtest.New(12, 1)} }

// serve runs the board at one end of a line until the other end is closed.
func (f *fake) serve(port io.ReadWriteCloser) {
	defer port.Close()
	session := setup.New(setup.Board{
		Flash: f.memory,
		Print: func(text string) {
			f.sent.WriteString(text)
			_, _ = io.WriteString(port, text)
		},
		Status:    func(line func(string)) { line("watching, quiet"); line("boot 7") },
		BeginAnew: func() error { f.begun++; return nil },
		Restart:   func() { f.restarts++ },
	})
	for chunk := make([]byte, 512); ; {
		n, err := port.Read(chunk)
		text := string(chunk[:n])
		if f.lose != nil {
			text = f.lose(text)
		}
		for _, b := range []byte(text) {
			session.Feed(b)
		}
		if err != nil {
			return
		}
	}
}

// plug connects a computer to the board; the function unplugs it and waits until
// the board noticed.
func (f *fake) plug() (io.ReadWriteCloser, func()) {
	here, there := net.Pipe()
	var done sync.WaitGroup
	done.Go(func() { f.serve(there) })
	return here, func() { _ = here.Close(); done.Wait() }
}

// result is what one run of the program left.
type result struct {
	status   int
	out, err string
}

// use runs the program as somebody who types these lines.
func (f *fake) use(t *testing.T, typed string, args ...string) result {
	t.Helper()
	port, unplug := f.plug()
	defer unplug()
	var out, errs bytes.Buffer
	p := &program{
		console: &console{in: bufio.NewReader(strings.NewReader(typed)), out: &out},
		err:     &errs,
		open:    func(string) (io.ReadWriteCloser, error) { return port, nil },
		now:     func() time.Time { return time.Date(2026, 7, 1, 12, 0, 0, 0, time.FixedZone("", 2*3600)) },
	}
	p.console.secret = p.console.line
	if f.api == nil {
		args = append([]string{"-offline"}, args...)
	} else {
		p.web = f.api.Client()
	}
	status := p.run(args)
	return result{status, out.String(), errs.String()}
}
