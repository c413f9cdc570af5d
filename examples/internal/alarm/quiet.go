package alarm

import (
	"strconv"
	"time"
)

const day = 24 * time.Hour

// QuietHours is a part of each day, from From up to but not including To, both
// since midnight on the clock on the wall. It may pass midnight. Equal times are
// no quiet hours at all.
type QuietHours struct {
	From, To time.Duration
}

// ParseQuietHours reads "22:00-07:30". An empty text is no quiet hours;
// "00:00-24:00" is always. The error is a [*FieldError].
func ParseQuietHours(s string) (QuietHours, error) {
	if s == "" {
		return QuietHours{}, nil
	}
	wrong := func(reason string) (QuietHours, error) { return QuietHours{}, &FieldError{"Quiet", reason} }
	if len(s) != len("22:00-07:30") || s[5] != '-' {
		return wrong("has to look like 22:00-07:30, or be empty")
	}
	from, okFrom := parseClock(s[:5])
	to, okTo := parseClock(s[6:])
	switch {
	case !okFrom || !okTo:
		return wrong("has to be two times from 00:00 to 24:00, such as 22:00-07:30")
	case from == day:
		return wrong("begins at 24:00: write 00:00")
	case from == to:
		return wrong("begins when it ends: leave it empty for no quiet hours, or write 00:00-24:00 for always")
	}
	return QuietHours{From: from, To: to}, nil
}

// parseClock reads hh:mm, up to 24:00.
func parseClock(s string) (time.Duration, bool) {
	for i := range len(s) {
		if (i == 2) != (s[i] == ':') || i != 2 && (s[i] < '0' || s[i] > '9') {
			return 0, false
		}
	}
	hours, minutes := digits(s[:2]), digits(s[3:])
	at := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	return at, minutes < 60 && at <= day
}

func digits(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// String is what [ParseQuietHours] reads, in whole minutes.
func (q QuietHours) String() string {
	if q.From == q.To {
		return ""
	}
	return formatClock(q.From) + "-" + formatClock(q.To)
}

func formatClock(at time.Duration) string {
	minutes := int(at / time.Minute)
	return twoDigits(minutes/60) + ":" + twoDigits(minutes%60)
}

func twoDigits(n int) string {
	if n >= 0 && n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// Contains tells whether it is quiet hours at now, on the clock of now's zone.
func (q QuietHours) Contains(now time.Time) bool {
	at := sinceMidnight(now)
	if q.From <= q.To {
		return q.From <= at && at < q.To
	}
	return q.From <= at || at < q.To
}

// until is how long it takes until quiet hours begin, on a day whose clock is not
// set. Within them, that is until they begin the next time.
func (q QuietHours) until(now time.Time) time.Duration {
	left := q.From - sinceMidnight(now)
	if left <= 0 {
		left += day
	}
	return left
}

func (q QuietHours) validate() error {
	if q.From < 0 || q.From >= day || q.To < 0 || q.To > day {
		return &FieldError{"Quiet", "is outside of a day: From is at least 0 and less than 24 h, To is at most 24 h"}
	}
	return nil
}

func sinceMidnight(now time.Time) time.Duration {
	hour, minute, second := now.Clock()
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute +
		time.Duration(second)*time.Second + time.Duration(now.Nanosecond())
}
