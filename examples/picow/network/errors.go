package network

import "errors"

// What fails, for errors.Is.
var (
	// ErrWiFi is a network that cannot be joined, or a radio that does not work.
	ErrWiFi = errors.New("network: the Wi-Fi network cannot be joined")
	// ErrAddress is no address from the network, or a host whose name is not found.
	ErrAddress = errors.New("network: no address from the network, or the host is not found")
	// ErrTime is no time from the network that can be trusted.
	ErrTime = errors.New("network: no time from the network")
	// ErrUnreachable is a host, or the way to it, that does not answer.
	ErrUnreachable = errors.New("network: the host does not answer")
)

// Error is a failure with its cause.
type Error struct {
	Kind error // ErrWiFi, ErrAddress, ErrTime or ErrUnreachable
	Err  error
}

// Error is the kind with the cause's message.
func (e *Error) Error() string { return e.Kind.Error() + ": " + e.Err.Error() }

// Unwrap gives both.
func (e *Error) Unwrap() []error { return []error{e.Kind, e.Err} }

var (
	errNoAnswer = errors.New("no answer")
	errLink     = errors.New("the link is down")
)
