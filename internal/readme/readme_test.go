// Package readme_test holds the README to its word: the program that it shows
// compiles as it stands.
package readme_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFirstProgramCompiles(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```go\npackage main")
	program, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("the README shows no program")
	}
	// In a folder of the module, so that its imports are those of this tree; one
	// that begins with a dot is nobody else's package.
	dir, err := os.MkdirTemp("../..", ".readme-") //nolint:usetesting // a folder of TempDir is outside of the module
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main"+program), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "vet", dir).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
