package https

import (
	"strings"
	"time"
)

// answerLine is the beginning of a line of an answer. Fields that matter fit; of
// others there is only need to know that they do not.
type answerLine struct {
	text [256]byte
	n    int
	cut  bool // the line is longer
	crlf bool // and not ended by a bare LF
}

func (l *answerLine) bytes() []byte { return l.text[:l.n] }

// head is what an answer's header says of the answer's form.
type head struct {
	status  int
	minor   byte  // of HTTP/1.x
	length  int64 // of the body; -1: not said
	digits  int   // how length was written, so that "5" and "05" are two lengths
	chunked bool
	close   bool // the connection cannot serve again

	date       time.Time
	retryAfter string
	mediaType  bool // Content-Type was said
}

// maxInformational is how many answers with status 100 to 199 may come before
// the answer.
const maxInformational = 5

// receive reads an answer, of which the first byte is there.
func (c *Client) receive(req Request, body func([]byte) error, kept bool) (Answer, error) {
	budget := MaxHeader
	for range maxInformational + 1 {
		if err := c.readHead(req.Deadline, &budget); err != nil {
			return Answer{}, err
		}
		switch {
		case c.head.status == 101: // nobody asked to go over to another protocol
			return Answer{}, ErrMalformed
		case c.head.status == 408 && kept: // a server's farewell to an idle connection, sent before the request
			return Answer{}, errGone
		case c.head.status >= 200:
			answer := c.answer()
			return answer, c.body(req, answer, body)
		}
	}
	return Answer{}, ErrMalformed
}

func (c *Client) answer() Answer {
	h := &c.head
	answer := Answer{Status: h.status, Date: h.date}
	if h.mediaType {
		answer.ContentType = c.contentType
	}
	if h.retryAfter != "" {
		now := h.date
		if now.IsZero() {
			now = time.Now()
		}
		answer.RetryAfter = delay(h.retryAfter, now)
	}
	return answer
}

// readHead reads a status line and the fields that follow, up to the empty line.
func (c *Client) readHead(deadline time.Time, budget *int) error {
	c.head = head{length: -1}
	if err := c.readLine(deadline, budget); err != nil {
		return err
	}
	if !c.head.start(c.line.bytes()) {
		return ErrMalformed
	}
	matters := true // a continuation line cannot come first
	for {
		if err := c.readLine(deadline, budget); err != nil {
			return err
		}
		line := c.line.bytes()
		if len(line) == 0 {
			return c.head.check()
		}
		if line[0] == ' ' || line[0] == '\t' {
			if matters {
				return ErrMalformed
			}
			continue
		}
		var err error
		if matters, err = c.field(line); err != nil {
			return err
		}
	}
}

// start reads a status line.
func (h *head) start(line []byte) bool {
	// "HTTP/1.1 200", and a reason that nobody reads
	if len(line) < 12 || string(line[:7]) != "HTTP/1." || line[7] < '0' || line[7] > '9' || line[8] != ' ' ||
		len(line) > 12 && line[12] != ' ' {
		return false
	}
	h.minor = line[7] - '0'
	h.close = h.minor == 0
	for _, b := range line[9:12] {
		if b < '0' || b > '9' {
			return false
		}
		h.status = h.status*10 + int(b-'0')
	}
	return h.status >= 100
}

// check finds what makes the end of the body doubtful.
func (h *head) check() error {
	switch {
	case h.chunked && (h.length >= 0 || h.minor == 0):
		return ErrConflict
	case !h.hasBody() && (h.chunked || h.length > 0):
		h.close = true // where the next answer begins is anybody's guess
	}
	return nil
}

// hasBody says whether an answer of this status has a body.
func (h *head) hasBody() bool { return h.status >= 200 && h.status != 204 && h.status != 304 }

// field reads a field of the header, and says whether it matters here.
func (c *Client) field(line []byte) (matters bool, err error) {
	name, value, ok := cutField(line)
	if !ok {
		if c.line.cut && isToken(line) {
			return false, ErrHeader // a name without an end
		}
		return false, ErrMalformed
	}
	h := &c.head
	switch {
	case is(name, "content-length"):
		err = h.setLength(value)
	case is(name, "transfer-encoding"):
		switch {
		case h.chunked:
			err = ErrConflict
		case !is(value, "chunked"):
			err = ErrEncoding
		}
		h.chunked = true
	case is(name, "content-encoding"):
		if len(value) > 0 && !is(value, "identity") {
			err = ErrEncoding
		}
	case is(name, "connection"):
		h.close = h.close || lists(value, "close")
	case is(name, "content-type"):
		h.mediaType = true
		if string(value) != c.contentType {
			c.contentType = string(value)
		}
	case is(name, "date"):
		h.date = parseDate(string(value))
	case is(name, "retry-after"):
		h.retryAfter = string(value)
	default:
		return false, nil
	}
	if c.line.cut {
		return true, ErrHeader
	}
	return true, err
}

func (h *head) setLength(value []byte) error {
	n, ok := number(value)
	switch {
	case !ok:
		return ErrMalformed
	case h.length >= 0 && (n != h.length || len(value) != h.digits):
		return ErrConflict
	}
	h.length, h.digits = n, len(value)
	return nil
}

// number reads a decimal number of digits alone.
func number(text []byte) (n int64, ok bool) {
	for _, b := range text {
		if b < '0' || b > '9' || n > (1<<63-1-int64(b-'0'))/10 {
			return 0, false
		}
		n = n*10 + int64(b-'0')
	}
	return n, len(text) > 0
}

// cutField splits "Name: value". A name is a token: with a space before the
// colon, readers differ in what it names.
func cutField(line []byte) (name, value []byte, ok bool) {
	for i, b := range line {
		if b == ':' {
			return line[:i], trim(line[i+1:]), isToken(line[:i])
		}
	}
	return nil, nil, false
}

func isToken(text []byte) bool {
	for _, b := range text {
		alphanumeric := b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
		if !alphanumeric && strings.IndexByte("!#$%&'*+-.^_`|~", b) < 0 {
			return false
		}
	}
	return len(text) > 0
}

func trim(text []byte) []byte {
	for len(text) > 0 && (text[0] == ' ' || text[0] == '\t') {
		text = text[1:]
	}
	for len(text) > 0 && (text[len(text)-1] == ' ' || text[len(text)-1] == '\t') {
		text = text[:len(text)-1]
	}
	return text
}

// is compares without regard to case; word is in small letters.
func is(text []byte, word string) bool {
	if len(text) != len(word) {
		return false
	}
	for i, b := range text {
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		if b != word[i] {
			return false
		}
	}
	return true
}

// lists says whether a list with commas has the word.
func lists(list []byte, word string) bool {
	for start, i := 0, 0; i <= len(list); i++ {
		if i == len(list) || list[i] == ',' {
			if is(trim(list[start:i]), word) {
				return true
			}
			start = i + 1
		}
	}
	return false
}

// readLine reads a line into c.line, without its end.
func (c *Client) readLine(deadline time.Time, budget *int) error {
	l := &c.line
	l.n, l.cut, l.crlf = 0, false, false
	for {
		b, err := c.readByte(deadline)
		if err != nil {
			return err
		}
		if *budget--; *budget < 0 {
			return ErrHeader
		}
		switch {
		case b == '\n':
			return nil
		case l.crlf || b < ' ' && b != '\t' && b != '\r' || b == 0x7f:
			return ErrMalformed // CR in the middle, or another control character
		case b == '\r':
			l.crlf = true
		case l.n == len(l.text):
			l.cut = true
		default:
			l.text[l.n] = b
			l.n++
		}
	}
}

func (c *Client) readByte(deadline time.Time) (byte, error) {
	if c.from == c.to {
		if err := c.fill(deadline); err != nil {
			return 0, failed(ErrCut, err)
		}
	}
	b := c.in[c.from]
	c.from++
	return b, nil
}
