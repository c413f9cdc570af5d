package https_test

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/workato-go/sdk/examples/picow/https"
)

// script is a connection whose server says what is written down here.
type script struct {
	net.Conn
	pieces []string // what each Read gives
	end    error    // after that; nil: io.EOF
	sent   []byte
	refuse error // of every Write
	closed bool
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.pieces) == 0 {
		if s.end != nil {
			return 0, s.end
		}
		return 0, io.EOF
	}
	n := copy(p, s.pieces[0])
	if s.pieces[0] = s.pieces[0][n:]; s.pieces[0] == "" {
		s.pieces = s.pieces[1:]
	}
	return n, nil
}

func (s *script) Write(p []byte) (int, error) {
	if s.refuse != nil {
		return 0, s.refuse
	}
	s.sent = append(s.sent, p...)
	return len(p), nil
}

func (s *script) Close() error                     { s.closed = true; return nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

// bytewise is a text in pieces of one byte.
func bytewise(text string) (pieces []string) {
	for i := range len(text) {
		pieces = append(pieces, text[i:i+1])
	}
	return pieces
}

// dialer gives one connection after the other, and fails after the last.
type dialer struct {
	conns []*script
	dials int
}

var errNoMore = errors.New("no more connections")

func (d *dialer) dial(time.Time) (net.Conn, error) {
	if d.dials == len(d.conns) {
		return nil, errNoMore
	}
	d.dials++
	return d.conns[d.dials-1], nil
}

const host = "app.example.com"

// get asks a server that says the given pieces, once, on a new connection.
func get(pieces ...string) (answer https.Answer, body string, conn *script, err error) {
	conn = &script{pieces: pieces}
	d := dialer{conns: []*script{conn}}
	answer, err = https.New(d.dial, host).Get(https.Request{Path: "/"}, func(piece []byte) error {
		body += string(piece)
		return nil
	})
	return answer, body, conn, err
}
