package main_test

import (
	"os"
	"strings"
	"testing"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/settings"
)

// table gives the rows of the first table of the README whose heading is this.
func table(t *testing.T, heading string) [][]string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\n"+heading+"\n")
	if !found {
		t.Fatalf("no table %s", heading)
	}
	var rows [][]string
	for line := range strings.SplitSeq(after, "\n") {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i, cell := range cells {
			cells[i] = strings.Trim(cell, " `")
		}
		if !strings.HasPrefix(cells[0], "-") {
			rows = append(rows, cells)
		}
	}
	return rows
}

// What the README says of the LED is what the alarm shows.
func TestReadmeHasAllLooks(t *testing.T) {
	t.Parallel()
	rows, looks := table(t, "| LED | says | which means |"), alarm.Looks()
	if len(rows) != len(looks) {
		t.Errorf("%d rows for %d looks", len(rows), len(looks))
	}
	for i, look := range looks[:min(len(rows), len(looks))] {
		if rows[i][0] != look.Pattern || rows[i][1] != look.Shows || rows[i][2] == "" {
			t.Errorf("row %d is %q; want %q and %q with a meaning", i+1, rows[i], look.Pattern, look.Shows)
		}
	}
}

// Each setting is in the README, with an example that is taken and the default that
// it has.
func TestReadmeHasAllSettings(t *testing.T) {
	t.Parallel()
	rows, names := table(t, "| setting | example | default | |"), settings.Names()
	if len(rows) != len(names) {
		t.Fatalf("%d rows for %d settings", len(rows), len(names))
	}
	fresh := settings.Default()
	for i, name := range names {
		if rows[i][0] != name {
			t.Errorf("row %d is about %s; want %s", i+1, rows[i][0], name)
			continue
		}
		if err := fresh.Set(name, rows[i][1]); err != nil {
			t.Errorf("the example of %s: %v", name, err)
		}
		said, is := rows[i][2], new(settings.Default()).Text(name)
		if is != "" && said != is || is == "" && said != "" && said != "all" && said != "your own workspace" {
			t.Errorf("%s: the default is %q, not %q", name, is, said)
		}
	}
}

// The numbers of pins and GPIOs in the README are those of the firmware and of the
// drawing.
func TestReadmeHasThePins(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	board, drawing := read("board.go"), read("wiring.svg")
	gpio := map[string]string{"LED": "led", "buzzer": "buzzer", "button": "mute"}
	found := 0
	for _, row := range table(t, "| part | pin | name | between it and the part | other end |") {
		part, pin, name := row[0], row[1], row[2]
		if !strings.Contains(drawing, ">"+name+" "+pin+"<") {
			t.Errorf("the drawing has no %s at pin %s", name, pin)
		}
		constant, ours := gpio[part]
		if !ours {
			continue
		}
		found++
		words := strings.Join(strings.Fields(board), " ")
		if want := constant + "Pin = machine.GPIO" + strings.TrimPrefix(name, "GP"); !strings.Contains(words, want) {
			t.Errorf("board.go does not say %s", want)
		}
	}
	if found != len(gpio) {
		t.Errorf("%d of %d parts in the table", found, len(gpio))
	}
}
