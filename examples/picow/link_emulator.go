//go:build tinygo && emulator

package main

import (
	"encoding/binary"
	"errors"
	"io"
	"machine"
	"net"
	"os"
	"runtime"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// link is the network of the emulated board: requests over a UART, answered by
// who runs the emulator. The emulator's session.mjs says what they look like.
type link struct{ uart *machine.UART }

// What fits into the buffer of the UART, which nobody empties while the loop does
// something else.
const most = 96

func newLink(*firmware) *link {
	uart := machine.UART1
	// The pins are those of the connector; the speed is the emulator's own.
	if err := uart.Configure(machine.UARTConfig{BaudRate: 921600, TX: machine.GPIO4, RX: machine.GPIO5}); err != nil {
		panic(err)
	}
	return &link{uart}
}

func (l *link) send(p ...byte) {
	for _, c := range p {
		_ = l.uart.WriteByte(c) // cannot fail
	}
}

func (l *link) receive() byte {
	for l.uart.Buffered() == 0 {
		runtime.Gosched()
	}
	c, _ := l.uart.ReadByte()
	return c
}

// up does what joining a network does on a real board: nothing here.
func (*link) up(time.Time) error { return nil }

func (l *link) time(time.Time) (time.Time, error) {
	l.send('T')
	var p [8]byte
	for i := range p {
		p[i] = l.receive()
	}
	return time.Unix(int64(binary.BigEndian.Uint64(p[:])), 0), nil
}

func (*link) ready() bool { return true }

// fault is what an error of the link shows.
func (*link) fault(error) alarm.Fault { return alarm.Unreachable }

// measured says how much memory is in use once nothing is that nobody needs. The
// tests read it.
func measured() {
	runtime.GC()
	println("heap", heap())
}

// roots are those that the test wants to be trusted, in PEM.
func (l *link) roots() string {
	var text []byte
	for {
		l.send('K', byte(len(text)>>8), byte(len(text)), most)
		n := l.receive()
		if n == 0 {
			return string(text)
		}
		for range n {
			text = append(text, l.receive())
		}
	}
}

func (l *link) dial(deadline time.Time) (net.Conn, error) {
	l.send('O')
	if status := l.receive(); status != 0 {
		return nil, errors.New("connection refused")
	}
	return &bridged{link: l, readBy: deadline, writeBy: deadline}, nil
}

// bridged is a connection over the bridge.
type bridged struct {
	*link
	readBy, writeBy time.Time // zero: no deadline
	closed          bool
}

func (c *bridged) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if err := c.usable(c.readBy); err != nil {
			return 0, err
		}
		c.send('R', byte(min(len(p), most)))
		switch n := c.receive(); n {
		case 0:
			time.Sleep(20 * time.Millisecond)
		case 254:
			return 0, io.EOF
		case 255:
			return 0, errors.New("connection reset")
		default:
			for i := range n {
				p[i] = c.receive()
			}
			return int(n), nil
		}
	}
}

func (c *bridged) Write(p []byte) (done int, err error) {
	for done < len(p) {
		if err := c.usable(c.writeBy); err != nil {
			return done, err
		}
		n := min(len(p)-done, most)
		c.send('W', byte(n))
		c.send(p[done : done+n]...)
		if c.receive() != 0 {
			return done, errors.New("connection reset")
		}
		done += n
	}
	return done, nil
}

func (c *bridged) usable(deadline time.Time) error {
	if c.closed {
		return net.ErrClosed
	}
	if !deadline.IsZero() && !time.Now().Before(deadline) {
		return os.ErrDeadlineExceeded
	}
	return nil
}

func (c *bridged) Close() error {
	if !c.closed {
		c.send('C')
	}
	c.closed = true
	return nil
}

func (c *bridged) SetDeadline(t time.Time) error {
	c.readBy, c.writeBy = t, t
	return nil
}

func (c *bridged) SetReadDeadline(t time.Time) error {
	c.readBy = t
	return nil
}

func (c *bridged) SetWriteDeadline(t time.Time) error {
	c.writeBy = t
	return nil
}

func (*bridged) LocalAddr() net.Addr  { return &net.TCPAddr{} }
func (*bridged) RemoteAddr() net.Addr { return &net.TCPAddr{} }
