package diff

// endRecount ends a page of a recount. Registered rows are counted by identity
// and in a window of their own: what arrives meanwhile is not among them and
// shows as unseen at the next look.
func (t *Tracker) endRecount(total int64) Step {
	w, p := &t.walk, &t.page
	if w.after == 0 {
		w.total = total
		w.proof = p.rows == p.size && total > int64(p.rows)
		w.next = anchor{}
		if p.found == 0 {
			w.next = anchor{w.fromMs, total}
		}
	}
	w.rows += int64(p.rows)
	w.found += int64(p.fresh)
	if t.counted && w.total >= 0 && (w.low || w.total > int64(len(t.ring.ids))) {
		// The ring does not reach back over the window. Its total will do if a
		// look finds nothing new since the look before: it is then of the same
		// rows.
		next := w.next
		t.walk, t.guess = walk{}, next
		if next.fromMs != 0 {
			return More
		}
		return Idle
	}
	if !w.low && !t.isWhole() {
		w.after = p.last
		return More
	}
	if w.rows == w.total && !w.low && (t.counted || w.proof) {
		t.recounted(anchor{w.fromMs, w.found})
	}
	t.walk = walk{}
	return Idle
}

// isWhole tells whether the pages so far are the whole window: the first one, or
// all of them down to an empty one. A page that is shorter than asked need not
// be the last.
func (t *Tracker) isWhole() bool { return t.page.rows == 0 || t.fits() }

// fits tells whether the newest page is the whole window: it has room for more
// rows, and the count confirms it. The count alone may fit by chance.
func (t *Tracker) fits() bool {
	w, p := &t.walk, &t.page
	return w.after == 0 && p.rows < p.size && int64(p.rows) == w.total
}

// recounted takes the count of a window by identity.
func (t *Tracker) recounted(a anchor) {
	t.near = a
	if !t.counted {
		t.counted = true
		t.mark, t.far, t.auditedMs = a, a, t.clockMs
	}
}

// uncount goes on without the count: by identity alone, with a sweep of the
// whole window every half lateness, until a recount proves the count right.
func (t *Tracker) uncount() {
	t.counted = false
	t.nearDev, t.farDev = deviation{}, deviation{}
	t.guess, t.sweptMs = anchor{}, 0
}

func (t *Tracker) sweepIsDue() bool {
	return t.clockMs-t.sweptMs >= t.lateMs/2 || t.sweptMs > t.clockMs
}

// swept ends a round without the count. A sweep met all that was visible at its
// look, so the anchor may follow.
func (t *Tracker) swept(w *walk) Step {
	if !w.sweep {
		return t.lookAgain(w.long && t.sweepIsDue())
	}
	t.sweptMs = w.lookedMs
	t.explain(w.vouchedMs)
	t.near.fromMs = max(t.near.fromMs, t.behind(w.vouchedMs))
	t.turn(w.vouchedMs)
	t.recountMs = t.near.fromMs
	return More
}
