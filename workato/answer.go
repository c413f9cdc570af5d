package workato

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/workato-go/sdk/internal/redact"
)

// A page of the log is some 50 KB; anything near this is not an answer.
const maxBody = 64 << 20

// errTooLarge is the reason to refuse a body.
var errTooLarge = errors.New("the body is over 64 MiB")

// errNoBody is the reason to refuse a success.
var errNoBody = errors.New("the body is missing")

// answer is what an attempt brought: a response with its body read, or an
// error.
type answer struct {
	status     int // 0: none came
	header     http.Header
	requestID  string
	body       []byte    // of a success that a BodyReader has read: its beginning
	blank      bool      // that had nothing but white space
	unread     error     // why the BodyReader could not read it
	endedAt    time.Time // when it ended; zero: just now
	retryAfter time.Duration
	saysWhen   bool   // the server sent a Retry-After
	redirect   string // why a redirect was not followed
	refused    bool   // the HTTP client's own rules ended the attempt
	err        error
}

// receive reads a response to its end, so that its connection can serve again,
// and closes it. A BodyReader gets a success, and may have enough before.
func receive(resp *http.Response, err error, reader BodyReader) answer {
	if resp == nil {
		return answer{err: err}
	}
	defer resp.Body.Close()
	if err != nil { // only a CheckRedirect gives both
		return answer{err: err, refused: true}
	}
	a := answer{status: resp.StatusCode, header: resp.Header, requestID: requestID(resp.Header)}
	a.retryAfter, a.saysWhen = retryAfter(resp.StatusCode, resp.Header)
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		a.redirect = redirectReason(resp)
	}
	if reader != nil && resp.StatusCode/100 == 2 && resp.ContentLength <= maxBody {
		a.read(resp, reader)
	} else {
		a.body, a.err = readBody(resp)
		a.blank = len(bytes.TrimSpace(a.body)) == 0
	}
	resp.Body = http.NoBody
	return a
}

func readBody(resp *http.Response) ([]byte, error) {
	if resp.ContentLength > maxBody {
		start, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
		return start, errTooLarge
	}
	var body bytes.Buffer
	if resp.ContentLength > 0 {
		body.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	n, err := body.ReadFrom(io.LimitReader(resp.Body, maxBody+1))
	if n > maxBody {
		return bytes.Clone(body.Bytes()[:maxErrorBody]), errTooLarge
	}
	return body.Bytes(), err
}

func requestID(header http.Header) string {
	id := header.Get("X-Request-Id")
	if id == "" {
		id = header.Get("X-Correlation-Id")
	}
	return snippet(id, 128)
}

// verdict is what the answer means for a retry. A body that broke off leaves
// as open as no answer whether the server did its work.
func (a answer) verdict() verdict {
	switch {
	case a.refused || errors.Is(a.err, errTooLarge):
		return final
	case a.err != nil && a.status/100 <= 2:
		return judgeTransport(a.err)
	default:
		return judgeStatus(a.status)
	}
}

// success tells an answer that may be decoded.
func (a answer) success() bool { return a.status/100 == 2 && a.err == nil }

// decode turns the last answer into the call's result.
func (c *call) decode(out any) (*Response, error) {
	a := c.last
	deletedBefore := c.request.Method == http.MethodDelete && a.status == http.StatusNotFound && c.mayHaveRun
	switch {
	case deletedBefore:
		// An earlier attempt did the work, and its answer was lost.
	case a.err != nil && a.status/100 == 2 && !errors.Is(a.err, errTooLarge):
		return nil, c.failed(fmt.Errorf("the body broke off: %w", a.err))
	case !a.success():
		return nil, c.newError(a)
	case a.blank && c.request.NeedsBody:
		return nil, c.because(c.newError(a), errNoBody)
	case a.blank:
	case c.reader != nil:
		if errors.Is(a.unread, ErrInvalid) {
			return nil, c.newError(a)
		}
		if a.unread != nil {
			return nil, c.unreadable(a.unread)
		}
	case saysNoSuccess(a.body):
		return nil, c.newError(a)
	default:
		if out == nil {
			out = new(json.RawMessage) // a sign-in page is no success, even where nobody needs the body
		}
		if err := json.Unmarshal(a.body, out); err != nil {
			return nil, c.unreadable(err)
		}
	}
	date, _ := http.ParseTime(a.header.Get("Date"))
	return &Response{StatusCode: a.status, Header: a.header, RequestID: a.requestID, Date: date, Attempts: c.attempts}, nil
}

func (c *call) unreadable(err error) error {
	return c.because(c.newError(c.last), fmt.Errorf("the body cannot be read: %w", err))
}

// saysNoSuccess finds the "success": false with which this platform answers
// some failed writes.
func saysNoSuccess(body []byte) bool {
	if !bytes.Contains(body, []byte(`uccess"`)) {
		return false
	}
	var said struct {
		Success json.RawMessage `json:"success"`
	}
	return json.Unmarshal(body, &said) == nil && string(said.Success) == "false"
}

// newError makes the Error of an answer.
func (c *call) newError(a answer) *Error {
	body := a.body[:min(len(a.body), maxErrorBody)]
	e := &Error{
		StatusCode: a.status,
		RequestID:  c.clean(a.requestID),
		Op:         c.request.Op,
		Method:     c.request.Method,
		Path:       c.clean(c.path),
		Attempts:   c.attempts,
		RetryAfter: a.retryAfter,
		body:       func() []byte { return body },
	}
	if errors.Is(a.err, errTooLarge) {
		return c.because(e, a.err)
	}
	said := explain(body)
	if a.redirect != "" {
		said.message = a.redirect
	}
	e.Message, e.ID = c.clean(said.message), c.clean(said.id)
	for field, reasons := range said.fields {
		if e.Fields == nil {
			e.Fields = make(map[string][]string, len(said.fields))
		}
		for _, reason := range reasons {
			e.Fields[c.clean(field)] = append(e.Fields[c.clean(field)], c.clean(reason))
		}
	}
	return e
}

// because makes e say why the body of an answer is of no use, and how it
// begins: often enough it is a proxy's page.
func (c *call) because(e *Error, reason error) *Error {
	e.cause = reason
	e.Message = c.clean(reason.Error())
	if beginning := snippet(string(e.body()), maxSnippet/2); beginning != "" {
		e.Message += c.clean("; the body begins: " + beginning)
	}
	return e
}

// clean takes out of a text from outside what must not be shown.
func (c *call) clean(s string) string { return redact.Text(s, c.workspace.client.token()) }
