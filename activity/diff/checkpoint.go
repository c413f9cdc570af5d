package diff

import "encoding/binary"

// A checkpoint is one blob: what is told, how it is counted and where the walk
// stands belong together, and two writes would have a crash between them.
//
//	offset  bytes
//	     0      4  "wdif"
//	     4      1  version
//	     5      1  flags
//	     6      4  IDs in the ring
//	    10      1  cursors
//	    11      1  gaps
//	    12    118  state
//	           20  the walk, when one is open
//	          4 n  cursors, the deepest first, as distances
//	         17 n  gaps
//	          4 n  the ring: the low 32 bits of each ID
//	            4  CRC-32 (IEEE) of all that
//
// Numbers are little-endian. Each state has exactly one form.
const (
	magic      = "wdif"
	version    = 1
	headerSize = 12
	stateSize  = 118
	walkSize   = 20
	gapSize    = 17
	crcSize    = 4

	// maxSavedCursors keeps a board's checkpoint within 1,024 bytes. A walk that
	// resumes with fewer cursors reads more pages, and finds the same.
	maxSavedCursors = 8

	maxTimeMs = 1<<48 - 1 // the year 10889
	maxInt32  = 1<<31 - 1
	minInt32  = -1 << 31
)

const (
	flagBegun = 1 << iota
	flagCounted
	flagFromStart
	flagWalk
	flagFar
	flagDown
	flagWalkCounted
	flagLapsed
)

// AppendBinary appends a checkpoint to b: everything that is needed to go on
// after a crash, also in the middle of a walk. A batch that waits for Ack is in
// it as not delivered. Save it after Ack, in one atomic write. The error is
// always nil.
func (t *Tracker) AppendBinary(b []byte) ([]byte, error) {
	begin := len(b)
	w := &t.walk
	open := (w.kind == near || w.kind == far) && w.after != 0
	cursors := 0
	if open {
		cursors = t.savedCursors(nil)
	}
	b = append(b, magic...)
	b = append(b, version, t.flags(open))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(t.ring.ids)))
	b = append(b, byte(cursors), t.gaps.n)
	b = t.appendState(b)
	if open {
		b = append64(b, w.after)
		b = appendBelow(b, w.done, w.after)
		b = append32(b, w.unseen)
		b = append32(b, w.found)
		n := len(b)
		b = append(b, make([]byte, 4*maxSavedCursors)[:4*cursors]...)
		t.savedCursors(b[n:])
	}
	for _, g := range t.gaps.list[:t.gaps.n] {
		b = append(b, byte(g.reason))
		b = append32(b, int64(g.missing))
		b = append48(b, g.fromMs)
		b = append48(b, g.toMs)
	}
	for _, id := range t.ring.ids {
		b = binary.LittleEndian.AppendUint32(b, id)
	}
	return binary.LittleEndian.AppendUint32(b, checksum(b[begin:])), nil
}

func (t *Tracker) flags(open bool) byte {
	var f byte
	for i, set := range [...]bool{
		t.begun, t.counted, t.ring.fromStart,
		open, open && t.walk.kind == far, open && t.walk.down, open && t.walk.counted,
		t.lapsed,
	} {
		if set {
			f |= 1 << i
		}
	}
	return f
}

func (t *Tracker) appendState(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, t.source)
	b = binary.LittleEndian.AppendUint32(b, t.filter)
	b = append64(b, t.highest)
	b = append64(b, t.ring.floor)
	b = append64(b, t.ring.lowest)
	b = appendBelow(b, t.turnID, t.highest)
	b = appendBelow(b, t.expendable, t.highest)
	for _, a := range [...]anchor{t.near, t.mark, t.far} {
		b = append48(b, a.fromMs)
		b = binary.LittleEndian.AppendUint32(b, uint32(min(max(a.count, 0), span32)))
	}
	for _, d := range [...]deviation{t.nearDev, t.farDev} {
		b = append32(b, d.value)
		b = append48(b, d.sinceMs)
	}
	for _, ms := range [...]int64{t.clockMs, t.explainedMs, t.auditedMs, t.turnMs} {
		b = append48(b, ms)
	}
	return b
}

// savedCursors writes the cursors to save to dst, unless it is nil, and returns
// how many there are.
func (t *Tracker) savedCursors(dst []byte) int {
	n := len(t.cursors)
	save := min(n, maxSavedCursors)
	from := t.walk.after
	for i := range save {
		cursor := t.cursors[n-1-i*n/save]
		if cursor-from > span32 {
			return i
		}
		if dst != nil {
			binary.LittleEndian.PutUint32(dst[4*i:], uint32(cursor-from))
		}
		from = cursor
	}
	return save
}
