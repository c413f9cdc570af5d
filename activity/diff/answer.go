package diff

// page is the answer at hand.
type page struct {
	open  bool
	edge  bool // a row is too near to the next anchor to say on which side
	size  uint8
	rows  uint8
	found uint8 // unseen
	fresh uint8 // in the next window; recount: registered
	last  int64 // the lowest ID so far
}

// Begin says that an answer starts to come in, and the time in its Date header,
// in UTC milliseconds. The server's clock is the only one that counts.
func (t *Tracker) Begin(serverMs int64) {
	if !t.asked {
		return
	}
	if serverMs <= 0 {
		serverMs = t.localMs
	}
	serverMs = min(max(serverMs, 0), maxTimeMs)
	w := &t.walk
	t.page = page{open: true, size: t.page.size, last: top}
	if w.after != 0 {
		t.page.last = w.after
	}
	if w.kind == present {
		t.held = t.held[:0]
	}
	if w.after == 0 {
		// The question left after the answer before it had come, so all that was
		// visible then is in this one. That also keeps one wrong Date from
		// moving anything.
		w.lookedMs, w.vouchedMs = serverMs, min(t.clockMs, serverMs)
		w.next = anchor{}
		if w.kind == near && t.counted && t.isDue(w.vouchedMs) {
			w.next.fromMs = t.behind(w.vouchedMs)
		}
	}
	t.checkRetention(serverMs)
	t.clockMs = serverMs
}

// checkRetention reports a pause so long that the server may have deleted what
// came in it.
func (t *Tracker) checkRetention(serverMs int64) {
	since := t.explainedMs
	if since == 0 {
		since = t.clockMs
	}
	if !t.begun || t.lapsed || since == 0 || serverMs-since <= t.retentionMs {
		return
	}
	t.lapsed = true
	t.gaps.add(gap{since, serverMs - t.retentionMs, unknown, Retention})
	t.uncount() // what is gone is still in the count
}

// Offer shows a row of the answer, in the order of the answer. Within a page,
// rows must descend by ID, below the cursor that was asked for; the same row
// twice is tolerated. From page to page and over time, IDs may become visible
// in any order.
//
// After an error the answer is void: the same question will be asked again.
func (t *Tracker) Offer(it Item) (Keep, error) {
	p := &t.page
	if !p.open {
		return Drop, ErrNoAnswer
	}
	if err := t.check(it); err != nil {
		p.open = false
		return Drop, err
	}
	if it.ID == p.last || p.rows == p.size {
		return Drop, nil
	}
	p.rows++
	p.last = it.ID
	return t.meet(it), nil
}

func (t *Tracker) check(it Item) error {
	if it.Source != 0 && t.source != 0 && it.Source != t.source {
		return ErrSourceChanged
	}
	if it.ID <= 0 || it.ID > t.page.last {
		return ErrOrder
	}
	if it.Source != 0 {
		t.source = it.Source
	}
	return nil
}

func (t *Tracker) meet(it Item) Keep {
	w, p := &t.walk, &t.page
	switch w.kind {
	case present:
		t.hold(row{it.ID, it.TimeMs})
		return Drop
	case recount:
		switch {
		case it.ID <= t.ring.floor:
			w.low = true
		case t.ring.seen(it.ID):
			p.fresh++
		default:
			p.found++
		}
		return Drop
	case near, far:
		t.weigh(it.TimeMs)
		if t.ring.seen(it.ID) {
			return Drop
		}
		p.found++
		if t.oldestMs == 0 || it.TimeMs > 0 && it.TimeMs < t.oldestMs {
			t.oldestMs = it.TimeMs
		}
		return t.hold(row{it.ID, it.TimeMs})
	default:
		return Drop
	}
}

// End says that the answer is complete, and what it says after its rows.
func (t *Tracker) End(tail Tail) Step {
	if !t.page.open {
		return t.step()
	}
	t.page.open, t.asked = false, false
	total := int64(max(tail.Total, unknown))
	switch t.walk.kind {
	case date:
		t.near.fromMs = max(t.behind(t.clockMs-t.lateMs), 1)
		t.walk = walk{}
		return More
	case present:
		return t.endPresent(total)
	case recount:
		return t.endRecount(total)
	default:
		return t.endRound(total)
	}
}

// step is what comes next when nothing was expected.
func (t *Tracker) step() Step {
	switch {
	case t.waiting:
		return Deliver
	case t.walk.kind != none:
		return More
	default:
		return Idle
	}
}

// Failed says that the request failed or its answer broke off. Nothing is
// forgotten, and what the driver holds stays held.
func (t *Tracker) Failed() { t.asked, t.page = false, page{} }
