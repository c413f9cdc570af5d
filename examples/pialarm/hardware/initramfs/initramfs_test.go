package initramfs_test

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/workato-go/sdk/examples/pialarm/hardware/initramfs"
)

func TestArchiveReadsAsItWasWritten(t *testing.T) {
	t.Parallel()
	files := []initramfs.File{
		{Name: "dev", Dir: true, Mode: 0o755},
		{Name: "dev/console", Mode: 0o600, Major: 5, Minor: 1},
		{Name: "init", Mode: 0o755, Content: []byte("program")}, // its end is not aligned
		{Name: "empty", Mode: 0o644},
	}
	var b bytes.Buffer
	if err := initramfs.Write(&b, files); err != nil {
		t.Fatal(err)
	}
	if b.Len()%4 != 0 {
		t.Errorf("the archive has %d bytes, which is no multiple of 4", b.Len())
	}
	want := []string{
		`40755 dev 0:0 ""`,
		`20600 dev/console 5:1 ""`,
		`100755 init 0:0 "program"`,
		`100644 empty 0:0 ""`,
		`0 TRAILER!!! 0:0 ""`,
	}
	if got := read(t, b.Bytes()); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// read follows the format's description and nothing of the writer.
func read(t *testing.T, b []byte) (files []string) {
	t.Helper()
	for at := 0; at < len(b); {
		header := b[at:]
		if len(header) < 110 || string(header[:6]) != "070701" {
			t.Fatalf("no header at byte %d", at)
		}
		field := func(n int) int {
			v, err := strconv.ParseUint(string(header[6+8*n:14+8*n]), 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			return int(v)
		}
		up := func(n int) int { return (n + 3) / 4 * 4 }
		name := string(bytes.TrimSuffix(header[110:110+field(11)], []byte{0}))
		at = up(at + 110 + field(11))
		files = append(files, fmt.Sprintf("%o %s %d:%d %q", field(1), name, field(9), field(10), b[at:at+field(6)]))
		at = up(at + field(6))
	}
	return files
}

func TestWhatAKernelWouldDropIsRefused(t *testing.T) {
	t.Parallel()
	for want, files := range map[string][]initramfs.File{
		"clean":  {{Name: "/init"}},
		"folder": {{Name: "dev/null", Major: 1, Minor: 3}},
		"twice":  {{Name: "init"}, {Name: "init"}},
		"ends":   {{Name: "TRAILER!!!"}},
	} {
		if err := initramfs.Write(new(bytes.Buffer), files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want something with %q", files, err, want)
		}
	}
	for _, name := range []string{"", ".", "..", "../x", "a/../b", "a/"} {
		if initramfs.Write(new(bytes.Buffer), []initramfs.File{{Name: name}}) == nil {
			t.Errorf("%q passes for a name", name)
		}
	}
}

func TestAFullDiskIsAnError(t *testing.T) {
	t.Parallel()
	if err := initramfs.Write(full{}, []initramfs.File{{Name: "a", Content: make([]byte, 1<<16)}}); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
