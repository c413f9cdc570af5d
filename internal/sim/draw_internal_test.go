package sim

import (
	"fmt"
	"math"
	"time"
)

// drawScenario draws a world and its troubles at random, with every knob turned
// now and then, within the assumptions under which nothing may be lost silently.
func drawScenario(run uint64) (*Scenario, random) {
	r := newRandom(run, "any", "scenario")
	s := &Scenario{Name: fmt.Sprint("any ", run), Title: "drawn at random"}
	s.PerHour = 3.6 * math.Pow(1000, r.Float64()) // 0.001 to 1 a second
	drawWriters(s, r)
	drawServer(s, r)
	drawTroubles(s, r)
	return s, r
}

func drawWriters(s *Scenario, r random) {
	if r.chance(0.6) {
		s.Late = Late{Share: r.Float64() * 0.2, Max: time.Duration(r.between(0, s.lateness())) * time.Millisecond}
	}
	if r.chance(0.2) {
		s.Late = Late{Share: 0.05, Mean: 20 * time.Second}
	}
	if r.chance(0.4) {
		every := time.Duration(r.between(5*time.Minute, 40*time.Minute)) * time.Millisecond
		s.Bursts = Bursts{Every: every, Size: r.IntN(600), Within: time.Duration(r.IntN(2)*5) * time.Second}
	}
	if r.chance(0.2) {
		s.Skew = time.Duration(r.between(0, 45*time.Second)) * time.Millisecond
	}
	if r.chance(0.2) {
		s.Noise, s.Refit = r.Float64(), true
	}
	s.Switch = !s.Refit && r.chance(0.1)
}

func drawServer(s *Scenario, r random) {
	if r.chance(0.3) {
		s.Rules.CountLag = time.Duration(r.between(0, 10*time.Second)) * time.Millisecond
	}
	if r.chance(0.2) {
		s.Rules.Storm = Storm{Every: 20 * time.Minute, For: time.Duration(1+r.IntN(6)) * time.Minute, RetryAfter: 45 * time.Second}
	}
	if r.chance(0.2) {
		s.Keep = 90*time.Minute + time.Duration(r.IntN(60))*time.Minute
	}
}

func drawTroubles(s *Scenario, r random) {
	if r.chance(0.3) {
		s.Jitter = time.Duration(r.between(0, 20*time.Second)) * time.Millisecond
	}
	if r.chance(0.3) {
		s.Failures = r.Float64() * 0.3
	}
	if r.chance(0.2) {
		s.Budget = 12 + r.IntN(40)
	}
	if r.chance(0.4) {
		s.Crashes = time.Duration(r.between(time.Minute, 20*time.Minute)) * time.Millisecond
	}
	if r.chance(0.2) {
		s.BadSaves = r.Float64() * 0.3
	}
	if r.chance(0.2) {
		s.Interval = time.Duration(r.between(2*time.Second, 2*time.Minute)) * time.Millisecond
	}
}
