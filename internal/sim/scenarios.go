package sim

import "time"

// Scenarios are what the readers are compared in.
func Scenarios() []Scenario {
	const steady = 360 // events an hour
	bursts := Bursts{Every: 30 * time.Minute, Size: 700, Within: 5 * time.Second}
	outOfOrder := Late{Share: 0.05, Mean: 20 * time.Second}
	late := Late{Share: 0.01, Min: time.Minute, Max: 9 * time.Minute}
	return []Scenario{
		{Name: "S0", Title: "idle: one event an hour", PerHour: 1},
		{Name: "S1", Title: "six events a minute", PerHour: steady},
		{Name: "S2", Title: "an event a minute, like clockwork", Every: time.Minute},
		{
			Name: "S3", Title: "450 events within 5 s, every 30 min",
			PerHour: 30, Bursts: Bursts{Every: 30 * time.Minute, Size: 450, Within: 5 * time.Second},
		},
		{Name: "S4", Title: "5 % commit out of order, by 20 s", PerHour: 600, Late: outOfOrder},
		{Name: "S5", Title: "1 % are late by 1 to 9 min", PerHour: 600, Late: late},
		{
			Name: "S6", Title: "1 % are late by 5 to 60 min, beyond the bound",
			PerHour: 600, Late: Late{Share: 0.01, Min: 5 * time.Minute, Max: time.Hour},
		},
		{Name: "S7", Title: "the writers' clocks are off by up to 45 s", PerHour: 600, Skew: 45 * time.Second},
		{
			Name: "S8", Title: "300 events with one timestamp, every hour",
			PerHour: 60, Bursts: Bursts{Every: time.Hour, Size: 300},
		},
		{
			Name: "S9", Title: "a crash every 10 min, 5 % out of order",
			PerHour: 600, Late: outOfOrder, Crashes: 10 * time.Minute,
		},
		{Name: "S10", Title: "down for half of the time", PerHour: 600, Outage: true},
		{
			Name: "S11", Title: "20 % of the requests fail, bursts of 700",
			PerHour: 60, Bursts: bursts, Failures: 0.2,
		},
		{Name: "S12", Title: "six requests a minute, bursts of 700", PerHour: 60, Bursts: bursts, Budget: 6},
		{
			Name: "S13", Title: "429 for 4 min of every 20, bursts of 700",
			PerHour: 60, Bursts: bursts,
			Rules: Rules{Storm: Storm{Every: 20 * time.Minute, For: 4 * time.Minute, RetryAfter: 45 * time.Second}},
		},
		{Name: "S14", Title: "rows are deleted after 2 h", PerHour: 600, Keep: 2 * time.Hour},
		{
			Name: "S15", Title: "the count lags by 5 s, 5 % out of order",
			PerHour: 600, Late: outOfOrder, Rules: Rules{CountLag: 5 * time.Second},
		},
		{
			Name: "S16", Title: "the count is that of the page, 1 % late",
			PerHour: 600, Late: late, Rules: Rules{Counting: PerPage},
		},
		{Name: "S17", Title: "another environment halfway, with lower IDs", PerHour: 300, Switch: true},
		{Name: "S18", Title: "a filter comes and goes", PerHour: 300, Noise: 0.4, Refit: true},
	}
}
