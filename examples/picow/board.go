//go:build tinygo

package main

import (
	"device/rp"
	"machine"
	"time"
	_ "unsafe" // for go:linkname

	"github.com/workato-go/sdk/examples/picow/entropy"
	"github.com/workato-go/sdk/examples/picow/guard"
)

// The pins. GP15 is none of them: a workaround for an erratum of the chip borrows
// it whenever USB is reset.
const (
	ledPin    = machine.GPIO16
	buzzerPin = machine.GPIO17
	mutePin   = machine.GPIO18 // to ground while pressed
)

const (
	// tick is how often the alarm's outputs and its button are looked at.
	tick = 10 * time.Millisecond
	// patience is longer than any request may take. The chip's own watchdog cannot
	// wait for more than 8.3 s.
	patience = 4 * time.Minute
)

// output is a pin that is on or off.
type output struct{ pin machine.Pin }

func newOutput(pin machine.Pin) output {
	pin.Low() // before it is an output: no click of the buzzer
	pin.Configure(machine.PinConfig{Mode: machine.PinOutput})
	pin.Low()
	return output{pin}
}

func (o output) Set(on bool) error {
	o.pin.Set(on)
	return nil
}

// noise is where all random bytes come from. It is a variable because Go's crypto
// asks a function without arguments.
var noise entropy.Pool

// programRandom is what Go's crypto calls. Nobody dials before the pool is ready;
// should it fail its tests later, there must be no key without noise.
//
//go:linkname programRandom program.random
func programRandom(p []byte) {
	if _, err := noise.Read(p); err != nil {
		panic(err.Error())
	}
}

// random is for what need not be secret.
func random() uint32 {
	x, _ := machine.GetRNG() // cannot fail
	return x
}

// gather reads some bits of the ring oscillator, far enough from each other.
func gather(bits int) {
	for range bits {
		noise.AddBit(byte(rp.ROSC.GetRANDOMBIT()))
		for begin := time.Now(); time.Since(begin) < 10*time.Microsecond; {
		}
	}
}

// board is what goes on beside the loop.
type board struct {
	guard   guard.Guard
	restart time.Time // when; zero: not
}

// progress is called when the loop got on with its work.
func (b *board) progress() {
	now := time.Now()
	b.guard.Progress(now)
	noise.AddNumber(uint64(now.UnixNano()))
}

// sleep waits, which is progress: what waits too long has a bound of its own.
func (b *board) sleep(d time.Duration) {
	const slice = time.Second
	for ; d > slice; d -= slice {
		time.Sleep(slice)
		b.progress()
	}
	time.Sleep(d)
	b.progress()
}

// serve is the other goroutine: it blinks, sounds, listens to the button and to the
// serial port, and feeds the watchdog.
func (b *board) serve(step func(now time.Time, pressed bool) time.Time, console func(byte)) {
	for {
		now := time.Now()
		next := step(now, !mutePin.Get())
		for machine.Serial.Buffered() > 0 {
			c, err := machine.Serial.ReadByte()
			if err != nil {
				break
			}
			console(c)
		}
		gather(1)
		if !b.restart.IsZero() && now.After(b.restart) {
			restart()
		}
		if b.guard.Alive(now) {
			machine.Watchdog.Update()
		}
		time.Sleep(max(min(next.Sub(time.Now()), tick), time.Millisecond))
	}
}

// restart starts the board again, in the way in which the watchdog does.
func restart() {
	rp.WATCHDOG.CTRL.SetBits(rp.WATCHDOG_CTRL_TRIGGER)
	for {
	}
}

// startWatchdog begins to watch: without Update, the chip starts again.
func startWatchdog() {
	if err := machine.Watchdog.Configure(machine.WatchdogConfig{TimeoutMillis: machine.WatchdogMaxTimeout}); err != nil {
		panic(err.Error())
	}
	if err := machine.Watchdog.Start(); err != nil {
		panic(err.Error())
	}
}

// bitten says whether it was the watchdog that started the chip, for nobody had
// fed it.
func bitten() bool { return rp.WATCHDOG.REASON.Get()&rp.WATCHDOG_REASON_TIMER != 0 }
