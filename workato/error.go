package workato

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The classes of failures. An [*Error] matches the one of its status with
// errors.Is and keeps everything that the server said.
var (
	ErrInvalid      = errors.New("workato: invalid request")     // 400, 422, a 2xx that says "success": false, and [*ArgumentError]
	ErrUnauthorized = errors.New("workato: unauthorized")        // 401: the token is wrong, or its client lacks the privilege
	ErrForbidden    = errors.New("workato: forbidden")           // 403: the token's client lacks the privilege
	ErrNotFound     = errors.New("workato: not found")           // 404
	ErrConflict     = errors.New("workato: conflict")            // 409
	ErrRateLimited  = errors.New("workato: quota exceeded")      // 429
	ErrServer       = errors.New("workato: server-side failure") // 5xx
)

// Error is an answer that is not a success. Everything exported in it is safe
// to show: tokens, query strings and e-mail addresses are taken out.
type Error struct {
	StatusCode int                 // may be 2xx: see [ErrInvalid], and answers that are not JSON or too large
	Message    string              // what the body says, else its beginning as one line of at most 300 bytes
	Fields     map[string][]string // what it says about single fields, such as {"title": ["is too long"]}
	ID         string              // the body's id: what Workato's support asks for
	RequestID  string              // from the header X-Request-Id, else X-Correlation-Id

	Op     string // the operation, such as "tags.Create"
	Method string
	Path   string // escaped, without query

	Attempts   int           // how often the request was sent; 0: a pause after an earlier 429 kept it back
	RetryAfter time.Duration // how long the server asked to wait; 0: it did not say

	body  func() []byte // a function, so that no way of printing shows the body
	cause error
}

// maxErrorBody is how much of a body an Error keeps.
const maxErrorBody = 64 << 10

// Body is the answer's body as it came, up to 64 KiB of it, or 4 KiB of a success
// that a [BodyReader] could not read. It may hold personal data: look before
// logging it.
func (e *Error) Body() []byte {
	if e.body == nil {
		return nil
	}
	return slices.Clone(e.body())
}

// Error says what failed, what the server said, and what its support needs to
// look the failure up.
func (e *Error) Error() string {
	var s strings.Builder
	s.WriteString("workato: ")
	if e.Op != "" {
		s.WriteString(e.Op + ": ")
	}
	s.WriteString(strings.TrimSpace(fmt.Sprintf("%d %s", e.StatusCode, http.StatusText(e.StatusCode))))
	if e.Message != "" {
		s.WriteString(": " + e.Message)
	}
	s.WriteString(" (" + strings.Join(e.context(), "; ") + ")")
	return s.String()
}

func (e *Error) context() []string {
	parts := []string{e.Method + " " + e.Path}
	if e.ID != "" {
		parts = append(parts, "id "+e.ID)
	}
	if e.RequestID != "" {
		parts = append(parts, "request "+e.RequestID)
	}
	switch e.Attempts {
	case 0:
		parts = append(parts, "not sent")
	case 1:
	default:
		parts = append(parts, fmt.Sprintf("%d attempts", e.Attempts))
	}
	if e.RetryAfter > 0 {
		parts = append(parts, "retry after "+e.RetryAfter.String())
	}
	return parts
}

// Is matches the class of the status: see [ErrInvalid] and its siblings.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrInvalid:
		return e.StatusCode == http.StatusBadRequest || e.StatusCode == http.StatusUnprocessableEntity ||
			e.StatusCode/100 == 2 && e.cause == nil
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrConflict:
		return e.StatusCode == http.StatusConflict
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	case ErrServer:
		return e.StatusCode >= 500
	default:
		return false
	}
}

// Unwrap is the reason why a 2xx answer could not be read; nil for every other
// failure.
func (e *Error) Unwrap() error { return e.cause }

// Temporary tells whether the same request may succeed later: 429 and 5xx,
// except 501.
func (e *Error) Temporary() bool {
	return e.StatusCode == http.StatusTooManyRequests ||
		e.StatusCode >= 500 && e.StatusCode != http.StatusNotImplemented
}

// LogValue groups what a log should hold of the failure; the body is not in it.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("op", e.Op), slog.Int("status", e.StatusCode), slog.String("message", e.Message)}
	for _, optional := range []slog.Attr{slog.String("id", e.ID), slog.String("request_id", e.RequestID)} {
		if optional.Value.String() != "" {
			attrs = append(attrs, optional)
		}
	}
	attrs = append(attrs, slog.Int("attempts", e.Attempts))
	if e.RetryAfter > 0 {
		attrs = append(attrs, slog.Duration("retry_after", e.RetryAfter))
	}
	return slog.GroupValue(attrs...)
}

// ArgumentError is a mistake that was found before anything was sent. It
// matches [ErrInvalid].
type ArgumentError struct {
	Field  string // what is wrong, such as "token" or "ListOptions.PageSize"
	Reason string // why, and what to do; never the value itself where that may be secret
}

// Error names the field and says what to do.
func (e *ArgumentError) Error() string { return "workato: " + e.Field + " " + e.Reason }

// Is matches [ErrInvalid].
func (e *ArgumentError) Is(target error) bool { return target == ErrInvalid }

// callError is a call that ended without an answer. It wraps the cause, and
// shows it without the URL that net/http puts before it.
type callError struct {
	op, text string
	cause    error
}

func (e *callError) Error() string    { return "workato: " + e.op + ": " + e.text }
func (e *callError) Unwrap() error    { return e.cause }
func (e *callError) GoString() string { return e.Error() }

// canceledError is a call that its context ended: it matches what the context
// says and why it was ended.
func canceledError(ctx context.Context, op string) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	text := err.Error()
	if !errors.Is(cause, err) {
		err = errors.Join(err, cause)
	}
	return &callError{op: op, text: text, cause: err}
}
