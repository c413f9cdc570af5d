// Package flashtest has a flash memory for tests that behaves like the one on a
// board, the unpleasant parts included: ones turn into zeros only, the power can
// fail at any byte of a write and in the midst of an erase, and bits can flip.
package flashtest

import (
	"bytes"
	"errors"
	"math/rand/v2"

	"github.com/workato-go/sdk/examples/picow/flash"
)

// ErrPower is what every operation returns once the power has failed.
var ErrPower = errors.New("flashtest: the power has failed")

// ErrUse is what a write or an erase returns that the memory of a board would
// refuse, or not do as meant.
var ErrUse = errors.New("flashtest: not whole pages or sectors of the memory")

// eraseSteps is how many steps of time an erase takes.
const eraseSteps = 16

// Memory is a flash.Device. It is not safe for concurrent use.
type Memory struct {
	Erasures []int // of each sector
	Lowest   int64 // the lowest offset ever written or erased

	data  []byte
	steps int // until the power fails; negative: it does not
	off   bool
	taken int
	rand  *rand.Rand
}

// New makes an erased memory. The seed decides what the power's failures leave
// behind.
func New(sectors int, seed uint64) *Memory {
	m := &Memory{
		Erasures: make([]int, sectors),
		Lowest:   int64(sectors) * flash.SectorSize,
		data:     bytes.Repeat([]byte{0xff}, sectors*flash.SectorSize),
		steps:    -1,
		rand:     random(seed),
	}
	return m
}

// Clone makes a copy with its power on; the seed is for the copy.
func (m *Memory) Clone(seed uint64) *Memory {
	return &Memory{
		Erasures: append([]int(nil), m.Erasures...),
		Lowest:   m.Lowest,
		data:     bytes.Clone(m.data),
		steps:    -1,
		rand:     random(seed),
	}
}

// CutAfter lets the power fail after so many more steps. A step is a byte that is
// written, or a sixteenth of an erase.
func (m *Memory) CutAfter(steps int) { m.steps = steps }

// Restart switches the power on again, for good.
func (m *Memory) Restart() { m.off, m.steps = false, -1 }

// Steps is how many steps were taken since the last call.
func (m *Memory) Steps() int {
	n := m.taken
	m.taken = 0
	return n
}

// Flip turns one bit around.
func (m *Memory) Flip(off int64, bit int) { m.data[off] ^= 1 << (bit & 7) }

// Bytes are the memory itself.
func (m *Memory) Bytes() []byte { return m.data }

// ReadAt is part of flash.Device.
func (m *Memory) ReadAt(p []byte, off int64) (int, error) {
	if m.off {
		return 0, ErrPower
	}
	if off < 0 || off+int64(len(p)) > m.Size() {
		return 0, ErrUse
	}
	return copy(p, m.data[off:]), nil
}

// WriteAt is part of flash.Device: it takes whole pages.
func (m *Memory) WriteAt(p []byte, off int64) (int, error) {
	if m.off {
		return 0, ErrPower
	}
	if off < 0 || off%flash.PageSize != 0 || len(p)%flash.PageSize != 0 || off+int64(len(p)) > m.Size() {
		return 0, ErrUse
	}
	m.Lowest = min(m.Lowest, off)
	scatter := m.rand.IntN(2) == 0
	for i, b := range p {
		if !m.step() {
			m.tear(p, off, i, scatter)
			return i, ErrPower
		}
		m.data[off+int64(i)] &= b
	}
	return len(p), nil
}

// tear leaves a part of the bits of a page written: those of one byte, or some
// of all that are still to be written.
func (m *Memory) tear(p []byte, off int64, from int, scatter bool) {
	end := from + 1
	if scatter {
		end = min(from/flash.PageSize*flash.PageSize+flash.PageSize, len(p))
	}
	for i := from; i < end; i++ {
		m.data[off+int64(i)] &= p[i] | m.noise()
	}
}

// EraseBlocks is part of flash.Device.
func (m *Memory) EraseBlocks(start, count int64) error {
	if m.off {
		return ErrPower
	}
	if start < 0 || count < 1 || (start+count)*flash.SectorSize > m.Size() {
		return ErrUse
	}
	m.Lowest = min(m.Lowest, start*flash.SectorSize)
	for s := start; s < start+count; s++ {
		m.Erasures[s]++
		sector := m.data[s*flash.SectorSize : (s+1)*flash.SectorSize]
		for range eraseSteps {
			if !m.step() {
				m.halfErase(sector)
				return ErrPower
			}
		}
		for i := range sector {
			sector[i] = 0xff
		}
	}
	return nil
}

// halfErase leaves one of the things that an erase which was cut off can leave:
// noise, some bits still as they were, a part erased, or nothing done at all.
func (m *Memory) halfErase(sector []byte) {
	kind, edge := m.rand.IntN(5), m.rand.IntN(len(sector))
	for i := range sector {
		noise := m.noise()
		switch kind {
		case 0:
			sector[i] = noise
		case 1:
			sector[i] |= noise
		case 2:
			sector[i] &= noise
		case 3:
			if i < edge {
				sector[i] = 0xff
			}
		}
	}
}

// Size is part of flash.Device.
func (m *Memory) Size() int64 { return int64(len(m.data)) }

// WriteBlockSize is part of flash.Device.
func (m *Memory) WriteBlockSize() int64 { return flash.PageSize }

// EraseBlockSize is part of flash.Device.
func (m *Memory) EraseBlockSize() int64 { return flash.SectorSize }

// step says whether the power is still on.
func (m *Memory) step() bool {
	if m.steps == 0 {
		m.off = true
		return false
	}
	m.steps--
	m.taken++
	return true
}

func (m *Memory) noise() byte { return byte(m.rand.Uint32()) } //nolint:gosec // any eight bits

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) } //nolint:gosec // repeatable on purpose
