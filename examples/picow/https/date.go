package https

import (
	"math"
	"time"
)

// The three forms of a date in HTTP; the last two are history that a client must
// still read.
const (
	imfDate  = "Mon, 02 Jan 2006 15:04:05 GMT"
	longDate = "Monday, 02-Jan-06 15:04:05 GMT"
)

// parseDate reads an HTTP date; zero: it is none.
func parseDate(text string) time.Time {
	for _, form := range [...]string{imfDate, longDate, time.ANSIC} {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// delay reads a Retry-After: seconds, which may have a fraction, or a date. What
// cannot be read is no delay.
func delay(text string, now time.Time) time.Duration {
	if d, ok := parseSeconds(text); ok {
		return d
	}
	if at := parseDate(text); !at.IsZero() {
		return max(at.Sub(now), 0)
	}
	return 0
}

// parseSeconds reads "30" and "0.5". A number that no Duration can hold is the
// longest one.
func parseSeconds(text string) (d time.Duration, ok bool) {
	const most = int64(math.MaxInt64) / int64(time.Second)
	var whole int64
	unit, point := int64(time.Second), false
	for _, b := range []byte(text) {
		switch {
		case b == '.' && !point:
			point = true
		case b < '0' || b > '9':
			return 0, false
		case point:
			unit /= 10
			d += time.Duration(int64(b-'0') * unit)
			ok = true
		default:
			whole = min(whole*10+int64(b-'0'), most) // most is far from where this would overflow
			ok = true
		}
	}
	if whole == most {
		return math.MaxInt64, ok
	}
	return d + time.Duration(whole)*time.Second, ok
}
