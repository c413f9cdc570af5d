package workato

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
)

// Client talks to one Workato data center with one API client's token. It is
// immutable and safe for concurrent use; make one with [NewClient] and share
// it, because the quota and the pause after a 429 are the client's.
type Client struct {
	base      baseURL
	http      *http.Client // a copy: the caller's own is never changed
	userAgent string
	retry     RetryPolicy
	buckets   buckets
	logger    *slog.Logger
	observe   func(context.Context, Attempt)

	// A function, not a string: whatever prints a Client, by reflection too,
	// prints its address.
	token func() string
}

// NewClient makes a client from the token of an API client, which an
// administrator creates in Workato under Workspace admin > API clients.
//
// It does no I/O and reads no environment variables. A token or an option that
// cannot work is an [*ArgumentError].
func NewClient(token string, opts ...Option) (*Client, error) {
	if err := checkToken(token); err != nil {
		return nil, err
	}
	var given config
	for _, opt := range opts {
		if opt == nil {
			return nil, &ArgumentError{Field: "option", Reason: "is nil; leave it out"}
		}
		opt(&given)
	}
	client, err := given.client()
	if err != nil {
		return nil, err
	}
	client.token = func() string { return token }
	return client, nil
}

// checkToken refuses what cannot stand in a header: net/http would put the
// whole value into its own error.
func checkToken(token string) error {
	refuse := func(reason string) error { return &ArgumentError{Field: "token", Reason: reason} }
	if token == "" {
		return refuse("is empty; pass the API client's token")
	}
	if strings.ContainsAny(token, "\r\n") {
		return refuse("has a line break; was it read from a file together with the end of its line?")
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] >= 0x7f {
			return refuse("has a space or a character that cannot be part of a token; copy it again")
		}
	}
	return nil
}

// Own is the workspace that the token belongs to. Its requests are those of
// the Developer API. In a workspace with environments, a token sees the one
// that its API client was made for.
func (c *Client) Own() *Workspace {
	return &Workspace{client: c, own: true}
}

// Customer is a customer's workspace, given by its numeric ID, for partners
// who embed Workato. Its requests are those of the OEM API, which calls
// customers "managed users". Each environment of a customer has an ID of its
// own. An ID below 1 makes every request an [*ArgumentError].
func (c *Client) Customer(id int64) *Workspace {
	return &Workspace{client: c, id: id}
}

// ExternalCustomer is a customer's workspace, given by the ID that the partner
// gave it. Any text will do, as it is: the client adds the API's prefix "E"
// and escapes it. The empty text makes every request an [*ArgumentError].
func (c *Client) ExternalCustomer(id string) *Workspace {
	return &Workspace{client: c, externalID: func() string { return id }}
}

// String names the API's base URL, never the token.
func (c *Client) String() string {
	if c == nil {
		return "workato.Client(nil)"
	}
	return "workato.Client(" + c.base.String() + ")"
}

// GoString is String: %#v shows no more than %v.
func (c *Client) GoString() string { return c.String() }

// LogValue is String: a log shows no more than a message.
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.String()) }
