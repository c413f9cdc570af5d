package alarm

import (
	"math"
	"time"
)

// Output is an LED, a buzzer, or whatever else is on or off. Set is asked again
// at the next Step if it fails.
type Output interface{ Set(on bool) error }

// Alarm is the state of one alarm. It is not safe for concurrent use.
type Alarm struct {
	config Config
	led    lamp
	buzzer buzzer
	button button

	now     time.Time     // of the last call
	elapsed time.Duration // since the first call; never goes back
	started bool
	stepped bool
	off     bool // for good

	phase      Phase
	answered   bool
	lastAnswer time.Duration // or the start
	fault      Fault         // that was said last
	faultPhase Phase         // in which it was said

	open       int
	severity   Severity // the highest of those that are open
	mutedUntil time.Duration

	look     look
	lookAt   time.Duration // when it began
	waiting  bool          // another look, for the end of a round
	changeAt time.Duration // when that is

	sound      sound
	soundNew   bool          // not begun: no Step has come since
	soundAt    time.Duration // when it began
	soundDue   time.Duration // not before
	highDue    time.Duration
	repeats    int // of the sound of High that are left
	repeatAt   time.Duration
	complained bool // of the trouble since the last answer
}

// New makes an Alarm that drives an LED and a buzzer. Nothing is set before the
// first Step, which sets both off before anything else. The error is a
// [*FieldError].
func New(c Config, led, buzzer Output) (*Alarm, error) {
	if led == nil {
		return nil, &FieldError{"led", "is nil: give an Output, which may do nothing"}
	}
	if buzzer == nil {
		return nil, &FieldError{"buzzer", "is nil: give an Output, which may do nothing"}
	}
	c = c.WithDefaults()
	if err := c.validate(); err != nil {
		return nil, err
	}
	a := &Alarm{config: c, look: look{starting: true}}
	a.led.out = led
	a.buzzer.out, a.buzzer.max = buzzer, c.MaxSound
	a.button.debounce, a.button.long = max(c.Debounce, 0), c.LongPress
	return a, nil
}

// Enter says how far the start came. It ends a passing fault of an earlier phase,
// and means nothing after the first answer. Watching is entered by Answered
// alone.
func (a *Alarm) Enter(now time.Time, p Phase) {
	a.advance(now)
	if a.answered || p >= Watching {
		return
	}
	a.phase = p
	if p > a.faultPhase && !a.fault.Lasting() {
		a.fault = 0
	}
}

// Answered says that the log answered, with or without new events. Faults end.
func (a *Alarm) Answered(now time.Time) {
	a.advance(now)
	a.answered, a.lastAnswer, a.phase = true, a.elapsed, Watching
	a.fault, a.complained = 0, false
}

// Failed says that the log does not answer, and why. A fault that may pass is
// shown at once only before the first answer; later it takes StaleAfter without
// an answer, because a single failed poll is no news. A lasting fault stays until
// the log answers or another lasting one comes. A Fault that is none of the
// constants counts as Unreachable.
func (a *Alarm) Failed(now time.Time, f Fault) {
	a.advance(now)
	if f == 0 || f > Checkpoint {
		f = Unreachable
	}
	if a.fault.Lasting() && !f.Lasting() {
		return
	}
	a.fault, a.faultPhase = f, a.phase
}

// Activity says that there are n new events of severity s. They sound as far as
// SoundPause allows; a sound that is not made then is not made up for later.
// Faults go on: what ends them is Answered.
func (a *Alarm) Activity(now time.Time, s Severity, n int) {
	a.Reopen(now, s, n)
	switch {
	case s == Ignored || n <= 0:
		return
	case s == Normal:
		a.begin(normalSound)
	default:
		a.begin(highSound)
		a.repeats, a.repeatAt = a.config.HighRepeat, a.elapsed+a.config.HighEvery
	}
}

// Reopen says that n events of severity s have sounded before and that nobody
// acknowledged them, such as before the program was restarted. The LED tells of
// them, and the buzzer does not.
func (a *Alarm) Reopen(now time.Time, s Severity, n int) {
	a.advance(now)
	if s == Ignored || n <= 0 {
		return
	}
	a.open += min(n, math.MaxInt-a.open)
	a.severity = max(a.severity, min(s, High))
}

// Button says what the level of the mute button is: after each edge, or as often
// as the caller likes. The first call says what it is at the start: a button that
// is held then is ignored until it was released.
//
// A press silences and acknowledges everything that is open, when the button goes
// down. Held for LongPress it also mutes for MuteFor; or ends that, if the alarm
// is muted.
func (a *Alarm) Button(now time.Time, pressed bool) {
	a.advance(now)
	a.button.tell(a.elapsed, pressed)
}

// advance lets time go by.
func (a *Alarm) advance(now time.Time) {
	if a.started {
		switch gone := now.Sub(a.now); {
		case gone >= 0:
			// More than any time that is configured: a clock that was set.
			a.elapsed += min(gone, 2*day)
		case a.buzzer.on:
			a.buzzer.spent = true
		}
	}
	a.started, a.now = true, now
	a.settle()
}

// settle does what the button asks for.
func (a *Alarm) settle() {
	for {
		switch a.button.settle(a.elapsed) {
		case unused:
			return
		case press:
			a.sound, a.repeats = silence, 0
			a.open, a.severity = 0, Ignored
		case longPress:
			if a.muted() {
				a.mutedUntil = a.elapsed
			} else {
				a.mutedUntil = a.elapsed + a.config.MuteFor
			}
		}
	}
}

func (a *Alarm) muted() bool { return a.elapsed < a.mutedUntil }

// stale tells whether the last answer is too long ago.
func (a *Alarm) stale() bool { return a.elapsed-a.lastAnswer >= a.config.StaleAfter }

// trouble is the fault that is worth showing.
func (a *Alarm) trouble() Fault {
	switch {
	case a.fault.Lasting(), !a.answered && a.fault != 0:
		return a.fault
	case !a.stale():
		return 0
	case a.fault == 0:
		return Unreachable
	default:
		return a.fault
	}
}
