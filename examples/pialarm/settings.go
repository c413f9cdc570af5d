package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/internal/source"
	"github.com/workato-go/sdk/examples/internal/value"
	"github.com/workato-go/sdk/workato"
)

// settings are what flags and the configuration file say.
type settings struct {
	source source.Source

	state    string // a folder; "": the checkpoint ends with the program
	interval time.Duration

	lines     map[role]string // addresses; "": there is none
	activeLow []role
	gpio      string // one of the three below

	policy   alarm.Policy
	alarm    alarm.Config
	logLevel slog.Level
}

// Whether lines must be there.
const (
	gpioRequired = "required"
	gpioOptional = "optional"
	gpioNone     = "none"
)

// role is what a line is for.
type role string

const (
	led    role = "led"
	buzzer role = "buzzer"
	mute   role = "mute"
)

// none is the word for no line, and for no active-low line.
const none = "none"

func defaultSettings() settings {
	return settings{
		source: source.Source{Region: workato.US}, interval: 30 * time.Second, gpio: gpioRequired,
		lines:     map[role]string{led: "GPIO17", buzzer: "GPIO27", mute: "GPIO22"},
		activeLow: []role{mute},
	}
}

// The least that makes sense: a round is at least a request, and the quota is for
// all programs together.
const minInterval = 5 * time.Second

// defaultStaleAfter is the alarm's own.
const defaultStaleAfter = 5 * time.Minute

// key is a setting: a flag, and a key of the configuration file.
type key struct {
	name  string
	set   func(value string) error
	list  bool // several values, also by repeating the flag
	yesNo bool // the flag alone means yes
}

// keys are all settings. What they set is s.
func (s *settings) keys() []key {
	return []key{
		{name: "region", set: value.Region(&s.source.Region)},
		{name: "base-url", set: value.Text(&s.source.BaseURL, "a URL such as https://www.workato.com")},
		{name: "customer", set: value.Number(&s.source.Customer, 1)},
		{name: "external-customer", set: value.Text(&s.source.ExternalCustomer, "the customer's external ID")},
		{name: "state", set: value.Text(&s.state, "a folder")},
		{name: "interval", set: value.Duration(&s.interval, minInterval)},
		{name: "led", set: s.address(led)},
		{name: "buzzer", set: s.address(buzzer)},
		{name: "mute", set: s.address(mute)},
		{name: "active-low", set: s.setActiveLow},
		{name: "gpio", set: value.OneOf(&s.gpio, gpioRequired, gpioOptional, gpioNone)},
		{name: "ignore-users", list: true, set: userIDs(&s.policy.IgnoreUsers)},
		{name: "include-events", list: true, set: words(&s.policy.IncludeEvents)},
		{name: "exclude-events", list: true, set: words(&s.policy.ExcludeEvents)},
		{name: "include-resources", list: true, set: words(&s.policy.IncludeResources)},
		{name: "exclude-resources", list: true, set: words(&s.policy.ExcludeResources)},
		{name: "high-events", list: true, set: words(&s.policy.HighEvents)},
		{name: "quiet-hours", set: quietHours(&s.alarm.Quiet)},
		{name: "high-breaks", yesNo: true, set: yesNo(&s.alarm.HighBreaks)},
		{name: "sound", set: value.Duration(&s.alarm.Sound, time.Millisecond)},
		{name: "max-sound", set: value.Duration(&s.alarm.MaxSound, time.Millisecond)},
		{name: "sound-pause", set: value.Duration(&s.alarm.SoundPause, time.Millisecond)},
		{name: "stale-after", set: value.Duration(&s.alarm.StaleAfter, time.Second)},
		{name: "mute-for", set: value.Duration(&s.alarm.MuteFor, time.Second)},
		{name: "trouble-sound", yesNo: true, set: yesNo(&s.alarm.TroubleSound)},
		{name: "wink", set: s.setWink},
		{name: "log-level", set: s.setLogLevel},
	}
}

func keyNames() []string {
	var names []string
	for _, k := range new(settings).keys() {
		names = append(names, k.name)
	}
	return names
}

// given is where a setting was set: "-interval" or "pialarm.conf:3: interval".
type given map[string]string

// has tells whether a key was given at all.
func (g given) has(key string) bool { _, ok := g[key]; return ok }

// check finds settings that do not go together.
func (s *settings) check(g given) error {
	switch {
	case g.has("region") && g.has("base-url"):
		return fmt.Errorf("%s and %s exclude each other", g["region"], g["base-url"])
	case g.has("customer") && g.has("external-customer"):
		return fmt.Errorf("%s and %s exclude each other", g["customer"], g["external-customer"])
	}
	if err := s.checkLines(); err != nil {
		return err
	}
	stale := s.alarm.StaleAfter
	if stale == 0 {
		stale = defaultStaleAfter
	}
	if stale <= s.interval {
		return fmt.Errorf("stale-after is %v, and the log is asked every %v (interval): make stale-after longer, best several times", stale, s.interval)
	}
	s.alarm.HighEvery = max(time.Minute, s.alarm.SoundPause) // it has no key of its own
	err := s.policy.Validate()
	if err == nil {
		_, err = alarm.New(s.alarm, nothing{}, nothing{})
	}
	if field, ok := errors.AsType[*alarm.FieldError](err); ok {
		key := keyOf(field.Field)
		where, ok := g[key]
		if !ok {
			where = key
		}
		return fmt.Errorf("%s %s", where, inKeys(field.Reason))
	}
	return err
}

// checkLines finds an address that is given twice.
func (s *settings) checkLines() error {
	if s.gpio == gpioNone {
		return nil
	}
	roles := []role{led, buzzer, mute}
	for i, a := range roles {
		for _, b := range roles[i+1:] {
			if s.lines[a] != "" && s.lines[a] == s.lines[b] {
				return fmt.Errorf("%s and %s are both %s; give each a line of its own, or none", a, b, s.lines[a])
			}
		}
	}
	return nil
}

// nothing is an output that is not there.
type nothing struct{}

func (nothing) Set(bool) error { return nil }

// The alarm's fields that have another name here. The others are written in
// words: IgnoreUsers is ignore-users.
var fieldKeys = map[string]string{"Quiet": "quiet-hours"}

func keyOf(field string) string {
	if key, ok := fieldKeys[field]; ok {
		return key
	}
	var key strings.Builder
	for i, r := range field {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				key.WriteByte('-')
			}
			r += 'a' - 'A'
		}
		key.WriteRune(r)
	}
	return key.String()
}

// inKeys writes a reason that names fields in the words of the user.
func inKeys(reason string) string {
	for _, field := range []string{"IncludeEvents", "ExcludeEvents", "IncludeResources", "ExcludeResources", "SoundPause", "MaxSound", "StaleAfter", "MuteFor", "LongPress"} {
		reason = strings.ReplaceAll(reason, field, keyOf(field))
	}
	return reason
}

// warnings are about types that are probably typos: no event would match.
func (s *settings) warnings() []string {
	var all []string
	for _, list := range [][]string{s.policy.IncludeEvents, s.policy.ExcludeEvents, s.policy.HighEvents} {
		for _, t := range list {
			if !activity.EventType(t).Known() {
				all = append(all, fmt.Sprintf("%q is no event type that this program knows; a typo matches nothing", t))
			}
		}
	}
	for _, list := range [][]string{s.policy.IncludeResources, s.policy.ExcludeResources} {
		for _, t := range list {
			if !activity.ResourceType(t).Known() {
				all = append(all, fmt.Sprintf("%q is no resource type that this program knows; a typo matches nothing", t))
			}
		}
	}
	return all
}

// The readers of values. Their errors come after the name of the key.

func yesNo(into *bool) func(string) error {
	return func(text string) error {
		switch text {
		case "yes", "true":
			*into = true
		case "no", "false":
			*into = false
		default:
			return errors.New("must be yes or no")
		}
		return nil
	}
}

func quietHours(into *alarm.QuietHours) func(string) error {
	return func(text string) (err error) {
		*into, err = alarm.ParseQuietHours(text)
		if field, ok := errors.AsType[*alarm.FieldError](err); ok {
			return errors.New(field.Reason)
		}
		return err
	}
}

// words adds comma-separated words; an empty text adds none.
func words(into *[]string) func(string) error {
	return func(text string) error {
		if text == "" {
			return nil
		}
		for word := range strings.SplitSeq(text, ",") {
			if word = strings.TrimSpace(word); word == "" {
				return errors.New("has two commas with nothing between them, or one at an end")
			}
			*into = append(*into, word)
		}
		return nil
	}
}

func userIDs(into *[]int64) func(string) error {
	return func(text string) error {
		var list []string
		if err := words(&list)(text); err != nil {
			return err
		}
		for _, word := range list {
			var id int64
			if value.Number(&id, 0)(word) != nil {
				return errors.New("must be IDs of users, numbers; 0 stands for the platform itself")
			}
			*into = append(*into, id)
		}
		return nil
	}
}

func (s *settings) address(r role) func(string) error {
	return func(text string) error {
		if text == "" {
			return errors.New("is empty; give a line such as GPIO17, or none")
		}
		if text == none {
			text = ""
		}
		s.lines[r] = text
		return nil
	}
}

// setActiveLow takes the whole list: what is not in it is active-high.
func (s *settings) setActiveLow(text string) error {
	s.activeLow = nil
	if text == none {
		return nil
	}
	var list []string
	if err := words(&list)(text); err != nil {
		return err
	}
	for _, word := range list {
		r := role(word)
		if r != led && r != buzzer && r != mute {
			return errors.New("must be a list of led, buzzer and mute, or none")
		}
		s.activeLow = append(s.activeLow, r)
	}
	return nil
}

func (s *settings) setWink(text string) error {
	if text == "off" || text == none {
		s.alarm.Wink = -1
		return nil
	}
	if value.Duration(&s.alarm.Wink, time.Second)(text) != nil {
		return errors.New("must be a duration of at least 1s, such as 10s, or off")
	}
	return nil
}

func (s *settings) setLogLevel(text string) error {
	var name string
	if err := value.OneOf(&name, "debug", "info", "warn", "error")(text); err != nil {
		return err
	}
	return s.logLevel.UnmarshalText([]byte(name))
}
