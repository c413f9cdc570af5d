package alarm

import "time"

// BoundedBuzzer is the one way to a buzzer, asked for a sound at a time.
func BoundedBuzzer(out Output, longest time.Duration) (sound func(elapsed time.Duration, want bool) error) {
	b := buzzer{lamp: lamp{out: out}, max: longest}
	return b.sound
}
