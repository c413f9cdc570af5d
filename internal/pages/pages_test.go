package pages_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/workato-go/sdk/internal/pages"
)

// Every shape is JSON with its rows in order, and the same each time.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, shape := range pages.Shapes() {
		for _, events := range []int{0, 1, 100} {
			page := pages.Page(shape, events)
			if !bytes.Equal(page, pages.Page(shape, events)) {
				t.Errorf("%s of %d differs from call to call", shape, events)
			}
			var answer struct {
				Data  []struct{ ID int64 }
				Total int
			}
			if err := json.Unmarshal(page, &answer); err != nil {
				t.Fatalf("%s of %d: %v", shape, events, err)
			}
			if len(answer.Data) != events || answer.Total != events {
				t.Errorf("%s of %d has %d rows and the total %d", shape, events, len(answer.Data), answer.Total)
			}
			for i, row := range answer.Data {
				if row.ID != pages.Newest-int64(i) {
					t.Fatalf("%s: row %d has the ID %d", shape, i, row.ID)
				}
			}
		}
	}
}
