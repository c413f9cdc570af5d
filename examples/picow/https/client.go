package https

import (
	"errors"
	"net"
	"time"
)

const (
	// Patience is how long the server may be silent.
	Patience = time.Minute
	// MaxHeader bounds the header of an answer, with all that comes before it, in
	// bytes; and the trailer of a body likewise.
	MaxHeader = 16 << 10
	// MaxPiece is the largest piece of a body, in bytes.
	MaxPiece = 512
	// MaxDropped is how many bytes of a body that nobody wants are read, so that
	// the connection can serve again.
	MaxDropped = 16 << 10
)

// Dialer gives a connection to the server, with TLS done and the server checked.
// It gives up at the deadline, which is zero where there is none. Its errors come
// back from Get as they are.
type Dialer func(deadline time.Time) (net.Conn, error)

// Request is a GET request.
type Request struct {
	Path          string    // with the query, escaped: "/api/activity_logs?page%5Bsize%5D=5"
	Authorization string    // value of that header; "": none
	Deadline      time.Time // for all of it; zero: none
	// Begin is called with the answer once its header is there and before its
	// body; nil: nobody asks. An error from it ends the request and comes back
	// from Get.
	Begin func(Answer) error
}

// Answer is what the header of an answer says.
type Answer struct {
	Status int // 200 to 999
	// Date is the server's clock, in UTC, to the second; zero: not said.
	Date time.Time
	// RetryAfter is how long the server wants to be left alone: 0 where it does
	// not say so, and never negative. A date counts from Date, or from this
	// machine's clock where there is none.
	RetryAfter  time.Duration
	ContentType string // as sent; "": not said
}

// Client sends requests to one host, one after the other, on one connection that
// is kept. It is not safe for concurrent use.
type Client struct {
	dial Dialer
	host string

	conn   net.Conn // nil: none
	served bool     // the connection has answered before
	out    []byte   // a request; kept so that the next one needs no memory

	in       [MaxPiece]byte // what came in
	from, to int            // and was not read yet

	line answerLine
	head head

	contentType string // of the answer before: seldom another one
}

// New makes a client of the host, which is the value of the Host header: a name,
// and ":" with the port where that is not 443. It does no I/O.
func New(dial Dialer, host string) *Client {
	return &Client{dial: dial, host: host}
}

// Close ends the kept connection. The next request dials anew.
func (c *Client) Close() {
	if c.conn != nil {
		_ = c.conn.Close() // nobody is left to be told
	}
	c.conn, c.served, c.from, c.to = nil, false, 0, 0
}

// Get sends a request and reads the answer. The body of an answer with status
// 200 to 299 goes to body, in pieces of 1 to [MaxPiece] bytes that are valid during the
// call only; of any other answer, and where body is nil, it is dropped. An error
// of body or of Request.Begin ends the request and comes back as it is.
//
// Where the error is nil, the answer is complete, whatever its status. Else it
// has what the header said if that was read.
func (c *Client) Get(req Request, body func(piece []byte) error) (Answer, error) {
	if !c.build(req) {
		return Answer{}, ErrRequest
	}
	answer, err := c.try(req, body)
	if errors.Is(err, errGone) {
		c.Close()
		answer, err = c.try(req, body)
	}
	if err != nil || c.head.close || c.from != c.to {
		// What follows on this connection, if anything, cannot be trusted to be the
		// next answer.
		c.Close()
	}
	return answer, err
}

// build writes the request down. It is false where that would not be one.
func (c *Client) build(req Request) bool {
	if len(req.Path) == 0 || req.Path[0] != '/' || !visible(req.Path, false) || c.host == "" || !visible(c.host, false) ||
		!visible(req.Authorization, true) {
		return false
	}
	b := c.out[:0]
	b = append(b, "GET "...)
	b = append(b, req.Path...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, c.host...)
	if req.Authorization != "" {
		b = append(b, "\r\nAuthorization: "...)
		b = append(b, req.Authorization...)
	}
	b = append(b, "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nUser-Agent: workato-picow\r\n\r\n"...)
	c.out = b
	return true
}

// visible says whether a text can stand in a request: it cannot end a line there.
func visible(s string, spaces bool) bool {
	for i := range len(s) {
		if s[i] <= ' ' && (s[i] != ' ' || !spaces) || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// try sends the request once. errGone: on a kept connection that is no longer
// there.
func (c *Client) try(req Request, body func([]byte) error) (Answer, error) {
	if c.conn == nil {
		conn, err := c.dial(req.Deadline)
		if err != nil {
			return Answer{}, err
		}
		c.conn = conn
	}
	kept := c.served
	if err := c.send(req.Deadline); err != nil {
		if kept && !isTimeout(err) {
			return Answer{}, errGone
		}
		return Answer{}, failed(ErrSend, err)
	}
	if err := c.fill(req.Deadline); err != nil { // the first byte
		switch {
		case isTimeout(err):
			return Answer{}, failed(ErrTimeout, err)
		case kept:
			return Answer{}, errGone
		}
		return Answer{}, failed(ErrNoAnswer, err)
	}
	c.served = true
	return c.receive(req, body, kept)
}

func (c *Client) send(deadline time.Time) error {
	if err := c.conn.SetWriteDeadline(patient(deadline)); err != nil {
		return err
	}
	_, err := c.conn.Write(c.out)
	return err
}

// fill waits for bytes.
func (c *Client) fill(deadline time.Time) error {
	if err := c.conn.SetReadDeadline(patient(deadline)); err != nil {
		return err
	}
	for range 100 { // a Reader may give nothing, though not for ever
		n, err := c.conn.Read(c.in[:])
		if n > 0 {
			c.from, c.to = 0, n
			return nil // an error comes again
		}
		if err != nil {
			return err
		}
	}
	return errIdle
}

// patient is the deadline of one step of a request.
func patient(deadline time.Time) time.Time {
	step := time.Now().Add(Patience)
	if !deadline.IsZero() && deadline.Before(step) {
		return deadline
	}
	return step
}
