package diff

// anchor is a time that stands still between polls, and how many events from
// it on are registered or reported. While it stands, the server's total grows
// by arrivals alone: total - count is exactly what has not been delivered. With
// a time that slides along, one event leaves as another arrives.
type anchor struct {
	fromMs int64
	count  int64
}

// slackMs is added to the lateness: for a count that lags behind the rows, and
// for clocks of servers that disagree.
func (t *Tracker) slackMs() int64 { return t.lateMs/8 + 2000 }

// reachMs is how far behind an explained instant the anchor is put: an event
// that is not visible at that instant has a later time than that, so it is in
// the window whenever it appears.
func (t *Tracker) reachMs() int64 { return t.lateMs + t.slackMs() }

// behind is the anchor for an explained instant, at a whole second because the
// times of rows have no more.
func (t *Tracker) behind(instantMs int64) int64 {
	return (instantMs - t.reachMs()) / 1000 * 1000
}

// isDue tells whether the window is long enough to make it shorter.
func (t *Tracker) isDue(instantMs int64) bool {
	return instantMs-t.near.fromMs >= 2*t.reachMs()
}

// move follows from a fully explained instant, and from nothing else: moved by
// time alone, the anchor would leave a backlog behind.
func (t *Tracker) move(w *walk) Step {
	t.explain(w.vouchedMs)
	switch {
	case t.guess.fromMs != 0 && w.found == 0:
		t.near = t.guess
	case w.next.fromMs != 0:
		t.near = w.next
	case t.isDue(w.vouchedMs) && w.vouchedMs-t.triedMs >= t.reachMs()/4:
		t.triedMs = w.vouchedMs
		t.recountMs = t.behind(w.vouchedMs)
	}
	t.guess = anchor{}
	t.turn(w.vouchedMs)
	if t.recountMs != 0 {
		return More
	}
	return Idle
}

// explain notes that all that was visible at an instant is told.
func (t *Tracker) explain(instantMs int64) {
	if instantMs > t.explainedMs || t.explainedMs > t.clockMs {
		t.explainedMs, t.lapsed = instantMs, t.lapsed && t.clockMs-instantMs > t.retentionMs
	}
}

// shorten finds the next anchor for nothing where the answer is the whole
// window: it is one snapshot, so its rows behind the next anchor are its count.
// A count of another request would be of another instant, and a row that came
// in between would be booked as told.
func (t *Tracker) shorten() {
	w, p := &t.walk, &t.page
	if w.clean && w.next.fromMs != 0 && t.fits() && !p.edge {
		w.next.count = int64(p.fresh)
	} else {
		w.next = anchor{}
	}
}

// weigh tells on which side of the next anchor a row lies. Whether `from`
// includes its own second is not documented, so a row within a second of it
// puts the move off.
func (t *Tracker) weigh(timeMs int64) {
	next := t.walk.next.fromMs
	switch {
	case next == 0:
	case timeMs <= 0 || abs(timeMs-next) < 1000:
		t.page.edge = true
	case timeMs > next:
		t.page.fresh++
	}
}
