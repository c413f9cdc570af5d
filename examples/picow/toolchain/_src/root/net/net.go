// Package net has the types and the text forms of Go's net, and no sockets: what
// crypto/tls, crypto/x509 and a network stack in the program need to be compiled.
// TinyGo's own is a module of its own that wants a driver to be registered; here a
// connection is a [Conn] that the program made.
//
// IP addresses and hardware addresses (ip.go, mac.go) are Go's.
package net

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"strconv"
	"time"
)

type Addr interface {
	Network() string
	String() string
}

type Conn interface {
	io.ReadWriteCloser
	LocalAddr() Addr
	RemoteAddr() Addr
	SetDeadline(t time.Time) error
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

type PacketConn interface {
	io.Closer
	ReadFrom(p []byte) (n int, addr Addr, err error)
	WriteTo(p []byte, addr Addr) (n int, err error)
	LocalAddr() Addr
	SetDeadline(t time.Time) error
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

type Listener interface {
	io.Closer
	Accept() (Conn, error)
	Addr() Addr
}

type Error interface {
	error
	Timeout() bool
	Temporary() bool
}

// settled is what all errors of this package have in common.
type settled struct{}

func (settled) Timeout() bool   { return false }
func (settled) Temporary() bool { return false }

type closed struct{ settled }

func (closed) Error() string { return "use of closed network connection" }

var (
	ErrClosed error = closed{}

	errSockets = errors.New("net: there are no sockets in this build")
)

type OpError struct {
	Op, Net      string
	Source, Addr Addr
	Err          error
}

func (e *OpError) Error() string { return e.Op + " " + e.Net + ": " + e.Err.Error() }
func (e *OpError) Unwrap() error { return e.Err }

func (e *OpError) Timeout() bool {
	inner, ok := e.Err.(interface{ Timeout() bool })
	return ok && inner.Timeout()
}

func (e *OpError) Temporary() bool {
	inner, ok := e.Err.(interface{ Temporary() bool })
	return ok && inner.Temporary()
}

type ParseError struct {
	settled
	Type, Text string
}

func (e *ParseError) Error() string { return "invalid " + e.Type + ": " + e.Text }

type AddrError struct {
	settled
	Err, Addr string
}

func (e *AddrError) Error() string { return "address " + e.Addr + ": " + e.Err }

// endpoint is what a TCP and a UDP address have in common.
type endpoint struct {
	IP   IP
	Port int
	Zone string
}

func (e *endpoint) String() string {
	if e == nil {
		return "<nil>"
	}
	host := e.IP.String()
	if e.Zone != "" {
		host += "%" + e.Zone
	}
	return JoinHostPort(host, strconv.Itoa(e.Port))
}

type TCPAddr endpoint

func (*TCPAddr) Network() string  { return "tcp" }
func (a *TCPAddr) String() string { return (*endpoint)(a).String() }

func TCPAddrFromAddrPort(ap netip.AddrPort) *TCPAddr {
	return &TCPAddr{IP: ap.Addr().AsSlice(), Port: int(ap.Port()), Zone: ap.Addr().Zone()}
}

type UDPAddr endpoint

func (*UDPAddr) Network() string  { return "udp" }
func (a *UDPAddr) String() string { return (*endpoint)(a).String() }

func UDPAddrFromAddrPort(ap netip.AddrPort) *UDPAddr {
	return &UDPAddr{IP: ap.Addr().AsSlice(), Port: int(ap.Port()), Zone: ap.Addr().Zone()}
}

func JoinHostPort(host, port string) string {
	for _, c := range []byte(host) {
		if c == ':' {
			return "[" + host + "]:" + port
		}
	}
	return host + ":" + port
}

func SplitHostPort(hostport string) (host, port string, err error) {
	colon := len(hostport) - 1
	for colon >= 0 && hostport[colon] != ':' {
		colon--
	}
	if colon < 0 {
		return "", "", &AddrError{Err: "missing port in address", Addr: hostport}
	}
	host, port = hostport[:colon], hostport[colon+1:]
	if n := len(host); n >= 2 && host[0] == '[' && host[n-1] == ']' {
		return host[1 : n-1], port, nil
	}
	for _, c := range []byte(host) {
		if c == ':' {
			return "", "", &AddrError{Err: "too many colons in address", Addr: hostport}
		}
	}
	return host, port, nil
}

type Flags uint

const (
	FlagUp Flags = 1 << iota
	FlagBroadcast
	FlagLoopback
	FlagPointToPoint
	FlagMulticast
	FlagRunning
)

type Interface struct {
	Index, MTU   int
	Name         string
	HardwareAddr HardwareAddr
	Flags        Flags
}

type Dialer struct {
	Timeout  time.Duration
	Deadline time.Time
}

func (*Dialer) Dial(_, _ string) (Conn, error) { return nil, errSockets }

func (*Dialer) DialContext(context.Context, string, string) (Conn, error) { return nil, errSockets }

func Dial(_, _ string) (Conn, error)       { return nil, errSockets }
func Listen(_, _ string) (Listener, error) { return nil, errSockets }

// What ip.go and mac.go need of Go's parse.go: a decimal and a hexadecimal number
// at the start of s, and how many characters it has.

const big = 0xFFFFFF

func dtoi(s string) (n, i int, ok bool) {
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		if i++; n >= big {
			return big, i, false
		}
	}
	return n, i, i > 0
}

func xtoi2(s string, end byte) (byte, bool) {
	if len(s) < 2 || len(s) > 2 && s[2] != end {
		return 0, false
	}
	n, err := strconv.ParseUint(s[:2], 16, 8)
	return byte(n), err == nil
}
