package diff

import "errors"

// Query is what to ask the server for.
type Query struct {
	After int64 // only rows with a lower ID; 0: the newest
	Size  int   // at most so many rows
	// FromMs and ToMs bound the time of the rows, in UTC milliseconds; 0: open.
	// The Tracker never sets ToMs: an end would have to be right to the row.
	FromMs, ToMs int64
}

// Item is a row of an answer, as far as the Tracker needs it.
type Item struct {
	ID     int64  // positive
	TimeMs int64  // the event's own time, in UTC milliseconds; 0: unknown
	Source uint64 // fingerprint of the row's workspace and environment; 0: unknown
}

// Tail is what an answer says after its rows.
type Tail struct {
	Total int // how many rows match, whatever the page holds; negative: not said
}

// Lag tells how far behind delivery is.
type Lag struct {
	// Unseen is how many events the server has that are not acknowledged, as of
	// the last look; -1: unknown, because its count cannot be used.
	Unseen int
	// OldestUnseenMs is the time of the oldest unseen event met so far in a
	// walk, in UTC milliseconds; 0: none.
	OldestUnseenMs int64
	// LastExplainedMs is the server's time, in UTC milliseconds, up to which
	// all that was visible is delivered or reported; 0: never yet.
	LastExplainedMs int64
}

// Keep tells the driver what to do with a row.
type Keep uint8

const (
	// Drop means: the row is of no further use.
	Drop Keep = iota
	// Hold means: keep the event until it is acknowledged. When that makes more
	// than Config.Hold events, let go of the one with the highest ID.
	Hold
)

// Step tells the driver what comes next.
type Step uint8

const (
	// Idle means: nothing until the next poll.
	Idle Step = iota
	// More means: ask Next again at once.
	More
	// Deliver means: hand over the gaps, then the events held, in ascending
	// order of ID; then Ack. There may be gaps without events.
	Deliver
)

// What Offer and UnmarshalBinary refuse. The Tracker is then as it was, and
// nothing is forgotten.
var (
	// ErrSourceChanged is from Offer: the row is of another workspace or
	// environment than those before.
	ErrSourceChanged = errors.New("diff: the log of another workspace or environment")
	// ErrOrder is from Offer: the server is broken, or the rows are of another
	// question.
	ErrOrder = errors.New("diff: rows not in descending order of ID")
	// ErrNoAnswer is from Offer: there was no Next and Begin, or the answer is void.
	ErrNoAnswer = errors.New("diff: a row outside an answer")
	// ErrForeign is from UnmarshalBinary: these bytes are something else.
	ErrForeign = errors.New("diff: not a checkpoint")
	// ErrCorrupt is from UnmarshalBinary: not all bytes are as they were saved.
	ErrCorrupt = errors.New("diff: corrupt checkpoint")
	// ErrNewer is from UnmarshalBinary: a later version of this package saved it.
	ErrNewer = errors.New("diff: checkpoint of a newer version")
	// ErrTooLarge is from UnmarshalBinary: the Config cannot hold it.
	ErrTooLarge = errors.New("diff: checkpoint with more IDs than Config.RingSize")
	// ErrFilterChanged is from UnmarshalBinary: Config.Filter is another.
	ErrFilterChanged = errors.New("diff: checkpoint of another filter")
)
