package workato

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Request describes one request to [Workspace.Do].
type Request struct {
	Op         string     // names the operation in errors, logs and observers: "activity.List"
	Method     string     // "GET", "POST", …
	Version    string     // "" or "v2": the OEM path prefix differs per resource; one's own workspace has none and ignores it
	Path       []string   // the segments below the workspace; each is escaped: {"tags", handle}
	Query      url.Values // sent percent-encoded, brackets too
	Body       any        // sent as JSON; nil: no body
	Idempotent bool       // sending it twice leaves the server as sending it once; said here, never guessed from the method
	Quota      Quota      // which bucket pays
	NeedsBody  bool       // a success without a body is an *Error: where an empty answer would pass for an empty list
}

// Response is what came with a success, besides its decoded body.
type Response struct {
	StatusCode int
	Header     http.Header
	RequestID  string    // from the header X-Request-Id, else X-Correlation-Id
	Date       time.Time // the server's clock, UTC; zero if it did not say
	Attempts   int       // how often the request was sent
}

// check finds the mistakes that a request can hold.
func (r *Request) check() error {
	refuse := func(field, reason string) error { return &ArgumentError{Field: "Request." + field, Reason: reason} }
	if r == nil {
		return &ArgumentError{Field: "request", Reason: "is nil"}
	}
	if r.Method == "" {
		return refuse("Method", `is empty; use "GET", "POST", …`)
	}
	if len(r.Path) == 0 {
		return refuse("Path", `is empty; give the segments below the workspace, such as {"activity_logs"}`)
	}
	for _, segment := range r.Path {
		if segment == "" || segment == "." || segment == ".." {
			return refuse("Path", `has a segment that is empty, "." or "..", which would address another resource`)
		}
	}
	return nil
}

// build makes the HTTP request of a call.
func (c *call) build() (*retryablehttp.Request, error) {
	client, req := c.workspace.client, c.request
	target := client.base.scheme + "://" + client.base.host + c.path
	if query := req.Query.Encode(); query != "" {
		target += "?" + query
	}
	var body any // an untyped nil is what go-retryablehttp takes for no body
	if req.Body != nil {
		encoded, err := json.Marshal(req.Body)
		if err != nil {
			return nil, &ArgumentError{Field: "Request.Body", Reason: "cannot be written as JSON: " + c.clean(err.Error())}
		}
		body = encoded
	}
	r, err := retryablehttp.NewRequestWithContext(c.ctx, req.Method, target, body)
	if err != nil {
		return nil, &ArgumentError{Field: "Request.Method", Reason: "is not an HTTP method"}
	}
	r.Header.Set("Authorization", "Bearer "+client.token())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", client.userAgent)
	if body != nil {
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	return r, nil
}
