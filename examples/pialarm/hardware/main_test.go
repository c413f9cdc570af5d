//go:build hardware

// Package hardware_test tests the alarm on emulated boards, as somebody would who
// has a board, an oscilloscope and a finger: wires are watched and the button is
// pressed from outside, and nothing is believed that the program says of itself.
//
//	go test -tags hardware              # the checks on three boards
//	MUTANTS=1 go test -tags hardware -run 'TestMutants$'   # checks the checks
//	REQUIRE_HARDWARE=1 go test -tags hardware   # fails where boards cannot be had
//
// The boards are QEMU's, and the kernels Debian's: a Raspberry Pi 3B, on which
// the builds for arm64 and for ARMv6 drive the pins through the driver of the real
// chip; the same with a kernel that keeps outputs over a crash, as Raspberry Pi OS
// has it; and a board with a PL061, whose lines have inputs and edges. The script
// install gets all of it.
//
// The first program of a board, in guest, does what package talk lists; the
// program under test asks a Workato in memory, beside it. Checks run side by side,
// each with lines, a log and a state folder of its own. Their bounds are wide,
// because an emulator on a busy machine stumbles: a rhythm must be right once
// within [patience], not always.
package hardware_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// installed are the paths that the script install prints.
var installed map[string]string

func TestMain(m *testing.M) {
	flag.Parse()
	// The tests wait for boards and hardly ever for a processor.
	if err := flag.Set("test.parallel", "32"); err != nil {
		panic(err)
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	install := exec.CommandContext(context.Background(), "./install")
	install.Stderr = os.Stderr
	paths, err := install.Output()
	exit, _ := errors.AsType[*exec.ExitError](err)
	const lacking = 77
	switch {
	case exit != nil && exit.ExitCode() == lacking && os.Getenv("REQUIRE_HARDWARE") == "":
		fmt.Println("SKIP: no emulated boards on this machine, see above")
		return 0
	case err != nil:
		fmt.Fprintln(os.Stderr, "install:", err)
		return 1
	}
	installed = make(map[string]string)
	lines := bufio.NewScanner(bytes.NewReader(paths))
	for lines.Scan() {
		name, path, _ := strings.Cut(lines.Text(), "=")
		installed[name] = path
	}
	code := m.Run()
	results.write(os.Stdout)
	return code
}
