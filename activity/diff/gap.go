package diff

// Gap is something that could not be delivered. Like events, gaps come at
// least once: after a crash the gap in flight may be told again.
type Gap struct {
	Reason Reason
	// Missing is how many events are missing, exactly; -1: nobody can know.
	Missing int
	// FromMs and ToMs bound the time in question, in UTC milliseconds; 0: open.
	FromMs, ToMs int64
}

// Reason is why something could not be delivered.
type Reason uint8

// With the first four the number of missing events is exact; with the others it
// is unknown.
const (
	// Late: events became visible after their IDs had left the ring.
	Late Reason = iota + 1
	// Overflow: the same, in a window that the ring cannot hold: RingSize is
	// too small for this log.
	Overflow
	// BeforeStart: events older than those that the first run met became
	// visible.
	BeforeStart
	// Audit: events became visible later than the lateness, and their IDs had
	// left the ring.
	Audit
	// Retention: the server may have deleted events before they were read.
	Retention
	// Miscounted: the server counts fewer events than were read. Some vanished,
	// or the count is none; until it fits again, nothing proves that a late
	// event did not stay behind.
	Miscounted
	// SourceChanged: the log of another workspace or environment is followed.
	SourceChanged
	// FilterChanged: the log is followed with another filter.
	FilterChanged
	// CheckpointLost: there was a checkpoint, and it could not be used.
	CheckpointLost

	lastReason = CheckpointLost
)

// String is the reason's name, such as "Overflow".
func (r Reason) String() string {
	switch r {
	case Late:
		return "Late"
	case Overflow:
		return "Overflow"
	case BeforeStart:
		return "BeforeStart"
	case Audit:
		return "Audit"
	case Retention:
		return "Retention"
	case Miscounted:
		return "Miscounted"
	case SourceChanged:
		return "SourceChanged"
	case FilterChanged:
		return "FilterChanged"
	case CheckpointLost:
		return "CheckpointLost"
	default:
		return "Reason?"
	}
}

const unknown = -1

// gaps are those that are not acknowledged yet, the first handed of them told.
// Gaps of one reason become one, so that a few places are enough.
type gaps struct {
	list  [4]gap
	n     uint8
	given uint8
}

// gap is a Gap in 24 bytes.
type gap struct {
	fromMs, toMs int64
	missing      int32
	reason       Reason
}

func (g *gaps) add(added gap) {
	i := g.place(added)
	if i == int(g.n) {
		g.list[i] = added
		g.n++
		return
	}
	old := &g.list[i]
	old.missing = merged(old.missing, added.missing)
	old.fromMs = min(old.fromMs, added.fromMs)
	if old.toMs != 0 {
		old.toMs = max(old.toMs, added.toMs)
	}
	if added.toMs == 0 {
		old.toMs = 0 // open stays open
	}
}

// place is where to put a gap: with an untold one of its reason, else in a free
// place, else with an untold one as exact as itself, else with the last.
func (g *gaps) place(added gap) int {
	alike := -1
	for i := int(g.given); i < int(g.n); i++ {
		if g.list[i].reason == added.reason {
			return i
		}
		if (g.list[i].missing == unknown) == (added.missing == unknown) {
			alike = i
		}
	}
	switch {
	case int(g.n) < len(g.list):
		return int(g.n)
	case alike >= 0:
		return alike
	default:
		// A told gap that changes is told again.
		g.given = min(g.given, g.n-1)
		return int(g.n) - 1
	}
}

func merged(a, b int32) int32 {
	if a == unknown || b == unknown {
		return unknown
	}
	return int32(min(int64(a)+int64(b), maxInt32))
}

// next hands out a gap that was not told yet.
func (g *gaps) next() (Gap, bool) {
	if g.given == g.n {
		return Gap{}, false
	}
	told := g.list[g.given]
	g.given++
	return Gap{Reason: told.reason, Missing: int(told.missing), FromMs: told.fromMs, ToMs: told.toMs}, true
}

// done forgets the gaps that were told.
func (g *gaps) done() {
	g.n = uint8(copy(g.list[:], g.list[g.given:g.n]))
	g.given = 0
}
