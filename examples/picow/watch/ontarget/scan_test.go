// Package ontarget_test is for the chip: what reading a page costs there. On a
// computer it shows that the page is read right.
package ontarget_test

import (
	_ "embed"
	"testing"
	"time"

	"github.com/workato-go/sdk/activity/scan"
)

//go:embed page.json
var page string

const (
	rows = 100
	// piece is how much of a page the firmware has at once.
	piece = 512
	// clock is the chip's, in cycles a microsecond.
	clock = 125
)

func TestScan(t *testing.T) { //nolint:paralleltest // measures
	items := 0
	last := int64(0)
	s := scan.New(func(item *scan.Item) error {
		if items > 0 && item.ID != last-1 {
			t.Errorf("%d follows %d", item.ID, last)
		}
		items, last = items+1, item.ID
		return nil
	})
	var buffer [piece]byte
	begin := time.Now()
	for rest := page; rest != ""; {
		n := copy(buffer[:], rest)
		if _, err := s.Write(buffer[:n]); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	err := s.Close()
	took := time.Since(begin)
	if total, ok := s.Total(); err != nil || items != rows || total != rows || !ok {
		t.Errorf("%d rows, total %d, %v; want %d", items, total, err, rows)
	}
	t.Logf("scan: %d bytes in %d us, at 125 MHz that is %d cycles a byte", len(page), took.Microseconds(), took.Microseconds()*clock/int64(len(page)))
}
