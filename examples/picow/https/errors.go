package https

import "errors"

// What can be wrong with a request or its answer, for errors.Is. What the server
// sent and what was sent to it is in none of their messages.
var (
	// ErrRequest is a request that cannot be sent: Path must begin with "/", and
	// it, the host and Authorization must be visible ASCII.
	ErrRequest = errors.New("https: path, host or authorization is not visible ASCII, or the path does not begin with a slash")
	// ErrSend is a connection that did not take the request.
	ErrSend = errors.New("https: the request could not be sent")
	// ErrNoAnswer is a connection that ended before the first byte of an answer.
	ErrNoAnswer = errors.New("https: the connection ended without an answer")
	// ErrTimeout is a server that was silent for too long, or not done at the deadline.
	ErrTimeout = errors.New("https: no answer in time")
	// ErrCut is an answer that ended in its middle.
	ErrCut = errors.New("https: the answer ended in the middle")
	// ErrMalformed is an answer that is not HTTP/1.
	ErrMalformed = errors.New("https: the answer is not HTTP/1")
	// ErrHeader is an answer with a larger header than fits.
	ErrHeader = errors.New("https: the header of the answer is too large")
	// ErrConflict is an answer that says in two ways where its body ends.
	ErrConflict = errors.New("https: the answer contradicts itself about the length of its body")
	// ErrEncoding is a body in a coding that was not asked for.
	ErrEncoding = errors.New("https: the answer has a content or transfer coding that was not asked for")
)

// Error is a failure of the connection.
type Error struct {
	Kind error // ErrSend, ErrNoAnswer, ErrTimeout or ErrCut
	Err  error // what the connection said
}

// Error is the kind with the connection's own message.
func (e *Error) Error() string { return e.Kind.Error() + ": " + e.Err.Error() }

// Unwrap gives both.
func (e *Error) Unwrap() []error { return []error{e.Kind, e.Err} }

func failed(kind, err error) error {
	if isTimeout(err) {
		kind = ErrTimeout
	}
	return &Error{Kind: kind, Err: err}
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && timeout.Timeout()
}

var (
	errGone = errors.New("https: the kept connection is gone")
	errIdle = errors.New("https: the connection gives neither bytes nor an error")
)
