package diff

// row is an event that the driver holds.
type row struct{ id, timeMs int64 }

// hold makes the driver hold a row. Delivery is oldest first, so what does not
// fit is let go from the newest; its page is asked for again later.
func (t *Tracker) hold(r row) Keep {
	if r.id >= t.walk.whole {
		return Drop
	}
	i := len(t.held)
	for i > 0 && t.held[i-1].id <= r.id {
		i--
	}
	if i < len(t.held) && t.held[i].id == r.id {
		return Drop // held since the answer that failed
	}
	if len(t.held) == t.maxHeld {
		if i == 0 {
			t.walk.whole = r.id
			return Drop
		}
		t.walk.whole = t.held[0].id
		t.held = t.held[:copy(t.held, t.held[1:])]
		i--
	}
	if len(t.held) == cap(t.held) {
		t.held = grown(t.held, t.maxHeld)
	}
	t.held = append(t.held, row{})
	copy(t.held[i+1:], t.held[i:])
	t.held[i] = r
	return Hold
}

// settle hands over what is held, else goes on.
func (t *Tracker) settle() Step {
	if len(t.held) > 0 || t.gaps.n > 0 {
		t.waiting = true
		return Deliver
	}
	return t.advance()
}

// Gap is the next gap to tell, if there is one. It comes again after a crash
// before the checkpoint that follows Ack is saved.
func (t *Tracker) Gap() (Gap, bool) { return t.gaps.next() }

// Ack says that these events, and the gaps handed out, are delivered. Nothing
// is registered before: an event is told twice rather than never. A batch may
// be acknowledged in parts; IDs that are not held are ignored.
//
// It returns Deliver while events are left, More when the walk goes on and Next
// should be asked without a pause, else Idle.
func (t *Tracker) Ack(ids []int64) Step {
	t.gaps.done()
	if !t.waiting {
		return t.step()
	}
	for _, id := range ids {
		t.take(id)
	}
	if len(t.held) > 0 {
		return Deliver
	}
	t.waiting = false
	return t.advance()
}

// take registers an event of the batch. The oldest comes first, as a rule.
func (t *Tracker) take(id int64) {
	for i := len(t.held) - 1; i >= 0 && t.held[i].id <= id; i-- {
		if r := t.held[i]; r.id == id {
			t.held = append(t.held[:i], t.held[i+1:]...)
			t.register(r)
			return
		}
	}
}

// register makes an event one that is told, and counts it in each window that
// it lies in.
func (t *Tracker) register(r row) {
	t.ring.add(r.id, t.expendable)
	t.highest = max(t.highest, r.id)
	t.unseen--
	t.recently()
	t.lately++
	t.guess = anchor{} // its total is of another instant now
	isNear := t.walk.kind == near
	if isNear || r.timeMs >= t.near.fromMs {
		t.near.count++
	}
	if isNear || r.timeMs >= t.mark.fromMs {
		t.mark.count++
	}
	t.far.count++
}

// Lost says that the driver no longer holds the events that it should: they
// will be asked for again. That is what a crash does, too.
func (t *Tracker) Lost() {
	t.Failed()
	t.waiting = false
	t.held = t.held[:0]
	w := &t.walk
	if w.after == 0 {
		t.walk, t.cursors = walk{}, t.cursors[:0]
		return
	}
	w.whole = w.after
	w.done = min(max(w.done, t.highest), w.after)
}
