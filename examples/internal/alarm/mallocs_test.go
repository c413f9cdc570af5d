package alarm_test

import (
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// TestNothingIsAllocated lets an alarm live for ten minutes of everything.
func TestNothingIsAllocated(t *testing.T) { //nolint:paralleltest // counts allocations, of whoever makes them
	a, err := alarm.New(alarm.Config{
		TroubleSound: true, HighBreaks: true, Quiet: alarm.QuietHours{From: 13 * time.Hour, To: 14 * time.Hour},
	}, silent{}, silent{})
	if err != nil {
		t.Fatal(err)
	}
	policy := alarm.Policy{IgnoreUsers: []int64{7}, IncludeEvents: []string{"recipe_stopped"}, HighEvents: []string{"recipe_stopped"}}
	now := noon
	live := func() {
		for i := range 6000 {
			now = now.Add(100 * time.Millisecond)
			switch i % 300 {
			case 0:
				a.Enter(now, alarm.Connecting)
			case 50:
				a.Answered(now)
			case 100:
				a.Activity(now, policy.Severity(alarm.Event{Type: "recipe_stopped"}), 3)
			case 110:
				a.Activity(now, alarm.Normal, 1)
			case 150:
				a.Failed(now, alarm.Fault(i/300%10))
			case 200:
				a.Button(now, true)
			case 225:
				a.Button(now, false)
			}
			if _, err := a.Step(now); err != nil {
				t.Fatal(err)
			}
		}
	}
	live()
	if n := mallocs(live); n != 0 {
		t.Errorf("%d allocations", n)
	}
}
