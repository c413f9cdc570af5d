package diff

// deviation is a difference between the server's count and what was found. A
// count may lag for a moment, so one look decides nothing: only what has kept
// its sign for settleMs counts, by its smallest value in that time.
type deviation struct {
	value   int64
	sinceMs int64
}

const settleMs = 90 * 1000

// note takes the deviation of a look at nowMs and returns the verdict, if there
// is one; 0: none.
func (d *deviation) note(value, nowMs int64) int64 {
	switch {
	case value == 0:
		*d = deviation{}
		return 0
	case d.value == 0 || (value > 0) != (d.value > 0) || nowMs < d.sinceMs:
		*d = deviation{value, nowMs}
		return 0
	case abs(value) < abs(d.value):
		d.value = value
	}
	if nowMs-d.sinceMs < settleMs {
		return 0
	}
	verdict := d.value
	*d = deviation{}
	return verdict
}

// settles tells whether the deviation still waits for its verdict.
func (d *deviation) settles(nowMs int64) bool {
	return d.value != 0 && nowMs-d.sinceMs < settleMs
}

func abs(v int64) int64 { return max(v, -v) }

// conclude compares count and findings at the bottom of the first descent.
func (t *Tracker) conclude() {
	w := &t.walk
	if !t.counted {
		return
	}
	missing := w.unseen - w.found
	if !w.counted {
		missing = unknown // an answer without a count counts less than was read
	}
	// Only a look explains: in a longer walk a row that appears on the way
	// stands in for one that was not reached.
	veiled := t.isVeiled()
	w.clean = w.counted && w.unseen == w.found && !w.long && !veiled
	t.shorten()
	if missing < 0 && w.counted && w.unseen >= -t.recently() {
		return // says nothing: that the newest rows are not counted yet is normal where the count lags
	}
	switch verdict := t.deviation().note(missing, w.lookedMs); {
	case verdict > 0:
		t.missing(verdict)
	case verdict < 0:
		t.miscounted()
	}
}

// isVeiled tells whether the count may be right by chance: where it lags behind
// the rows, a new row that it does not have yet stands in for a late one that it
// has. It lags when one answer holds more new rows than it counts; for a while
// after that, only a look proves anything before which all has been quiet.
func (t *Tracker) isVeiled() bool {
	w := &t.walk
	if w.counted && w.unseen < w.found && !w.long {
		t.laggedMs = w.lookedMs
	}
	if t.laggedMs == 0 || w.lookedMs-t.laggedMs > t.keepMs() {
		return false
	}
	return w.found > 0 || t.recently() > 0
}

// recently is how many events were registered in the last slackMs, or a little
// longer: as many a count that lags need not have yet.
func (t *Tracker) recently() int64 {
	if age := t.clockMs - t.sliceMs; age >= t.slackMs() || age < 0 {
		t.sliceMs, t.before, t.lately = t.clockMs, t.lately, 0
		if age >= 2*t.slackMs() {
			t.before = 0
		}
	}
	return int64(t.before) + int64(t.lately)
}

// missing reports m events that the server counts and no walk can identify, and
// counts them as told: otherwise the next window would report them again.
func (t *Tracker) missing(m int64) {
	if t.walk.kind == far {
		t.gaps.add(gap{t.far.fromMs, t.near.fromMs, clamp32(m), Audit})
		t.far.count += m
		// Nobody knows on which side of the mark they are: start it anew.
		t.mark = t.near
		return
	}
	t.gaps.add(gap{t.near.fromMs, t.walk.lookedMs, clamp32(m), t.lateReason()})
	t.near.count += m
	t.mark.count += m
	t.far.count += m
	t.farDev = deviation{} // the audit may have met the same events
	t.unseen -= m
}

func (t *Tracker) lateReason() Reason {
	switch {
	case t.ring.fromStart:
		return BeforeStart
	case t.near.count > int64(len(t.ring.ids)):
		return Overflow
	default:
		return Late
	}
}

// miscounted says that the count can no longer prove anything.
func (t *Tracker) miscounted() {
	if t.walk.kind == far {
		t.gaps.add(gap{t.far.fromMs, t.near.fromMs, unknown, Miscounted})
		t.far, t.mark = t.near, t.near
		return
	}
	t.gaps.add(gap{t.near.fromMs, t.walk.lookedMs, unknown, Miscounted})
	t.uncount()
}
