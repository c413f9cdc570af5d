//go:build tinygo && !emulator

package main

import (
	"errors"
	"net"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/network"
)

// link is the network: the radio of the board, with all that is above it.
type link struct {
	*network.Network
	host string
	port uint16
}

func newLink(f *firmware) *link {
	n := network.New(network.NewPicoW(), network.Config{
		SSID: f.settings.SSID, Password: f.settings.Password,
		Floor:  f.floor,
		Random: random,
		Wait:   f.sleep,
		Log:    logged,
	})
	go n.Run()
	return &link{n, f.settings.Host, f.settings.Port}
}

// roots are those that are compiled in.
func (*link) roots() string { return "" }

func (l *link) up(deadline time.Time) error { return l.Up(deadline) }

func (l *link) time(deadline time.Time) (time.Time, error) { return l.Time(deadline) }

func (l *link) ready() bool { return l.Ready() }

func (l *link) dial(deadline time.Time) (net.Conn, error) { return l.Dial(l.host, l.port, deadline) }

// fault is what an error of the link shows.
func (*link) fault(err error) alarm.Fault {
	switch {
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

// measured is for the emulator's build.
func measured() {}
