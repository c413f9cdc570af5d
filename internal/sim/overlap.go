package sim

import (
	"container/list"
	"time"
)

const (
	overlapBack = time.Minute
	overlapIDs  = 4096
)

// overlap asks for rows since a minute before the newest time it has seen, and
// drops those whose IDs it remembers. Only the time is saved.
type overlap struct {
	newest int64
	known  bool
	recent *list.List // IDs, the one seen last in front
	where  map[int64]*list.Element
}

func newOverlap(h *Host) (Reader, error) {
	saved := h.saved
	r := &overlap{known: saved != nil, recent: list.New(), where: map[int64]*list.Element{}}
	if saved == nil {
		return r, nil
	}
	return r, unpack(saved, &r.newest)
}

func (r *overlap) Size() int { return 8 + 8*r.recent.Len() }

func (r *overlap) Poll(h *Host) error {
	rows, err := readSince(h, r.newest-overlapBack.Milliseconds(), r.known)
	if err != nil {
		return err
	}
	var fresh []Row
	for _, row := range rows {
		r.newest = max(r.newest, row.Time)
		if !r.remember(row.ID) {
			fresh = append(fresh, row)
		}
	}
	if !r.known {
		r.known = true
		return h.Save(pack(r.newest))
	}
	if len(fresh) == 0 {
		return nil
	}
	return deliverAndSave(h, fresh, pack(r.newest))
}

// remember says whether the ID was there, and puts it in front.
func (r *overlap) remember(id int64) bool {
	if e, ok := r.where[id]; ok {
		r.recent.MoveToFront(e)
		return true
	}
	r.where[id] = r.recent.PushFront(id)
	if r.recent.Len() > overlapIDs {
		last := r.recent.Back()
		delete(r.where, last.Value.(int64))
		r.recent.Remove(last)
	}
	return false
}
