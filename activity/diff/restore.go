package diff

import "encoding/binary"

// UnmarshalBinary makes the Tracker go on from a checkpoint. An error leaves it
// as it was: [ErrForeign], [ErrCorrupt], [ErrNewer], [ErrTooLarge] or
// [ErrFilterChanged]. It is never a reason to start afresh without a word; see
// Restart.
func (t *Tracker) UnmarshalBinary(b []byte) error {
	if len(b) < headerSize || string(b[:4]) != magic {
		return ErrForeign
	}
	body := len(b) - crcSize
	if body < headerSize || binary.LittleEndian.Uint32(b[body:]) != checksum(b[:body]) {
		return ErrCorrupt
	}
	if b[4] > version {
		return ErrNewer
	}
	var s saved
	if err := s.read(t, b[:body]); err != nil {
		return err
	}
	t.restore(&s)
	return nil
}

// saved is a checkpoint that was read and not taken over yet.
type saved struct {
	state
	ring         ring
	gaps         gaps
	walk         walk
	filter       uint32
	cursors, ids []byte
}

func (s *saved) read(t *Tracker, b []byte) error {
	flags := b[5]
	ids := int(binary.LittleEndian.Uint32(b[6:]))
	cursors, n := int(b[10]), int(b[11])
	open := flags&flagWalk != 0
	size := headerSize + stateSize + 4*cursors + gapSize*n
	if open {
		size += walkSize
	}
	switch {
	case b[4] < version || n > len(s.gaps.list) || cursors > maxSavedCursors:
		return ErrCorrupt
	case !open && (cursors > 0 || flags&(flagFar|flagDown|flagWalkCounted) != 0):
		return ErrCorrupt
	case len(b) < size || (len(b)-size)%4 != 0 || (len(b)-size)/4 != ids:
		return ErrCorrupt
	}
	r := reader(b[headerSize:])
	s.readState(&r, flags)
	if open {
		s.readWalk(&r, flags)
	}
	s.cursors, r = r[:4*cursors], r[4*cursors:]
	s.readGaps(&r, n)
	s.ids = r
	switch {
	case !s.valid():
		return ErrCorrupt
	case s.filter != t.filter:
		return ErrFilterChanged
	case ids > t.ring.max:
		return ErrTooLarge
	}
	return nil
}

func (s *saved) readState(r *reader, flags byte) {
	s.begun, s.counted, s.lapsed = flags&flagBegun != 0, flags&flagCounted != 0, flags&flagLapsed != 0
	s.source = uint64(r.int64())
	s.filter = uint32(r.uint(4))
	s.highest = r.int64()
	s.ring.floor = r.int64()
	s.ring.lowest = r.int64()
	s.ring.fromStart = flags&flagFromStart != 0
	s.turnID = r.below(s.highest)
	s.expendable = r.below(s.highest)
	for _, a := range [...]*anchor{&s.near, &s.mark, &s.far} {
		*a = anchor{r.uint(6), r.uint(4)}
	}
	for _, d := range [...]*deviation{&s.nearDev, &s.farDev} {
		*d = deviation{r.int32(), r.uint(6)}
	}
	for _, ms := range [...]*int64{&s.clockMs, &s.explainedMs, &s.auditedMs, &s.turnMs} {
		*ms = r.uint(6)
	}
}

func (s *saved) readWalk(r *reader, flags byte) {
	s.walk = walk{
		kind: near, down: flags&flagDown != 0, counted: flags&flagWalkCounted != 0,
		long: true, stride: 1,
		after:    r.int64(),
		total:    top, // of another snapshot
		lookedMs: s.clockMs,
	}
	s.walk.done = r.below(s.walk.after)
	s.walk.unseen, s.walk.found = r.int32(), r.int32()
	if flags&flagFar != 0 {
		s.walk.kind = far
	}
	s.walk.whole = s.walk.after // nothing is held any more
}

func (s *saved) readGaps(r *reader, n int) {
	s.gaps.n = uint8(n)
	for i := range n {
		reason := Reason(r.uint(1))
		missing := int32(r.int32())
		s.gaps.list[i] = gap{missing: missing, reason: reason, fromMs: r.uint(6), toMs: r.uint(6)}
	}
}

// valid tells whether a Tracker can be in this state: the checksum keeps
// accidents out, and this all else.
func (s *saved) valid() bool {
	switch {
	case s.highest < 0 || s.ring.floor < 0 || s.ring.floor > s.highest,
		s.turnID < 0 || s.expendable < 0 || s.walk.done < 0,
		s.nearDev.value == 0 && s.nearDev.sinceMs != 0,
		s.farDev.value == 0 && s.farDev.sinceMs != 0,
		!s.begun && s.walk.kind != none,
		s.walk.kind != none && (s.walk.after <= 0 || s.walk.found < 0):
		return false
	}
	return s.validIDs() && s.validCursors() && s.validGaps()
}

func (s *saved) validIDs() bool {
	if len(s.ids) == 0 {
		return s.ring.lowest == 0
	}
	low := uint32(s.ring.lowest)
	last := int64(-1)
	for b := s.ids; len(b) > 0; b = b[4:] {
		offset := int64(binary.LittleEndian.Uint32(b) - low)
		if offset <= last || last < 0 && offset != 0 {
			return false
		}
		last = offset
	}
	return s.ring.lowest > s.ring.floor && s.ring.lowest <= s.highest-last
}

func (s *saved) validCursors() bool {
	cursor := s.walk.after
	for b := s.cursors; len(b) > 0; b = b[4:] {
		distance := int64(binary.LittleEndian.Uint32(b))
		if distance == 0 || cursor > top-distance {
			return false
		}
		cursor += distance
	}
	return true
}

func (s *saved) validGaps() bool {
	for _, g := range s.gaps.list[:s.gaps.n] {
		if g.reason < Late || g.reason > lastReason || g.missing < unknown || g.missing == 0 {
			return false
		}
	}
	return true
}

// restore takes a checkpoint over.
func (t *Tracker) restore(s *saved) {
	t.abandon()
	t.state, t.gaps, t.walk = s.state, s.gaps, s.walk
	t.relearn()
	t.unseen = max(s.walk.unseen, 0)

	n := len(s.ids) / 4
	ids := t.ring.ids[:0]
	if cap(ids) < n {
		ids = make([]uint32, 0, n)
	}
	t.ring = ring{ids: ids[:n], max: t.ring.max, floor: s.ring.floor, lowest: s.ring.lowest, fromStart: s.ring.fromStart}
	for i := range ids[:n] {
		t.ring.ids[i] = binary.LittleEndian.Uint32(s.ids[4*i:])
	}

	cursor := s.walk.after
	for i := range len(s.cursors) / 4 {
		cursor += int64(binary.LittleEndian.Uint32(s.cursors[4*i:]))
		if len(t.cursors) == cap(t.cursors) {
			t.cursors = grown(t.cursors, t.maxCursors)
		}
		t.cursors = append(t.cursors, 0)
		copy(t.cursors[1:], t.cursors)
		t.cursors[0] = cursor
	}
	t.walk.base = uint16(len(t.cursors))
}
