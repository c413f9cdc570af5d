package activity

import (
	"fmt"
	"strings"
	"time"

	"github.com/workato-go/sdk/activity/diff"
)

// Gap says that events exist, or may exist, that a [Watcher] cannot tell. It is
// never a guess: where the number is known it is exact, because the server's own
// count gives it.
type Gap struct {
	Reason  GapReason
	Missing int // how many events; -1: nobody can know
	// From and To bound the time of the events, UTC; zero: open on that side.
	From, To time.Time
}

// GapReason is why events cannot be told.
type GapReason string

// With the first four reasons the number is exact; with the others it is
// unknown.
const (
	// GapLate: they became visible so late that newer events had long taken
	// their place in memory, and to tell them could be to tell them twice.
	GapLate GapReason = "late"
	// GapOverflow: the same, because there were more events than the Watcher
	// remembers within twice the lateness.
	GapOverflow GapReason = "overflow"
	// GapBeforeStart: they are older than the Watcher's beginning.
	GapBeforeStart GapReason = "before start"
	// GapAudit: they became visible later than the lateness, and the second
	// count found that they exist.
	GapAudit GapReason = "audit"
	// GapRetention: the Watcher was off for longer than the server keeps events.
	GapRetention GapReason = "retention"
	// GapMiscounted: the server counts fewer events than there are, so its count
	// proves nothing until it fits again.
	GapMiscounted GapReason = "miscounted"
	// GapSourceChanged: a Restart after [ErrSourceChanged].
	GapSourceChanged GapReason = "source changed"
	// GapFilterChanged: a Restart after [ErrFilterChanged].
	GapFilterChanged GapReason = "filter changed"
	// GapCheckpointLost: a Restart after [ErrCheckpoint], or without need.
	GapCheckpointLost GapReason = "checkpoint lost"
)

// String is a sentence for a log: "3 events from … to … cannot be told: late".
func (g Gap) String() string {
	var s strings.Builder
	switch g.Missing {
	case -1:
		s.WriteString("an unknown number of events")
	case 1:
		s.WriteString("1 event")
	default:
		fmt.Fprintf(&s, "%d events", g.Missing)
	}
	if !g.From.IsZero() {
		s.WriteString(" from " + g.From.Format(time.RFC3339))
	}
	if !g.To.IsZero() {
		s.WriteString(" to " + g.To.Format(time.RFC3339))
	}
	s.WriteString(" cannot be told: " + string(g.Reason))
	return s.String()
}

func newGap(g diff.Gap) Gap {
	return Gap{Reason: gapReason(g.Reason), Missing: g.Missing, From: fromMs(g.FromMs), To: fromMs(g.ToMs)}
}

func gapReason(r diff.Reason) GapReason {
	switch r {
	case diff.Late:
		return GapLate
	case diff.Overflow:
		return GapOverflow
	case diff.BeforeStart:
		return GapBeforeStart
	case diff.Audit:
		return GapAudit
	case diff.Retention:
		return GapRetention
	case diff.Miscounted:
		return GapMiscounted
	case diff.SourceChanged:
		return GapSourceChanged
	case diff.FilterChanged:
		return GapFilterChanged
	case diff.CheckpointLost:
		return GapCheckpointLost
	}
	return GapReason(r.String())
}

// fromMs is the time of UTC milliseconds, of which 0 stands for none.
func fromMs(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// toMs is the other way round.
func toMs(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
