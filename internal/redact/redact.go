// Package redact takes out of a text what must not reach a message or a log:
// secrets, query strings and e-mail addresses.
//
// Servers echo what they were sent, proxies quote whole URLs, and transports
// put them into their errors. So every text that comes from outside passes
// through here before it becomes part of an error.
package redact

import (
	"regexp"
	"strings"
)

var (
	// What stands around an e-mail address in JSON, HTML, prose or a path.
	email = regexp.MustCompile(`[^\s<>"'()\[\]{},;:=&?/\\]+(?:@|%40)[^\s<>"'()\[\]{},;:=&?/\\]+`)
	// A bearer token, whoever's it is.
	bearer = regexp.MustCompile(`(?i)\bbearer[ +:]+[^\s"'<>,;]+`)
	// The query of an absolute URL, and anything that looks like one elsewhere.
	urlQuery = regexp.MustCompile(`(?i)(https?://[^\s"'<>?]*)\?[^\s"'<>]*`)
	bare     = regexp.MustCompile(`\?[^\s"'<>?]*=[^\s"'<>]*`)
	// User information in an absolute URL.
	userinfo = regexp.MustCompile(`(?i)(https?://)[^\s"'<>/?]*@`)
)

// Text returns s without the given secrets, bearer tokens, query strings, user
// information in URLs and e-mail addresses. What was taken out leaves a marker.
func Text(s string, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "[token]")
		}
	}
	s = bearer.ReplaceAllString(s, "Bearer [token]")
	if strings.Contains(s, "?") {
		s = urlQuery.ReplaceAllString(s, "$1?[query]")
		s = bare.ReplaceAllString(s, "?[query]")
	}
	if strings.Contains(s, "@") || strings.Contains(s, "%40") {
		s = userinfo.ReplaceAllString(s, "$1")
		s = email.ReplaceAllString(s, "[email]")
	}
	return s
}
