package https

import (
	"errors"
	"io"
	"time"
)

// body reads the body of the answer whose header is there, to its end.
func (c *Client) body(req Request, answer Answer, body func([]byte) error) error {
	if req.Begin != nil {
		if err := req.Begin(answer); err != nil {
			return err
		}
	}
	h := &c.head
	if !h.hasBody() {
		return nil
	}
	if body == nil || answer.Status >= 300 {
		left := MaxDropped
		body = func(piece []byte) error {
			if left -= len(piece); left < 0 {
				return errUnwanted
			}
			return nil
		}
	}
	var err error
	switch {
	case h.chunked:
		err = c.chunks(req.Deadline, body)
	case h.length >= 0:
		err = c.pieces(req.Deadline, h.length, body)
	default:
		err = c.rest(req.Deadline, body)
	}
	if errors.Is(err, errUnwanted) {
		h.close = true // cheaper than to read on
		return nil
	}
	return err
}

// errUnwanted ends a body that is dropped.
var errUnwanted = errors.New("https: more of a body that nobody wants")

// pieces hands over n bytes.
func (c *Client) pieces(deadline time.Time, n int64, body func([]byte) error) error {
	for n > 0 {
		if c.from == c.to {
			if err := c.fill(deadline); err != nil {
				return failed(ErrCut, err)
			}
		}
		piece := c.in[c.from:c.to]
		if int64(len(piece)) > n {
			piece = piece[:n]
		}
		c.from += len(piece)
		n -= int64(len(piece))
		if err := body(piece); err != nil {
			return err
		}
	}
	return nil
}

// rest hands over all bytes until the server closes the connection. A connection
// that breaks is another thing: TLS tells them apart.
func (c *Client) rest(deadline time.Time, body func([]byte) error) error {
	c.head.close = true
	for {
		if c.from == c.to {
			switch err := c.fill(deadline); {
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				return failed(ErrCut, err)
			}
		}
		piece := c.in[c.from:c.to]
		c.from = c.to
		if err := body(piece); err != nil {
			return err
		}
	}
}

// chunks hands over a chunked body. Extensions and the trailer are dropped.
func (c *Client) chunks(deadline time.Time, body func([]byte) error) error {
	waste := 0 // bytes that are no data, beyond what honest chunks have
	for {
		budget := MaxHeader
		if err := c.readLine(deadline, &budget); err != nil {
			return err
		}
		n, ok := c.line.chunkSize()
		if !ok {
			return ErrMalformed
		}
		if n == 0 {
			return c.trailer(deadline)
		}
		// One byte a chunk is honest; endless extensions are not.
		waste += MaxHeader - budget
		waste = int(max(int64(waste)-16-2*min(n, MaxHeader), 0))
		if waste > MaxHeader {
			return ErrMalformed
		}
		if err := c.pieces(deadline, n, body); err != nil {
			return err
		}
		for _, want := range [...]byte{'\r', '\n'} {
			switch b, err := c.readByte(deadline); {
			case err != nil:
				return err
			case b != want:
				return ErrMalformed
			}
		}
	}
}

// chunkSize reads the line before a chunk: "1f;extension".
func (l *answerLine) chunkSize() (n int64, ok bool) {
	if !l.crlf {
		return 0, false
	}
	digits := l.bytes()
	ended := false
	for i, b := range digits {
		if b == ';' {
			digits, ended = digits[:i], true
			break
		}
	}
	if l.cut && !ended {
		return 0, false
	}
	for len(digits) > 0 && (digits[len(digits)-1] == ' ' || digits[len(digits)-1] == '\t') {
		digits = digits[:len(digits)-1]
	}
	if len(digits) == 0 || len(digits) > 15 { // 60 bits
		return 0, false
	}
	for _, b := range digits {
		switch {
		case b >= '0' && b <= '9':
			b -= '0'
		case b >= 'a' && b <= 'f':
			b -= 'a' - 10
		case b >= 'A' && b <= 'F':
			b -= 'A' - 10
		default:
			return 0, false
		}
		n = n<<4 | int64(b)
	}
	return n, true
}

// trailer reads the fields after the last chunk, which say nothing that matters
// here, up to the empty line.
func (c *Client) trailer(deadline time.Time) error {
	budget := MaxHeader
	for first := true; ; first = false {
		if err := c.readLine(deadline, &budget); err != nil {
			return err
		}
		line := c.line.bytes()
		if !c.line.crlf {
			return ErrMalformed
		}
		if len(line) == 0 {
			return nil
		}
		if line[0] == ' ' || line[0] == '\t' {
			if first {
				return ErrMalformed
			}
			continue
		}
		if _, _, ok := cutField(line); !ok {
			return ErrMalformed
		}
	}
}
