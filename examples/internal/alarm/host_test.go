//go:build !tinygo

package alarm_test

import (
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata" // for a machine without

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// mallocs is the number of allocations of f.
func mallocs(f func()) int { return int(testing.AllocsPerRun(1, f)) }

// TestMonotonicClock sets the clock on the wall, which a time of time.Now takes
// no notice of.
func TestMonotonicClock(t *testing.T) {
	t.Parallel()
	r := newRig(t, alarm.Config{})
	r.now = time.Now()
	start := r.now
	r.play("0s answered\n1s activity normal 1\n1.5s shows new activity")
	// As it is after the clock on the wall was set: another zone is another reading.
	r.now = r.now.In(time.FixedZone("", -5*3600))
	r.play("12s activity normal 1\n12s buzzer ███_______\n13s led ████____")
	if got := r.State().LastAnswer.Sub(start); got != 0 {
		t.Errorf("the last answer moved by %v", got)
	}
}

// TestQuietHoursOnTheDayOfSummerTime lets an alarm live through the hour that is
// missing and through the one that is there twice.
func TestQuietHoursAndSummerTime(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	hours, err := alarm.ParseQuietHours("01:30-03:30")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		day   time.Time
		quiet time.Duration // really
	}{
		{time.Date(2026, time.March, 28, 0, 0, 0, 0, berlin), 2 * time.Hour},
		{time.Date(2026, time.March, 29, 0, 0, 0, 0, berlin), time.Hour},
		{time.Date(2026, time.October, 25, 0, 0, 0, 0, berlin), 3 * time.Hour},
	} {
		got := time.Duration(0)
		for at := test.day; at.Day() == test.day.Day(); at = at.Add(time.Minute) {
			if hours.Contains(at) {
				got += time.Minute
			}
		}
		if got != test.quiet {
			t.Errorf("%v has %v of quiet hours, want %v", test.day, got, test.quiet)
		}
	}
}

// TestTimer drives an alarm as a program does, with a timer.
func TestTimer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lit := 0
		a, err := alarm.New(alarm.Config{}, set(func(on bool) error {
			if on {
				lit++
			}
			return nil
		}), silent{})
		if err != nil {
			t.Fatal(err)
		}
		a.Answered(time.Now())
		a.Activity(time.Now(), alarm.Normal, 1)
		steps := 0
		for end := time.Now().Add(time.Minute); time.Now().Before(end); steps++ {
			next, err := a.Step(time.Now())
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Until(next))
		}
		if lit != 60 || steps > 125 {
			t.Errorf("lit %d times in a minute, with %d steps", lit, steps)
		}
	})
}
