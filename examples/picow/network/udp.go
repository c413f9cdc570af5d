package network

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// exchange sends a question and shows the answers that come to its port, until one
// is taken.
func (s *stack) exchange(peer netip.AddrPort, question []byte, until time.Time, take func([]byte) bool) error {
	if err := s.reach(peer.Addr(), until); err != nil {
		return err
	}
	var err error
	s.still(func() { err = s.net.DialUDP(&s.udp, s.port(), peer) })
	if err != nil {
		return err
	}
	defer s.still(s.udp.Abort)
	if _, err := s.udp.Write(question); err != nil {
		return err
	}
	if err := s.udp.SetReadDeadline(until); err != nil {
		return err
	}
	for {
		size, err := s.udp.Read(s.message[:])
		if err != nil {
			return errNoAnswer
		}
		if take(s.message[:size]) {
			return nil
		}
	}
}

// addChecksum gives a UDP datagram the checksum that its sender left out, which
// RFC 768 allows and simple DHCP servers do. The stack would refuse it.
func addChecksum(frame []byte) {
	if len(frame) < ethernet+ipv4+8 || binary.BigEndian.Uint16(frame[12:]) != 0x0800 || frame[ethernet] != 0x45 || frame[protocol] != 17 {
		return
	}
	datagram := frame[ethernet+ipv4:]
	size := binary.BigEndian.Uint16(datagram[4:])
	if binary.BigEndian.Uint16(datagram[6:]) != 0 || size < 8 || int(size) > len(datagram) {
		return
	}
	check := ^sum(17+uint32(size), frame[ethernet+12:ethernet+ipv4+int(size)])
	if check == 0 {
		check = 0xffff
	}
	binary.BigEndian.PutUint16(datagram[6:], check)
}
