package network

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"
)

// Whatever comes in, nothing panics, and what is taken makes sense.
func FuzzReadAnswer(f *testing.F) {
	question, err := appendQuery(nil, 7, "a.test")
	if err != nil {
		f.Fatal(err)
	}
	answer := slices.Clone(question)
	answer[2], answer[3], answer[7] = 0x81, 0x80, 2
	answer = append(answer, 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 1, 'b')
	f.Add(append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4))
	f.Add(question)
	f.Fuzz(func(t *testing.T, m []byte) {
		addrs, mine, err := readAnswer(m, 7, "a.test")
		if err == nil && (!mine || len(addrs) == 0 || len(addrs) > maxAddrs) {
			t.Errorf("%v, mine %v, and no error", addrs, mine)
		}
		if mine && !slices.Equal(m[12:16], question[12:16]) && !sameName(string(m[13:14]), "a") {
			t.Errorf("an answer to another question: % x", m)
		}
	})
}

func FuzzReadTime(f *testing.F) {
	floor := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	f.Add(make([]byte, 48), int64(0))
	f.Fuzz(func(t *testing.T, m []byte, trip int64) {
		at, ok := readTime(m, [8]byte{1, 2}, time.Duration(trip), floor)
		if ok && at.Before(floor.AddDate(-1, -1, 0)) {
			t.Errorf("%v", at)
		}
	})
}

// tcpFrame is a frame from a peer with the right checksum.
func tcpFrame(seq, ack uint32, flags byte, payload []byte) []byte {
	f := make([]byte, ethernet+ipv4+tcpHeader, ethernet+ipv4+tcpHeader+len(payload))
	f[12], f[ethernet], f[protocol] = 8, 0x45, 6
	binary.BigEndian.PutUint16(f[ethernet+2:], uint16(ipv4+tcpHeader+len(payload)))
	copy(f[ethernet+12:], []byte{203, 0, 113, 5, 192, 168, 7, 20})
	t := f[ethernet+ipv4:]
	binary.BigEndian.PutUint16(t, 443)
	binary.BigEndian.PutUint16(t[2:], 50_000)
	binary.BigEndian.PutUint32(t[4:], seq)
	binary.BigEndian.PutUint32(t[8:], ack)
	t[12], t[13] = 5<<4, flags
	f = append(f, payload...)
	binary.BigEndian.PutUint16(f[ethernet+ipv4+16:], ^checksumOf(f))
	return f
}

func checksumOf(f []byte) uint16 {
	size := binary.BigEndian.Uint16(f[ethernet+2:]) - ipv4
	return sum(6+uint32(size), f[ethernet+12:ethernet+ipv4+int(size)])
}

// FuzzGuard holds what the guard does with segments of an open connection: only
// what comes in order and what says something new reaches the stack, and checksums
// that were right stay so.
func FuzzGuard(f *testing.F) {
	f.Add(uint32(1000), int32(0), uint8(0), uint8(flagACK))
	f.Add(uint32(1000), int32(-1), uint8(0), uint8(flagACK))
	f.Add(uint32(0xffffffff), int32(5), uint8(0), uint8(flagACK))
	f.Add(uint32(3), int32(1460), uint8(9), uint8(flagACK|flagPSH))
	f.Fuzz(func(t *testing.T, awaited uint32, ahead int32, size, flags uint8) {
		if ahead > 1<<20 || ahead < -1<<20 {
			return
		}
		var g guard
		mine := tcpFrame(77, awaited, flagACK, nil)
		copy(mine[ethernet+ipv4:], []byte{0xc3, 0x50, 1, 0xbb}) // from 50000 to 443
		g.sent(mine)
		in := tcpFrame(awaited+uint32(ahead), 77, flags&63, make([]byte, size))
		frame := slices.Clone(in)
		passed := g.pass(frame, 4096)
		if flags&63&^flagPSH != flagACK {
			if !passed || !slices.Equal(frame, in) {
				t.Error("a segment that opens or ends a connection is held up or changed")
			}
			return
		}
		seq := binary.BigEndian.Uint32(frame[ethernet+ipv4+4:])
		switch {
		case passed && checksumOf(frame) != 0xffff:
			t.Errorf("checksum %x", checksumOf(frame))
		case passed && size > 0 && (ahead > 0 || ahead+int32(size) <= 0):
			t.Error("early or old bytes reach the stack")
		case passed && size == 0 && (ahead < 0 || seq != awaited):
			t.Errorf("an empty segment %d ahead reaches the stack at %d", ahead, int32(seq-awaited))
		case !passed && ahead <= 0 && ahead+int32(size) > 0:
			t.Error("what is awaited does not reach the stack")
		}
		if answer := g.take(); answer != nil && (passed || checksumOf(answer) != 0xffff || binary.BigEndian.Uint32(answer[ethernet+ipv4+8:]) != awaited) {
			t.Errorf("the answer % x", answer)
		}
	})
}
