package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// What stands for chips here are plain files: the real ones are tried on emulated
// boards, in the folder hardware.
func TestChipsAreListedOnceWhateverLinksThereAre(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if chips, err := (characterDevices{dir}).chips(); err != nil || len(chips) != 0 {
		t.Errorf("of an empty folder: %v, error %v", chips, err)
	}
	for _, name := range []string{"gpiochip10", "gpiochip2", "other"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"gpiochip0": "gpiochip10", "gpiochip4": "gpiochip10", "gpiochip9": "nothing"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	chips, err := characterDevices{dir}.chips()
	if err != nil || len(chips) != 2 {
		t.Fatalf("%v, error %v", chips, err)
	}
	for i, want := range [][]string{{"gpiochip10", "gpiochip0", "gpiochip4"}, {"gpiochip2"}} {
		c := chips[i]
		if got := c.names; len(got) != len(want) || got[0] != want[0] || got[len(got)-1] != want[len(want)-1] {
			t.Errorf("names %q, want %q", got, want)
		}
		if c.path != filepath.Join(dir, want[0]) || c.err == nil {
			t.Errorf("%s: error %v", c.path, c.err)
		}
	}
	_, err = resolve("GPIO17", chips)
	wantError(t, err, "gpiochip10 cannot be used")
}

func TestAChipThatMayNotBeOpened(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may open everything")
	}
	path := filepath.Join(t.TempDir(), "gpiochip0")
	if err := os.WriteFile(path, nil, 0); err != nil {
		t.Fatal(err)
	}
	if c := look(path); !errors.Is(c.err, fs.ErrPermission) {
		t.Errorf("error %v", c.err)
	}
}
