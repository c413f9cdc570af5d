package sim

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/activity/diff"
)

// long says that there is time: SIM_LONG=1 plays every scenario in full length
// and many more random worlds.
func long() bool { return os.Getenv("SIM_LONG") != "" }

func trackers() []Strategy { return Strategies()[simple:] }

// complaints says which promises a tracker broke in a scenario whose assumptions
// hold.
func complaints(s *Scenario, r *Result) []string {
	var out []string
	complain := func(broken bool, format string, args ...any) {
		if broken {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	complain(r.Silent > 0, "%d events are missing and not reported", r.Silent)
	complain(r.Unsorted > 0, "%d batches do not ascend", r.Unsorted)
	complain(r.Duplicated > r.InFlight+repeatable(s), "%d events are delivered again, with %d in flight at %d crashes",
		r.Duplicated, r.InFlight, r.Crashes)
	complain(r.Largest > batchSize, "a batch has %d events", r.Largest)
	if (r.Crashes == 0 || s.Outage) && !s.Refit {
		complain(r.FalseGap > uncounted(s), "%d events are reported missing and are not", r.FalseGap)
	}
	// A count that lags on a busy log is behind at every look, as if rows vanished.
	changes := s.Switch || s.Refit || s.Keep > 0 || s.Rules.Counting != Exact || s.Rules.CountLag > 0
	complain(r.Unknown > 0 && !changes, "%d reports of unknown size, and nothing had happened", r.Unknown)
	return out
}

// repeatable is how many deliveries may come again at the two changes of the
// filter: the events since everything was explained, which may be half an hour
// ago where requests fail.
func repeatable(s *Scenario) int {
	if !s.Refit {
		return 0
	}
	halfHour := 0.5 * s.PerHour
	if s.Bursts.Every > 0 {
		halfHour += float64(s.Bursts.Size) * (1 + 0.5/s.Bursts.Every.Hours())
	}
	return 10 + 2*int(halfHour)
}

// uncounted is how many rows the first count can lack where it lags: they are
// reported as missing once.
func uncounted(s *Scenario) int {
	if s.Rules.CountLag == 0 {
		return 0
	}
	return 3 + int(4*s.PerHour*s.Rules.CountLag.Hours())
}

func TestTrackersKeepTheirPromises(t *testing.T) {
	t.Parallel()
	runs, length := uint64(1), shortRun
	if long() {
		runs, length = TableRuns, TableHours*time.Hour
	}
	for _, s := range Scenarios() {
		for _, strategy := range trackers() {
			t.Run(s.Name+" "+strategy.Name, func(t *testing.T) {
				t.Parallel()
				for run := uint64(1); run <= runs; run++ {
					r := mustRun(t, &s, strategy, run, length)
					for _, c := range complaints(&s, &r) {
						t.Errorf("run %d: %s", run, c)
					}
					small := strings.Contains(strategy.Name, "192")
					if small && r.State > 1024 || r.State > 24*diff.ServerConfig().RingSize+64<<10 {
						t.Errorf("run %d: the state takes %d bytes", run, r.State)
					}
					if r.Missed > 0 && (s.Name != "S6" || !small) {
						t.Errorf("run %d: %d events are missing, %d reported", run, r.Missed, r.Reported)
					}
				}
			})
		}
	}
}

// A poll that finds nothing is one request; once an hour there is another one,
// to count again.
func TestIdlePollIsOneRequest(t *testing.T) {
	t.Parallel()
	for _, strategy := range trackers() {
		r := mustRun(t, &Scenario{Name: "nothing"}, strategy, 1, 50*time.Minute)
		first := 1 // the very first poll asks for the time as well
		audits := int((50*time.Minute + drain) / time.Hour)
		if r.IdlePolls < 400 || r.IdleRequests > r.IdlePolls+first+audits {
			t.Errorf("%s: %d requests in %d polls of an empty log", strategy.Name, r.IdleRequests, r.IdlePolls)
		}
		r = mustRun(t, scenario(t, "S0"), strategy, 1, shortRun)
		audits = int((shortRun + drain) / time.Hour)
		if r.IdleRequests > r.IdlePolls+first+audits {
			t.Errorf("%s: %d requests in %d polls of a quiet log", strategy.Name, r.IdleRequests, r.IdlePolls)
		}
	}
}

// What comes too late for a small memory is reported, each event once.
func TestReportsAreExact(t *testing.T) {
	t.Parallel()
	s := scenario(t, "S6")
	r := mustRun(t, s, trackers()[1], 1, shortRun)
	if r.Missed == 0 || r.Reported < r.Missed || r.Silent != 0 || r.FalseGap != 0 {
		t.Errorf("missed %d, silently %d, reported %d, falsely %d", r.Missed, r.Silent, r.Reported, r.FalseGap)
	}
}

// A driver that makes a mistake is found out in the same scenarios, by the same
// complaints.
func TestFlawsAreNoticed(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		flaw     flaw
		scenario string
		config   diff.Config
	}{
		"registers before it delivers": {acksFirst, "S9", diff.ServerConfig()},
		"ignores gaps":                 {ignoresGaps, "S6", diff.BoardConfig()},
		"lets the anchor slide":        {slidesAnchor, "S5", diff.ServerConfig()},
		"keeps the newest":             {keepsNewest, "S3", diff.BoardConfig()},
		"saves seldom":                 {savesNotAtOnce, "S9", diff.ServerConfig()},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := scenario(t, c.scenario)
			r, err := Run(s, withFlaw(name, c.config, c.flaw), 1, shortRun)
			if err == nil && len(complaints(s, &r)) == 0 {
				t.Errorf("nobody complains: %+v", withoutDelays(r))
			}
		})
	}
}

func withoutDelays(r Result) Result {
	r.Delays = nil
	return r
}
