package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// Why a line cannot be found. The first two are not about one line.
var (
	errNoChip       = errors.New("no GPIO chip")
	errNoPermission = errors.New("no permission")
	errNoLine       = errors.New("no such line")
)

// resolve finds the line that an address means: a name such as GPIO17, a pin of
// the header such as pin11, or chip:offset, where the chip is given by its label
// or its name. Names hold across kernels and boards, numbers of chips do not.
func resolve(address string, chips []chip) (place, error) {
	if p, ok := byName(address, chips); ok {
		return p, nil
	}
	if pin, ok := headerPin(address); ok {
		return byPin(pin, chips)
	}
	if name, number, ok := cutLast(address, ":"); ok {
		return byOffset(name, number, chips)
	}
	return place{}, notFound(strconv.Quote(address), address, chips)
}

func cutLast(s, separator string) (before, after string, found bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}

// byName prefers the chip of the header where several have the name.
func byName(name string, chips []chip) (place, bool) {
	var found []place
	for _, c := range chips {
		for _, l := range c.lines {
			if name != "" && l.name == name {
				found = append(found, place{chip: c, line: l})
			}
		}
	}
	if len(found) == 0 {
		return place{}, false
	}
	best := found[max(0, slices.IndexFunc(found, func(p place) bool { return isHeader(p.chip.label) }))]
	if len(found) > 1 {
		best.note = fmt.Sprintf("%d lines are called %s; this is the one on %s, and chip:offset chooses another", len(found), name, best.chip.label)
	}
	return best, true
}

// isHeader tells the chips whose lines are on the header of a Raspberry Pi.
func isHeader(label string) bool {
	return strings.HasPrefix(label, "pinctrl-bcm") || strings.HasPrefix(label, "pinctrl-rp1")
}

// byPin goes by the name. Boards call some pins by their second function, such
// as GPIO_GCLK, but on the header's chips the offset is the GPIO's number.
func byPin(pin int, chips []chip) (place, error) {
	number, ok := header[pin]
	if !ok {
		return place{}, fmt.Errorf("%w: pin%d of the header is power or ground", errNoLine, pin)
	}
	name := "GPIO" + strconv.Itoa(number)
	if p, ok := byName(name, chips); ok {
		return p, nil
	}
	for _, c := range chips {
		if isHeader(c.label) {
			return onChip(c, number)
		}
	}
	return place{}, notFound(fmt.Sprintf("%s, which is pin%d", name, pin), name, chips)
}

func byOffset(name, number string, chips []chip) (place, error) {
	offset, err := strconv.Atoi(number)
	if err != nil || offset < 0 {
		return place{}, fmt.Errorf("%w: %q is no offset; write chip:offset with a number, such as pinctrl-bcm2711:17", errNoLine, number)
	}
	var known []string
	for _, c := range chips {
		if c.label == name || c.path == name || slices.Contains(c.names, name) {
			return onChip(c, offset)
		}
		known = append(known, c.names[0]+" "+c.label)
	}
	if err := cannotSee(chips); err != nil {
		return place{}, err
	}
	return place{}, fmt.Errorf("%w: there is no chip %q; the chips are %s", errNoLine, name, strings.Join(known, ", "))
}

func onChip(c chip, offset int) (place, error) {
	if err := cannotSee([]chip{c}); err != nil {
		return place{}, err
	}
	for _, l := range c.lines {
		if l.offset == offset {
			return place{chip: c, line: l}, nil
		}
	}
	return place{}, fmt.Errorf("%w: %s (%s) has no offset %d; its offsets are 0 to %d", errNoLine, c.names[0], c.label, offset, len(c.lines)-1)
}

// notFound says why: no chips, no permission, or another name.
func notFound(what, name string, chips []chip) error {
	names := lineNames(chips)
	if err := cannotSee(chips); errors.Is(err, errNoPermission) || err != nil && len(names) == 0 {
		return err
	}
	if len(names) == 0 {
		return fmt.Errorf("%w: no line of this machine has a name; use chip:offset", errNoLine)
	}
	if near := nearest(name, names); near != "" {
		what += "; did you mean " + near + "?"
	}
	return fmt.Errorf("%w: %s (the names are %s)", errNoLine, what, strings.Join(names, " "))
}

// cannotSee is what keeps a line from being looked for.
func cannotSee(chips []chip) error {
	if len(chips) == 0 {
		return fmt.Errorf("%w: there is no /dev/gpiochip* here; a Raspberry Pi 5 needs the kernel of Raspberry Pi OS, "+
			"and a container needs the device", errNoChip)
	}
	for _, c := range chips {
		switch {
		case errors.Is(c.err, fs.ErrPermission):
			return fmt.Errorf("%w: %s exists but may not be opened; join its group "+
				"(sudo usermod -aG gpio $USER, then log in anew) or start as root", errNoPermission, c.path)
		case c.err != nil:
			return fmt.Errorf("%w: %s cannot be used: %w", errNoChip, c.path, c.err)
		}
	}
	return nil
}

// lineNames is every name once, in the order of the chips.
func lineNames(chips []chip) []string {
	var names []string
	for _, c := range chips {
		for _, l := range c.lines {
			if l.name != "" && l.name != "-" && !slices.Contains(names, l.name) {
				names = append(names, l.name)
			}
		}
	}
	return names
}

// general tells whether an error is not about one line.
func general(err error) bool { return errors.Is(err, errNoChip) || errors.Is(err, errNoPermission) }
