package tls

import "bytes"

// makeRoom prepares rawInput for a record of any size: what is left of the last
// read moves to the beginning of a buffer that never has to grow. It is called
// before each read; all that was returned of an earlier one is used up by then.
func (c *Conn) makeRoom() {
	if c.room == nil {
		c.room = make([]byte, recordHeaderLen+maxCiphertext+2*bytes.MinRead)
	}
	n := copy(c.room, c.rawInput.Bytes())
	c.rawInput = *bytes.NewBuffer(c.room[:n])
}
