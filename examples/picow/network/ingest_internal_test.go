package network

import (
	"math/rand/v2"
	"net/netip"
	"testing"
)

// deaf is a radio without a network.
type deaf struct{}

func (deaf) Init() error                      { return nil }
func (deaf) Join(string, string) error        { return nil }
func (deaf) LinkUp() bool                     { return true }
func (deaf) HardwareAddr() ([6]byte, error)   { return [6]byte{2}, nil }
func (deaf) Receive(func(frame []byte)) error { return nil }
func (deaf) Send([]byte) error                { return nil }

// FuzzFrames throws frames at a stack that is waiting for DHCP, DNS and TCP.
// Nothing panics: on a board, that would be a restart for anyone in the network
// to have.
func FuzzFrames(f *testing.F) {
	syn := tcpFrame(1, 0, 0x12, nil)
	f.Add(syn, syn)
	f.Add([]byte{}, make([]byte, 60))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		s, err := newStack(deaf{}, [6]byte{2}, "board", rand.New(rand.NewPCG(1, 1)).Uint32)
		if err != nil {
			t.Fatal(err)
		}
		_ = s.net.StartDHCPv4Request([4]byte{})
		_ = s.net.DialUDP(&s.udp, 50_001, netip.MustParseAddrPort("192.0.2.1:53"))
		_ = s.net.DialTCP(&s.tcp, 50_000, netip.MustParseAddrPort("203.0.113.5:443"))
		s.move()
		for _, frame := range [][]byte{first, second} {
			if len(frame) > frameSize {
				return
			}
			if len(frame) >= ethernet {
				copy(frame, []byte{2, 0, 0, 0, 0, 0}) // for us
			}
			if tcp, _ := segment(frame); tcp != nil {
				// The checksum is right, or nothing gets far.
				tcp[16], tcp[17] = 0, 0
				check := ^checksumOf(frame)
				tcp[16], tcp[17] = byte(check>>8), byte(check)
			}
			if len(frame) >= ethernet+ipv4 && frame[ethernet] == 0x45 {
				frame[ethernet+10], frame[ethernet+11] = 0, 0
				check := ^sum(0, frame[ethernet:ethernet+ipv4])
				frame[ethernet+10], frame[ethernet+11] = byte(check>>8), byte(check)
			}
			s.receive(frame)
			s.move()
		}
	})
}
