package main

import (
	"fmt"
	"time"
)

// kernel is the machine's GPIO: what there is, and how to hold a line of it.
// gpio_linux.go has the real one.
type kernel interface {
	// chips lists every chip, those that may not be opened included.
	chips() ([]chip, error)
	// request holds a line until it is released, or says why not: an error that
	// matches syscall.EBUSY where somebody else holds it.
	request(p place, r request) (line, error)
}

// chip is a GPIO chip and its lines.
type chip struct {
	path  string   // what to open
	names []string // "gpiochip0", and the links to it
	label string   // "pinctrl-bcm2711"
	lines []lineInfo
	err   error // why it could not be opened; nil: it could
}

// lineInfo is what everybody may know of a line.
type lineInfo struct {
	offset   int
	name     string // "GPIO17"; "": none
	used     bool
	consumer string // who holds it
	output   bool
}

// line is a line that is held. Its values are logical: the kernel knows which
// lines are active-low.
type line interface {
	Set(on bool) error
	Value() (bool, error)
	// Release leaves an output inactive and as an input before it lets it go. A
	// line that is merely closed may stay as it was: a buzzer would sound on.
	Release() error
}

// request says how a line is wanted.
type request struct {
	consumer  string // at most 31 bytes, says the kernel
	activeLow bool
	input     *input // nil: an output, inactive from the first moment on
}

// input is what an input can ask of the kernel. Not every chip can do all of it.
type input struct {
	pull     bool               // towards the inactive level, by a resistor inside the chip
	debounce time.Duration      // 0: none
	changed  func(pressed bool) // told of both edges, on a goroutine of its own; must not wait. nil: no edges
}

// place is where a line was found.
type place struct {
	chip chip
	line lineInfo
	note string // something odd about the choice; "": nothing
}

func (p place) String() string {
	return fmt.Sprintf("%s (%s) offset %d, name %q", p.chip.names[0], p.chip.label, p.line.offset, p.line.name)
}
