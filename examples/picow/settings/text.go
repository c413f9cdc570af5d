package settings

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// names are the settings as a user calls them, in the order in which they are
// shown.
var names = [...]string{
	"ssid", "password", "token", "host", "port", "customer",
	"ignore-users", "include-events", "exclude-events", "include-resources", "exclude-resources", "high-events",
	"interval", "quiet-hours", "utc-offset", "buzzer",
}

// Names are the settings as a user calls them, in the order in which they are
// shown.
func Names() []string { return slices.Clone(names[:]) }

// Find gives the name as it is in Names, and whether it is there: capitals,
// hyphens and underscores do not matter.
func Find(name string) (string, bool) {
	for _, known := range names[:] {
		if plain(known) == plain(name) {
			return known, true
		}
	}
	return "", false
}

func plain(name string) string {
	letters := make([]byte, 0, len(name))
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '-' || c == '_':
		case c >= 'A' && c <= 'Z':
			letters = append(letters, c|0x20)
		default:
			letters = append(letters, c)
		}
	}
	return string(letters)
}

// Secret says whether a setting is neither to be shown nor to be seen while it is
// typed.
func Secret(name string) bool { return name == "password" || name == "token" }

// IsList says whether a setting has several values, separated by commas.
func IsList(name string) bool {
	switch name {
	case "ignore-users", "include-events", "exclude-events", "include-resources", "exclude-resources", "high-events":
		return true
	default:
		return false
	}
}

// Set changes the setting of that name to what a text says; an empty text is its
// default. It checks what can be checked of one setting alone; the rest is for
// Validate. The error is a [*FieldError].
func (s *Settings) Set(name, text string) error {
	known, ok := Find(name)
	if !ok {
		return refuse(quoted(name), "is no setting; there are "+strings.Join(names[:], ", "))
	}
	next := *s
	if text == "" {
		next.reset(known)
	} else if err := next.parse(known, text); err != nil {
		return err
	}
	*s = next
	return nil
}

// quoted keeps a mistyped name short and printable.
func quoted(name string) string {
	if len(name) > 20 || !ascii(name) {
		return "this"
	}
	return strconv.Quote(name)
}

func (s *Settings) reset(name string) {
	fresh := Default()
	switch name {
	case "port":
		s.Port = fresh.Port
	case "interval":
		s.Interval = fresh.Interval
	case "utc-offset":
		s.UTCOffset = fresh.UTCOffset
	case "buzzer":
		s.Buzzer = fresh.Buzzer
	case "ignore-users":
		s.IgnoreUsers = nil
	default:
		if list := s.list(name); list != nil {
			*list = nil
		} else if text := s.text(name); text != nil {
			*text = ""
		}
	}
}

func (s *Settings) parse(name, text string) error {
	switch name {
	case "port":
		port, err := strconv.ParseUint(text, 10, 16)
		if err != nil || port == 0 {
			return refuse(name, "is no number from 1 to 65535")
		}
		s.Port = uint16(port)
	case "interval":
		interval, err := time.ParseDuration(text)
		if err != nil {
			return refuse(name, "is no time: write 30s or 2m")
		}
		s.Interval = interval
		return s.checkTimes()
	case "utc-offset":
		return s.parseOffset(text)
	case "buzzer":
		switch plain(text) {
		case "on", "yes", "true":
			s.Buzzer = true
		case "off", "no", "false":
			s.Buzzer = false
		default:
			return refuse(name, "is neither on nor off")
		}
	case "quiet-hours":
		s.QuietHours = text
		_, err := alarm.ParseQuietHours(text)
		return named(err)
	case "host":
		// Capitals mean nothing in it, and it is compared with others.
		s.Host = strings.ToLower(text)
	case "customer":
		s.Customer = text
		return checkCustomer(text)
	case "ignore-users":
		return s.parseUsers(text)
	default:
		if list := s.list(name); list != nil {
			*list = split(text)
		} else if field := s.text(name); field != nil {
			*field = text
		}
	}
	return nil
}

// text is the setting of that name that is kept as it is typed.
func (s *Settings) text(name string) *string {
	switch name {
	case "ssid":
		return &s.SSID
	case "password":
		return &s.Password
	case "token":
		return &s.Token
	case "host":
		return &s.Host
	case "customer":
		return &s.Customer
	case "quiet-hours":
		return &s.QuietHours
	default:
		return nil
	}
}

func (s *Settings) list(name string) *[]string {
	switch name {
	case "include-events":
		return &s.IncludeEvents
	case "exclude-events":
		return &s.ExcludeEvents
	case "include-resources":
		return &s.IncludeResources
	case "exclude-resources":
		return &s.ExcludeResources
	case "high-events":
		return &s.HighEvents
	default:
		return nil
	}
}

func split(text string) []string {
	values := strings.Split(text, ",")
	for i, value := range values {
		values[i] = strings.TrimSpace(value)
	}
	return slices.DeleteFunc(values, func(value string) bool { return value == "" })
}

func (s *Settings) parseUsers(text string) error {
	var ids []int64
	for _, value := range split(text) {
		id, err := strconv.ParseInt(value, 10, 64)
		if err != nil || id < 0 {
			return refuse("ignore-users", "has something that is no user's number: separate them by commas, such as 12,34")
		}
		ids = append(ids, id)
	}
	s.IgnoreUsers = ids
	return nil
}

// parseOffset reads +02:00.
func (s *Settings) parseOffset(text string) error {
	wrong := refuse("utc-offset", "has to look like +02:00 or -05:30")
	if len(text) != len("+02:00") || text[0] != '+' && text[0] != '-' || text[3] != ':' {
		return wrong
	}
	hours, errHours := strconv.ParseUint(text[1:3], 10, 8)
	minutes, errMinutes := strconv.ParseUint(text[4:], 10, 8)
	if errHours != nil || errMinutes != nil || minutes > 59 {
		return wrong
	}
	offset := int16(hours*60 + minutes)
	if text[0] == '-' {
		offset = -offset
	}
	s.UTCOffset = offset
	return s.checkTimes()
}

// Text is what Set reads, and for a secret "set, 43 characters"; empty if nothing
// is set.
func (s *Settings) Text(name string) string {
	if Secret(name) {
		if n := len(*s.text(name)); n > 0 {
			return "set, " + strconv.Itoa(n) + " characters"
		}
		return ""
	}
	switch name {
	case "port":
		return strconv.Itoa(int(s.Port))
	case "interval":
		return s.Interval.String()
	case "utc-offset":
		return offsetText(int(s.UTCOffset))
	case "buzzer":
		if s.Buzzer {
			return "on"
		}
		return "off"
	case "ignore-users":
		ids := make([]string, len(s.IgnoreUsers))
		for i, id := range s.IgnoreUsers {
			ids[i] = strconv.FormatInt(id, 10)
		}
		return strings.Join(ids, ",")
	}
	if list := s.list(name); list != nil {
		return strings.Join(*list, ",")
	}
	if text := s.text(name); text != nil {
		return *text
	}
	return ""
}

func offsetText(minutes int) string {
	sign := byte('+')
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	two := func(n int) string { return string([]byte{byte('0' + n/10%10), byte('0' + n%10)}) }
	return string(sign) + two(minutes/60) + ":" + two(minutes%60)
}
