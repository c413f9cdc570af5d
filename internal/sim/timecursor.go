package sim

import "slices"

// timeCursor asks for rows since the newest time it has seen, and remembers the
// IDs of that time, because other rows may share it.
type timeCursor struct {
	newest int64
	edge   []int64
	known  bool
}

func newTimeCursor(h *Host) (Reader, error) {
	saved := h.saved
	r := &timeCursor{known: saved != nil}
	if saved == nil {
		return r, nil
	}
	r.edge = make([]int64, len(saved)/8-1)
	into := []*int64{&r.newest}
	for i := range r.edge {
		into = append(into, &r.edge[i])
	}
	return r, unpack(saved, into...)
}

func (r *timeCursor) Size() int { return 8 + 8*len(r.edge) }

func (r *timeCursor) Poll(h *Host) error {
	rows, err := readSince(h, r.newest, r.known)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(rows, func(row Row) bool { return slices.Contains(r.edge, row.ID) })
	first := !r.known
	r.move(fresh)
	if first {
		return h.Save(r.state())
	}
	if len(fresh) == 0 {
		return nil
	}
	return deliverAndSave(h, fresh, r.state())
}

// move puts the cursor on the newest time of the rows.
func (r *timeCursor) move(rows []Row) {
	for _, row := range rows {
		if row.Time > r.newest {
			r.newest, r.edge = row.Time, nil
		}
		if row.Time == r.newest {
			r.edge = append(r.edge, row.ID)
		}
	}
	r.known = true
}

func (r *timeCursor) state() []byte { return pack(append([]int64{r.newest}, r.edge...)...) }

// readSince reads all rows since a time; before there is one, the first page.
func readSince(h *Host, from int64, known bool) ([]Row, error) {
	if known {
		return walk(h, from, func(Row) bool { return false })
	}
	page, err := h.Get(Query{Size: maxPage})
	return reversed(page.Rows), err
}
