package diff

// endPresent ends a page of the first run: what is there is registered without
// delivery, as far down as the ring reaches. The newest page's total is the
// count, for one answer is one snapshot; rows that the way down finds beyond it
// are there, too.
func (t *Tracker) endPresent(total int64) Step {
	w, p := &t.walk, &t.page
	if w.after == 0 {
		w.total = total
		t.ring.clear()
		t.highest = 0
	}
	w.rows += int64(p.rows)
	for _, r := range t.held {
		t.ring.add(r.id, 0)
		t.highest = max(t.highest, r.id)
	}
	t.held = t.held[:0]
	switch {
	case t.isWhole():
		// All of the window is in the ring.
	case len(t.ring.ids)+int(t.maxPage) <= t.ring.max:
		w.after = p.last
		return More
	default:
		t.ring.evict(1) // what lies below counts as registered
		t.ring.fromStart = true
	}
	t.begun, t.counted = true, true
	t.lately = uint32(w.rows)
	t.near.count = max(w.total, w.rows)
	t.mark, t.far = t.near, t.near
	t.auditedMs, t.turnMs, t.explainedMs, t.sliceMs = t.clockMs, t.clockMs, t.clockMs, t.clockMs
	return t.settle()
}
