//go:build hardware

package hardware_test

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// results are for people: the tests have said what failed.
var results table

type table struct {
	mu   sync.Mutex
	rows []row
}

type row struct {
	board, check string
	order        int // on that board
	measured     string
	took         time.Duration
	err          error
}

func (t *table) add(r row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, r)
}

func (t *table) write(w io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	slices.SortFunc(t.rows, func(a, b row) int {
		return cmp.Or(strings.Compare(a.board, b.board), cmp.Compare(a.order, b.order))
	})
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range t.rows {
		verdict, says := "ok", r.measured
		if r.err != nil {
			verdict, says = "FAIL", r.err.Error()
		}
		says = strings.ReplaceAll(says, "\n", "; ")
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%.0f s\n", verdict, r.board, r.check, says, r.took.Seconds())
	}
	_ = out.Flush()
}
