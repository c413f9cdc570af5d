package diff

// Next is the question to ask now. There is none while a batch waits for Ack.
// A question that was not answered is asked again. nowMs is the driver's clock
// in UTC milliseconds; it stands in for the Date of answers that have none.
func (t *Tracker) Next(nowMs int64) (Query, bool) {
	if t.waiting {
		return Query{}, false
	}
	if t.walk.kind == none {
		t.open()
	}
	t.localMs, t.asked, t.page = nowMs, true, page{size: t.size()}
	return Query{After: t.walk.after, Size: int(t.page.size), FromMs: t.fromMs()}, true
}

// open begins a round.
func (t *Tracker) open() {
	t.walk = walk{kind: near, whole: top, stride: 1}
	w := &t.walk
	switch {
	case !t.begun && t.near.fromMs == 0:
		w.kind = date
	case !t.begun:
		w.kind = present
	case t.recountMs != 0:
		w.kind, w.fromMs = recount, t.recountMs
		t.recountMs = 0
	case t.auditIsDue():
		w.kind = far
		t.clean = false
	}
}

func (t *Tracker) fromMs() int64 {
	switch t.walk.kind {
	case date:
		return 0
	case recount:
		return t.walk.fromMs
	default:
		return t.anchor().fromMs
	}
}

// size is how many rows to ask for.
func (t *Tracker) size() uint8 {
	w, most := &t.walk, int64(t.maxPage)
	switch {
	case w.kind == date, w.kind == recount && w.after == 0 && !t.counted:
		return 1 // a total above 1 is then not that of the page
	case w.kind != near && w.kind != far || !t.counted:
		return t.maxPage
	case w.after == 0:
		return uint8(min(t.lookSize(), most))
	case !w.down:
		return t.maxPage
	default:
		// Requests are scarce, rows are not: each page is twice the one above.
		return uint8(min(max(10, 2*int64(w.size), 2*(t.wanted()-w.found)), most))
	}
}

// lookSize is a handful of rows: what a poll is likely to bring and, when the
// anchor could move, the whole window, which moves it without another request.
func (t *Tracker) lookSize() int64 {
	likely := int64(t.likely) / 8
	n := int64(t.pageSize) + likely + likely/2
	whole := t.near.count + likely + 3
	if t.walk.kind == near && t.isDue(t.clockMs) && whole <= int64(t.maxPage) {
		return max(n, whole)
	}
	return n
}

// learn adjusts the number of rows that a poll is likely to bring, in eighths.
func (t *Tracker) learn(found int64) {
	t.likely += int32(min(found, 1<<16)*8-int64(t.likely)) / 4
}
