// Package layering_test holds the direction in which the packages of this
// module may know one another, and how few others they need.
package layering_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/workato-go/sdk"

// What each package may import of this module, directly or not.
var allowed = map[string][]string{
	"":                         nil,
	"workato":                  {"internal"},
	"workato/workatotest":      nil,
	"activity":                 {"workato", "activity/diff", "activity/scan", "internal"},
	"tags":                     {"workato", "internal"},
	"activity/diff":            nil,
	"activity/scan":            nil,
	"internal/lenient":         nil,
	"internal/pages":           nil,
	"internal/redact":          nil,
	"internal/timestamp":       nil,
	"internal/typegen":         nil,
	"internal/layering":        nil,
	"internal/tinygo/ontarget": nil,
	"internal/sim":             {"activity/diff"},
	"internal/sim/simtable":    {"activity/diff", "internal"},
	"internal/readme":          nil,
}

// What a microcontroller's compiler turns into a few KB.
var small = []string{"errors", "iter", "slices", "math/bits", "hash/crc32", "encoding/binary", "unicode/utf8"}

func TestImportsGoOneWay(t *testing.T) {
	t.Parallel()
	for _, pkg := range list(t, "{{.ImportPath}}", "./...") {
		name := strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/")
		may, known := allowed[name]
		if !known {
			t.Errorf("%s is not in the table of this test; say what it may import", pkg)
			continue
		}
		for _, dep := range list(t, "{{.ImportPath}}", "-deps", pkg) {
			below, ours := strings.CutPrefix(dep, module+"/")
			if !ours || dep == pkg {
				continue
			}
			if !slices.ContainsFunc(may, func(m string) bool { return below == m || m == "internal" && strings.HasPrefix(below, "internal/") }) {
				t.Errorf("%s imports %s", pkg, dep)
			}
		}
	}
}

func TestSmallPackagesStaySmall(t *testing.T) {
	t.Parallel()
	for _, pkg := range list(t, "{{.ImportPath}}", "./activity/...") {
		if pkg == module+"/activity" {
			continue
		}
		for _, dep := range list(t, `{{join .Imports "\n"}}`, pkg) {
			if !slices.Contains(small, dep) {
				t.Errorf("%s imports %s; a microcontroller has no room for it", pkg, dep)
			}
		}
	}
}

// The SDK's own dependencies are four, and the fake server needs none.
func TestDependenciesAreFew(t *testing.T) {
	t.Parallel()
	want := []string{"github.com/google/go-querystring", "github.com/hashicorp/go-retryablehttp", "github.com/jarcoal/httpmock", "golang.org/x/time"}
	if got := run(t, "list", "-m", "-f", "{{if not (or .Main .Indirect)}}{{.Path}}{{end}}", "all"); !slices.Equal(got, want) {
		t.Errorf("direct dependencies are %v, want %v", got, want)
	}
	for _, dep := range list(t, "{{if not .Standard}}{{.ImportPath}}{{end}}", "-deps", "./workato/workatotest") {
		if dep != module+"/workato/workatotest" {
			t.Errorf("workatotest needs %s", dep)
		}
	}
}

func list(t *testing.T, format string, args ...string) []string {
	t.Helper()
	return run(t, append([]string{"list", "-f", format}, args...)...)
}

// run calls the go command at the root of the module, and gives the lines that
// are not empty.
func run(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = "../.."
	cmd.Env = append(cmd.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v", strings.Join(args, " "), err)
	}
	return strings.Fields(string(out))
}
