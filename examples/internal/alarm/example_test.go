package alarm_test

import (
	"fmt"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

// printer is an output that prints what it is told.
type printer struct {
	name  string
	start time.Time
	now   *time.Time
}

func (p printer) Set(on bool) error {
	fmt.Printf("%6v %s %v\n", p.now.Sub(p.start), p.name, on)
	return nil
}

// An alarm is a loop around Step.
func Example() {
	now := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	led, buzzer := printer{"LED   ", now, &now}, printer{"buzzer", now, &now}
	a, err := alarm.New(alarm.Config{}, led, buzzer)
	if err != nil {
		fmt.Println(err)
		return
	}
	a.Button(now, false) // it is up at the start
	a.Answered(now)
	a.Activity(now, alarm.Normal, 3) // with three new events
	for range 3 {
		next, err := a.Step(now)
		if err != nil {
			fmt.Println(err)
		}
		now = next // a program sleeps until then, or until something happens
	}
	a.Button(now, true)
	next, _ := a.Step(now)
	now = next // it does not bounce
	if _, err := a.Step(now); err != nil {
		fmt.Println(err)
	}
	fmt.Println(a.State().Shows)
	// Output:
	//     0s buzzer false
	//     0s LED    false
	//     0s buzzer true
	//     0s LED    true
	//  300ms buzzer false
	//  500ms LED    false
	//     1s LED    true
	// quiet
}

func ExamplePolicy() {
	policy := alarm.Policy{
		IgnoreUsers:   []int64{4711}, // the service account of the backup
		ExcludeEvents: []string{"user_login"},
		HighEvents:    []string{"token_leaked"},
	}
	if err := policy.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(policy.Severity(alarm.Event{UserID: 12, Type: "recipe_stopped", ResourceType: "Flow"}))
	fmt.Println(policy.Severity(alarm.Event{UserID: 4711, Type: "recipe_stopped", ResourceType: "Flow"}))
	fmt.Println(policy.Severity(alarm.Event{UserID: 12, Type: "token_leaked"}))
	// Output:
	// normal
	// ignored
	// high
}

func ExampleLooks() {
	for _, look := range alarm.Looks() {
		fmt.Printf("%-37s %s\n", look.Shows, look.Pattern)
	}
	// Output:
	// starting                              █
	// joining the network                   ████████________
	// asking for the time                   ██████████████__
	// connecting                            ██████████__██__
	// quiet                                 ▏
	// quiet, muted                          ▏_▏
	// new activity                          ████____
	// new activity, high                    █_
	// fault: nobody answers                 ██__██____________
	// fault: network cannot be joined       ██__██__██____________
	// fault: no address                     ██__██__██__██____________
	// fault: no time                        ██__██__██__██__██____________
	// fault: answer cannot be used          ██__██__██__██__██__██____________
	// fault: certificate refused            ████████____██__██____________
	// fault: token refused                  ████████____██__██__██____________
	// fault: settings missing or damaged    ████████____██__██__██__██____________
	// fault: checkpoint damaged or foreign  ████████____██__██__██__██__██____________
}

func ExampleFault_Blinks() {
	long, short := alarm.Token.Blinks()
	fmt.Printf("%v: %d long, %d short\n", alarm.Token, long, short)
	// Output: token refused: 1 long, 3 short
}

func ExampleParseQuietHours() {
	hours, err := alarm.ParseQuietHours("22:00-07:30")
	fmt.Println(hours, hours.Contains(time.Date(2026, time.March, 2, 23, 0, 0, 0, time.UTC)), err)
	_, err = alarm.ParseQuietHours("10pm-7am")
	fmt.Println(err)
	// Output:
	// 22:00-07:30 true <nil>
	// alarm: Quiet has to look like 22:00-07:30, or be empty
}
