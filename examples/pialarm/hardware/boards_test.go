//go:build hardware

package hardware_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/emulator"
	"github.com/workato-go/sdk/examples/pialarm/hardware/talk"
)

// boardLimit is how long a board may run: several times what it needs where it
// has a processor to itself.
const boardLimit = 240 * time.Second

// virtLines are the lines of the PL061, in their order.
var virtLines = []string{"GPIO17", "GPIO27", "GPIO5", "GPIO22", "GPIO6", "GPIO13", "GPIO19", "GPIO26"}

// pi starts a Raspberry Pi 3B, with 54 lines that have no inputs in QEMU's model.
func pi(t *testing.T, name string, programs map[string][]byte, parameters ...string) *emulator.Board {
	t.Helper()
	return start(t, emulator.Config{
		GPIO: "bcm2835_gpio",
		Args: []string{
			// One thread for the four processors: idle ones would take the host's.
			"-M", "raspi3b", "-accel", "tcg,thread=single",
			"-kernel", installed[name+"_kernel"], "-dtb", withoutBluetooth(t, installed[name+"_dtb"]),
			"-initrd", memory(t, programs),
			"-append", strings.Join(append([]string{"console=ttyAMA0,115200", "rdinit=/init", "iomem=relaxed", "panic=1", "quiet"}, parameters...), " "),
		},
	})
}

// virt starts a board with a PL061, whose eight lines have inputs, too.
func virt(t *testing.T, programs map[string][]byte) *emulator.Board {
	t.Helper()
	machine := []string{"-M", "virt", "-cpu", "cortex-a53", "-m", "1024", "-nic", "none"}
	inputs := make(map[int]bool)
	for _, names := range virtPlaces {
		inputs[slices.Index(virtLines, names[2])] = true // an open button, with its pull-up
	}
	return start(t, emulator.Config{
		GPIO:   "pl061",
		Inputs: inputs,
		Args: append([]string{
			"-accel", "tcg", "-kernel", installed["virt_kernel"], "-dtb", namedLines(t, machine, virtLines),
			"-initrd", memory(t, programs),
			"-append", "console=ttyAMA0 rdinit=/init panic=1 quiet",
		}, machine...),
	})
}

func start(t *testing.T, c emulator.Config) *emulator.Board {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "console"))
	if err != nil {
		t.Fatal(err)
	}
	c.QEMU, c.Log = installed["qemu"], log
	ctx, cancel := context.WithTimeout(context.Background(), boardLimit)
	began := time.Now()
	board, err := emulator.Start(ctx, c)
	t.Cleanup(func() {
		if board != nil {
			board.Close()
		}
		cancel()
		if t.Failed() {
			keep(t, log)
		}
		_ = log.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, "%s: the board is up after %.1f s\n", t.Name(), time.Since(began).Seconds())
	if _, err := board.Call(ctx, talk.Order{Clock: new(time.Now())}); err != nil {
		t.Fatal(err)
	}
	return board
}

// keep keeps what was on the serial console of a board whose checks failed.
func keep(t *testing.T, log *os.File) {
	content, err := os.ReadFile(log.Name())
	if err != nil {
		t.Error(err)
		return
	}
	to := filepath.Join("..", "..", "..", ".tools", "hardware", "console-"+strings.ReplaceAll(t.Name(), "/", "-"))
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Error(err)
	}
	t.Logf("what was on the serial console: %s", to)
}
