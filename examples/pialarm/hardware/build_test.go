//go:build hardware

package hardware_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/workato-go/sdk/examples/pialarm/hardware/initramfs"
)

const module = "github.com/workato-go/sdk/examples/pialarm"

// The processors that a binary is for.
var (
	arm64 = []string{"GOARCH=arm64"}
	armv6 = []string{"GOARCH=arm", "GOARM=6"} // of the first Raspberry Pi and the Zero
)

// build builds a program for Linux without C, as it is released, and returns its
// content.
func build(t *testing.T, pkg string, processor []string, flags ...string) []byte {
	t.Helper()
	to := filepath.Join(t.TempDir(), "program")
	args := append([]string{"build", "-trimpath", "-ldflags=-s -w", "-o", to}, flags...)
	cmd := exec.CommandContext(t.Context(), "go", append(args, pkg)...)
	cmd.Env = append(append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0"), processor...)
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s for %v: %v\n%s", pkg, processor, err, output)
	}
	program, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// memory is the file system of a board: the programs in /bin and the guest as
// the first one.
func memory(t *testing.T, programs map[string][]byte) string {
	t.Helper()
	files := []initramfs.File{
		{Name: "dev", Dir: true, Mode: 0o755},
		{Name: "dev/console", Mode: 0o600, Major: 5, Minor: 1},
		{Name: "dev/null", Mode: 0o666, Major: 1, Minor: 3},
		{Name: "proc", Dir: true, Mode: 0o755},
		{Name: "sys", Dir: true, Mode: 0o755},
		{Name: "bin", Dir: true, Mode: 0o755},
		{Name: "init", Mode: 0o755, Content: build(t, module+"/hardware/guest", arm64)},
	}
	for name, program := range programs {
		files = append(files, initramfs.File{Name: "bin/" + name, Mode: 0o755, Content: program})
	}
	var archive bytes.Buffer
	if err := initramfs.Write(&archive, files); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "memory.cpio")
	if err := os.WriteFile(file, archive.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// namedLines is the device tree of QEMU's machine for a board with a PL061, whose
// lines get names in it.
func namedLines(t *testing.T, machine []string, names []string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "virt.dtb")
	dump := append([]string{"-display", "none"}, machine...)
	for i, arg := range dump {
		if arg == "virt" {
			dump[i] += ",dumpdtb=" + file
		}
	}
	command(t, installed["qemu"], dump...)
	command(t, installed["fdtput"], append([]string{"-t", "s", file, "/pl061@9030000", "gpio-line-names"}, names...)...)
	return file
}

// withoutBluetooth is a Raspberry Pi's device tree without the radio at its serial
// port, for which the kernel would keep what comes in there.
func withoutBluetooth(t *testing.T, tree string) string {
	t.Helper()
	content, err := os.ReadFile(tree)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pi.dtb")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, installed["fdtput"], "-r", file, "/soc/serial@7e201000/bluetooth")
	return file
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if output, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, output)
	}
}
