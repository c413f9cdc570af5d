//go:build !tinygo

package ontarget_test

import (
	"flag"
	"os"
	"testing"

	"github.com/workato-go/sdk/internal/pages"
)

var update = flag.Bool("update", false, "write page.json anew")

// The page is that of the benchmarks, which the board has no room to make.
func TestPageIsTheBenchmarks(t *testing.T) {
	t.Parallel()
	made := pages.Page(pages.Mixed, rows)
	if *update {
		if err := os.WriteFile("page.json", made, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if page != string(made) {
		t.Error("page.json is another page; go test -update writes it")
	}
}
