package emulator_test

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/workato-go/sdk/examples/pialarm/hardware/emulator"
)

func TestAnEmulatorThatDoesNotStartSaysWhy(t *testing.T) {
	t.Parallel()
	// This very program does not know the flags, and says so.
	_, err := emulator.Start(t.Context(), emulator.Config{QEMU: os.Args[0], GPIO: "pl061", Log: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "-display") {
		t.Errorf("got %v, want something about -display", err)
	}
	if _, err := emulator.Start(t.Context(), emulator.Config{QEMU: "/nowhere/qemu", GPIO: "pl061", Log: io.Discard}); err == nil {
		t.Error("an emulator that is not there is no error")
	}
}
