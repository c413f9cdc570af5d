package sim

import "time"

// Scenario is a world and the troubles of reading it, as data. The zero value is
// an empty log that is always there.
type Scenario struct {
	Name  string
	Title string

	// What is written.
	PerHour float64       // events at random moments
	Every   time.Duration // one event after each such time, like clockwork
	Bursts  Bursts
	Noise   float64       // the share of events of kind Noise
	Late    Late          // events that become visible after others with a higher ID
	Skew    time.Duration // how far the clocks of the writers are off, at most, either way
	Keep    time.Duration // rows vanish at that age; 0: they stay
	Switch  bool          // halfway the token reads another log, with lower IDs
	Refit   bool          // a filter hides the noise in the middle third of the run

	// What the server says.
	Rules Rules

	// What happens on the way and to the reader.
	Latency  time.Duration // of a request; 0: 300 ms
	Jitter   time.Duration // added to it, at most
	Failures float64       // the share of requests that fail
	Budget   int           // requests a minute that the reader's limiter lets through; 0: 55
	Crashes  time.Duration // the mean time between them; 0: none
	Outage   bool          // the reader is down for the second quarter and the third
	BadSaves float64       // the share of saves that fail

	// What the reader's owner knows of all this.
	Interval time.Duration // between polls; 0: 30 s
	Lateness time.Duration // what is late by less is expected; 0: 10 min
}

// Bursts is a number of events at once.
type Bursts struct {
	Every  time.Duration
	Size   int
	Within time.Duration // they spread over that; 0: one moment
}

// Late is how long events take to become visible. Those that are late take
// between Min and Max, or an exponential time of that Mean.
type Late struct {
	Share          float64
	Min, Max, Mean time.Duration
}

func (s *Scenario) latency() time.Duration  { return orElse(s.Latency, 300*time.Millisecond) }
func (s *Scenario) interval() time.Duration { return orElse(s.Interval, 30*time.Second) }
func (s *Scenario) lateness() time.Duration { return orElse(s.Lateness, 10*time.Minute) }

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
