package network

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/soypat/lneto/tcp"
)

// conn is a TCP connection as a net.Conn. Dialing anew takes the ground from
// under it; it notices, and does nothing to the new one.
type conn struct {
	stack         *stack
	local, remote addr
}

var _ net.Conn = (*conn)(nil)

type addr netip.AddrPort

func (addr) Network() string  { return "tcp" }
func (a addr) String() string { return netip.AddrPort(a).String() }

// dial connects to a peer. A lost first segment is sent again, which the stack
// leaves to its user.
func (s *stack) dial(remote netip.AddrPort, until time.Time) (net.Conn, error) {
	s.hangUp()
	if err := s.reach(remote.Addr(), until); err != nil {
		return nil, err
	}
	var err error
	s.still(func() { err = s.net.DialTCP(&s.tcp, s.port(), remote) })
	if err != nil {
		return nil, err
	}
	wait, next := resend, time.Now().Add(resend)
	refused := false
	ok := waitFor(until, func() bool {
		switch state := s.tcp.State(); {
		case state == tcp.StateEstablished || state == tcp.StateCloseWait:
			return true
		case state.IsClosed() && !s.tcp.AwaitingSynSend():
			refused = true
			return true
		}
		if now := time.Now(); now.After(next) {
			wait *= 2
			next = now.Add(wait)
			s.tcp.RequeueControl()
		}
		return false
	})
	if !ok || refused {
		s.still(s.tcp.Abort)
		if refused {
			return nil, errRefused
		}
		return nil, errNoAnswer
	}
	local := netip.AddrPortFrom(netip.AddrFrom4(s.net.Addr4()), s.tcp.LocalPort())
	c := &conn{stack: s, local: addr(local), remote: addr(remote)}
	s.current.Store(c)
	return c, nil
}

var errRefused = errors.New("connection refused")

// hangUp ends the connection that there is.
func (s *stack) hangUp() {
	s.current.Store(nil)
	s.still(s.tcp.Abort)
}

func (c *conn) gone() bool { return c.stack.current.Load() != c }

// Read reads what came in, and waits until there is something.
func (c *conn) Read(p []byte) (int, error) {
	if c.gone() {
		return 0, net.ErrClosed
	}
	return c.stack.tcp.Read(p)
}

// Write takes all of p, and waits for room.
func (c *conn) Write(p []byte) (int, error) {
	if c.gone() {
		return 0, net.ErrClosed
	}
	return c.stack.tcp.Write(p)
}

// Close ends the connection. It waits a moment for what was written, and the end
// itself, to leave; nobody answers for their arrival.
func (c *conn) Close() error {
	if c.gone() {
		return net.ErrClosed
	}
	s := c.stack
	if err := s.tcp.Close(); err == nil {
		waitFor(time.Now().Add(resend/4), func() bool {
			state := s.tcp.State()
			return state != tcp.StateEstablished && state != tcp.StateCloseWait
		})
	}
	s.current.CompareAndSwap(c, nil)
	return nil
}

func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline is SetReadDeadline and SetWriteDeadline.
func (c *conn) SetDeadline(t time.Time) error {
	if c.gone() {
		return net.ErrClosed
	}
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// SetReadDeadline bounds Read; zero: not.
func (c *conn) SetReadDeadline(t time.Time) error {
	if c.gone() {
		return net.ErrClosed
	}
	// A connection that the peer has ended may still have bytes to read, which need
	// no deadline.
	_ = c.stack.tcp.SetReadDeadline(t)
	return nil
}

// SetWriteDeadline bounds Write; zero: not.
func (c *conn) SetWriteDeadline(t time.Time) error {
	if c.gone() {
		return net.ErrClosed
	}
	return c.stack.tcp.SetWriteDeadline(t)
}
