package settings

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/flash"
)

// MaxToken is how many characters a token can have.
const MaxToken = 1024

const (
	maxSSID     = 32 // bytes, as the standard has it
	minPassword = 8
	maxPassword = 63
	maxHost     = 253
	maxCustomer = 128
	maxList     = 32 // values in a list
	maxKind     = 64 // bytes of an event type or resource type

	minInterval = 5 * time.Second
	maxInterval = time.Hour

	minOffset = -12 * 60
	maxOffset = 14 * 60
)

// FieldError is a setting that cannot be used.
type FieldError struct {
	Field  string // as in Names
	Reason string // what is wrong, and what to do; never a secret
}

// Error names the setting and says what to do.
func (e *FieldError) Error() string { return e.Field + ": " + e.Reason }

func refuse(field, reason string) error { return &FieldError{field, reason} }

// Validate finds the first setting that is missing or cannot be used. The error is
// a [*FieldError].
func (s *Settings) Validate() error {
	for _, check := range []func(*Settings) error{
		(*Settings).checkNetwork, (*Settings).checkAPI, (*Settings).checkPolicy, (*Settings).checkTimes, (*Settings).checkSize,
	} {
		if err := check(s); err != nil {
			return err
		}
	}
	return nil
}

func (s *Settings) checkNetwork() error {
	switch {
	case s.SSID == "":
		return refuse("ssid", "is missing: give the name of the Wi-Fi network")
	case len(s.SSID) > maxSSID:
		return refuse("ssid", "is longer than 32 bytes, which no network's name is")
	case !printable(s.SSID):
		return refuse("ssid", "has a character that cannot be printed")
	case s.Password != "" && (len(s.Password) < minPassword || len(s.Password) > maxPassword):
		return refuse("password", "has "+strconv.Itoa(len(s.Password))+" characters; a Wi-Fi password has 8 to 63, and none for an open network")
	case !ascii(s.Password):
		return refuse("password", "has a character that a Wi-Fi password cannot have: only letters, digits, signs and spaces of ASCII")
	}
	return nil
}

func (s *Settings) checkAPI() error {
	switch {
	case s.Token == "":
		return refuse("token", "is missing: make an API client in Workato and give its token")
	case len(s.Token) > MaxToken:
		return refuse("token", "is longer than 1,024 characters")
	case strings.Contains(s.Token, " "):
		return refuse("token", "has a space in it: give the token alone, without \"Bearer\"")
	case !ascii(s.Token):
		return refuse("token", "has a character that no token has: copy it once more")
	case s.Host == "":
		return refuse("host", "is missing: give the API's host, such as www.workato.com or app.eu.workato.com")
	case strings.Contains(s.Host, "/"):
		return refuse("host", "is a URL: give the host alone, such as app.eu.workato.com; the board only speaks HTTPS")
	case strings.Contains(s.Host, ":"):
		return refuse("host", "has a colon in it: give the port as port")
	case !hostname(s.Host):
		return refuse("host", "is no host's name: only letters, digits, hyphens and dots, such as app.eu.workato.com")
	case s.Port == 0:
		return refuse("port", "is 0: give 1 to 65535; the API's is 443")
	}
	return checkCustomer(s.Customer)
}

func checkCustomer(customer string) error {
	switch {
	case customer == "":
		return nil
	case len(customer) > maxCustomer:
		return refuse("customer", "is longer than 128 bytes")
	case !printable(customer):
		return refuse("customer", "has a character that cannot be printed")
	case customer[0] == 'E':
		if len(customer) == 1 {
			return refuse("customer", "is an E alone: an external ID follows it, such as EA2300")
		}
		return nil
	}
	if id, err := strconv.ParseInt(customer, 10, 64); err != nil || id < 1 || strconv.FormatInt(id, 10) != customer {
		return refuse("customer", "is neither a customer's number, such as 19029, nor an external ID with E before it, such as EA2300; leave it empty for your own workspace")
	}
	return nil
}

func (s *Settings) checkPolicy() error {
	if len(s.IgnoreUsers) > maxList {
		return refuse("ignore-users", "has more than 32 users")
	}
	for _, list := range []struct {
		field string
		kinds []string
	}{
		{"include-events", s.IncludeEvents},
		{"exclude-events", s.ExcludeEvents},
		{"include-resources", s.IncludeResources},
		{"exclude-resources", s.ExcludeResources},
		{"high-events", s.HighEvents},
	} {
		if len(list.kinds) > maxList {
			return refuse(list.field, "has more than 32 types")
		}
		for _, kind := range list.kinds {
			if len(kind) > maxKind {
				return refuse(list.field, "has a type of more than 64 bytes")
			}
			if !printable(kind) || strings.Contains(kind, ",") {
				return refuse(list.field, "has a type with a character that no type has: separate them by commas")
			}
		}
	}
	policy := s.Policy()
	return named(policy.Validate())
}

// Policy is the part of the settings that says which events matter. It shares
// the lists.
func (s *Settings) Policy() alarm.Policy {
	return alarm.Policy{
		IgnoreUsers:   s.IgnoreUsers,
		IncludeEvents: s.IncludeEvents, ExcludeEvents: s.ExcludeEvents,
		IncludeResources: s.IncludeResources, ExcludeResources: s.ExcludeResources,
		HighEvents: s.HighEvents,
	}
}

// Location is the zone that the quiet hours are meant in.
func (s *Settings) Location() *time.Location {
	return time.FixedZone("local", int(s.UTCOffset)*60)
}

// named gives an error of the alarm the name that the setting has here.
func named(err error) error {
	if wrong := (*alarm.FieldError)(nil); errors.As(err, &wrong) {
		if field, known := Find(wrong.Field); known {
			return refuse(field, wrong.Reason)
		}
		return refuse("quiet-hours", wrong.Reason)
	}
	return err
}

func (s *Settings) checkTimes() error {
	switch {
	case s.Interval < minInterval:
		return refuse("interval", "is below 5s: all programs together have 60 requests a minute")
	case s.Interval > maxInterval:
		return refuse("interval", "is above 1h: the alarm would be useless")
	case s.Interval%time.Millisecond != 0:
		return refuse("interval", "is finer than a millisecond")
	case s.UTCOffset < minOffset || s.UTCOffset > maxOffset:
		return refuse("utc-offset", "is outside of -12:00 to +14:00")
	}
	_, err := alarm.ParseQuietHours(s.QuietHours)
	return named(err)
}

func (s *Settings) checkSize() error {
	if size := len(s.append(nil)); size > flash.MaxRecord {
		return refuse("include-events", "and the other lists are too long together: the settings take "+strconv.Itoa(size)+" bytes of "+strconv.Itoa(flash.MaxRecord))
	}
	return nil
}

// printable says whether a text is without control characters. Other languages
// are welcome.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return false
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func hostname(s string) bool {
	if len(s) > maxHost {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i] | 0x20; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
	}
	return true
}
