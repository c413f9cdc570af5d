//go:build tinygo && rp2040

package network

import "github.com/soypat/cyw43439"

// PicoW is the radio of a Raspberry Pi Pico W. Make one, once: it takes a state
// machine of the chip's programmable pins for good.
type PicoW struct {
	device *cyw43439.Device
	fresh  bool // never started
}

// NewPicoW makes the radio of a Pico W. It is started by Init.
func NewPicoW() *PicoW { return &PicoW{device: cyw43439.NewPicoWDevice(), fresh: true} }

// Init loads the chip's firmware, which takes 0.3 to 1.5 s.
func (p *PicoW) Init() error {
	if !p.fresh {
		p.device.Reset()
	}
	p.fresh = false
	return p.device.Init(cyw43439.DefaultWifiConfig())
}

// Join joins a network: with WPA2, or an open one where there is no password. It
// takes up to 11 s.
func (p *PicoW) Join(ssid, password string) error {
	return p.device.Join(ssid, cyw43439.JoinOptions{Passphrase: password})
}

// LinkUp says whether the network is joined.
func (p *PicoW) LinkUp() bool { return p.device.IsLinkUp() }

// HardwareAddr is the chip's own address.
func (p *PicoW) HardwareAddr() ([6]byte, error) { return p.device.HardwareAddr6() }

// Receive hands over a frame, if there is one.
func (p *PicoW) Receive(deliver func(frame []byte)) error {
	p.device.RecvEthHandle(deliver)
	_, err := p.device.PollOne()
	return err
}

// Send sends a frame.
func (p *PicoW) Send(frame []byte) error { return p.device.SendEth(frame) }
