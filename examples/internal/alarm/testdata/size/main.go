//go:build tinygo

// Command size lets an alarm run for a minute. What it needs more than an empty
// program is the price of the package.
package main

import (
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

type pin struct{ changes int }

func (p *pin) Set(bool) error {
	p.changes++
	return nil
}

func main() {
	quiet, err := alarm.ParseQuietHours("22:00-07:30")
	if err != nil {
		panic(err.Error())
	}
	policy := alarm.Policy{IgnoreUsers: []int64{7}, HighEvents: []string{"token_leaked"}}
	if err := policy.Validate(); err != nil {
		panic(err.Error())
	}
	var led, buzzer pin
	a, err := alarm.New(alarm.Config{Quiet: quiet, TroubleSound: true}, &led, &buzzer)
	if err != nil {
		panic(err.Error())
	}
	now := time.Unix(1772452800, 0)
	a.Button(now, false)
	a.Enter(now, alarm.Connecting)
	a.Failed(now, alarm.Trust)
	a.Answered(now)
	a.Activity(now, policy.Severity(alarm.Event{UserID: 1, Type: "token_leaked"}), 1)
	for end := now.Add(time.Minute); now.Before(end); {
		next, err := a.Step(now)
		if err != nil {
			panic(err.Error())
		}
		now = next
	}
	println(a.State().Shows, led.changes, buzzer.changes)
}
