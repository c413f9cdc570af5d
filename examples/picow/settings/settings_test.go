package settings_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/picow/flash"
	"github.com/workato-go/sdk/examples/picow/flash/flashtest"
	"github.com/workato-go/sdk/examples/picow/settings"
)

const sectors = 12

func full() *settings.Settings {
	return &settings.Settings{
		SSID: "Café am Eck", Password: "correct horse", Token: "wrkaeu-" + strings.Repeat("x", 400),
		Host: "app.eu.workato.com", Port: 443, Customer: "EA2300",
		IgnoreUsers:   []int64{0, 17, 1 << 40},
		IncludeEvents: []string{"user_login", "recipe_stopped"}, IncludeResources: []string{"Flow"},
		ExcludeResources: []string{"Connection"}, HighEvents: []string{"user_login"},
		Interval: 45 * time.Second, QuietHours: "22:00-07:30", UTCOffset: -330, Buzzer: true,
	}
}

func minimal() *settings.Settings {
	s := settings.Default()
	s.SSID, s.Token, s.Host = "home", "wrkaus-1", "www.workato.com"
	return &s
}

func TestSaveAndLoad(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	if s, err := settings.Load(memory); !errors.Is(err, settings.ErrNone) || s != nil {
		t.Fatalf("never saved: %v, %v", s, err)
	}
	for i := range 30 { // through several sectors
		for _, want := range []*settings.Settings{full(), minimal()} {
			want.Port = uint16(i + 1)
			if err := settings.Save(memory, want); err != nil {
				t.Fatal(err)
			}
			got, err := settings.Load(memory)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("got %#v, %v; want %#v", got, err, want)
			}
		}
	}
	if err := settings.Wipe(memory); err != nil {
		t.Fatal(err)
	}
	if _, err := settings.Load(memory); !errors.Is(err, settings.ErrNone) {
		t.Errorf("wiped: %v", err)
	}
	if bytes.Contains(memory.Bytes(), []byte("wrkaus")) || bytes.Contains(memory.Bytes(), []byte("horse")) {
		t.Error("a secret is left after the wipe")
	}
}

func TestSaveRefusesBadSettings(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	s := minimal()
	if err := settings.Save(memory, s); err != nil {
		t.Fatal(err)
	}
	bad := minimal()
	bad.Host = "https://app.eu.workato.com"
	if wrong := (*settings.FieldError)(nil); !errors.As(settings.Save(memory, bad), &wrong) || wrong.Field != "host" {
		t.Errorf("a URL as host: %v", wrong)
	}
	if got, err := settings.Load(memory); err != nil || !reflect.DeepEqual(got, s) {
		t.Errorf("the good ones are gone: %v, %v", got, err)
	}
}

func TestDamagedSettingsAreNotUsed(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	older, newer := minimal(), full()
	if err := settings.Save(memory, older); err != nil {
		t.Fatal(err)
	}
	if err := settings.Save(memory, newer); err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(memory.Bytes(), []byte("EA2300"))
	memory.Flip(int64(at), 0)
	got, err := settings.Load(memory)
	if !errors.Is(err, settings.ErrCorrupt) || !reflect.DeepEqual(got, older) {
		t.Errorf("got %v, %v; want the older ones, with ErrCorrupt", got, err)
	}
}

func TestRecordsOfOtherVersions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		record []byte
		want   error
	}{
		"newer":          {[]byte{2, 0, 0}, settings.ErrNewer},
		"far newer":      {[]byte{255}, settings.ErrNewer},
		"version 0":      {[]byte{0, 1, 2}, settings.ErrCorrupt},
		"empty":          {nil, settings.ErrCorrupt},
		"cut off":        {[]byte{1, 4, 0, 'h', 'o'}, settings.ErrCorrupt},
		"version alone":  {[]byte{1}, settings.ErrCorrupt},
		"too long":       {append(record(t, full()), 0), settings.ErrCorrupt},
		"a byte missing": {record(t, full())[:100], settings.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			memory := flashtest.New(sectors, 1)
			write(t, memory, test.record)
			if s, err := settings.Load(memory); !errors.Is(err, test.want) || s != nil {
				t.Errorf("got %v, %v; want %v", s, err, test.want)
			}
		})
	}
}

// What an older firmware saved can break a rule of this one: the user sees what
// there is, and what is wrong with it.
func TestLoadValidates(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	kept := record(t, minimal())
	write(t, memory, bytes.Replace(kept, []byte("www.workato.com"), []byte("www.workato-com"), 1))
	if _, err := settings.Load(memory); err != nil {
		t.Fatal(err)
	}
	write(t, memory, bytes.Replace(kept, []byte("www.workato.com"), []byte("www.workato_com"), 1))
	s, err := settings.Load(memory)
	if wrong := (*settings.FieldError)(nil); !errors.As(err, &wrong) || wrong.Field != "host" || s == nil || s.Host != "www.workato_com" {
		t.Errorf("got %v, %v", s, err)
	}
}

// record is what Save writes.
func record(t *testing.T, s *settings.Settings) []byte {
	t.Helper()
	memory := flashtest.New(sectors, 1)
	if err := settings.Save(memory, s); err != nil {
		t.Fatal(err)
	}
	log, err := flash.Open(memory, flash.Settings)
	if err != nil {
		t.Fatal(err)
	}
	b, err := log.Last(make([]byte, flash.MaxRecord))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, memory *flashtest.Memory, record []byte) {
	t.Helper()
	log, err := flash.Open(memory, flash.Settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Append(record); err != nil {
		t.Fatal(err)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	many := strings.Split(strings.Repeat("type_of_event,", 33), ",")[:33]
	long := make([]string, 32)
	for i := range long {
		long[i] = strings.Repeat("a", 60) + strconv.Itoa(i)
	}
	for _, test := range []struct {
		field string // "": good
		edit  func(*settings.Settings)
	}{
		{"", func(*settings.Settings) {}},
		{"", func(s *settings.Settings) { *s = *full() }},
		{"", func(s *settings.Settings) { s.Password = "" }},
		{"", func(s *settings.Settings) { s.Password = strings.Repeat("p", 63) }},
		{"", func(s *settings.Settings) { s.SSID = strings.Repeat("s", 32) }},
		{"", func(s *settings.Settings) { s.Token = strings.Repeat("t", 1024) }},
		{"", func(s *settings.Settings) { s.Host, s.Port = "localhost", 8443 }},
		{"", func(s *settings.Settings) { s.Customer = "19029" }},
		{"", func(s *settings.Settings) { s.Customer = "Eacme/süd 1" }},
		{"", func(s *settings.Settings) { s.Interval = 5 * time.Second }},
		{"", func(s *settings.Settings) { s.UTCOffset = 14 * 60 }},
		{"ssid", func(s *settings.Settings) { s.SSID = "" }},
		{"ssid", func(s *settings.Settings) { s.SSID = strings.Repeat("s", 33) }},
		{"ssid", func(s *settings.Settings) { s.SSID = "a\x00b" }},
		{"password", func(s *settings.Settings) { s.Password = "1234567" }},
		{"password", func(s *settings.Settings) { s.Password = strings.Repeat("p", 64) }},
		{"password", func(s *settings.Settings) { s.Password = "pässword" }},
		{"token", func(s *settings.Settings) { s.Token = "" }},
		{"token", func(s *settings.Settings) { s.Token = "Bearer wrkaus-1" }},
		{"token", func(s *settings.Settings) { s.Token = "wrkaus-1\r\nX-Header: y" }},
		{"token", func(s *settings.Settings) { s.Token = strings.Repeat("t", 1025) }},
		{"host", func(s *settings.Settings) { s.Host = "" }},
		{"host", func(s *settings.Settings) { s.Host = "http://www.workato.com" }},
		{"host", func(s *settings.Settings) { s.Host = "www.workato.com:443" }},
		{"host", func(s *settings.Settings) { s.Host = "www.workato.com/api" }},
		{"host", func(s *settings.Settings) { s.Host = "www workato com" }},
		{"host", func(s *settings.Settings) { s.Host = "www..com" }},
		{"host", func(s *settings.Settings) { s.Host = "-www.com" }},
		{"host", func(s *settings.Settings) { s.Host = "www.workato.com\r\nX: y" }},
		{"host", func(s *settings.Settings) { s.Host = strings.Repeat("abc.", 64) + "de" }},
		{"port", func(s *settings.Settings) { s.Port = 0 }},
		{"customer", func(s *settings.Settings) { s.Customer = "E" }},
		{"customer", func(s *settings.Settings) { s.Customer = "A2300" }},
		{"customer", func(s *settings.Settings) { s.Customer = "0" }},
		{"customer", func(s *settings.Settings) { s.Customer = "-5" }},
		{"customer", func(s *settings.Settings) { s.Customer = "007" }},
		{"customer", func(s *settings.Settings) { s.Customer = "99999999999999999999" }},
		{"customer", func(s *settings.Settings) { s.Customer = "Ea\nb" }},
		{"customer", func(s *settings.Settings) { s.Customer = "E" + strings.Repeat("a", 128) }},
		{"ignore-users", func(s *settings.Settings) { s.IgnoreUsers = []int64{-1} }},
		{"ignore-users", func(s *settings.Settings) { s.IgnoreUsers = make([]int64, 33) }},
		{"include-events", func(s *settings.Settings) { s.IncludeEvents = many }},
		{"include-events", func(s *settings.Settings) { s.IncludeEvents = []string{""} }},
		{"exclude-events", func(s *settings.Settings) { s.ExcludeEvents = []string{"a,b"} }},
		{"exclude-events", func(s *settings.Settings) { s.IncludeEvents, s.ExcludeEvents = []string{"a"}, []string{"a"} }},
		{"include-resources", func(s *settings.Settings) { s.IncludeResources = []string{strings.Repeat("r", 65)} }},
		{"exclude-resources", func(s *settings.Settings) { s.ExcludeResources = []string{" Flow"} }},
		{"high-events", func(s *settings.Settings) { s.IncludeEvents, s.HighEvents = []string{"a"}, []string{"b"} }},
		{"include-events", func(s *settings.Settings) { s.IncludeEvents, s.ExcludeResources = long, long }},
		{"interval", func(s *settings.Settings) { s.Interval = 0 }},
		{"interval", func(s *settings.Settings) { s.Interval = 4999 * time.Millisecond }},
		{"interval", func(s *settings.Settings) { s.Interval = 2 * time.Hour }},
		{"interval", func(s *settings.Settings) { s.Interval = 30*time.Second + 1 }},
		{"quiet-hours", func(s *settings.Settings) { s.QuietHours = "late" }},
		{"quiet-hours", func(s *settings.Settings) { s.QuietHours = "25:00-07:00" }},
		{"utc-offset", func(s *settings.Settings) { s.UTCOffset = 15 * 60 }},
		{"utc-offset", func(s *settings.Settings) { s.UTCOffset = -13 * 60 }},
	} {
		s := minimal()
		test.edit(s)
		err := s.Validate()
		if test.field == "" {
			if err != nil {
				t.Errorf("%v: %v", s, err)
			}
			continue
		}
		if wrong := (*settings.FieldError)(nil); !errors.As(err, &wrong) || wrong.Field != test.field {
			t.Errorf("%v: error %v; want one of %s", s, err, test.field)
		} else if !strings.HasPrefix(err.Error(), test.field+": ") || s.Token != "" && strings.Contains(err.Error(), s.Token) {
			t.Errorf("the message does not name the field, or tells a secret: %v", err)
		}
	}
}

func TestSetAndText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, set, text string }{
		{"ssid", "home", "home"},
		{"SSID", "home 2", "home 2"},
		{"password", "12345678", "set, 8 characters"},
		{"token", "wrk", "set, 3 characters"},
		{"host", "App.EU.workato.com", "app.eu.workato.com"},
		{"port", "8443", "8443"},
		{"port", "", "443"},
		{"customer", "EA2300", "EA2300"},
		{"customer", "", ""},
		{"ignore-users", "1, 2 ,3,", "1,2,3"},
		{"IgnoreUsers", "0", "0"},
		{"ignore_users", "", ""},
		{"include-events", "user_login, recipe_stopped", "user_login,recipe_stopped"},
		{"high-events", "", ""},
		{"interval", "90s", "1m30s"},
		{"interval", "", "30s"},
		{"quiet-hours", "22:00-07:30", "22:00-07:30"},
		{"quiet-hours", "", ""},
		{"utc-offset", "-05:30", "-05:30"},
		{"utc-offset", "+02:00", "+02:00"},
		{"utc-offset", "", "+00:00"},
		{"buzzer", "off", "off"},
		{"buzzer", "Yes", "on"},
	} {
		s := full()
		if err := s.Set(test.name, test.set); err != nil {
			t.Errorf("Set(%q, %q): %v", test.name, test.set, err)
			continue
		}
		name, ok := settings.Find(test.name)
		if got := s.Text(name); !ok || got != test.text {
			t.Errorf("Set(%q, %q): text %q; want %q", test.name, test.set, got, test.text)
		}
	}
	for _, test := range []struct{ name, set, field string }{
		{"port", "0", "port"},
		{"port", "65536", "port"},
		{"interval", "soon", "interval"},
		{"interval", "1s", "interval"},
		{"buzzer", "loud", "buzzer"},
		{"quiet-hours", "22-7", "quiet-hours"},
		{"utc-offset", "2", "utc-offset"},
		{"utc-offset", "+02:60", "utc-offset"},
		{"utc-offset", "+99:00", "utc-offset"},
		{"utc-offset", "+-2:00", "utc-offset"},
		{"ignore-users", "me", "ignore-users"},
		{"ignore-users", "-4", "ignore-users"},
		{"customer", "acme", "customer"},
		{"color", "red", `"color"`},
		{"a very long name that is none", "red", "this"},
	} {
		s := full()
		err := s.Set(test.name, test.set)
		if wrong := (*settings.FieldError)(nil); !errors.As(err, &wrong) || wrong.Field != test.field {
			t.Errorf("Set(%q, %q): %v; want an error of %s", test.name, test.set, err, test.field)
		}
		if !reflect.DeepEqual(s, full()) {
			t.Errorf("Set(%q, %q) failed and changed something", test.name, test.set)
		}
	}
}

// Each setting has a name, and Set reads what Text shows.
func TestTextIsReadBySet(t *testing.T) {
	t.Parallel()
	if got, want := len(settings.Names()), reflect.TypeFor[settings.Settings]().NumField(); got != want {
		t.Errorf("%d names for %d settings", got, want)
	}
	from, to := full(), new(settings.Default())
	for _, name := range settings.Names() {
		if _, known := settings.Find(name); !known {
			t.Errorf("%s is not found", name)
		}
		if settings.Secret(name) {
			continue
		}
		if err := to.Set(name, from.Text(name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	to.Password, to.Token = from.Password, from.Token
	if from.ExcludeEvents == nil {
		to.ExcludeEvents = nil
	}
	if !reflect.DeepEqual(from, to) {
		t.Errorf("got %#v; want %#v", to, from)
	}
}

func TestNoSecretIsPrinted(t *testing.T) {
	t.Parallel()
	s := full()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		for _, value := range []any{s, *s, struct{ S settings.Settings }{*s}} {
			text := fmt.Sprintf(verb, value)
			if strings.Contains(text, s.Token) || strings.Contains(text, s.Password) {
				t.Errorf("%s of %T shows a secret", verb, value)
			}
		}
	}
	if text := s.String(); !strings.Contains(text, "host app.eu.workato.com") || !strings.Contains(text, "token set, 407 characters") {
		t.Error("String tells too little:", text)
	}
}

// A power cut while settings are saved leaves the old or the new ones.
func TestPowerCutInSave(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	for range 7 { // the next one needs another sector
		if err := settings.Save(memory, minimal()); err != nil {
			t.Fatal(err)
		}
	}
	for cut := range 6000 {
		torn := memory.Clone(uint64(cut))
		torn.CutAfter(cut)
		err := settings.Save(torn, full())
		torn.Restart()
		got, errLoad := settings.Load(torn)
		if errLoad != nil || !reflect.DeepEqual(got, full()) && (err == nil || !reflect.DeepEqual(got, minimal())) {
			t.Fatalf("cut at %d: %v, %v", cut, got, errLoad)
		}
		if err == nil {
			return
		}
	}
	t.Error("saving takes more than 6,000 steps")
}

// Whatever is in a record that the checksum calls good: no panic, and what Load
// calls good can be saved and is the same then.
func FuzzLoad(f *testing.F) {
	memory := flashtest.New(sectors, 1)
	for _, s := range []*settings.Settings{full(), minimal()} {
		if err := settings.Save(memory, s); err != nil {
			f.Fatal(err)
		}
		log, err := flash.Open(memory, flash.Settings)
		if err != nil {
			f.Fatal(err)
		}
		record, err := log.Last(make([]byte, flash.MaxRecord))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(record)
	}
	f.Add([]byte{1})
	f.Add(append([]byte{1}, bytes.Repeat([]byte{0xff}, 3000)...))
	f.Fuzz(func(t *testing.T, record []byte) {
		if len(record) > flash.MaxRecord {
			return
		}
		memory := flashtest.New(sectors, 1)
		write(t, memory, record)
		s, err := settings.Load(memory)
		if err != nil {
			if wrong := (*settings.FieldError)(nil); !errors.Is(err, settings.ErrCorrupt) && !errors.Is(err, settings.ErrNewer) && !errors.As(err, &wrong) {
				t.Fatal(err)
			}
			return
		}
		if err := settings.Save(memory, s); err != nil {
			t.Fatalf("cannot be saved again: %v", err)
		}
		if again, err := settings.Load(memory); err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("%#v became %#v, %v", s, again, err)
		}
	})
}

// Whatever a user types: no panic, and no half-done change.
func FuzzSet(f *testing.F) {
	for _, name := range settings.Names() {
		f.Add(name, full().Text(name))
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		s := full()
		if err := s.Set(name, text); err != nil {
			if !reflect.DeepEqual(s, full()) {
				t.Fatal("changed in spite of the error")
			}
			if len(text) > 12 && settings.Secret(name) && strings.Contains(err.Error(), text) {
				t.Fatal("the message tells a secret")
			}
			return
		}
		_ = s.String()
		_ = s.Validate()
	})
}
