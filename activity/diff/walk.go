package diff

// kind is what a round of questions is for.
type kind uint8

const (
	none    kind = iota
	date         // the very first question: what time is it there
	present      // the events that are there at the first run: silent
	near         // what is new
	far          // the same from the audit's anchor
	recount      // how many registered events a shorter window holds
)

// walk is one round: a look at the newest page and, when that does not explain
// the count, page after page towards older rows.
//
// Cursors are IDs: they do not drift while new rows arrive. A failed request
// ends nothing, it is asked again: a walk of 35 pages that starts anew on each
// failure never ends when one request in five fails.
type walk struct {
	kind    kind
	down    bool // not at the bottom yet, for the first time
	counted bool // unseen is known
	sweep   bool // to the end of the window, whatever the count says
	long    bool // took more than one page
	clean   bool // the look alone explained the count
	low     bool // recount: a row at or below the floor
	proof   bool // recount: the total is not that of a page

	after  int64 // the cursor of the page at hand; 0: the newest page
	whole  int64 // each unseen row below it that was met is held
	done   int64 // on the way up: what was met below it is delivered
	total  int64 // of the look
	unseen int64 // by the count, at the look
	found  int64 // unseen rows met
	rows   int64 // rows met
	fromMs int64 // recount: the window
	next   anchor

	lookedMs  int64 // server time of the look
	vouchedMs int64 // all that was visible then is in the look's answer

	size   uint8  // of the page above
	base   uint16 // cursors below this index belong to walks further up
	stride uint16 // one page in so many keeps its cursor
	skip   uint16 // pages until the next one that does
}

const top = 1<<63 - 1

// endRound ends a page of a near or far walk.
func (t *Tracker) endRound(total int64) Step {
	w, p := &t.walk, &t.page
	if w.after == 0 {
		t.look(total)
	}
	if w.down {
		w.found += int64(p.found)
		w.rows += int64(p.rows)
	}
	if !t.atBottom() {
		t.push(w.after)
		w.after, w.size, w.long = p.last, p.size, true
		return More
	}
	if w.down {
		w.down = false
		t.conclude()
	}
	return t.settle()
}

// look takes what only the newest page can give: the count. Whether a total
// below a cursor still counts the whole window is not documented.
func (t *Tracker) look(total int64) {
	w := &t.walk
	w.down, w.total, w.found, w.rows = true, total, 0, 0
	w.counted = t.counted && total >= 0
	w.unseen = total - t.anchor().count
	// A sweep can only end well if the driver can hold what it finds: begin it
	// when the new rows are few.
	p := &t.page
	w.sweep = !t.counted && t.sweepIsDue() && (p.last <= t.highest || p.rows < p.size)
	t.unseen = max(w.unseen, int64(p.found))
}

// anchor is the one that the walk asks from.
func (t *Tracker) anchor() *anchor {
	if t.walk.kind == far {
		return &t.far
	}
	return &t.near
}

// deviation belongs to the anchor: a look from the other one proves nothing
// about it.
func (t *Tracker) deviation() *deviation {
	if t.walk.kind == far {
		return &t.farDev
	}
	return &t.nearDev
}

// atBottom tells whether the walk is deep enough.
func (t *Tracker) atBottom() bool {
	w, p := &t.walk, &t.page
	switch {
	case p.rows == 0 || p.last <= t.ring.floor:
		return true // nothing below could be delivered
	case !w.down:
		return p.last <= w.done
	case !w.counted:
		return p.last <= t.highest && !w.sweep
	case w.found < t.wanted():
		return false // also after a page that is shorter than asked: it need not be the last
	default:
		// New rows are walked whole even where the count says that enough is
		// found: it may be too low.
		return p.last <= t.highest || p.rows < p.size && w.rows >= w.total
	}
}

// wanted is how many unseen rows the walk looks for. What was not found a
// moment ago is not sought again at each poll, only when its time is up.
func (t *Tracker) wanted() int64 {
	w, d := &t.walk, t.deviation()
	if d.value > 0 && d.settles(w.lookedMs) {
		return w.unseen - d.value
	}
	return w.unseen
}

// advance goes up to the next cursor when all below is delivered.
func (t *Tracker) advance() Step {
	w := &t.walk
	for n := len(t.cursors); n > 0; n-- {
		cursor := t.cursors[n-1]
		t.cursors = t.cursors[:n-1]
		if cursor > w.whole {
			w.after, w.whole, w.done = cursor, cursor, w.whole
			w.base, w.stride, w.skip = uint16(n-1), 1, 0
			return More
		}
	}
	return t.finish()
}

// finish ends the round.
func (t *Tracker) finish() Step {
	w := t.walk
	t.walk = walk{}
	t.oldestMs = 0
	switch {
	case w.kind != near && w.kind != far:
		return Idle
	case w.whole != top:
		return More // rows above were let go: look again
	}
	t.learn(w.found)
	switch {
	case w.kind == far:
		if w.clean || t.farDev.value != 0 {
			t.auditedMs = t.clockMs
		}
		return Idle
	case !t.counted:
		return t.swept(&w)
	}
	t.clean = w.clean
	if w.clean {
		t.again = false
		return t.move(&w)
	}
	t.guess = anchor{}
	return t.lookAgain(w.long && w.found == w.unseen && t.isDue(w.vouchedMs))
}

// lookAgain asks for the fresh look that alone can prove what a longer walk
// seems to explain, once in a poll.
func (t *Tracker) lookAgain(useful bool) Step {
	t.again = useful && !t.again
	if t.again {
		return More
	}
	return Idle
}
