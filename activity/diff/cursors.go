package diff

// push remembers the page after a cursor. When the places are full it keeps
// every second cursor of this walk, and from now on one page in twice as many;
// on the way up, the pages between two cursors are a walk of their own. So a
// backlog of any length is read a few times, not once for each page of it.
func (t *Tracker) push(cursor int64) {
	w := &t.walk
	if cursor == 0 {
		return // the newest page is asked for anew
	}
	if w.skip > 0 {
		w.skip--
		return
	}
	w.skip = w.stride - 1
	if len(t.cursors) == t.maxCursors {
		t.cursors = t.cursors[:int(w.base)+halved(t.cursors[w.base:])]
		w.stride = min(2*w.stride, 1<<15)
		if len(t.cursors) == t.maxCursors {
			return
		}
	}
	if len(t.cursors) == cap(t.cursors) {
		t.cursors = grown(t.cursors, t.maxCursors)
	}
	t.cursors = append(t.cursors, cursor)
}

// halved keeps every second item, the first among them.
func halved(s []int64) int {
	n := 0
	for i := 0; i < len(s); i += 2 {
		s[n] = s[i]
		n++
	}
	return n
}
