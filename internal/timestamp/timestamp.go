// Package timestamp reads the forms in which this API family writes times.
package timestamp

import (
	"strings"
	"time"
)

// The forms that were seen, without their zones:
//
//	2024-06-18 19:17:31 UTC         the audit log
//	2024-04-24 14:23:03 -0700       its resources
//	2024-08-29T14:09:13-07:00       tags
//	2019-07-11T10:08:41.693-07:00   customers
//	2015-01-02T01:02:03.000Z        jobs
//
// A fraction of a second is read where it comes, whether the layout has one or
// not.
const (
	spaced = "2006-01-02 15:04:05"
	joined = "2006-01-02T15:04:05"
)

// Parse reads a time in any form of the API, in UTC. A time without a zone is
// refused: the platform's documents read it as Pacific time, its samples as
// UTC, and a guess would be hours off.
func Parse(s string) (time.Time, bool) {
	if t, ok := parseUsual(s); ok {
		return t, true
	}
	return parseAny(s)
}

func parseAny(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) <= len(spaced) {
		return time.Time{}, false
	}
	layout := joined
	if s[10] == ' ' {
		layout = spaced
	}
	// The zone begins at the first character after the seconds that belongs
	// neither to them nor to their fraction.
	rest := strings.TrimLeft(s[len(layout):], ".,0123456789")
	clock := s[:len(s)-len(rest)]
	zone, ok := offset(strings.TrimSpace(rest))
	if !ok {
		return time.Time{}, false
	}
	t, err := time.Parse(layout, clock)
	if err != nil {
		return time.Time{}, false
	}
	return t.Add(-zone), true
}

// offset is a zone's distance from UTC. Abbreviations are mapped by hand:
// time.Parse takes one that it does not know for UTC.
func offset(zone string) (time.Duration, bool) {
	switch strings.ToUpper(zone) {
	case "UTC", "GMT", "Z":
		return 0, true
	case "PDT":
		return -7 * time.Hour, true
	case "PST":
		return -8 * time.Hour, true
	}
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(layout, zone); err == nil {
			_, seconds := t.Zone()
			return time.Duration(seconds) * time.Second, true
		}
	}
	return 0, false
}
