//go:build hardware

package emulator_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// event is something that the board did, at a time since it was first switched on.
type event struct {
	At time.Duration `json:"-"`

	MS    float64 `json:"ms"`
	Text  *string `json:"text"`  // a line on its serial port
	Pin   *int    `json:"pin"`   // a pin
	On    bool    `json:"on"`    // that changed to this
	Flash string  `json:"flash"` // "erase" or "program"

	Net  string `json:"net"`
	Size int    `json:"size"`
	Data string `json:"data"`

	End    string `json:"end"`
	Cycles int64  `json:"cycles"`
	Why    string `json:"why"`
	Fault  string `json:"fault"`
}

// board is an emulated board with the firmware on it. The test runs it for as long
// as it likes; in between, its time stands still.
type board struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader

	dial func() (net.Conn, error) // the network
	conn *pipe

	now    time.Duration // since it was first switched on
	moved  func(now time.Duration)
	resets int   // by its watchdog
	cycles int64 // that its processor did not sleep
	events []event
	on     map[int]bool // the pins
}

// newBoard puts an image on a board, which is off.
func newBoard(t *testing.T, image string) *board {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "session.mjs")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait() // a board that is killed has nothing to say
	})
	b := &board{t: t, in: in, out: bufio.NewReader(out), on: make(map[int]bool), moved: func(time.Duration) {}}
	b.dial = func() (net.Conn, error) { return nil, errors.New("the test has no network") }
	b.do(map[string]any{"do": "load", "file": image})
	return b
}

// do has the board do something and waits for the end of it.
func (b *board) do(command map[string]any) event {
	b.t.Helper()
	b.send(command)
	for {
		line, err := b.out.ReadBytes('\n')
		if err != nil {
			b.t.Fatalf("the emulator: %v", err)
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			b.t.Fatalf("the emulator says %q: %v", line, err)
		}
		e.At = time.Duration(e.MS * float64(time.Millisecond))
		b.now = e.At
		b.moved(b.now)
		switch {
		case e.End != "":
			if e.Fault != "" {
				b.t.Fatalf("after %v: %s\n%s", b.now, e.Fault, b.transcript())
			}
			b.cycles = e.Cycles
			if e.Why == "watchdog" {
				b.reset()
			}
			return e
		case e.Net != "":
			b.network(e)
		default:
			if e.Pin != nil {
				b.on[*e.Pin] = e.On
			}
			b.events = append(b.events, e)
		}
	}
}

func (b *board) send(message map[string]any) {
	b.t.Helper()
	line, err := json.Marshal(message)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.in.Write(append(line, '\n')); err != nil {
		b.t.Fatalf("the emulator: %v", err)
	}
}

// world says what time it is when the board is first switched on, and whom it is
// to trust.
func (b *board) world(now time.Time, roots string) {
	b.t.Helper()
	b.do(map[string]any{"do": "world", "unix": now.Unix(), "roots": roots})
}

// power switches the board off and on.
func (b *board) power() {
	b.t.Helper()
	clear(b.on)
	b.conn.close()
	b.conn = nil
	b.do(map[string]any{"do": "power", "seed": 1})
}

// run lets the board run, through resets by its watchdog.
func (b *board) run(d time.Duration) {
	b.t.Helper()
	for end := b.now + d; b.now < end; {
		b.do(map[string]any{"do": "run", "ms": float64(end-b.now) / float64(time.Millisecond)})
	}
}

// reset is what the watchdog did.
func (b *board) reset() {
	b.resets++
	clear(b.on)
	b.conn.close()
	b.conn = nil
	text := "(reset by the watchdog)"
	b.events = append(b.events, event{At: b.now, Text: &text})
}

// until lets the board run until it says something, and fails if it does not.
func (b *board) until(text string, atMost time.Duration) {
	b.t.Helper()
	b.wait("a line with "+text, map[string]any{"text": text}, atMost)
}

// untilPin lets the board run until a pin changes to on or off.
func (b *board) untilPin(pin int, on bool, atMost time.Duration) {
	b.t.Helper()
	b.wait("a pin", map[string]any{"pin": pin, "on": on}, atMost)
}

func (b *board) wait(what string, until map[string]any, atMost time.Duration) {
	b.t.Helper()
	var e event
	for end := b.now + atMost; b.now < end && e.Why != "stop"; {
		e = b.do(map[string]any{"do": "run", "ms": float64(end-b.now) / float64(time.Millisecond), "until": until})
	}
	if e.Why != "stop" {
		b.t.Fatalf("no %s within %v (%s)\n%s", what, atMost, e.Why, b.transcript())
	}
}

// enter is somebody at the serial port.
func (b *board) enter(line string) {
	b.t.Helper()
	b.do(map[string]any{"do": "type", "text": line + "\r"})
}

// hang has the firmware loop for ever, wherever it is.
func (b *board) hang() {
	b.t.Helper()
	for b.do(map[string]any{"do": "hang"}).Why != "" {
		b.run(100 * time.Microsecond)
	}
}

// hold is somebody at the button, which connects its pin to ground.
func (b *board) hold(pressed bool) {
	b.t.Helper()
	b.do(map[string]any{"do": "hold", "pin": button, "on": !pressed})
}

// poke changes the flash.
func (b *board) poke(at int64, data []byte) {
	b.t.Helper()
	b.do(map[string]any{"do": "poke", "at": at, "data": base64.StdEncoding.EncodeToString(data)})
}

// peek reads the flash.
func (b *board) peek(at int64, size int) []byte {
	b.t.Helper()
	data, err := base64.StdEncoding.DecodeString(b.do(map[string]any{"do": "peek", "at": at, "size": size}).Data)
	if err != nil {
		b.t.Fatal(err)
	}
	return data
}

// lines are what the board said since a time.
func (b *board) lines(since time.Duration) []string {
	var lines []string
	for _, e := range b.events {
		if e.Text != nil && e.At >= since {
			lines = append(lines, *e.Text)
		}
	}
	return lines
}

// transcript is what the board said, the end of it, for a failure.
func (b *board) transcript() string {
	lines := b.lines(0)
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}

// network answers what the board asks of it.
func (b *board) network(e event) {
	b.t.Helper()
	data, err := base64.StdEncoding.DecodeString(e.Data)
	if err != nil {
		b.t.Fatal(err)
	}
	switch e.Net {
	case "open":
		b.conn.close()
		conn, err := b.dial()
		if err != nil {
			b.conn = nil
			b.send(map[string]any{"status": 1})
			return
		}
		b.conn = newPipe(conn)
		b.send(map[string]any{"status": 0})
	case "close":
		b.conn.close()
		b.conn = nil
	case "write":
		status := 1
		if b.conn.write(data) == nil {
			status = 0
		}
		b.send(map[string]any{"status": status})
	case "read":
		data, status := b.conn.read(e.Size)
		b.send(map[string]any{"status": status, "data": base64.StdEncoding.EncodeToString(data)})
	}
}

// pipe is a connection of the board. A nil one is closed.
type pipe struct {
	conn  net.Conn
	in    chan []byte
	rest  []byte
	quiet bool // nothing came for a while: nobody waits for more
	end   byte
}

const (
	pending = 0
	ended   = 254
	broken  = 255

	// thinking is how long a server may take for an answer, in the time of this
	// machine. The board's time stands still meanwhile.
	thinking = 2 * time.Second
)

func newPipe(conn net.Conn) *pipe {
	p := &pipe{conn: conn, in: make(chan []byte, 64), end: ended}
	go func() {
		defer close(p.in)
		for {
			chunk := make([]byte, 16<<10)
			n, err := conn.Read(chunk)
			if n > 0 {
				p.in <- chunk[:n]
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					p.end = broken
				}
				return
			}
		}
	}()
	return p
}

func (p *pipe) close() {
	if p == nil {
		return
	}
	_ = p.conn.Close()
	go func() {
		for range p.in { // so that the reader ends
		}
	}()
}

func (p *pipe) write(data []byte) error {
	if p == nil {
		return net.ErrClosed
	}
	p.quiet = false
	_, err := p.conn.Write(data)
	return err
}

// read gives what is there; where nothing is, it waits for a server that thinks,
// but only once for one that is silent.
func (p *pipe) read(size int) (data []byte, status byte) {
	if p == nil {
		return nil, broken
	}
	if len(p.rest) == 0 {
		patience := thinking
		if p.quiet {
			patience = 0
		}
		select {
		case chunk, ok := <-p.in:
			if !ok {
				return nil, p.end
			}
			p.rest, p.quiet = chunk, false
		case <-time.After(patience):
			p.quiet = true
			return nil, pending
		}
	}
	n := min(size, len(p.rest))
	data, p.rest = p.rest[:n], p.rest[n:]
	return data, pending
}
