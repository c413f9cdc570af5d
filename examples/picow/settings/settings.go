// Package settings is what a user tells the board: network, token, workspace, and
// when to sound. They live in the flash memory of the board, where anyone who
// holds the board can read them.
package settings

import (
	"time"
)

// Settings are complete once Validate says so.
type Settings struct {
	SSID     string // the name of the Wi-Fi network, 1 to 32 bytes
	Password string // of the network, 8 to 63 characters; empty: an open network
	Token    string // of a Workato API client, at most MaxToken characters
	Host     string // of the API, such as "app.eu.workato.com"; never a URL
	Port     uint16 // 443
	Customer string // "": the token's own workspace; "19029": a customer; "EA2300": a customer by external ID, with E before it

	IgnoreUsers      []int64  // users that are no news; 0 is the platform itself
	IncludeEvents    []string // event types; none: all
	ExcludeEvents    []string
	IncludeResources []string // resource types; none: all
	ExcludeResources []string
	HighEvents       []string // event types that are of high severity

	Interval   time.Duration // between two questions: 30 s, at least 5 s
	QuietHours string        // "22:00-07:00": the buzzer is silent; "": never
	UTCOffset  int16         // minutes that local time is ahead of UTC, for the quiet hours
	Buzzer     bool          // false: the LED only
}

// Default are the settings that a user need not give.
func Default() Settings {
	return Settings{Port: 443, Interval: 30 * time.Second, Buzzer: true}
}

// String is the settings in one line, without token and password.
func (s Settings) String() string {
	text := ""
	for _, name := range names[:] {
		if value := s.Text(name); value != "" {
			if text != "" {
				text += ", "
			}
			text += name + " " + value
		}
	}
	return text
}

// GoString is String: %#v shows no more than %v.
func (s Settings) GoString() string { return s.String() }
