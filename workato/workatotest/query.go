package workatotest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// query reads parameters and remembers whether one could not be read, so that
// an endpoint reads all of its own and asks once.
type query struct {
	url.Values
	bad    *bool // 400
	broken *bool // 500: how the platform answers a date it cannot read
}

// parseQuery accepts what RFC 3986 allows in a query and nothing else: above
// all no raw bracket.
func parseQuery(raw string) (query, bool) {
	for i := 0; i < len(raw); i++ {
		if !legalInQuery(raw[i]) {
			return query{}, false
		}
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return query{}, false
	}
	for name, texts := range values {
		if !utf8.ValidString(name + strings.Join(texts, "")) {
			return query{}, false
		}
	}
	return query{values, new(false), new(false)}, true
}

func legalInQuery(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("-._~%!$&'()*+,;=:@/?", c) >= 0
}

// text returns a parameter; of a repeated one the last counts, as in Rails.
func (q query) text(name string) (string, bool) {
	if all := q.Values[name]; len(all) > 0 {
		return all[len(all)-1], true
	}
	return "", false
}

func (q query) integer(name string) (int64, bool) {
	text, ok := q.text(name)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		*q.bad = true
	}
	return n, err == nil
}

// within returns an integer that must lie between lowest and highest.
func (q query) within(name string, fallback, lowest, highest int) int {
	n, ok := q.integer(name)
	if !ok {
		return fallback
	}
	if n < int64(lowest) || n > int64(highest) {
		*q.bad = true
	}
	return int(n)
}

func (q query) integers(name string) []int64 {
	var out []int64
	for _, text := range q.Values[name] {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			*q.bad = true
		}
		out = append(out, n)
	}
	return out
}

// words returns a list each of whose values must be among the allowed.
func (q query) words(name string, allowed ...string) []string {
	for _, text := range q.Values[name] {
		if !slices.Contains(allowed, text) {
			*q.bad = true
		}
	}
	return q.Values[name]
}

func (q query) boolean(name string) bool {
	text, ok := q.text(name)
	switch text {
	case "true", "1":
		return true
	case "false", "0":
	default:
		*q.bad = *q.bad || ok
	}
	return false
}

// pacific is how the platform reads a time that names no zone. A fixed offset
// spares every program that embeds a Server the time zone database.
var pacific = time.FixedZone("PDT", -7*60*60)

// moment returns a time in seconds since the Unix epoch, fractions cut off.
func (q query) moment(name string) (int64, bool) {
	text, ok := q.text(name)
	if !ok {
		return 0, false
	}
	for _, layout := range [...]string{
		"2006-01-02T15:04:05Z07:00", // also with a fraction
		"2006-01-02T15:04:05Z0700",
		"2006-01-02T15:04:05",
		"2006-01-02",
	} {
		if t, err := time.ParseInLocation(layout, text, pacific); err == nil {
			return t.Unix(), true
		}
	}
	*q.broken = true
	return 0, false
}
