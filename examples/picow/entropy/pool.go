// Package entropy makes random bytes for TLS on a chip without a random number
// generator.
//
// The RP2040 has a ring oscillator whose phase can be read as a bit; the vendor
// calls these bits unfit for cryptography as they are. Here they are one source
// of a [Pool]: tested for health as NIST SP 800-90B asks for, debiased after von
// Neumann, credited with a sixteenth of a bit each, and hashed together with
// everything else that an attacker cannot easily know: times of events, noise of
// the radio, and for uniqueness the number of the start and the chip's ID. What
// is not from the oscillator is credited with nothing.
//
// This is careful engineering, not a certified generator; nobody has measured the
// oscillator's entropy on your board.
package entropy

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// ErrNotReady is for a Pool that needs more bits.
var ErrNotReady = errors.New("entropy: not enough of it yet")

const (
	// startWindows is how many windows of bits the oscillator has to pass before
	// it is credited with anything.
	startWindows = 4
	// bitsForCredit is how many debiased bits count as one bit of entropy.
	bitsForCredit = 16
	// seedBits is how much entropy a seed has; nothing is given out before the
	// first one.
	seedBits = 256
)

// What each use of the hash begins with, so that no use gives the value of
// another.
const (
	useAbsorb byte = iota + 1 // samples into the pool
	useSeed                   // the pool into the key
	useAway                   // the pool after that
	useOutput                 // the key into bytes given out
	useStep                   // the key after that
)

// Pool collects noise and gives out random bytes. It is not safe for concurrent
// use: on the board, goroutines do not interrupt each other.
//
// The bytes given out are a hash of a key and a counter, and each Read replaces
// the key by its hash, so that who reads the memory later cannot tell what was
// given out before. Each 256 bits of entropy are hashed into the key at once,
// never in smaller portions that could be guessed one by one.
type Pool struct {
	key, noise [sha256.Size]byte
	block      [64]byte // samples that are not in noise yet
	filled     int

	health  health
	waiting bool // half a pair for von Neumann
	first   uint64
	packed  byte // debiased bits that are no whole byte yet
	bits    int  // debiased bits since the last seed
	seeded  bool
	failed  error

	work [1 + sha256.Size + 64]byte // what is hashed
}

// AddBit takes the next bit of the ring oscillator; only the lowest counts. Bits
// should be read at least 10 µs apart, for ones that follow each other closely are
// alike. About 20,500 of them make the pool ready.
func (p *Pool) AddBit(bit byte) {
	if p.failed != nil {
		return
	}
	b := uint64(bit & 1)
	if p.failed = p.health.test(b); p.failed != nil || p.health.windows < startWindows {
		return
	}
	if !p.waiting {
		p.waiting, p.first = true, b
		return
	}
	p.waiting = false
	if p.first == b {
		return
	}
	// 01 and 10 are equally likely, whatever the bias.
	p.packed = p.packed<<1 | byte(b)
	p.bits++
	if p.bits%8 == 0 {
		p.absorb(p.packed)
	}
	if p.bits == seedBits*bitsForCredit {
		p.bits = 0
		p.seed()
	}
}

// Add takes anything else that varies, or that makes this board and this start
// unique. It is credited with nothing, so that it can do no harm.
func (p *Pool) Add(sample []byte) {
	for _, b := range sample {
		p.absorb(b)
	}
}

// AddNumber is Add for a number, such as the time of an event in the finest unit
// there is.
func (p *Pool) AddNumber(n uint64) {
	for range 8 {
		p.absorb(byte(n))
		n >>= 8
	}
}

// Err says why Read gives nothing: ErrNotReady, ErrStuck, ErrBiased, ErrPeriodic;
// nil if it does. A health test that fails ends it until the next start.
func (p *Pool) Err() error {
	if p.failed == nil && !p.seeded {
		return ErrNotReady
	}
	return p.failed
}

// Ready says whether Read gives bytes.
func (p *Pool) Ready() bool { return p.Err() == nil }

// Read fills b with random bytes, or returns what Err says and leaves b alone.
func (p *Pool) Read(b []byte) (int, error) {
	if err := p.Err(); err != nil {
		return 0, err
	}
	n := len(b)
	var counter [8]byte
	for i := uint64(0); len(b) > 0; i++ {
		binary.LittleEndian.PutUint64(counter[:], i)
		out := p.hash(useOutput, p.key[:], counter[:])
		b = b[copy(b, out[:]):]
		clear(out[:])
	}
	p.key = p.hash(useStep, p.key[:], nil)
	return n, nil
}

// absorb takes one byte into the pool.
func (p *Pool) absorb(b byte) {
	p.block[p.filled] = b
	p.filled++
	if p.filled == len(p.block) {
		p.noise = p.hash(useAbsorb, p.noise[:], p.block[:])
		p.filled = 0
	}
}

// seed moves all noise into the key.
func (p *Pool) seed() {
	p.noise = p.hash(useAbsorb, p.noise[:], p.block[:p.filled])
	p.filled = 0
	p.key = p.hash(useSeed, p.key[:], p.noise[:])
	p.noise = p.hash(useAway, p.noise[:], nil)
	p.seeded = true
}

func (p *Pool) hash(use byte, a, b []byte) [sha256.Size]byte {
	p.work[0] = use
	n := 1 + copy(p.work[1:], a)
	n += copy(p.work[n:], b)
	sum := sha256.Sum256(p.work[:n])
	clear(p.work[:n])
	return sum
}
