package main

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// What a user installs, and what the page about it says, is held against the
// program.

func readInstalled(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// configured is what the program makes of a configuration.
func configured(t *testing.T, text string) options {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pialarm.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := parse("-config", path)
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, text)
	}
	for _, warning := range o.warnings() {
		t.Errorf("%s\nin\n%s", warning, text)
	}
	o.config = ""
	return o
}

func TestSampleConfigurationIsTheDefault(t *testing.T) {
	t.Parallel()
	sample := readInstalled(t, "pialarm.conf")
	want, err := parse()
	if err != nil {
		t.Fatal(err)
	}
	if got := configured(t, sample); !reflect.DeepEqual(got, want) {
		t.Errorf("as it is: %+v\nwant %+v", got, want)
	}

	// What it says is a default is one: with each # taken away, nothing changes.
	setting := regexp.MustCompile(`(?m)^#([a-z][a-z-]* =.*)$`)
	if n := len(setting.FindAllString(sample, -1)); n < 15 {
		t.Fatalf("%d settings were found", n)
	}
	got := configured(t, setting.ReplaceAllString(sample, "$1"))
	got.alarm, want.alarm = got.alarm.WithDefaults(), want.alarm.WithDefaults()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("with its defaults: %+v\nwant %+v", got, want)
	}

	example := regexp.MustCompile(`(?m)^#   ([a-z][a-z-]* = .*)$`)
	o := configured(t, example.ReplaceAllString(sample, "$1"))
	if o.source.Region != "eu" || len(o.policy.HighEvents) != 2 || o.alarm.Quiet.String() != "20:00-07:30" {
		t.Errorf("its example: %+v", o)
	}
}

// blocks are the fenced blocks of a page in a language.
func blocks(page, language string) []string {
	var all []string
	for _, match := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```").FindAllStringSubmatch(page, -1) {
		all = append(all, match[1])
	}
	return all
}

// spans are the pieces of code within a page's text.
func spans(page string) []string {
	page = regexp.MustCompile("(?ms)^```.*?^```").ReplaceAllString(page, "")
	var all []string
	for _, match := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(page, -1) {
		all = append(all, match[1])
	}
	return all
}

// calls are the arguments of each call of the program.
func calls(lines []string) [][]string {
	call := regexp.MustCompile(`^(?:sudo )?(?:pialarm|/usr/local/bin/pialarm|go run \./examples/pialarm)( .*|$)`)
	var all [][]string
	for _, line := range lines {
		line, _, _ = strings.Cut(line, "#")
		if match := call.FindStringSubmatch(strings.TrimSpace(line)); match != nil {
			all = append(all, strings.Fields(match[1]))
		}
	}
	return all
}

func TestManualCallsTheProgramAsItIs(t *testing.T) {
	t.Parallel()
	page, unit := readInstalled(t, "README.md"), readInstalled(t, "pialarm.service")
	lines := spans(page)
	for _, block := range blocks(page, "sh") {
		lines = append(lines, strings.Split(block, "\n")...)
	}
	for _, match := range regexp.MustCompile(`(?m)^Exec[A-Za-z]*=(.*)$`).FindAllStringSubmatch(unit, -1) {
		lines = append(lines, match[1])
	}
	all := calls(lines)
	if len(all) < 10 {
		t.Fatalf("%d calls were found: %q", len(all), all)
	}
	for _, args := range all {
		if i := slices.Index(args, "/etc/pialarm.conf"); i >= 0 {
			args[i] = "pialarm.conf"
		}
		if _, err := parse(args...); err != nil && !errors.Is(err, flag.ErrHelp) {
			t.Errorf("pialarm %s: %v", strings.Join(args, " "), err)
		}
	}
}

func TestManualNamesSettingsThatExist(t *testing.T) {
	t.Parallel()
	page := readInstalled(t, "README.md")
	for _, block := range blocks(page, "ini") {
		configured(t, block)
	}
	assignment, name := regexp.MustCompile(`^[a-z-]+ = `), regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	found := 0
	for _, span := range spans(page) {
		switch {
		case assignment.MatchString(span):
			configured(t, span)
		case name.MatchString(span):
			if !slices.Contains(keyNames(), span) && !slices.Contains(commands, span) {
				t.Errorf("there is no setting %q, and no subcommand", span)
			}
		default:
			continue
		}
		found++
	}
	if found < 10 {
		t.Errorf("%d settings were found", found)
	}
}

func TestManualShowsThePatterns(t *testing.T) {
	t.Parallel()
	var got []alarm.Look
	row := regexp.MustCompile("(?m)^\\| `([█_▏]+)` \\| ([^|]+) \\| [^|]+ \\|$")
	for _, match := range row.FindAllStringSubmatch(readInstalled(t, "README.md"), -1) {
		got = append(got, alarm.Look{Shows: match[2], Pattern: match[1]})
	}
	if want := alarm.Looks(); !slices.Equal(got, want) {
		t.Errorf("the page has\n%v, want\n%v", got, want)
	}
}

func TestManualHasTheWiring(t *testing.T) {
	t.Parallel()
	page, drawing := readInstalled(t, "README.md"), readInstalled(t, "wiring.svg")
	defaults := defaultSettings()
	parts := map[string]role{"LED": led, "buzzer": buzzer, "button": mute}
	for _, match := range regexp.MustCompile(`(?m)^\| (LED|buzzer|button) \| (\d+) \| (GPIO\d+) \|`).FindAllStringSubmatch(page, -1) {
		part, line := match[1], match[3]
		pin, err := strconv.Atoi(match[2])
		if err != nil {
			t.Fatal(err)
		}
		if want := "GPIO" + strconv.Itoa(header[pin]); line != want {
			t.Errorf("%s: pin %d is %s, not %s", part, pin, want, line)
		}
		if want := defaults.lines[parts[part]]; line != want {
			t.Errorf("%s: the default is %s, not %s", part, want, line)
		}
		if !strings.Contains(drawing, part+", "+line) || !strings.Contains(drawing, ">"+match[2]+"<") {
			t.Errorf("%s at pin %d, %s, is not in the drawing", part, pin, line)
		}
		delete(parts, part)
	}
	if len(parts) != 0 {
		t.Errorf("not in the table: %v", slices.Collect(maps.Keys(parts)))
	}
	for decoder := xml.NewDecoder(strings.NewReader(drawing)); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("wiring.svg: %v", err)
		}
	}
}

func TestManualLinksToWhatIsThere(t *testing.T) {
	t.Parallel()
	page := readInstalled(t, "README.md")
	heading := regexp.MustCompile(`[^a-z0-9 -]`)
	anchors := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page, -1) {
		anchors["#"+strings.ReplaceAll(heading.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-")] = true
	}
	for _, match := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(page, -1) {
		target := match[1]
		if _, err := os.Stat(target); err != nil && !anchors[target] {
			t.Errorf("%s leads nowhere", target)
		}
	}
}

// unitSetting is the value of a key of the unit.
func unitSetting(t *testing.T, unit, key string) string {
	t.Helper()
	match := regexp.MustCompile(`(?m)^` + key + `=(.*)$`).FindStringSubmatch(unit)
	if match == nil {
		t.Fatalf("the unit has no %s", key)
	}
	return match[1]
}

func TestUnitGivesWhatTheProgramTakes(t *testing.T) {
	t.Parallel()
	unit := readInstalled(t, "pialarm.service")
	if got := unitSetting(t, unit, "LoadCredential"); got != credentialName+":/etc/pialarm/token" {
		t.Errorf("LoadCredential=%s", got)
	}
	if got := unitSetting(t, unit, "Type"); got != "notify" {
		t.Errorf("Type=%s, and the program notifies", got)
	}
	start, stop := unitSetting(t, unit, "ExecStart"), unitSetting(t, unit, "ExecStopPost")
	program, flags, _ := strings.Cut(start, " ")
	if want := program + " " + commandSafeState + " " + flags; stop != want {
		t.Errorf("ExecStopPost=%s, want %s", stop, want)
	}
}

// TestUnitIsRight asks systemd, with a program in the place of this one.
func TestUnitIsRight(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze here")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "pialarm.service")
	text := strings.ReplaceAll(readInstalled(t, "pialarm.service"), "/usr/local/bin/pialarm", program)
	if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	const tenthsOfExposure = "20" // of 100
	for _, args := range [][]string{
		{"verify", "--man=no", unit},
		{"security", "--offline=true", "--no-pager", "--threshold=" + tenthsOfExposure, unit},
	} {
		out, err := exec.CommandContext(t.Context(), analyze, args...).CombinedOutput()
		if err != nil || args[0] == "verify" && len(out) > 0 {
			t.Errorf("systemd-analyze %s: %v\n%s", args[0], err, out)
		}
	}
}
