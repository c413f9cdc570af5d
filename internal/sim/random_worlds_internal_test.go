package sim

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/workato-go/sdk/activity/diff"
)

// Whatever the world is like, as long as the assumptions hold: nothing is lost
// silently, and nothing comes twice but the batch in flight at a crash.
func TestRandomWorlds(t *testing.T) {
	t.Parallel()
	worlds := 60
	if long() {
		worlds = 3000
	}
	if n, err := strconv.Atoi(os.Getenv("SIM_WORLDS")); err == nil {
		worlds = n
	}
	var all Result
	for run := range uint64(worlds) {
		s, r := drawScenario(run)
		config := drawConfig(s, r)
		strategy := withTracker("tracker", config)
		result := mustRun(t, s, strategy, run, time.Hour)
		for _, c := range complaints(s, &result) {
			t.Errorf("%s\n%+v\n%+v\n%+v", c, *s, config, withoutDelays(result))
		}
		if t.Failed() {
			return
		}
		result.Delays = nil
		all.Add(result)
	}
	t.Logf("%d worlds, %d events, %d missed, %d reported, %d duplicated in %d crashes",
		worlds, all.Events, all.Missed, all.Reported, all.Duplicated, all.Crashes)
}

// Page size, memory for a walk and the interval change what a tail costs, and
// the order of what is late, but not what is delivered.
func TestSizesDoNotMatter(t *testing.T) {
	t.Parallel()
	for run := range uint64(10) {
		s, _ := drawScenario(run)
		s.Crashes, s.BadSaves, s.Refit, s.Switch = 0, 0, false, false
		for _, page := range []int{5, 20, 100} {
			config := diff.Config{RingSize: 16384, PageSize: page/5 + 1, MaxPageSize: page, Cursors: 16, Audit: true}
			fit(s, page)
			if r := mustRun(t, s, withTracker(fmt.Sprint("page ", page), config), run, time.Hour); r.Missed != 0 || r.Duplicated != 0 {
				t.Errorf("page %d: missed %d, duplicated %d\n%+v", page, r.Missed, r.Duplicated, *s)
			}
		}
	}
}

func drawConfig(s *Scenario, r random) diff.Config {
	page := [...]int{5, 7, 20, 100}[r.IntN(4)]
	fit(s, page)
	ring := page + [...]int{0, 10, 100, 1000, 16384}[r.IntN(5)]
	if s.Refit || s.Rules.CountLag > 0 {
		// A memory that is too small leaves everything to the count, which must
		// then be true, and explains nothing to go on from after a Restart.
		ring = 16384
	}
	return diff.Config{
		RingSize:    ring,
		PageSize:    1 + r.IntN(5),
		MaxPageSize: page,
		Hold:        page * [...]int{1, 1, 3, 10}[r.IntN(4)],
		Cursors:     [...]int{16, 17, 64}[r.IntN(3)],
		Audit:       r.chance(0.8),
	}
}

// fit makes the world no busier than a reader with such pages can follow. That
// is an assumption of every reader.
func fit(s *Scenario, page int) {
	perMinute := float64(orElse(s.Budget, 55))
	perMinute = min(perMinute, 60/s.interval().Seconds()*20)
	capacity := perMinute * 60 * float64(page) / 10
	if s.Jitter > 0 || s.Failures > 0 || s.Crashes > 0 || s.BadSaves > 0 || s.Rules.Storm.Every > 0 {
		capacity /= 4
	}
	s.PerHour = min(s.PerHour, capacity/2)
	if every := s.Bursts.Every.Hours(); every > 0 {
		s.Bursts.Size = min(s.Bursts.Size, int(capacity/2*every))
	}
}
