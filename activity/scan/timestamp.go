package scan

// shortest is the length of a date and a time of day, which a zone must follow.
const shortest = len("2006-01-02 15:04:05")

// unixMs reads a time in the forms of this API family, in milliseconds since
// 1970 UTC. It takes and refuses what the typed decoder does: a time without a
// zone is refused, because a guess would be hours off. 0: cannot be read.
func unixMs(b []byte) int64 {
	if len(b) > maxKept {
		return 0
	}
	b = trim(b)
	if len(b) <= shortest || b[4] != '-' || b[7] != '-' {
		return 0
	}
	year := pair(b[0], b[1])*100 + pair(b[2], b[3])
	month, day := pair(b[5], b[6]), pair(b[8], b[9])
	if year >= noPair || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0
	}
	clock, end := timeOfDay(b)
	if end == 0 {
		return 0
	}
	zone, ok := offset(b[end:])
	if !ok {
		return 0
	}
	return int64(days(year, month, day))*86_400_000 + int64(clock) - int64(zone)*1000
}

// timeOfDay is the time of day in milliseconds, and where it ends; 0: it cannot
// be read. Like the typed decoder it takes several spaces before it, an hour of
// one digit, and a fraction behind a comma, as long as the usual form ends
// neither before its last colon nor behind it all.
func timeOfDay(b []byte) (ms, end int) {
	i := 10
	switch b[i] {
	case 'T':
		i++
	case ' ':
		for i < len(b) && b[i] == ' ' {
			i++
		}
	default:
		return 0, 0
	}
	if len(b)-i < len("4:05:06") {
		return 0, 0
	}
	var hour int
	if b[i+1] == ':' {
		hour = pair('0', b[i])
		i++
	} else {
		hour = pair(b[i], b[i+1])
		i += 2
	}
	if len(b)-i < len(":05:06") || b[i] != ':' || b[i+3] != ':' || i+3 >= shortest {
		return 0, 0
	}
	minute, second := pair(b[i+1], b[i+2]), pair(b[i+4], b[i+5])
	if hour > 23 || minute > 59 || second > 59 {
		return 0, 0
	}
	ms = hour*3_600_000 + minute*60_000 + second*1000
	i += len(":05:06")
	if i+1 < len(b) && (b[i] == '.' || b[i] == ',') && isDigit(b[i+1]) {
		i++
		for unit := 100; i < len(b) && isDigit(b[i]); i++ {
			ms += int(b[i]-'0') * unit
			unit /= 10
		}
	}
	if i < shortest || i < len(b) && (isDigit(b[i]) || b[i] == '.' || b[i] == ',') {
		return 0, 0
	}
	return ms, i
}

// offset is a zone's distance from UTC in seconds.
func offset(zone []byte) (seconds int, ok bool) {
	if len(zone) > 0 && zone[0] == ' ' {
		zone = zone[1:]
	}
	zone = trim(zone)
	switch len(zone) {
	case 1:
		return 0, zone[0]|0x20 == 'z'
	case 3:
		// Abbreviations count in either case; bit 5 makes a letter small.
		switch a, b, c := zone[0]|0x20, zone[1]|0x20, zone[2]|0x20; {
		case a == 'u' && b == 't' && c == 'c', a == 'g' && b == 'm' && c == 't':
			return 0, true
		case a == 'p' && b == 'd' && c == 't':
			return -7 * 3600, true
		case a == 'p' && b == 's' && c == 't':
			return -8 * 3600, true
		}
	}
	return numeric(zone)
}

// numeric is an offset such as -07:00, -0700 or -07.
func numeric(zone []byte) (seconds int, ok bool) {
	minute := 0
	switch {
	case len(zone) == len("-07"):
	case len(zone) == len("-0700"):
		minute = pair(zone[3], zone[4])
	case len(zone) == len("-07:00") && zone[3] == ':':
		minute = pair(zone[4], zone[5])
	default:
		return 0, false
	}
	// Package time allows 24 hours and 60 minutes, because some write them.
	hour := pair(zone[1], zone[2])
	if hour > 24 || minute > 60 || zone[0] != '+' && zone[0] != '-' {
		return 0, false
	}
	seconds = hour*3600 + minute*60
	if zone[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// before is the number of days of a common year before each month.
var before = [...]uint16{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

// days is the number of days since 1970.
func days(year, month, day int) int {
	n := int(before[month-1]) + day - 1
	if month > 2 && isLeap(year) {
		n++
	}
	if year > 0 {
		y := year - 1
		n += 366 + y*365 + y/4 - y/100 + y/400 // year 0 is a leap year
	}
	const from0To1970 = 719_528
	return n - from0To1970
}

func daysIn(year, month int) int {
	if month == 2 && isLeap(year) {
		return 29
	}
	return int(before[month] - before[month-1])
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// noPair is more than any number that is written with digits here.
const noPair = 10_000

// pair is the number that two digits write, or noPair.
func pair(tens, ones byte) int {
	tens, ones = tens-'0', ones-'0'
	if tens > 9 || ones > 9 {
		return noPair
	}
	return int(tens)*10 + int(ones)
}

func isDigit(c byte) bool { return c-'0' <= 9 }
