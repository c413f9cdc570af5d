package alarm

import "time"

// State is what an [Alarm] shows and knows, for logs, status lines and drawings.
// Times are on the clock of the last call.
type State struct {
	LED, Buzzer   bool      // what the outputs were last told
	Shows         string    // such as "quiet", "new activity", "stale", "fault: token refused"
	Phase         Phase     // how far the start came
	Fault         Fault     // the one that the LED shows, or shows once the round of another is over; 0: none
	Open          int       // events that nobody acknowledged
	Severity      Severity  // the highest one of those; Ignored: there are none
	MutedUntil    time.Time // zero: not muted
	LastAnswer    time.Time // zero: none
	Presses       int       // of the button, without bounces
	ButtonIgnored bool      // the button chatters, as one does whose wire is loose
	OutputErrors  int       // how often an output failed
}

// Parts of [State].Shows.
const (
	showsOff      = "off"
	showsQuiet    = "quiet"
	showsMuted    = "quiet, muted"
	showsActivity = "new activity"
	showsHigh     = "new activity, high"
	showsStale    = "stale"   // no answer, and nobody said why
	showsFault    = "fault: " // and which
)

// State is what the Alarm shows and knows as of the last call.
func (a *Alarm) State() State {
	s := State{
		LED:           a.led.on,
		Buzzer:        a.buzzer.on,
		Shows:         a.shows(),
		Phase:         a.phase,
		Fault:         a.trouble(),
		Open:          a.open,
		Severity:      a.severity,
		Presses:       a.button.presses,
		ButtonIgnored: a.button.resting(a.elapsed),
		OutputErrors:  a.led.failures + a.buzzer.failures,
	}
	if a.muted() {
		s.MutedUntil = a.now.Add(a.mutedUntil - a.elapsed)
	}
	if a.answered {
		s.LastAnswer = a.now.Add(a.lastAnswer - a.elapsed)
	}
	return s
}

func (a *Alarm) shows() string {
	if a.off {
		return showsOff
	}
	var activity, trouble string
	switch a.severity {
	case Ignored:
	case Normal:
		activity = showsActivity
	case High:
		activity = showsHigh
	}
	switch fault := a.trouble(); {
	case fault == 0:
	case a.fault == 0:
		trouble = showsStale
	default:
		trouble = showsFault + fault.String()
	}
	switch {
	case activity != "" && trouble != "":
		return activity + "; " + trouble
	case activity != "" || trouble != "":
		return activity + trouble
	case a.phase != Watching:
		return a.phase.String()
	case a.muted():
		return showsMuted
	default:
		return showsQuiet
	}
}
