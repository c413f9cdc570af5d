package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/warthog618/go-gpiocdev"
)

// theKernel is the GPIO character devices of this machine.
func theKernel() kernel { return characterDevices{dir: "/dev"} }

type characterDevices struct{ dir string }

// chips looks at the devices itself: the library leaves out those that it may
// not open, so that a missing permission looks like a missing line, and it
// refuses the links by which a chip goes under a second name.
func (d characterDevices) chips() ([]chip, error) {
	names, err := filepath.Glob(filepath.Join(d.dir, "gpiochip*"))
	if err != nil {
		return nil, err
	}
	var all []chip
	at := map[string]int{} // by device
	for _, name := range names {
		path, err := filepath.EvalSymlinks(name)
		if err != nil {
			continue // a link to nothing
		}
		i, known := at[path]
		if !known {
			i = len(all)
			at[path] = i
			all = append(all, look(path))
		}
		if base := filepath.Base(name); base != all[i].names[0] {
			all[i].names = append(all[i].names, base)
		}
	}
	return all, nil
}

// look opens a chip and reads what it says of its lines.
func look(path string) chip {
	c := chip{path: path, names: []string{filepath.Base(path)}}
	device, err := gpiocdev.NewChip(path)
	if err != nil {
		c.err = err
		// The library looks before it opens; its answer hides a permission.
		if file, openErr := os.Open(path); openErr != nil { //nolint:gosec // a device of the machine
			c.err = openErr
		} else {
			_ = file.Close()
		}
		return c
	}
	defer func() { _ = device.Close() }()
	c.label = device.Label
	for offset := range device.Lines() {
		info, err := device.LineInfo(offset)
		if err != nil {
			c.err = err
			return c
		}
		c.lines = append(c.lines, lineInfo{
			offset: offset, name: info.Name, used: info.Used, consumer: info.Consumer,
			output: info.Config.Direction == gpiocdev.LineDirectionOutput,
		})
	}
	return c
}

func (characterDevices) request(p place, r request) (line, error) {
	options := []gpiocdev.LineReqOption{gpiocdev.WithConsumer(r.consumer)}
	if r.activeLow {
		options = append(options, gpiocdev.AsActiveLow)
	}
	if r.input == nil {
		const inactive = 0
		options = append(options, gpiocdev.AsOutput(inactive))
	} else {
		options = append(options, inputOptions(*r.input, r.activeLow)...)
	}
	held, err := gpiocdev.RequestLine(p.chip.path, p.line.offset, options...)
	if err != nil {
		return nil, err
	}
	return &heldLine{held, r.input == nil}, nil
}

func inputOptions(in input, activeLow bool) []gpiocdev.LineReqOption {
	options := []gpiocdev.LineReqOption{gpiocdev.AsInput}
	switch {
	case in.pull && activeLow:
		options = append(options, gpiocdev.WithPullUp)
	case in.pull:
		options = append(options, gpiocdev.WithPullDown)
	}
	if in.debounce > 0 {
		options = append(options, gpiocdev.WithDebounce(in.debounce))
	}
	if in.changed != nil {
		options = append(options, gpiocdev.WithBothEdges, gpiocdev.WithEventHandler(func(e gpiocdev.LineEvent) {
			in.changed(e.Type == gpiocdev.LineEventRisingEdge) // of the logical value
		}))
	}
	return options
}

// heldLine is a line of the kernel's.
type heldLine struct {
	held   *gpiocdev.Line
	output bool
}

func (l *heldLine) Set(on bool) error {
	value := 0
	if on {
		value = 1
	}
	return l.held.SetValue(value)
}

func (l *heldLine) Value() (bool, error) {
	value, err := l.held.Value()
	return value != 0, err
}

func (l *heldLine) Release() error {
	var failures []error
	if l.output {
		failures = append(failures, l.held.SetValue(0), l.held.Reconfigure(gpiocdev.AsInput))
	}
	failures = append(failures, l.held.Close())
	return errors.Join(failures...)
}
