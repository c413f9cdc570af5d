package workato

import (
	"net"
	"net/url"
	"strings"
)

// baseURL is where the API lives: its origin, and the escaped path that ends
// in "/api".
type baseURL struct {
	scheme, host, path string
}

func (b baseURL) String() string { return b.scheme + "://" + b.host + b.path }

func (r Region) baseURL() baseURL {
	return baseURL{scheme: "https", host: r.host(), path: "/api"}
}

// region is the name of the region whose base URL it is, else the host.
func (b baseURL) region() string {
	for _, r := range []Region{US, EU, JP, SG, AU, IL, KR, UK, CN, Trial} {
		if b == r.baseURL() {
			return string(r)
		}
	}
	return b.host
}

// parseBaseURL reads what a person would paste: with or without "/api", with
// or without a slash at the end. Its errors never repeat the text, which may
// hold a password.
func parseBaseURL(s string) (baseURL, error) {
	refuse := func(reason string) (baseURL, error) {
		return baseURL{}, &ArgumentError{Field: "base URL", Reason: reason}
	}
	u, err := url.Parse(s)
	if err != nil || u.Opaque != "" {
		return refuse("cannot be read as a URL; use one like https://www.workato.com")
	}
	switch {
	case u.User != nil:
		return refuse("has user information; remove it, the token is all the API needs")
	case u.RawQuery != "" || u.ForceQuery:
		return refuse("has a query; remove it")
	case u.Fragment != "":
		return refuse("has a fragment; remove it")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return refuse("is plain http, which would show the token to the network; use https")
	case u.Scheme != "https" && u.Scheme != "http":
		return refuse("must begin with https://, or with http:// on a loopback address")
	case u.Hostname() == "":
		return refuse("has no host; use one like https://www.workato.com")
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if !strings.HasSuffix(path, "/api") {
		path += "/api"
	}
	return baseURL{scheme: u.Scheme, host: u.Host, path: path}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
