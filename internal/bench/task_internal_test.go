package bench

import (
	"errors"
	"testing"
	"time"

	"github.com/workato-go/sdk/internal/pages"
)

// Every contestant does its task, again and again.
func TestEveryContestantRuns(t *testing.T) {
	t.Parallel()
	for _, task := range Tasks() {
		for _, c := range task.Contestants {
			found, err := Find(task.Name)
			if err != nil {
				t.Fatal(err)
			}
			cost, err := found.Measure(c.Name, Input{pages.Mixed, 250}, 2*time.Millisecond)
			if err != nil || cost.Nanoseconds <= 0 {
				t.Errorf("%s, %s: %+v, %v", task.Name, c.Name, cost, err)
			}
		}
		if _, err := task.Measure("nobody", Input{pages.Mixed, 1}, 0); err == nil {
			t.Errorf("%s: a contestant that there is not was measured", task.Name)
		}
	}
	if _, err := Find("nothing"); err == nil {
		t.Error("a task that there is not was found")
	}
}

func TestMeasureCountsForEachEvent(t *testing.T) {
	t.Parallel()
	var sink [][]byte
	cost, err := measure(func() error {
		sink = nil
		for range 10 {
			sink = append(sink, make([]byte, 1024))
		}
		return nil
	}, 10, 2*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if cost.Allocations < 1 || cost.Bytes < 1024 || cost.Nanoseconds <= 0 {
		t.Errorf("%+v for an event that takes an allocation of 1,024 bytes", cost)
	}
}

func TestMeasureStopsAtAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, good := range []int{0, 1} {
		n := 0
		_, err := measure(func() error {
			if n++; n > good {
				return broken
			}
			return nil
		}, 1, time.Millisecond)
		if !errors.Is(err, broken) {
			t.Errorf("after %d runs: %v", good, err)
		}
	}
}
