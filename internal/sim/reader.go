package sim

import "github.com/workato-go/sdk/activity/diff"

// Reader is a way to tail the log. It gets time, network, consumer and disk
// from a [Host], and may be killed in any of its calls.
type Reader interface {
	// Poll asks what is new, delivers it and saves. An error ends the round: what
	// the host returned.
	Poll(h *Host) error
	// Size is how many bytes the reader has to remember between rounds, saved or
	// not.
	Size() int
}

// Strategy makes the readers of one kind.
type Strategy struct {
	Name string
	// New makes a reader for the host: one that begins, or one that goes on from
	// what is saved there.
	New func(h *Host) (Reader, error)
}

// Strategies are the readers that are compared.
func Strategies() []Strategy {
	return []Strategy{
		{Name: "count difference", New: newCountDiff},
		{Name: "maximum ID, page 1", New: newMaxID},
		{Name: "maximum ID, all pages", New: newMaxIDPaging},
		{Name: "time cursor", New: newTimeCursor},
		{Name: "overlap 60 s + LRU", New: newOverlap},
		withTracker("tracker, server size", diff.ServerConfig()),
		withTracker("tracker, 192 IDs", diff.BoardConfig()),
	}
}

const maxPage = 100

// walk asks for pages from the newest row on, until one is not full or stop says
// so of a row, and returns the rows before that, oldest first.
func walk(h *Host, from int64, stop func(Row) bool) ([]Row, error) {
	var rows []Row
	q := Query{Size: maxPage, From: from}
	for {
		page, err := h.Get(q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			if stop(row) {
				return reversed(rows), nil
			}
			rows = append(rows, row)
		}
		if len(page.Rows) < maxPage {
			return reversed(rows), nil
		}
		q.After = page.Rows[len(page.Rows)-1].ID
	}
}
