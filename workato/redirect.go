package workato

import (
	"errors"
	"net/http"
)

const maxRedirects = 3

// checkRedirect follows a redirect only where the token may go and the request
// stays the request: the same origin and the same method. Where it does not
// follow, the 3xx answer itself becomes the result, and so an [*Error] that
// says what the server wanted.
func checkRedirect(next func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		first := via[0]
		if len(via) > maxRedirects ||
			req.URL.Scheme != first.URL.Scheme ||
			req.URL.Host != first.URL.Host ||
			req.Method != first.Method {
			return http.ErrUseLastResponse
		}
		if next != nil {
			return next(req, via)
		}
		return nil
	}
}

// redirectReason explains a 3xx answer that was not followed.
func redirectReason(resp *http.Response) string {
	location, err := resp.Location()
	switch {
	case errors.Is(err, http.ErrNoLocation):
		return ""
	case err != nil:
		return "the server redirects to a place that cannot be read"
	case location.Scheme != resp.Request.URL.Scheme || location.Host != resp.Request.URL.Host:
		return "the server redirects to " + location.Scheme + "://" + location.Host +
			", where the token must not go; check the region or the base URL"
	default:
		return "the server redirects too often or to another kind of request; check the base URL"
	}
}

// keepIdle hides the transport's CloseIdleConnections: go-retryablehttp calls
// it after every failure, and the connections belong to the caller.
type keepIdle struct{ http.RoundTripper }

func transportOrDefault(t http.RoundTripper) http.RoundTripper {
	if t == nil {
		return http.DefaultTransport
	}
	return t
}
