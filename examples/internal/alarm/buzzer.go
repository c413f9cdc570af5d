package alarm

import "time"

// lamp is an output of which it is known what it was last told.
type lamp struct {
	out      Output
	on       bool
	known    bool // the output took it
	failures int
}

// set tells the output what it does not know yet.
func (l *lamp) set(on bool) error {
	if l.known && l.on == on {
		return nil
	}
	l.on = on
	err := l.out.Set(on)
	l.known = err == nil
	if err != nil {
		l.failures++
	}
	return err
}

// buzzer is the only way to the buzzer, and the only place that bounds a sound:
// whatever asks for it, for however long, it is off after max and stays off until
// it was asked to be off.
type buzzer struct {
	lamp
	max   time.Duration
	since time.Duration // when it was turned on
	spent bool          // was on for long enough
}

// sound tells the output what is wanted, as far as the bound allows.
func (b *buzzer) sound(elapsed time.Duration, want bool) error {
	switch {
	case !want:
		b.spent = false
	case !b.on:
		b.since = elapsed
	case elapsed-b.since >= b.max:
		b.spent = true
	}
	return b.set(want && !b.spent)
}

// left is how long the bound still allows the sound that is on.
func (b *buzzer) left(elapsed time.Duration) time.Duration {
	return b.since + b.max - elapsed
}
