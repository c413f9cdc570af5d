package timestamp

import "time"

// parseUsual reads the forms above as they are written nearly always, without
// the machinery of package time: in some nanoseconds, where a page has two times
// in every row. What it does not take may still be a time.
//
// It takes eight characters at once, as a word with the first one lowest. XOR
// with a pattern of zeros and separators leaves the digits as numbers, and
// nothing where the separators stand; then adding 0x76 to a byte of more than
// nine sets its highest bit.
func parseUsual(s string) (t time.Time, ok bool) {
	if len(s) < len("2006-01-02T15:04:05Z") {
		return time.Time{}, false
	}
	date := word(s, 0) ^ word("0000-00-", 0)
	clock := word(s, 8) ^ word("00 00:00", 0)
	late := word(s, 11) ^ word("00:00:00", 0)
	if s[10] == 'T' {
		clock ^= ('T' ^ ' ') << 16
	}
	const (
		inDate  = 0xff<<32 | 0xff<<56
		inClock = 0xff<<16 | 0xff<<40
		inLate  = 0xff<<16 | 0xff<<40
	)
	if date&inDate|clock&inClock|late&inLate != 0 || (notDigits(date)|notDigits(clock)|notDigits(late)) != 0 {
		return time.Time{}, false
	}
	year := pair(date, 0)*100 + pair(date, 2)
	month, day := pair(date, 5), pair(clock, 0)
	hour, minute, second := pair(late, 0), pair(late, 3), pair(late, 6)
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	nanoseconds, zone := fraction(s[19:])
	offset, ok := usualOffset(zone)
	if !ok {
		return time.Time{}, false
	}
	seconds := days(year, month, day)*86_400 + hour*3600 + minute*60 + second
	return time.Unix(seconds-offset, nanoseconds).UTC(), true
}

// word is s[i:i+8], the first byte lowest.
func word(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// notDigits has a bit for the bytes that are more than nine. Above the lowest of
// them it may have bits too many.
func notDigits(w uint64) uint64 {
	return (w + 0x76*0x0101010101010101 | w) & (0x80 * 0x0101010101010101)
}

// pair is the number that the bytes i and i+1 write.
func pair(w uint64, i int) int64 { return int64(w>>(8*i)&0xff)*10 + int64(w>>(8*i+8)&0xff) }

// fraction reads up to nine digits behind a point.
func fraction(s string) (nanoseconds int64, rest string) {
	if s[0] != '.' {
		return 0, s
	}
	i := 1
	for unit := int64(100_000_000); unit > 0 && i < len(s) && s[i]-'0' <= 9; unit /= 10 {
		nanoseconds += int64(s[i]-'0') * unit
		i++
	}
	if i == 1 {
		return 0, ""
	}
	return nanoseconds, s[i:]
}

// usualOffset is how many seconds a zone is ahead of UTC: Z, UTC, -07:00 or
// -0700, behind a space or none.
func usualOffset(zone string) (seconds int64, ok bool) {
	if zone != "" && zone[0] == ' ' {
		zone = zone[1:]
	}
	if zone == "UTC" || zone == "Z" {
		return 0, true
	}
	switch {
	case len(zone) == len("-0700"):
	case len(zone) == len("-07:00") && zone[3] == ':':
	default:
		return 0, false
	}
	hour, hourOK := twoDigits(zone[1:])
	minute, minuteOK := twoDigits(zone[len(zone)-2:])
	if !hourOK || !minuteOK || hour > 23 || minute > 59 {
		return 0, false
	}
	seconds = hour*3600 + minute*60
	switch zone[0] {
	case '+':
		return seconds, true
	case '-':
		return -seconds, true
	}
	return 0, false
}

func twoDigits(s string) (n int64, ok bool) {
	tens, ones := s[0]-'0', s[1]-'0'
	return int64(tens)*10 + int64(ones), tens <= 9 && ones <= 9
}

// before is the number of days of a common year before each month.
var before = [...]int64{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

func isLeap(year int64) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysIn(year, month int64) int64 {
	if month == 2 && isLeap(year) {
		return 29
	}
	return before[month] - before[month-1]
}

// days is the number of days since 1970.
func days(year, month, day int64) int64 {
	n := before[month-1] + day - 1
	if month > 2 && isLeap(year) {
		n++
	}
	const from0To1970 = 719_528
	if year > 0 {
		y := year - 1
		n += 366 + y*365 + y/4 - y/100 + y/400 // year 0 is a leap year
	}
	return n - from0To1970
}
