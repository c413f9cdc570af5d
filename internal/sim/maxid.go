package sim

import "slices"

// maxID takes every row above the highest ID so far for new, on the first page
// or on all.
type maxID struct {
	max    int64
	known  bool
	paging bool
}

func newMaxID(h *Host) (Reader, error) { return restoreMaxID(h.saved, false) }

func newMaxIDPaging(h *Host) (Reader, error) { return restoreMaxID(h.saved, true) }

func restoreMaxID(saved []byte, paging bool) (Reader, error) {
	r := &maxID{known: saved != nil, paging: paging}
	if saved == nil {
		return r, nil
	}
	return r, unpack(saved, &r.max)
}

func (r *maxID) Size() int { return 8 }

func (r *maxID) Poll(h *Host) error {
	rows, err := r.read(h)
	if err != nil {
		return err
	}
	if !r.known {
		rows = rows[max(0, len(rows)-1):] // the newest row is where to begin
	}
	if len(rows) > 0 {
		r.max = rows[len(rows)-1].ID
	}
	if !r.known {
		r.known = true
		return h.Save(pack(r.max))
	}
	if len(rows) == 0 {
		return nil
	}
	return deliverAndSave(h, rows, pack(r.max))
}

func (r *maxID) read(h *Host) ([]Row, error) {
	if r.paging && r.known {
		return walk(h, 0, func(row Row) bool { return row.ID <= r.max })
	}
	page, err := h.Get(Query{Size: maxPage})
	if err != nil {
		return nil, err
	}
	return reversed(slices.DeleteFunc(page.Rows, func(row Row) bool { return row.ID <= r.max })), nil
}
