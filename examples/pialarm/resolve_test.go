package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

// board5 is a Raspberry Pi 5 with a second chip that has a line of the same name.
func board5() []chip {
	expander := chip{path: "/dev/gpiochip1", names: []string{"gpiochip1"}, label: "pcf8574", lines: []lineInfo{{offset: 0, name: "GPIO17"}, {offset: 1, name: "RELAY"}}}
	header := chip{path: "/dev/gpiochip11", names: []string{"gpiochip11", "gpiochip4"}, label: "pinctrl-rp1"}
	for offset := range 28 {
		name := fmt.Sprintf("GPIO%d", offset)
		if offset == 4 {
			name = "GPIO_GCLK"
		}
		header.lines = append(header.lines, lineInfo{offset: offset, name: name})
	}
	header.lines = append(header.lines, lineInfo{offset: 28})
	return []chip{expander, header}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{ // chip:offset, or an error
		"GPIO27":            "gpiochip11:27",
		"RELAY":             "gpiochip1:1",
		"GPIO17":            "gpiochip11:17", // the header's, though not the first
		"pin11":             "gpiochip11:17",
		"pin7":              "gpiochip11:4", // its line has another name
		"pinctrl-rp1:28":    "gpiochip11:28",
		"gpiochip1:0":       "gpiochip1:0",
		"gpiochip4:17":      "gpiochip11:17", // through the link
		"/dev/gpiochip1:1":  "gpiochip1:1",
		"GPIO71":            `no such line: "GPIO71"; did you mean GPIO17? (the names are GPIO17 RELAY GPIO0`,
		"bell":              `no such line: "bell" (the names are`,
		"pin6":              "no such line: pin6 of the header is power or ground",
		"pin41":             `no such line: "pin41"`,
		"pinctrl-bcm2711:1": `no such line: there is no chip "pinctrl-bcm2711"; the chips are gpiochip1 pcf8574, gpiochip11 pinctrl-rp1`,
		"gpiochip1:2":       "no such line: gpiochip1 (pcf8574) has no offset 2; its offsets are 0 to 1",
		"gpiochip1:x":       `no such line: "x" is no offset`,
		"gpiochip1:-1":      `no such line: "-1" is no offset`,
		"":                  "no such line",
	} {
		p, err := resolve(address, board5())
		if err != nil {
			if strings.HasPrefix(want, "gpiochip") {
				t.Errorf("%q: %v", address, err)
			}
			wantError(t, err, want)
			continue
		}
		wantText(t, address, fmt.Sprintf("%s:%d", p.chip.names[0], p.line.offset), want)
		if (address == "GPIO17" || address == "pin11") != (p.note != "") {
			t.Errorf("%q: the note is %q", address, p.note)
		}
	}
}

func TestTwoHeadersTakeTheFirst(t *testing.T) {
	t.Parallel()
	chips := []chip{
		{path: "a", names: []string{"a"}, label: "other", lines: []lineInfo{{name: "X"}}},
		{path: "b", names: []string{"b"}, label: "third", lines: []lineInfo{{name: "X"}}},
	}
	p, err := resolve("X", chips)
	if err != nil || p.chip.path != "a" || !strings.Contains(p.note, "2 lines are called X") {
		t.Errorf("%v, note %q, error %v", p, p.note, err)
	}
}

func TestWhyALineIsNotFound(t *testing.T) {
	t.Parallel()
	locked := chip{path: "/dev/gpiochip0", names: []string{"gpiochip0"}, err: fmt.Errorf("open: %w", fs.ErrPermission)}
	odd := chip{path: "/dev/gpiochip0", names: []string{"gpiochip0"}, err: errors.New("not a character device")}
	nameless := chip{path: "/dev/gpiochip0", names: []string{"gpiochip0"}, label: "x", lines: []lineInfo{{offset: 0}}}
	for _, test := range []struct {
		chips []chip
		class error
		text  string
	}{
		{nil, errNoChip, "there is no /dev/gpiochip* here; a Raspberry Pi 5 needs the kernel of Raspberry Pi OS"},
		{[]chip{locked}, errNoPermission, "/dev/gpiochip0 exists but may not be opened; join its group"},
		{[]chip{odd}, errNoChip, "cannot be used: not a character device"},
		{[]chip{nameless}, errNoLine, "no line of this machine has a name; use chip:offset"},
	} {
		for _, address := range []string{"GPIO17", "pin11"} {
			_, err := resolve(address, test.chips)
			if !errors.Is(err, test.class) {
				t.Errorf("%v is not %v", err, test.class)
			}
			wantError(t, err, test.text)
		}
	}
	// A chip that cannot be opened does not hide the lines of another.
	if _, err := resolve("GPIO17", append([]chip{locked}, board5()...)); err != nil {
		t.Error(err)
	}
	_, err := resolve("gpiochip0:3", []chip{locked})
	if !errors.Is(err, errNoPermission) {
		t.Errorf("%v is not about the permission", err)
	}
}

func TestHeaderPins(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for pin, number := range header {
		if pin < 1 || pin > lastPin || number > 27 || seen[number] {
			t.Errorf("pin %d is GPIO%d", pin, number)
		}
		seen[number] = true
	}
	if len(seen) != 28 {
		t.Errorf("%d GPIOs on the header, want 28", len(seen))
	}
	for address, want := range map[string]bool{"pin1": true, "pin40": true, "pin0": false, "pin41": false, "pin": false, "pinx": false, "GPIO1": false} {
		if _, ok := headerPin(address); ok != want {
			t.Errorf("%q: %v", address, ok)
		}
	}
}
