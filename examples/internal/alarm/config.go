package alarm

import "time"

// Config is how an [Alarm] behaves. A field that is zero has its default. No time
// is longer than a day.
type Config struct {
	Sound        time.Duration // how long new activity sounds; 300 ms, at least 30 ms
	SoundPause   time.Duration // at least so long from one sound's begin to the next; 10 s, at least 3 x Sound
	MaxSound     time.Duration // no piece of sound is longer, whatever asks for it; 10 s, at most 1 min
	HighRepeat   int           // how often the sound of High is repeated until acknowledged; 5; -1: not
	HighEvery    time.Duration // from repeat to repeat; 60 s, at least SoundPause
	StaleAfter   time.Duration // so long without an answer is trouble; 5 min, at least 1 s
	Wink         time.Duration // from wink to wink of the LED while all is quiet; 10 s, at least 1 s; negative: dark
	Debounce     time.Duration // so long the button's level has to stay; 30 ms, at most 1 s; negative: the level does not bounce
	LongPress    time.Duration // 2 s, at least 300 ms
	MuteFor      time.Duration // 30 min, at least 1 s
	TroubleSound bool          // a lasting fault and a stale log sound, too, once until the next answer
	Quiet        QuietHours    // the buzzer is silent then; the LED is not
	HighBreaks   bool          // High sounds in quiet hours and while muted, too
}

// WithDefaults is the Config with each field that is zero filled in, as New does it.
func (c Config) WithDefaults() Config {
	if c.HighRepeat == 0 {
		c.HighRepeat = 5
	}
	for _, field := range [...]struct {
		value     *time.Duration
		otherwise time.Duration
	}{
		{&c.Sound, 300 * time.Millisecond},
		{&c.SoundPause, 10 * time.Second},
		{&c.MaxSound, 10 * time.Second},
		{&c.HighEvery, time.Minute},
		{&c.StaleAfter, 5 * time.Minute},
		{&c.Wink, 10 * time.Second},
		{&c.Debounce, 30 * time.Millisecond},
		{&c.LongPress, 2 * time.Second},
		{&c.MuteFor, 30 * time.Minute},
	} {
		if *field.value == 0 {
			*field.value = field.otherwise
		}
	}
	return c
}

// validate tells what cannot work, of a Config with its defaults.
func (c Config) validate() error {
	for _, field := range [...]struct {
		name               string
		value, least, most time.Duration
		orNegative         bool
	}{
		{"MaxSound", c.MaxSound, 30 * time.Millisecond, time.Minute, false},
		{"Sound", c.Sound, 30 * time.Millisecond, c.MaxSound, false},
		{"SoundPause", c.SoundPause, 3 * c.Sound, day, false},
		{"HighEvery", c.HighEvery, c.SoundPause, day, false},
		{"StaleAfter", c.StaleAfter, time.Second, day, false},
		{"Wink", c.Wink, time.Second, day, true},
		{"Debounce", c.Debounce, 0, time.Second, true},
		{"LongPress", c.LongPress, 300 * time.Millisecond, day, false},
		{"MuteFor", c.MuteFor, time.Second, day, false},
	} {
		switch {
		case field.orNegative && field.value < 0:
		case field.value < field.least:
			return &FieldError{field.name, "is " + field.value.String() + ": make it at least " + field.least.String()}
		case field.value > field.most:
			return &FieldError{field.name, "is " + field.value.String() + ": make it at most " + field.most.String()}
		}
	}
	if c.HighRepeat < -1 {
		return &FieldError{"HighRepeat", "is less than -1: give a number of repeats, 0 for the default, or -1 for none"}
	}
	return c.Quiet.validate()
}
