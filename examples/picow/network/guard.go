package network

import "encoding/binary"

// guard stands between the wire and the stack's TCP, and makes up for what the
// stack does not do with segments out of order:
//
//   - It takes probes without an answer: an empty segment one byte before what was
//     acknowledged, by which a peer finds out whether the connection is alive, or a
//     closed window open again. Then a lost window update would end in silence, and
//     a peer that probes would hang up.
//   - It refuses an empty segment ahead of a gap, with the acknowledgment that is in
//     it, and counts segments that came before: after eight it gives the connection
//     up. A peer that sends into bad weather gets there.
//   - It keeps segments that came early, and mixes them up when all that came before
//     is read in the meantime (lneto pull request 181, which is in no version that
//     works with this driver): the bytes are as many as they should be, and others.
//
// So the guard answers what is old and what is early, which makes the peer send
// again from the gap on; and it lets what is empty and early look as if it were in
// order, because the acknowledgment in it is good all the same. It sees all frames
// of the interface, and of TCP it knows what the last segment sent says.
type guard struct {
	ports     uint32 // of the last segment sent: from, to
	next, ack uint32 // its numbers: of the byte to send next, and of the one that is awaited
	open      bool   // it was of an open connection
	reply     [54]byte
	replies   bool
}

const (
	ethernet  = 14
	ipv4      = 20 // without options
	tcpHeader = 20
	protocol  = ethernet + 9

	flagPSH = 8
	flagACK = 16
	flags   = 0x3f
)

// segment finds a TCP segment in a frame, where IP has no options; nil: none.
func segment(frame []byte) (tcp []byte, payload uint32) {
	if len(frame) < ethernet+ipv4+tcpHeader || binary.BigEndian.Uint16(frame[12:]) != 0x0800 ||
		frame[ethernet] != 0x45 || frame[protocol] != 6 {
		return nil, 0
	}
	total := binary.BigEndian.Uint16(frame[ethernet+2:])
	tcp = frame[ethernet+ipv4:]
	header := uint16(tcp[12]>>4) * 4
	if header < tcpHeader || total < ipv4+header || int(total) > len(frame)-ethernet {
		return nil, 0
	}
	return tcp, uint32(total - ipv4 - header)
}

// sent sees a frame that goes out.
func (g *guard) sent(frame []byte) {
	tcp, payload := segment(frame)
	if tcp == nil {
		return
	}
	next := binary.BigEndian.Uint32(tcp[4:]) + payload
	ports := binary.BigEndian.Uint32(tcp)
	if ports != g.ports || isAfter(next, g.next) {
		g.next = next // what is sent again takes nothing back
	}
	g.ports, g.ack = ports, binary.BigEndian.Uint32(tcp[8:])
	g.open = tcp[13]&flags&^flagPSH == flagACK
}

// pass sees a frame that comes in for a connection that is established, with room
// for window bytes. It says whether the stack should see it.
func (g *guard) pass(frame []byte, window int) bool {
	tcp, payload := segment(frame)
	if tcp == nil || !g.open || tcp[13]&flags&^flagPSH != flagACK {
		return true
	}
	from, to := binary.BigEndian.Uint16(tcp), binary.BigEndian.Uint16(tcp[2:])
	if uint32(to)<<16|uint32(from) != g.ports {
		return true
	}
	seq := binary.BigEndian.Uint32(tcp[4:])
	early := isAfter(seq, g.ack)
	switch {
	case isAfter(g.ack, seq) && !isAfter(seq+payload, g.ack): // old
		if payload > 0 || seq == g.ack-1 {
			g.answer(frame, to, from, window)
		}
		return false // it says nothing that is new
	case early && payload > 0:
		g.answer(frame, to, from, window)
		return false
	case early:
		// The checksum is changed, not made anew: what was damaged stays so.
		check := ^binary.BigEndian.Uint16(tcp[16:])
		var words [8]byte
		for i := range 4 {
			words[i] = ^tcp[4+i]
		}
		binary.BigEndian.PutUint32(tcp[4:], g.ack)
		copy(words[4:], tcp[4:8])
		binary.BigEndian.PutUint16(tcp[16:], ^sum(uint32(check), words[:]))
	}
	return true
}

// isAfter compares numbers that begin again at 0.
func isAfter(a, b uint32) bool { return a != b && a-b < 1<<31 }

// answer prepares a segment that says what is awaited.
func (g *guard) answer(frame []byte, from, to uint16, window int) {
	r := g.reply[:]
	copy(r, frame[6:12])
	copy(r[6:], frame[:6])
	copy(r[12:], frame[12:ethernet])
	ip := r[ethernet:]
	copy(ip, []byte{0x45, 0, 0, ipv4 + tcpHeader, 0, 0, 0x40, 0, 64, 6, 0, 0})
	copy(ip[12:], frame[ethernet+16:ethernet+20])
	copy(ip[16:], frame[ethernet+12:ethernet+16])
	binary.BigEndian.PutUint16(ip[10:], ^sum(0, ip[:ipv4]))
	t := ip[ipv4:]
	clear(t)
	binary.BigEndian.PutUint16(t, from)
	binary.BigEndian.PutUint16(t[2:], to)
	binary.BigEndian.PutUint32(t[4:], g.next)
	binary.BigEndian.PutUint32(t[8:], g.ack)
	t[12], t[13] = tcpHeader/4<<4, flagACK
	binary.BigEndian.PutUint16(t[14:], uint16(min(max(window, 0), 0xffff)))
	binary.BigEndian.PutUint16(t[16:], ^sum(6+tcpHeader, ip[12:ipv4+tcpHeader]))
	g.replies = true
}

// take is the answer to send; nil: none.
func (g *guard) take() []byte {
	if !g.replies {
		return nil
	}
	g.replies = false
	return g.reply[:]
}

// sum is the checksum of the Internet, before it is inverted.
func sum(start uint32, b []byte) uint16 {
	for len(b) > 1 {
		start += uint32(b[0])<<8 | uint32(b[1])
		b = b[2:]
	}
	if len(b) == 1 {
		start += uint32(b[0]) << 8
	}
	for start > 0xffff {
		start = start&0xffff + start>>16
	}
	return uint16(start)
}
