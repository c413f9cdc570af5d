//go:build !tinygo

package alarm_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestImports keeps out what a microcontroller has no room for. errors and time
// bring parts of sync and of reflect with them, which is why those are looked for
// among the package's own imports only.
func TestImports(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		list      string
		forbidden []string
	}{
		{"{{join .Imports \"\\n\"}}", []string{"fmt", "net", "os", "reflect", "sync", "encoding/json", "log", "strings", "context"}},
		{"{{join .Deps \"\\n\"}}", []string{"fmt", "net", "os", "reflect", "encoding/json", "log", "context"}},
	} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-tags", "tinygo", "-f", test.list, ".").Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages := strings.Fields(string(out))
		if !slices.Contains(packages, "time") {
			t.Fatalf("go list says %q", packages)
		}
		for _, name := range test.forbidden {
			if slices.Contains(packages, name) {
				t.Errorf("%s is imported", name)
			}
		}
	}
}
