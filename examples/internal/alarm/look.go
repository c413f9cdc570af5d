package alarm

import "time"

// While there is both activity and a fault, the LED shows the one for a while,
// is dark, and shows a full round of the other.
const (
	activityTurn = 4 * time.Second // a multiple of the length of each activity pattern
	between      = time.Second
)

// look is what the LED says. Fields that make no difference to it are zero, so
// that a look that is equal goes on.
type look struct {
	activity Severity
	fault    Fault
	starting bool
	phase    Phase // while starting
	muted    bool
}

// wanted is the look that says what there is to say.
func (a *Alarm) wanted() look {
	switch fault := a.trouble(); {
	case a.open > 0 || fault != 0:
		return look{activity: a.severity, fault: fault}
	case a.phase != Watching:
		return look{starting: true, phase: a.phase}
	default:
		return look{muted: a.muted()}
	}
}

// round is the length of one turn of a look that has a fault.
func (l look) round() time.Duration {
	round := faultLooks[l.fault].length(tick)
	if l.activity != Ignored {
		round += activityTurn + between
	}
	return round
}

// at is whether the LED is lit at a time since the look began, and how long that
// stays so at least.
func (l look) at(since, winkEvery time.Duration) (lit bool, left time.Duration) {
	switch {
	case l.activity != Ignored && l.fault != 0:
		since %= l.round()
		if since < activityTurn {
			lit, left = look{activity: l.activity}.at(since, winkEvery)
			return lit, min(left, activityTurn-since)
		}
		since -= activityTurn
		if since < between {
			return false, between - since
		}
		return look{fault: l.fault}.at(since-between, winkEvery)
	case l.activity != Ignored:
		p := activityLooks[l.activity]
		return p.repeated(since, p.length(tick))
	case l.fault != 0:
		return faultLooks[l.fault].repeated(since, l.round())
	case l.starting:
		p := phaseLooks[l.phase]
		return p.repeated(since, p.length(tick))
	case winkEvery < 0:
		return false, forever
	case l.muted:
		return mutedWink.repeated(since, winkEvery)
	default:
		return wink.repeated(since, winkEvery)
	}
}

// watch is whether the LED should be lit, and how long that stays so at least.
func (a *Alarm) watch() (lit bool, left time.Duration) {
	wanted := a.wanted()
	if wanted == a.look || !finishes(a.look, wanted) {
		a.waiting = false
	} else if !a.waiting {
		gone := (a.elapsed - a.lookAt) % a.look.round()
		a.waiting, a.changeAt = gone != 0, a.elapsed-gone+a.look.round()
	}
	if wanted != a.look && (!a.waiting || a.elapsed >= a.changeAt) {
		a.look, a.lookAt, a.waiting = wanted, a.elapsed, false
	}
	return a.look.at(a.elapsed-a.lookAt, a.config.Wink) // asks for a Step at the end of each round
}

// finishes tells whether a look ends its round before the next one begins: who
// counts blinks of one fault must not count those of another, too.
func finishes(l, next look) bool {
	return l.fault != 0 && next.fault != 0 && l.activity == next.activity
}

// Look is one row of the table of everything that the LED shows.
type Look struct {
	Shows   string // as [State].Shows says it
	Pattern string // one turn; each sign is 1/8 s: █ on, _ off, ▏ a flash
}

// Looks are the rows of that table, in the order of a life: start, quiet,
// activity, faults. "quiet" and "quiet, muted" come once in [Config].Wink, the
// others over and over.
func Looks() []Look {
	var looks []Look
	for phase, p := range phaseLooks {
		looks = append(looks, Look{Phase(phase).String(), string(p)})
	}
	looks = append(looks,
		Look{showsQuiet, string(wink)},
		Look{showsMuted, string(mutedWink)},
		Look{showsActivity, string(activityLooks[Normal])},
		Look{showsHigh, string(activityLooks[High])})
	for fault := Unreachable; fault <= Checkpoint; fault++ {
		looks = append(looks, Look{showsFault + fault.String(), string(faultLooks[fault])})
	}
	return looks
}
