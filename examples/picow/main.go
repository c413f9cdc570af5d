//go:build tinygo

// Firmware of an alarm for a Raspberry Pi Pico W: an LED and a buzzer that say that
// there is something new in Workato's activity audit log. README.md shows how to
// build it, in both senses.
package main

import (
	"machine"
	"strconv"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/cursor"
	"github.com/workato-go/sdk/examples/picow/settings"
	"github.com/workato-go/sdk/examples/picow/setup"
)

// built is when the image was built, in seconds since 1970. The linker sets it.
var built string

func main() {
	led, buzzer := newOutput(ledPin), newOutput(buzzerPin)
	mutePin.Configure(machine.PinConfig{Mode: machine.PinInputPullup})
	startWatchdog()
	if bitten() {
		println("start: by the watchdog")
	} else {
		println("start")
	}
	seconds, err := strconv.ParseInt(built, 10, 64)
	if err != nil {
		panic("the image was built without a time; use the build script")
	}

	b := &board{}
	b.guard.Patience = patience
	b.progress()
	boots, err := cursor.CountBoot(machine.Flash)
	if err != nil {
		println("flash:", err.Error())
	}
	noise.AddNumber(uint64(boots))

	chosen, err := settings.Load(machine.Flash)
	if err == nil {
		err = chosen.Validate()
	}
	if err != nil {
		println("settings:", err.Error())
		b.unset(led, buzzer)
	}
	f := &firmware{board: b, settings: chosen, floor: time.Unix(seconds, 0)}
	if err := f.run(led, buzzer); err != nil {
		// What Validate lets through, watch and alarm take. If not, the chip starts
		// again, for nobody feeds its watchdog.
		panic(err.Error())
	}
}

// unset is a board without settings: it shows that, and waits for somebody at the
// serial port.
func (b *board) unset(led, buzzer alarm.Output) {
	a, err := alarm.New(alarm.Config{}, led, buzzer)
	if err != nil {
		panic(err.Error())
	}
	session := setup.New(b.console(nil, forget))
	a.Failed(time.Now(), alarm.Settings)
	b.serve(func(now time.Time, pressed bool) time.Time {
		b.progress() // there is nothing else to get on with
		a.Button(now, pressed)
		next, _ := a.Step(now) // a pin cannot fail
		return next
	}, session.Feed)
}

// console is what the one at the serial port can do.
func (b *board) console(status func(line func(string)), forget func() error) setup.Board {
	return setup.Board{
		Flash:     machine.Flash,
		Print:     func(text string) { _, _ = machine.Serial.Write([]byte(text)) },
		Status:    status,
		BeginAnew: forget,
		Restart:   func() { b.restart = time.Now().Add(300 * time.Millisecond) },
	}
}

// forget removes the checkpoint, of whatever workspace it is.
func forget() error {
	store, err := cursor.Open(machine.Flash, "", "")
	if err != nil {
		return err
	}
	return store.Wipe()
}
