package sim

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

const (
	shortRun = 3 * time.Hour
	simple   = 5 // of the strategies
)

func scenario(t *testing.T, name string) *Scenario {
	t.Helper()
	all := Scenarios()
	i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("there is no scenario %s", name)
	}
	return &all[i]
}

func mustRun(t *testing.T, s *Scenario, strategy Strategy, run uint64, length time.Duration) Result {
	t.Helper()
	r, err := Run(s, strategy, run, length)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// reference is the reader that nobody can afford: it reads the whole log each time
// and forgets nothing.
type reference struct{ seen map[int64]bool }

func (r *reference) Size() int { return 0 }

func (r *reference) Poll(h *Host) error {
	page, err := h.Get(Query{Size: 1 << 30})
	if err != nil {
		return err
	}
	first := r.seen == nil
	if first {
		r.seen = map[int64]bool{}
	}
	var fresh []int64
	for _, row := range page.Rows {
		if !r.seen[row.ID] && !first {
			fresh = append(fresh, row.ID)
		}
		r.seen[row.ID] = true
	}
	slices.Sort(fresh)
	return h.Deliver(fresh)
}

// The balance of a run agrees with a reader that sees every snapshot: it misses
// nothing, whatever happens to the log.
func TestReferenceReaderIsFlawless(t *testing.T) {
	t.Parallel()
	strategy := Strategy{Name: "reference", New: func(*Host) (Reader, error) { return &reference{}, nil }}
	for _, s := range Scenarios() {
		if s.Outage || s.Crashes > 0 || s.Refit {
			continue // it has no disk, and forgets when it is started again
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			s.Failures, s.Budget, s.Rules.Storm = 0, 1<<20, Storm{}
			s.Rules.PerMinute, s.Interval, s.Latency = 1<<20, 20*time.Second, 2*time.Millisecond
			r := mustRun(t, &s, strategy, 1, time.Hour)
			if s.Switch {
				r.Duplicated = 0 // the other log's old rows are new to it
			}
			if r.Missed != 0 || r.Duplicated != 0 || r.Delay(1) > 20_002 {
				t.Errorf("missed %d, duplicated %d, slowest %d ms", r.Missed, r.Duplicated, r.Delay(1))
			}
			if r.Events == 0 && s.Name != "S0" {
				t.Error("nothing happened")
			}
		})
	}
}

// Each of the simple readers fails where it is said to fail, or the scenarios
// would prove nothing about a reader that does not.
func TestSimpleReadersLoseEvents(t *testing.T) {
	t.Parallel()
	if raceDetector {
		t.Skip("played without the race detector, which has nothing to find here: see the Makefile")
	}
	loses := map[string][]string{
		"count difference":      {"S1", "S2", "S3", "S4", "S8", "S10", "S16", "S17", "S18"},
		"maximum ID, page 1":    {"S3", "S4", "S5", "S6", "S8", "S9", "S10", "S11", "S12", "S13", "S17"},
		"maximum ID, all pages": {"S4", "S5", "S6", "S9", "S15", "S17"},
		"time cursor":           {"S4", "S5", "S6", "S7", "S9"},
		"overlap 60 s + LRU":    {"S5", "S6"},
	}
	keeps := map[string][]string{
		"maximum ID, page 1":    {"S1", "S2", "S7", "S14"},
		"maximum ID, all pages": {"S1", "S2", "S3", "S7", "S8", "S10", "S11", "S12", "S13", "S14"},
		"time cursor":           {"S1", "S2", "S3", "S8", "S10", "S11", "S12", "S14"},
		"overlap 60 s + LRU":    {"S1", "S2", "S3", "S8", "S10", "S11", "S12", "S14"},
	}
	for _, strategy := range Strategies()[:simple] {
		for _, name := range loses[strategy.Name] {
			if r := mustRun(t, scenario(t, name), strategy, 1, shortRun); r.Missed == 0 || r.Silent != r.Missed {
				t.Errorf("%s, %s: missed %d, silently %d", strategy.Name, name, r.Missed, r.Silent)
			}
		}
		for _, name := range keeps[strategy.Name] {
			if r := mustRun(t, scenario(t, name), strategy, 1, shortRun); r.Missed != 0 {
				t.Errorf("%s, %s: missed %d", strategy.Name, name, r.Missed)
			}
		}
	}
}

func TestCrashesRepeatWhatWasNotSaved(t *testing.T) {
	t.Parallel()
	for _, strategy := range Strategies()[:simple] {
		if r := mustRun(t, scenario(t, "S9"), strategy, 1, shortRun); r.Duplicated == 0 || r.Crashes < 5 {
			t.Errorf("%s: %d duplicated in %d crashes", strategy.Name, r.Duplicated, r.Crashes)
		}
	}
}

func TestRunsCanBeRepeated(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"S9", "S11", "S13"} {
		for _, strategy := range Strategies()[:simple] {
			once := mustRun(t, scenario(t, name), strategy, 2, shortRun)
			if again := mustRun(t, scenario(t, name), strategy, 2, shortRun); !reflect.DeepEqual(once, again) {
				t.Errorf("%s, %s: two results for the same run", strategy.Name, name)
			}
			if other := mustRun(t, scenario(t, name), strategy, 3, shortRun); reflect.DeepEqual(once, other) {
				t.Errorf("%s, %s: two runs are the same", strategy.Name, name)
			}
		}
	}
}
