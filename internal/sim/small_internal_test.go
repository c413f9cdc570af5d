package sim

import (
	"fmt"
	"testing"
	"time"

	"github.com/workato-go/sdk/activity/diff"
)

// Every order in which four events can become visible around three polls, each
// without a crash and with a crash at every moment of every poll, for a tracker
// that remembers two IDs and holds two events.
func TestSmallWorlds(t *testing.T) {
	t.Parallel()
	config := diff.Config{RingSize: 2, PageSize: 1, MaxPageSize: 2, Cursors: 16, Audit: true}
	strategy := withTracker("tracker, 2 IDs", config)
	plans := crashPlans()
	for order := range 4 * 4 * 4 * 4 {
		if testing.Short() && order%5 != 0 {
			continue
		}
		w := smallWorld(order)
		for _, plan := range plans {
			s := &Scenario{Name: "small"}
			h := newHost(s, w, uint64(order))
			h.deaths = plan
			r, err := h.result(strategy, uint64(order))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range complaints(s, &r) {
				t.Fatalf("visible in slots %d%d%d%d, crash %s: %s", order/64, order/16%4, order/4%4, order%4, fmt.Sprint(plan), c)
			}
		}
	}
}

// smallWorld has four events that become visible before the first poll, or
// before one of the three that follow.
func smallWorld(order int) *World {
	const poll = 30_000
	var events []Event
	for i := range 4 {
		slot := int64(order >> (2 * i) & 3)
		at := epoch - 5000 + slot*poll + int64(i)
		events = append(events, Event{ID: int64(10 + i), Time: epoch - 10_000 + int64(i)*1000, Visible: at})
	}
	w := newWorld(epoch+4*poll, 1, events)
	w.Finish = w.End + time.Hour.Milliseconds()
	return w
}

func crashPlans() []deaths {
	plans := []deaths{nil}
	for poll := range int64(5) {
		for _, m := range []moment{inRequest, inDelivery, beforeSave} {
			plans = append(plans, deaths{{at: epoch + poll*30_000 + 1, moment: m, down: 1000}})
		}
	}
	return plans
}
