//go:build tinygo && emulator

package main

import (
	"errors"
	"machine"
	"runtime"
	"sync"

	"github.com/workato-go/sdk/examples/picow/network"
)

// radio is that of the emulated board: frames over a UART. The emulator's
// session.mjs says what it is asked. All above it is what a Pico W has.
type radio struct {
	mu sync.Mutex // of the UART, from a question to the end of its answer
	in [1518]byte
	// What the radio of a Pico W keeps in memory more than this one, so that what is
	// left is the same.
	_ [5 << 10]byte
}

const (
	// waiting is high while there is a frame, as a pin of the Pico W's radio is.
	waiting = machine.GPIO22
	// most is what fits into the buffer of the UART, which nobody empties while the
	// loop does something else.
	most = 96
)

var uart = machine.UART1

func newRadio() network.Radio { return new(radio) }

// connectUART has to come before anything is asked of it.
func connectUART() {
	// The pins are those of the connector; the speed is the emulator's own.
	if err := uart.Configure(machine.UARTConfig{BaudRate: 921600, TX: machine.GPIO4, RX: machine.GPIO5}); err != nil {
		panic(err)
	}
	waiting.Configure(machine.PinConfig{Mode: machine.PinInput})
}

func ask(p ...byte) {
	for _, c := range p {
		_ = uart.WriteByte(c) // cannot fail
	}
}

func answer() byte {
	for uart.Buffered() == 0 {
		runtime.Gosched()
	}
	c, _ := uart.ReadByte()
	return c
}

func (*radio) Init() error { return nil }

func (r *radio) Join(ssid, password string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	ask('J', byte(len(ssid)))
	ask([]byte(ssid)...)
	ask(byte(len(password)))
	ask([]byte(password)...)
	if answer() != 0 {
		return errors.New("the radio cannot join")
	}
	return nil
}

func (r *radio) LinkUp() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	ask('L')
	return answer() != 0
}

// HardwareAddr is the one that the tests' router knows.
func (*radio) HardwareAddr() ([6]byte, error) { return [6]byte{2, 0, 0, 0, 0, 1}, nil }

func (r *radio) Receive(deliver func(frame []byte)) error {
	if waiting.Get() {
		deliver(r.in[:r.take()])
	}
	return nil
}

// take reads a frame and says how long it is.
func (r *radio) take() (size int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		ask('R', most)
		n := answer()
		if n == 0 {
			return size
		}
		for range n {
			r.in[size] = answer()
			size++
		}
	}
}

func (r *radio) Send(frame []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	ask('S', byte(len(frame)>>8), byte(len(frame)))
	ask(frame...)
	return nil
}

// taken is memory that the test takes away.
var taken []byte

// trusted is whose certificates the test wants to be good, in PEM.
func trusted() string {
	connectUART()
	ask('M')
	taken = make([]byte, int(answer())<<10)
	var text []byte
	for {
		ask('K', byte(len(text)>>8), byte(len(text)), most)
		n := answer()
		if n == 0 {
			return string(text)
		}
		for range n {
			text = append(text, answer())
		}
	}
}

// measured says how much memory is in use once nothing is that nobody needs. The
// tests read it.
func measured() {
	runtime.GC()
	println("heap", heap())
	runtime.KeepAlive(taken)
}
