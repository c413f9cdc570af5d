// Package emulator runs a board in QEMU and takes hold of it from the outside:
// its wires through QEMU's test protocol, where neither the kernel nor any
// program of the board can color what is seen, and its first program through the
// serial console.
//
// Time on the board passes as on the host, but a loaded host lets the board's
// programs wait: a width that is measured here is a rough one.
package emulator

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/scope"
	"github.com/workato-go/sdk/examples/pialarm/hardware/talk"
)

// Config is a board.
type Config struct {
	QEMU   string       // the emulator's program
	Args   []string     // the machine, its kernel and its memory
	GPIO   string       // QEMU's type of the GPIO controller: "pl061", "bcm2835_gpio"
	Inputs map[int]bool // levels that are put on wires before the board starts
	Log    io.Writer    // gets everything that comes over the serial console
}

// Board is a running board.
type Board struct {
	Scope scope.Scope // shows the controller's outputs

	cmd    *exec.Cmd
	cancel context.CancelCauseFunc
	ctx    context.Context // ends with the board, with the reason
	ended  chan struct{}
	gpio   string // where the controller is in QEMU's tree of objects
	test   *testProtocol
	log    io.Writer

	sending sync.Mutex
	console io.Writer

	mu    sync.Mutex
	heard []Heard
	news  chan struct{} // closed at the next report; nil: nobody waits
	last  int           // ID of the last order
}

// Heard is a report of the board and when it came.
type Heard struct {
	talk.Report

	At time.Time
}

// Start starts a board, and waits until its first program is ready. The board
// runs until Close, or until the context ends.
func Start(ctx context.Context, c Config) (*Board, error) {
	dir, err := os.MkdirTemp("", "board") // short: the name of a socket has 107 bytes at most
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	b := &Board{ended: make(chan struct{}), log: c.Log}
	b.ctx, b.cancel = context.WithCancelCause(ctx)
	testSocket, monitorSocket := filepath.Join(dir, "test"), filepath.Join(dir, "monitor")
	b.cmd = exec.CommandContext(b.ctx, c.QEMU, append([]string{ //nolint:gosec // the caller names the program
		"-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot",
		// Both sides are connected before the board's processor runs, and QEMU waits
		// for the first one.
		"-qmp", "unix:" + monitorSocket + ",server=on,wait=off",
		"-qtest", "unix:" + testSocket + ",server=on,wait=on", "-qtest-log", "none",
		"-S",
	}, c.Args...)...)
	var complaints strings.Builder
	b.cmd.Stderr = &complaints
	stdin, err := b.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	b.console = stdin

	started := make(chan error)
	listened := make(chan struct{})
	go func() {
		// Where the system can end the emulator with the tests, it goes by the thread.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		endWithParent(b.cmd)
		err := b.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		<-listened // before Wait, which closes the pipe
		err = b.cmd.Wait()
		b.cancel(ended(err, complaints.String()))
		close(b.ended)
	}()
	if err := <-started; err != nil {
		b.cancel(err)
		return nil, err
	}
	go func() {
		defer close(listened)
		b.listen(stdout)
	}()
	if err := b.connect(testSocket, monitorSocket, c); err != nil {
		b.cancel(err)
		<-b.ended
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(complaints.String()))
	}
	if _, err := b.Hear(b.ctx, 0, func(r talk.Report) bool { return r.Name == "guest" }); err != nil {
		b.Close()
		return nil, fmt.Errorf("emulator: the board's first program does not answer: %w", err)
	}
	return b, nil
}

// Err says why the board ended; nil: it runs.
func (b *Board) Err() error { return context.Cause(b.ctx) }

func ended(err error, complaints string) error {
	complaints = strings.TrimSpace(complaints)
	if err == nil {
		return fmt.Errorf("emulator: QEMU ended by itself: %s", complaints)
	}
	return fmt.Errorf("emulator: QEMU ended: %w: %s", err, complaints)
}

// Close ends the board at once.
func (b *Board) Close() {
	b.cancel(errClosed)
	<-b.ended
}

var errClosed = errors.New("emulator: the board was closed")

// connect takes hold of the wires and lets the processor run.
func (b *Board) connect(testSocket, monitorSocket string, c Config) error {
	test, err := b.dial(testSocket)
	if err != nil {
		return err
	}
	b.test = newTestProtocol(test, &b.Scope)
	context.AfterFunc(b.ctx, func() { _ = test.Close() })

	connection, err := b.dial(monitorSocket)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	monitor, err := newMonitor(connection)
	if err != nil {
		return err
	}
	if b.gpio, err = monitor.find(c.GPIO); err != nil {
		return err
	}
	if err := b.watchWires(); err != nil {
		return err
	}
	for wire, high := range c.Inputs {
		if err := b.Drive(wire, high); err != nil {
			return err
		}
	}
	return monitor.call("cont", nil, nil)
}

// watchWires wants to be told of the controller's outputs. To ask again changes
// nothing.
func (b *Board) watchWires() error { return b.test.command("irq_intercept_out " + b.gpio) }

// dial connects to a socket that QEMU makes when it gets there.
func (b *Board) dial(socket string) (net.Conn, error) {
	var dialer net.Dialer
	for {
		connection, err := dialer.DialContext(b.ctx, "unix", socket)
		if err == nil {
			return connection, nil
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-b.ctx.Done():
			return nil, context.Cause(b.ctx)
		}
	}
}

// Drive puts a level on an input of the controller, where its model has inputs.
func (b *Board) Drive(wire int, high bool) error {
	level := 0
	if high {
		level = 1
	}
	return b.test.command(fmt.Sprintf("set_irq_in %s unnamed-gpio-in %d %d", b.gpio, wire, level))
}

// Call sends an order and waits until it is carried out. What that did to wires is
// on the Scope by then.
func (b *Board) Call(ctx context.Context, order talk.Order) (talk.Report, error) {
	b.mu.Lock()
	b.last++
	order.ID = b.last
	since := len(b.heard)
	b.mu.Unlock()
	line, err := json.Marshal(order)
	if err != nil {
		return talk.Report{}, err
	}
	b.sending.Lock()
	_, err = b.console.Write(append(line, '\n'))
	b.sending.Unlock()
	if err != nil {
		return talk.Report{}, err
	}
	answer, err := b.Hear(ctx, since, func(r talk.Report) bool { return r.ID == order.ID })
	if err != nil {
		return talk.Report{}, fmt.Errorf("the board did not answer an order: %w", err)
	}
	// Wires are told of in their order, but not in that of the console: this is
	// answered after them.
	if err := b.watchWires(); err != nil {
		return answer.Report, err
	}
	if answer.Error != "" {
		return answer.Report, fmt.Errorf("on the board: %s", answer.Error)
	}
	return answer.Report, nil
}

// HeardSoFar is how many reports there are.
func (b *Board) HeardSoFar() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.heard)
}

// Heard gives the reports since that many, oldest first.
func (b *Board) Heard(since int) []Heard {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Heard(nil), b.heard[since:]...)
}

// Hear waits for the first report that matches, after that many.
func (b *Board) Hear(ctx context.Context, since int, match func(talk.Report) bool) (Heard, error) {
	for {
		b.mu.Lock()
		heard := b.heard[since:]
		if b.news == nil {
			b.news = make(chan struct{})
		}
		news := b.news
		b.mu.Unlock()
		for _, h := range heard {
			if match(h.Report) {
				return h, nil
			}
		}
		since += len(heard)
		select {
		case <-news:
		case <-ctx.Done():
			return Heard{}, context.Cause(ctx)
		case <-b.ctx.Done():
			return Heard{}, context.Cause(b.ctx)
		}
	}
}

// listen reads the serial console to its end.
func (b *Board) listen(console io.Reader) {
	lines := bufio.NewReader(io.TeeReader(console, b.log))
	for {
		line, err := lines.ReadString('\n')
		now := time.Now()
		line = strings.TrimSpace(line)
		if text, ok := strings.CutPrefix(line, talk.Prefix); ok {
			var report talk.Report
			if err := json.Unmarshal([]byte(text), &report); err == nil {
				b.hear(Heard{report, now})
			}
		}
		if strings.Contains(line, "Kernel panic") {
			b.cancel(fmt.Errorf("emulator: %s", line))
		}
		if err != nil {
			return
		}
	}
}

func (b *Board) hear(h Heard) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heard = append(b.heard, h)
	if b.news != nil {
		close(b.news)
		b.news = nil
	}
}
