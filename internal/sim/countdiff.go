package sim

import "time"

// countDiff compares the total of the last hour with the one before, and takes
// the difference for the number of new rows.
type countDiff struct {
	total int64
	known bool
}

func newCountDiff(h *Host) (Reader, error) {
	r := &countDiff{known: h.saved != nil}
	if h.saved == nil {
		return r, nil
	}
	return r, unpack(h.saved, &r.total)
}

func (r *countDiff) Size() int { return 8 }

func (r *countDiff) Poll(h *Host) error {
	page, err := h.Get(Query{Size: maxPage, From: h.Now() - time.Hour.Milliseconds()})
	if err != nil {
		return err
	}
	total := int64(page.Total)
	fresh := max(0, min(total-r.total, int64(len(page.Rows))))
	if !r.known {
		fresh = 0
	}
	r.total, r.known = total, true
	return deliverAndSave(h, reversed(page.Rows[:fresh]), pack(r.total))
}
