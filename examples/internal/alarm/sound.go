package alarm

import "time"

// sound is what the buzzer is asked for.
type sound uint8

const (
	silence sound = iota
	normalSound
	highSound
	troubleSound
)

// begin makes a sound, unless it is too soon or the time for silence.
func (a *Alarm) begin(s sound) {
	// A lesser sound does not hold back that of High: it would hide it.
	due := a.soundDue
	if s == highSound {
		due = a.highDue
	}
	if a.elapsed < due || a.hushed(s) {
		return
	}
	a.sound, a.soundNew = s, true
	a.soundDue = a.elapsed + a.config.SoundPause
	if s == highSound {
		a.highDue = a.soundDue
	}
}

// hushed tells whether it is the time for silence.
func (a *Alarm) hushed(s sound) bool {
	if s == highSound && a.config.HighBreaks {
		return false
	}
	return a.muted() || a.config.Quiet.Contains(a.now)
}

// remind begins the sounds that come by themselves. A repeat that falls into the
// time for silence is used up.
func (a *Alarm) remind() {
	if a.repeats > 0 && a.elapsed >= a.repeatAt {
		a.repeats--
		a.repeatAt = a.elapsed + a.config.HighEvery
		a.begin(highSound)
	}
	if a.config.TroubleSound && !a.complained && (a.fault.Lasting() || a.stale()) {
		a.complained = true
		a.begin(troubleSound)
	}
}

// listen is whether the buzzer should sound, and how long that stays so at least.
func (a *Alarm) listen() (on bool, left time.Duration) {
	left = forever
	if a.repeats > 0 {
		left = a.repeatAt - a.elapsed
	}
	if a.soundNew {
		// Who calls Step late must not swallow a sound.
		a.soundNew, a.soundAt = false, a.elapsed
	}
	since, tick := a.elapsed-a.soundAt, a.config.Sound/3
	if a.hushed(a.sound) || since >= sounds[a.sound].length(tick) {
		a.sound = silence
		return false, left
	}
	on, change := sounds[a.sound].at(since, tick)
	// Quiet hours may begin in the middle of a sound.
	return on, min(left, change, a.config.Quiet.until(a.now))
}
