package workatotest

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const jsonType = "application/json; charset=utf-8"

// answer is a response before it is sent. Header holds what it has beside
// the fields of every answer; a key without values takes such a field away.
type answer struct {
	status int
	header http.Header
	body   []byte
	cut    int // as in Fault.CutAfter
}

// success is a 200 with v as its JSON body.
func success(v any) answer {
	return answer{status: http.StatusOK, body: mustJSON(v)}
}

// refused is the documented answer of an error status other than 500.
func refused(status int) answer { return problem(status, "") }

// problem is the documented answer of a status; id is what a 500 tells.
func problem(status int, id string) answer {
	return answer{status: status, body: documentedBody(status, id)}
}

// invalid is a 422 about one field.
func invalid(field, reason string) answer {
	return answer{
		status: http.StatusUnprocessableEntity,
		body:   mustJSON(map[string]any{"errors": map[string][]string{field: {reason}}}),
	}
}

// documentedBody is the body the API's documents show for a status. For one
// they do not show it is a message in the words of the status.
func documentedBody(status int, id string) []byte {
	switch {
	case status == http.StatusOK:
		return []byte(`{"Success": true}`)
	case status < http.StatusBadRequest:
		return nil
	}
	var o object
	switch text := http.StatusText(status); {
	case status == http.StatusInternalServerError:
		o.add("message", "Server error")
		o.add("id", id)
	case text != "":
		o.add("message", text[:1]+strings.ToLower(text[1:]))
	default:
		o.add("message", "")
	}
	return o.end()
}

// mustJSON encodes a value of the server's, which cannot fail, or one a test
// gave for an event: there a failure is the programmer's error.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("workatotest: a value has no JSON form: " + err.Error())
	}
	return b
}

// send writes the answer and, for one that is cut, closes the connection
// under it.
func (s *Server) send(w http.ResponseWriter, c *call, a answer) {
	if a.status == http.StatusNoContent || a.status == http.StatusNotModified {
		a.body = nil
	}
	h := w.Header()
	h.Set("Date", s.now().UTC().Format(http.TimeFormat))
	h.Set("X-Request-Id", c.record.RequestID)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	if len(a.body) > 0 {
		h.Set("Content-Type", jsonType)
	}
	maps.Copy(h, a.header)

	w.WriteHeader(a.status)
	body, cut := a.body, false
	if n := max(a.cut, 0); a.cut != 0 && n < len(body) {
		body, cut = body[:n], true
	}
	// A client that went away is no concern of the server's.
	_, _ = w.Write(body)
	if cut {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

func retryAfter(wait time.Duration) string {
	return strconv.FormatInt(int64(max(1, (wait+time.Second-1)/time.Second)), 10)
}
