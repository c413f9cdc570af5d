// Package alarm decides what an LED and a buzzer do about new events, and what a
// mute button does about them. It runs on Linux and on microcontrollers: it
// drives whatever can be set on or off, and knows no network, no pins and no
// clock but the one that it is told.
//
// An [Alarm] has one owner, which calls it from one goroutine. The owner says
// what happens, and calls Step when Step says so:
//
//	a, err := alarm.New(alarm.Config{}, led, buzzer)
//	...
//	a.Button(time.Now(), pressed)              // once at the start, then at each edge or at each poll
//	a.Answered(time.Now())                     // the log answered
//	a.Activity(time.Now(), alarm.Normal, 3)    // with three new events
//	a.Failed(time.Now(), alarm.Unreachable)    // or it did not answer
//	next, err := a.Step(time.Now())            // after any of these, and at next
//
// # The clock
//
// Each call is given the time, in the zone in which quiet hours are meant.
// Everything but quiet hours counts by the monotonic reading where there is one,
// so setting the clock disturbs nothing. Where there is none, a clock that is set
// forward ends early what is going on. One that is set back lets it go on, but
// for a sound: that ends, because nobody can tell how long it has lasted.
//
// # What holds always
//
// The buzzer is never on for longer than [Config].MaxSound in one piece, as long
// as Step is called when it says so; one place of the code turns the buzzer on,
// and it is the one that counts. In any minute the buzzer sounds for at most
// 3 x Sound for each SoundPause that begins in it: 6.3 s with the defaults.
//
// A feed that is dead never looks like one without events: the wink that says
// that all is quiet is not shown while there is no answer.
//
// Nothing is allocated after [New], except by State and by outputs that fail.
package alarm
