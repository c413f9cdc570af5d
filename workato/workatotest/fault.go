package workatotest

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"
)

// Fault is what happens to a request instead of, or on the way to, its
// ordinary answer. The zero value lets it through untouched, which counts:
//
//	s.Fail(6, workatotest.Fault{})
//	s.Fail(1, workatotest.Fault{Status: 503})
//
// fails the seventh request. A Fault comes before everything else, the check
// of the token included; a request it answers or drops is not looked at, has
// no effect and uses no quota, unless Applied says otherwise.
type Fault struct {
	// Path and Method choose the requests: those whose escaped path contains
	// Path, those of that Method. Empty: any.
	Path   string
	Method string

	// Status answers with that status and Body, the documented body of the
	// status where Body is empty. 0: the ordinary answer.
	Status int
	Body   string

	// Header is set on the answer, whichever it is, over its own fields. A
	// key without values takes a field away, Date and X-Request-Id included.
	Header http.Header

	// RetryAfter is sent as the header of that name: seconds or an HTTP date.
	RetryAfter string

	// Latency passes before the answer, or before the connection is dropped.
	// It is cut short by the end of the request's context, which closes the
	// connection without an answer.
	Latency time.Duration

	// Drop closes the connection without an answer.
	Drop bool

	// CutAfter closes the connection after that many bytes of the body, of
	// the ordinary one where Status is 0; below 0 after the header. A body
	// that is no longer than that arrives whole.
	CutAfter int

	// Applied lets the request take effect on arrival, quota included, even
	// where its answer is then replaced, dropped or late beyond the caller's
	// patience.
	Applied bool
}

// ProxyError is a Fault of a proxy in front of the API: a page of HTML with
// that status and without a request ID.
func ProxyError(status int) Fault {
	text := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return Fault{
		Status: status,
		Header: http.Header{"Content-Type": {"text/html"}, "X-Request-Id": nil},
		Body: "<html>\r\n<head><title>" + text + "</title></head>\r\n<body>\r\n<center><h1>" +
			text + "</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n",
	}
}

type queuedFault struct {
	Fault
	left int // below 0: without end
}

// Fail plays f on the next n requests that it matches, after the faults that
// were queued before it and match too. n below 0: on all of them, until
// [Server.ClearFaults].
//
// Fail panics on a status outside 200 to 999.
func (s *Server) Fail(n int, f Fault) {
	if f.Status != 0 && (f.Status < 200 || f.Status > 999) {
		panic(fmt.Sprintf("workatotest: Fail: %d is no status an answer can have", f.Status))
	}
	if n == 0 {
		return
	}
	f.Header = f.Header.Clone()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &queuedFault{Fault: f, left: n})
}

// ClearFaults drops the faults that are still queued.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault uses up the first queued fault that matches.
func (s *Server) takeFault(r *http.Request) Fault {
	path := r.URL.EscapedPath()
	for i, f := range s.faults {
		if f.Method != "" && f.Method != r.Method || !strings.Contains(path, f.Path) {
			continue
		}
		if f.left--; f.left == 0 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		return f.Fault
	}
	return Fault{}
}

// alter makes the answer that is sent out of the ordinary one.
func (f Fault) alter(a answer, id string) answer {
	if f.Status != 0 {
		a = problem(f.Status, id)
	}
	if f.Status != 0 && f.Body != "" {
		a.body = []byte(f.Body)
	}
	h := make(http.Header)
	maps.Copy(h, a.header)
	for k, v := range f.Header {
		h[http.CanonicalHeaderKey(k)] = v
	}
	if f.RetryAfter != "" {
		h.Set("Retry-After", f.RetryAfter)
	}
	a.header, a.cut = h, f.CutAfter
	return a
}
