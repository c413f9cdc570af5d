package alarm

import "time"

// More edges than these in that time are no finger's: a wire is loose, or there
// is none. A level that is shorter than bounce is the contact's own, and no edge.
const (
	chatterEdges = 20
	chatterTime  = time.Second
	chatterRest  = 10 * time.Second
	bounce       = 5 * time.Millisecond
)

// use is what the button was just used for.
type use uint8

const (
	unused use = iota
	press
	longPress // after a press, of the same finger
)

// button makes presses of the level of a contact. Times are those that went by
// since the alarm began.
type button struct {
	debounce time.Duration
	long     time.Duration

	told      bool          // the level, at least once
	level     bool          // as it was told last
	since     time.Duration // when it became that
	down      bool          // the level without bounces
	downSince time.Duration
	useless   bool // until the button is up
	presses   int

	edges     [chatterEdges]time.Duration // when the last ones were; a ring
	edge      int                         // the oldest one
	full      bool
	restUntil time.Duration
}

// tell says what the level is.
func (b *button) tell(elapsed time.Duration, level bool) {
	if !b.told {
		// A button that is down at the start is stuck, or a finger forgot it.
		b.told, b.level, b.since = true, level, elapsed
		b.down, b.useless = level, level
		return
	}
	if level == b.level {
		return
	}
	if b.debounce == 0 || elapsed-b.since >= bounce {
		b.count(elapsed)
	}
	b.level, b.since = level, elapsed
}

// count notices chatter.
func (b *button) count(elapsed time.Duration) {
	if b.full && elapsed-b.edges[b.edge] <= chatterTime {
		b.restUntil = elapsed + chatterRest
		b.down = false
	}
	b.edges[b.edge] = elapsed
	b.edge++
	if b.edge == len(b.edges) {
		b.edge, b.full = 0, true
	}
}

// resting tells whether the button is ignored because it chatters.
func (b *button) resting(elapsed time.Duration) bool { return elapsed < b.restUntil }

// settle says what the level that was told last has come to mean by now. It has
// to be asked before the next one is told, and until it says unused.
func (b *button) settle(elapsed time.Duration) use {
	if b.resting(elapsed) {
		return unused
	}
	if b.level != b.down {
		if elapsed-b.since < b.debounce {
			return unused
		}
		b.down, b.downSince = b.level, b.since
		// What began while nobody listened means nothing, as at the start.
		b.useless = b.down && b.since < b.restUntil
		if b.down && !b.useless {
			b.presses++
			return press
		}
	}
	if b.down && !b.useless && elapsed-b.downSince >= b.long {
		b.useless = true
		return longPress
	}
	return unused
}

// left is how long it takes until settle has something to say.
func (b *button) left(elapsed time.Duration) time.Duration {
	switch {
	case b.resting(elapsed):
		return b.restUntil - elapsed
	case b.level != b.down:
		return b.since + b.debounce - elapsed
	case b.down && !b.useless:
		return b.downSince + b.long - elapsed
	default:
		return forever
	}
}
