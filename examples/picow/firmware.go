//go:build tinygo

package main

import (
	"errors"
	"machine"
	"net"
	"runtime"
	"strconv"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/cursor"
	"github.com/workato-go/sdk/examples/picow/entropy"
	"github.com/workato-go/sdk/examples/picow/https"
	"github.com/workato-go/sdk/examples/picow/network"
	"github.com/workato-go/sdk/examples/picow/secure"
	"github.com/workato-go/sdk/examples/picow/settings"
	"github.com/workato-go/sdk/examples/picow/setup"
	"github.com/workato-go/sdk/examples/picow/watch"
)

const (
	// resync is how often the clock is set: its crystal is wrong by seconds a day.
	resync = 24 * time.Hour
)

// firmware is a board with settings.
type firmware struct {
	*board
	settings *settings.Settings
	floor    time.Time // passed for sure: when the image was built

	watch   *watch.Watch
	network *network.Network
	roots   string    // whom to trust; "": those that are compiled in
	synced  time.Time // when the clock was set; zero: never
}

// run watches the log, and does not come back but with an error.
func (f *firmware) run(led, buzzer alarm.Output) error {
	quiet, err := alarm.ParseQuietHours(f.settings.QuietHours)
	if err != nil {
		return err
	}
	if !f.settings.Buzzer {
		buzzer = silent{}
	}
	panel, err := alarm.New(alarm.Config{Quiet: quiet}, led, buzzer)
	if err != nil {
		return err
	}
	store, err := cursor.Open(machine.Flash, f.settings.Host, f.settings.Customer)
	if err != nil {
		return err
	}
	zone := f.settings.Location()
	host := f.settings.Host
	if f.settings.Port != 443 {
		host += ":" + strconv.Itoa(int(f.settings.Port))
	}
	f.watch, err = watch.New(watch.Config{
		Client:   https.New(f.dial, host),
		Host:     f.settings.Host,
		Customer: f.settings.Customer,
		Token:    f.settings.Token,
		Policy:   f.settings.Policy(),
		Interval: f.settings.Interval,
		Store:    store,
		Alarm:    panel,
		Fault:    f.fault,
		Now:      func() time.Time { return time.Now().In(zone) },
		Sleep:    time.Sleep,
		Progress: f.progress,
		Log:      logged,
		Random:   random,
	})
	if err != nil {
		return err
	}
	session := setup.New(f.console(f.status, store.Wipe))
	go f.serve(func(now time.Time, pressed bool) time.Time { return f.watch.Tick(now.In(zone), pressed) }, session.Feed)

	for noise.Err() == entropy.ErrNotReady {
		gather(200)
		runtime.Gosched()
		f.progress()
	}
	f.roots = trusted()
	f.network = network.New(newRadio(), network.Config{
		SSID: f.settings.SSID, Password: f.settings.Password,
		Floor:  f.floor,
		Random: random,
		Wait:   f.sleep,
		Log:    logged,
	})
	go f.network.Run()
	for {
		wait, _ := f.watch.Poll() // alarm and log know of the error
		measured()
		f.watch.Wait(wait)
	}
}

// dial makes the connection to the API, from joining the network to checking the
// server's certificate.
func (f *firmware) dial(deadline time.Time) (net.Conn, error) {
	if err := noise.Err(); err != nil {
		return nil, err
	}
	if !f.network.Ready() {
		f.watch.Enter(alarm.Joining)
		if err := f.network.Up(deadline); err != nil {
			return nil, err
		}
	}
	if f.synced.IsZero() || time.Since(f.synced) > resync {
		f.watch.Enter(alarm.Clock)
		if err := f.sync(deadline); err != nil && f.synced.IsZero() {
			return nil, err
		}
	}
	f.watch.Enter(alarm.Connecting)
	runtime.GC() // so that what a connection keeps lies close together
	conn, err := f.network.Dial(f.settings.Host, f.settings.Port, deadline)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	secured, err := secure.Client(conn, secure.Config{
		Host: f.settings.Host, Roots: f.roots, Now: time.Now, NotBefore: f.floor, Deadline: deadline,
	})
	if err != nil {
		return nil, err
	}
	f.progress()
	logged("connected, handshake " + strconv.FormatInt(time.Since(begin).Milliseconds(), 10) + " ms")
	return secured, nil
}

// sync sets the clock. Time that passes is not counted by it.
func (f *firmware) sync(deadline time.Time) error {
	now, err := f.network.Time(deadline)
	if err != nil {
		return err
	}
	runtime.AdjustTimeOffset(now.UnixNano() - time.Now().UnixNano())
	f.synced = time.Now()
	return nil
}

// fault is what an error of dial shows.
func (f *firmware) fault(err error) alarm.Fault {
	switch {
	case errors.Is(err, secure.ErrUntrusted), errors.Is(err, noise.Err()):
		return alarm.Trust // without good random bytes, nobody can be trusted either
	case errors.Is(err, secure.ErrClock):
		return alarm.Time
	case errors.Is(err, secure.ErrHandshake):
		return alarm.Server
	case errors.Is(err, network.ErrWiFi):
		return alarm.WiFi
	case errors.Is(err, network.ErrAddress):
		return alarm.Address
	case errors.Is(err, network.ErrTime):
		return alarm.Time
	default:
		return alarm.Unreachable
	}
}

// status is what the one at the serial port is told.
func (f *firmware) status(line func(string)) {
	state := f.watch.State()
	line("shows: " + state.Shows)
	line("new events that nobody acknowledged: " + strconv.Itoa(state.Open))
	if !state.LastAnswer.IsZero() {
		line("last answer: " + strconv.FormatInt(int64(time.Since(state.LastAnswer).Seconds()), 10) + " s ago")
	}
	if err := noise.Err(); err != nil {
		line(err.Error())
	}
	line("memory in use: " + strconv.FormatUint(heap(), 10) + " bytes")
}

// silent is a buzzer that is not there.
type silent struct{}

func (silent) Set(bool) error { return nil }

// logged prints a line for the curious. What is said never names a person, a token
// or a password.
func logged(line string) { println("log:", line) }

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
