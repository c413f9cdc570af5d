//go:build hardware

package emulator_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"io"
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

	Net      string `json:"net"` // what the radio asks
	Name     string `json:"name"`
	Password string `json:"password"`
	Data     string `json:"data"`

	End    string `json:"end"`
	Unused []int  `json:"unused"` // of the stacks, in bytes
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

	air *air // nil: no network
	usb bool // the serial port is the one over USB

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
			b.radio(e)
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

// power switches the board off and on.
func (b *board) power() {
	b.t.Helper()
	clear(b.on)
	b.air.hangUp()
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
	b.air.hangUp()
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
	b.do(map[string]any{"do": "type", "text": line + "\r", "usb": b.usb})
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

// radio answers what the board's radio asks.
func (b *board) radio(e event) {
	b.t.Helper()
	answer := make(map[string]any)
	if b.air != nil {
		switch e.Net {
		case "join":
			answer["status"] = 1
			if e.Name == b.air.name && e.Password == b.air.password {
				answer["status"] = 0
			}
		case "frame":
			frame, err := base64.StdEncoding.DecodeString(e.Data)
			if err != nil {
				b.t.Fatal(err)
			}
			b.air.receive(frame)
			answer["frames"] = b.air.settle()
		case "tick":
			answer["frames"] = b.air.settle()
		}
	}
	b.send(answer)
}
