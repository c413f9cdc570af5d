//go:build linux

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/warthog618/go-gpiocdev"

	"github.com/workato-go/sdk/examples/pialarm/hardware/talk"
)

// permit lets the group open the GPIO devices, as a rule of udev does elsewhere.
func permit() error {
	chips, err := filepath.Glob("/dev/gpiochip*")
	if err != nil {
		return err
	}
	for _, chip := range chips {
		if err := os.Chown(chip, 0, talk.GPIO); err != nil {
			return err
		}
		if err := os.Chmod(chip, 0o660); err != nil { //nolint:gosec // as the rule has it
			return err
		}
	}
	return nil
}

func (b *board) lines(asked talk.Lines) (talk.Report, error) {
	var answer talk.Report
	for _, name := range asked.Names {
		line, err := inspect(name)
		if err != nil {
			return talk.Report{}, err
		}
		answer.Lines = append(answer.Lines, line)
	}
	return answer, nil
}

func inspect(name string) (talk.Line, error) {
	at, offset, err := gpiocdev.FindLine(name)
	if err != nil {
		return talk.Line{}, fmt.Errorf("line %s: %w", name, err)
	}
	chip, err := gpiocdev.NewChip(at)
	if err != nil {
		return talk.Line{}, err
	}
	defer func() { _ = chip.Close() }()
	info, err := chip.LineInfo(offset)
	if err != nil {
		return talk.Line{}, err
	}
	line := talk.Line{
		Name: name, Chip: chip.Name, Label: chip.Label, Offset: offset,
		Used: info.Used, Consumer: info.Consumer,
		Output: info.Config.Direction == gpiocdev.LineDirectionOutput,
	}
	if strings.Contains(chip.Label, "bcm2835") {
		line.Register, err = register(offset)
	}
	return line, err
}

// register reads what the chip of a BCM2837 knows of a pin, for which the kernel
// must be booted with iomem=relaxed.
func register(offset int) (*talk.Register, error) {
	const (
		gpio      = 0x3f200000
		functions = 0x00 // three bits a pin, ten pins a register
		levels    = 0x34 // a bit a pin
	)
	memory, err := os.OpenFile("/dev/mem", os.O_RDONLY|os.O_SYNC, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = memory.Close() }()
	page, err := syscall.Mmap(int(memory.Fd()), gpio, os.Getpagesize(), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mapping the GPIO registers: %w", err)
	}
	defer func() { _ = syscall.Munmap(page) }()
	read := func(at int) uint32 { return binary.LittleEndian.Uint32(page[at:]) }
	return &talk.Register{
		Function: int(read(functions+offset/10*4) >> (offset % 10 * 3) & 7),
		High:     read(levels+offset/32*4)>>(offset%32)&1 != 0,
	}, nil
}

func (b *board) hold(h talk.Hold) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	held := b.held[h.Line]
	level := 0
	if h.High {
		level = 1
	}
	switch {
	case h.Consumer == "" && held == nil:
		return fmt.Errorf("line %s is not held", h.Line)
	case h.Consumer == "":
		delete(b.held, h.Line)
		return errors.Join(held.Reconfigure(gpiocdev.AsInput), held.Close())
	case held != nil:
		return held.SetValue(level)
	}
	at, offset, err := gpiocdev.FindLine(h.Line)
	if err != nil {
		return err
	}
	held, err = gpiocdev.RequestLine(at, offset, gpiocdev.AsOutput(level), gpiocdev.WithConsumer(h.Consumer))
	if err == nil {
		b.held[h.Line] = held
	}
	return err
}
