package tls

import "bytes"

// A heap that does not move what lives on it may have the bytes for a large buffer
// and not in one piece, so the large ones are made once. They go from one connection
// to the next, for there is one at a time; a second would get its own.
var spare struct{ room, hand []byte }

// handSize is as much as the firmware lets a server send in a handshake.
const handSize = 12 << 10

// makeRoom prepares rawInput for a record of any size: what is left of the last
// read moves to the beginning of a buffer that never has to grow. It is called
// before each read; all that was returned of an earlier one is used up by then.
func (c *Conn) makeRoom() {
	if c.room == nil {
		c.room = take(&spare.room, recordHeaderLen+maxCiphertext+2*bytes.MinRead)
	}
	n := copy(c.room, c.rawInput.Bytes())
	c.rawInput = *bytes.NewBuffer(c.room[:n])
	if c.hand.Cap() == 0 {
		c.hand = *bytes.NewBuffer(take(&spare.hand, handSize)[:0])
	}
}

func take(spare *[]byte, size int) []byte {
	p := *spare
	*spare = nil
	if p == nil {
		p = make([]byte, size)
	}
	return p
}

// exactly is a copy. What TinyGo's append makes is up to twice as large.
func exactly(data []byte) []byte {
	p := make([]byte, len(data))
	copy(p, data)
	return p
}

// leaveHandshake forgets what was needed to begin: the certificates, and what they
// were read into.
func (c *Conn) leaveHandshake() {
	c.peerCertificates, c.verifiedChains = nil, nil
	c.ocspResponse, c.scts = nil, nil
	if c.hand.Len() > 0 || c.hand.Cap() == 0 {
		return
	}
	c.hand.Reset()
	p := c.hand.AvailableBuffer()
	spare.hand = p[:cap(p)]
	c.hand = bytes.Buffer{}
}

// leaveRoom is for a connection that is over. It forgets all that takes much memory:
// the chip's garbage collector takes any number for an address, and a connection may
// outlive its last user.
func (c *Conn) leaveRoom() {
	if c.room != nil {
		spare.room = c.room
	}
	c.room, c.rawInput = nil, bytes.Buffer{}
	c.input.Reset(nil)
	c.hand.Reset()
	c.leaveHandshake()
}
