package diff

// The times below are multiples of the lateness: an hour, three hours and 26
// hours when it is ten minutes.
func (t *Tracker) auditMs() int64 { return 6 * t.lateMs }
func (t *Tracker) keepMs() int64  { return 18 * t.lateMs }
func (t *Tracker) spanMs() int64  { return 156 * t.lateMs }

// auditIsDue tells whether to look from the far anchor this time: only after a
// near look that explained everything, so that what is missing in both windows
// is told once. The same `from` is used for counting and for walking, so there
// is no end of a range to get wrong.
func (t *Tracker) auditIsDue() bool {
	return t.audit && t.counted && t.clean &&
		(t.clockMs-t.auditedMs >= t.auditMs() || t.auditedMs > t.clockMs ||
			t.farDev.value != 0 && !t.farDev.settles(t.clockMs))
}

// turn lets the audit's anchor and the expendable IDs follow, long after.
func (t *Tracker) turn(instantMs int64) {
	if instantMs-t.turnMs >= t.keepMs() {
		t.turnMs, t.expendable, t.turnID = instantMs, t.turnID, t.highest
	}
	if t.farDev.value != 0 {
		return // the events behind it would never be reported
	}
	if instantMs-t.mark.fromMs >= t.spanMs() {
		t.far, t.mark = t.mark, t.near
	}
	if instantMs-t.far.fromMs >= t.retentionMs/10*9 {
		t.far, t.mark = t.near, t.near // what the server deletes must not be counted
	}
}
