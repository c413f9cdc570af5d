package main

import (
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

func parse(args ...string) (options, error) { return parseArgs(args, noEnv) }

func TestDefaults(t *testing.T) {
	t.Parallel()
	o, err := parse()
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintln(o.command, o.source.Region, o.interval, o.lines[led], o.lines[buzzer], o.lines[mute], o.activeLow, o.gpio, o.logLevel, o.state)
	wantText(t, "the defaults", got, "run us 30s GPIO17 GPIO27 GPIO22 [mute] required INFO \n")
}

func TestEveryKeySetsItsSetting(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]func(*settings){
		"region = EU":                      func(s *settings) { s.source.Region = "eu" },
		"base-url = https://w.example.com": func(s *settings) { s.source.BaseURL = "https://w.example.com" },
		"customer = 19029":                 func(s *settings) { s.source.Customer = 19029 },
		"external-customer = A 23":         func(s *settings) { s.source.ExternalCustomer = "A 23" },
		"state = /var/lib/x":               func(s *settings) { s.state = "/var/lib/x" },
		"interval = 1m":                    func(s *settings) { s.interval = time.Minute },
		"led = pin12":                      func(s *settings) { s.lines[led] = "pin12" },
		"buzzer = pinctrl-rp1:27":          func(s *settings) { s.lines[buzzer] = "pinctrl-rp1:27" },
		"mute = none":                      func(s *settings) { s.lines[mute] = "" },
		"active-low = led, buzzer":         func(s *settings) { s.activeLow = []role{led, buzzer} },
		"active-low = none":                func(s *settings) { s.activeLow = nil },
		"gpio = optional":                  func(s *settings) { s.gpio = gpioOptional },
		"ignore-users = 0, 12":             func(s *settings) { s.policy.IgnoreUsers = []int64{0, 12} },
		"include-events = a_b,c":           func(s *settings) { s.policy.IncludeEvents = []string{"a_b", "c"} },
		"exclude-events = a":               func(s *settings) { s.policy.ExcludeEvents = []string{"a"} },
		"include-resources = Flow":         func(s *settings) { s.policy.IncludeResources = []string{"Flow"} },
		"exclude-resources = Flow":         func(s *settings) { s.policy.ExcludeResources = []string{"Flow"} },
		"high-events = token_leaked":       func(s *settings) { s.policy.HighEvents = []string{"token_leaked"} },
		"quiet-hours = 22:00-07:30": func(s *settings) {
			s.alarm.Quiet = alarm.QuietHours{From: 22 * time.Hour, To: 7*time.Hour + 30*time.Minute}
		},
		"high-breaks = yes":   func(s *settings) { s.alarm.HighBreaks = true },
		"sound = 1s":          func(s *settings) { s.alarm.Sound = time.Second },
		"max-sound = 20s":     func(s *settings) { s.alarm.MaxSound = 20 * time.Second },
		"sound-pause = 2m":    func(s *settings) { s.alarm.SoundPause, s.alarm.HighEvery = 2*time.Minute, 2*time.Minute },
		"stale-after = 10m":   func(s *settings) { s.alarm.StaleAfter = 10 * time.Minute },
		"mute-for = 1h":       func(s *settings) { s.alarm.MuteFor = time.Hour },
		"trouble-sound = yes": func(s *settings) { s.alarm.TroubleSound = true },
		"wink = off":          func(s *settings) { s.alarm.Wink = -1 },
		"wink = 20s":          func(s *settings) { s.alarm.Wink = 20 * time.Second },
		"log-level = debug":   func(s *settings) { s.logLevel = slog.LevelDebug },
	} {
		path := filepath.Join(t.TempDir(), "c")
		if err := os.WriteFile(path, []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		expected := defaultSettings()
		expected.alarm.HighEvery = time.Minute
		want(&expected)
		key, value, _ := strings.Cut(line, " = ")
		for _, args := range [][]string{{"-config", path}, {"-" + key + "=" + value}} {
			o, err := parse(args...)
			if err != nil {
				t.Errorf("%q: %v", args, err)
			}
			if !reflect.DeepEqual(o.settings, expected) {
				t.Errorf("%s:\n got %+v\nwant %+v", line, o.settings, expected)
			}
		}
	}
}

func TestFlagsWinOverTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "c")
	content := "interval = 1m\nignore-users = 1, 2\nled = GPIO5\nmax-sound = what the flag replaces is not looked at\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := parse("-interval", "10s", "-config", path, "-ignore-users", "7", "-ignore-users", "8,9", "-max-sound", "5s", "-high-breaks")
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintln(o.interval, o.policy.IgnoreUsers, o.lines[led], o.alarm.MaxSound, o.alarm.HighBreaks)
	wantText(t, "settings", got, "10s [7 8 9] GPIO5 5s true\n")
}

func TestStateFolderOfTheServiceManager(t *testing.T) {
	t.Parallel()
	env := func(string) string {
		return strings.Join([]string{"/var/lib/a", "/var/lib/b"}, string(filepath.ListSeparator))
	}
	o, err := parseArgs(nil, env)
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, "state", o.state, "/var/lib/a")
	o, err = parseArgs([]string{"-state", "/mine"}, env)
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, "state", o.state, "/mine")
}

func TestWrongArguments(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"rum":                                  "did you mean run?",
		"bogus":                                "there is no such subcommand; they are run, self-test",
		"run extra":                            "there is an argument that is no flag",
		"-intervall 30s":                       "did you mean -interval?",
		"-token s3cret":                        "the token comes from the environment variable WORKATO_TOKEN",
		"-xyz s3cret":                          "there is no such flag",
		"-region mars":                         "-region ",
		"-interval 4s":                         "-interval must be a duration of at least 5s",
		"-customer 0":                          "-customer must be a number of 1 or more",
		"-customer 1 -external-customer a":     "-customer and -external-customer exclude each other",
		"-region eu -base-url https://a.b":     "-region and -base-url exclude each other",
		"-led GPIO5 -mute GPIO5":               "led and mute are both GPIO5",
		"-led=":                                "-led is empty; give a line such as GPIO17, or none",
		"-active-low bell":                     "-active-low must be a list of led, buzzer and mute, or none",
		"-gpio maybe":                          "-gpio must be one of required, optional, none",
		"-ignore-users mara":                   "-ignore-users must be IDs of users",
		"-include-events a,,b":                 "-include-events has two commas",
		"-include-events a -exclude-events a":  `-exclude-events has "a", which include-events has, too`,
		"-exclude-events a -high-events a":     `-high-events has "a", which exclude-events leaves out`,
		"-quiet-hours 22-7":                    "-quiet-hours has to look like 22:00-07:30",
		"-high-breaks=maybe":                   "-high-breaks must be yes or no",
		"-sound 20s":                           "-sound is 20s: make it at most 10s",
		"-sound-pause 10ms":                    "-sound-pause is 10ms: make it at least",
		"-max-sound 1h":                        "-max-sound is 1h0m0s",
		"-stale-after 10s":                     "stale-after is 10s, and the log is asked every 30s",
		"-interval 6m":                         "make stale-after longer",
		"-wink 1ms":                            "-wink must be a duration of at least 1s, such as 10s, or off",
		"-log-level loud":                      "-log-level must be one of debug, info, warn, error",
		"-speed 2":                             "-speed is for -demo only",
		"-demo -speed 0":                       "must be a number from 0.1 to 100",
		"-demo -speed NaN":                     "must be a number from 0.1 to 100",
		"-demo -interval 10s":                  "-interval means nothing in the -demo",
		"-demo -dry-run":                       "exclude each other",
		"safe-state -dry-run":                  "-dry-run is for run only",
		"begin-anew":                           "name the folder whose checkpoint is to be dropped",
		"-config /nowhere/at/all":              "the configuration cannot be read",
		"-mute-for 0":                          "-mute-for must be a duration of at least 1s",
		"-sound -5s":                           "-sound must be a duration",
		"-external-customer=":                  "-external-customer is empty",
		"-led pin11 -buzzer pin11 -gpio none":  "",
		"-include-events login -gpio optional": "",
	} {
		_, err := parse(strings.Fields(args)...)
		wantError(t, err, want)
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: the value is in the error %q", args, err)
		}
	}
}

func TestAnErrorOfTheFileNamesItsLine(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"# a\ninterval = 3": "c:2: interval must be a duration",
		"sound = 30s":       "c:1: sound is 30s: make it at most 10s",
		"region = eu\n\nbase-url = https://a.example": "c:1: region and ",
	} {
		path := filepath.Join(t.TempDir(), "c")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := parse("-config", path)
		wantError(t, err, want)
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	o, err := parse("-high-events", "token_leaked,tokn_leaked", "-include-resources", "Flow,Recipe")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(o.warnings(), "\n")
	want := `"tokn_leaked" is no event type that this program knows; a typo matches nothing` + "\n" +
		`"Recipe" is no resource type that this program knows; a typo matches nothing`
	wantText(t, "warnings", got, want)
}

// The help is complete: every flag is in it, and nothing wraps.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"help"}, {"-h"}, {"-help"}, {"run", "-h"}} {
		if _, err := parse(args...); err != flag.ErrHelp { //nolint:errorlint // the flag package gives it as it is
			t.Errorf("%q: %v", args, err)
		}
	}
	for _, name := range append(keyNames(), "config", "dry-run", "demo", "speed") {
		if !strings.Contains(help, "\n  -"+name+" ") {
			t.Errorf("-%s is not in the help", name)
		}
	}
	for _, name := range commands {
		if !strings.Contains(help, "\n  "+name+" ") {
			t.Errorf("%s is not in the help", name)
		}
	}
	for line := range strings.SplitSeq(help, "\n") {
		if len(line) > 80 {
			t.Errorf("over 80 columns: %q", line)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"intervl": "interval", "quiet_hours": "quiet-hours", "INTERVAL": "interval", "mtue": "mute", "customers": "customer",
		"zzzzzz": "", "": "", "x": "",
	} {
		if got := nearest(typed, keyNames()); got != want {
			t.Errorf("nearest to %q is %q, want %q", typed, got, want)
		}
	}
}
