package alarm

import "time"

// pattern is what an output does, drawn: each sign is one tick, in which the
// output is on (█), off (_), or on for an instant (▏). There is no other form of
// it: the drawing is what is played.
type pattern string

const (
	tick  = 125 * time.Millisecond // of the LED
	flash = 20 * time.Millisecond  // is seen at night and does not blind

	longBlink = 8 // ticks
)

const steady pattern = "█"

// The start is light with gaps, activity blinks evenly, and a fault is a number
// of blinks and a pause: a person who looks for some seconds can tell them apart.
var (
	phaseLooks = [...]pattern{
		Booting:    steady,
		Joining:    "████████________",
		Clock:      "██████████████__",
		Connecting: "██████████__██__",
	}
	activityLooks = [...]pattern{
		Normal: "████____",
		High:   "█_",
	}
	faultLooks = [...]pattern{ //nolint:gosec // no token is in it, whatever the fault's name
		Unreachable: "██__██____________",
		WiFi:        "██__██__██____________",
		Address:     "██__██__██__██____________",
		Time:        "██__██__██__██__██____________",
		Server:      "██__██__██__██__██__██____________",
		Trust:       "████████____██__██____________",
		Token:       "████████____██__██__██____________",
		Settings:    "████████____██__██__██__██____________",
		Checkpoint:  "████████____██__██__██__██__██____________",
	}
)

// Signs of life while all is quiet, each followed by darkness for the rest of
// [Config].Wink.
const (
	wink      pattern = "▏"
	mutedWink pattern = "▏_▏"
)

// A tick of a sound is a third of [Config].Sound. A sound has one turn.
var sounds = [...]pattern{
	silence:      "",
	normalSound:  "███",
	highSound:    "██_██_██",
	troubleSound: "█_█",
}

// forever is longer than any pattern.
const forever = 100 * 365 * day

// length is how long one turn takes.
func (p pattern) length(tick time.Duration) (length time.Duration) {
	for range p {
		length += tick
	}
	return length
}

// at is the level at a time since the pattern began, and how long it stays. After
// its one turn it is dark for good.
func (p pattern) at(since, tick time.Duration) (on bool, left time.Duration) {
	var begin time.Duration // of a part of a sign that is on or off
	found := false          // the part at since
	for _, sign := range p {
		var lit time.Duration
		switch sign {
		case '█':
			lit = tick
		case '▏':
			lit = flash
		}
		for i, part := range [...]time.Duration{lit, tick - lit} {
			level, end := i == 0, begin+part
			switch {
			case part == 0 || end <= since:
			case !found:
				on, found = level, true
			case level != on:
				return on, begin - since
			}
			begin = end
		}
	}
	if on {
		return true, begin - since
	}
	return false, forever
}

// repeated is at for a pattern of the LED that begins anew each period.
func (p pattern) repeated(since, period time.Duration) (on bool, left time.Duration) {
	if p == steady {
		return true, forever
	}
	since %= period
	on, left = p.at(since, tick)
	return on, min(left, period-since)
}
