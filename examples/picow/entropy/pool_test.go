package entropy_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/workato-go/sdk/examples/picow/entropy"
)

// coin gives ones with the probability p.
func coin(seed uint64, p float64) func() byte {
	source := rand.New(rand.NewPCG(seed, 1))
	return func() byte {
		if source.Float64() < p {
			return 1
		}
		return 0
	}
}

// feed gives the pool n bits, or as many as it takes.
func feed(p *entropy.Pool, n int, next func() byte) {
	for range n {
		p.AddBit(next())
	}
}

func TestReadyOnlyAfterEnoughBits(t *testing.T) {
	t.Parallel()
	for _, p := range []float64{0.5, 0.6, 0.4} {
		pool, next := new(entropy.Pool), coin(1, p)
		fed := 0
		for !pool.Ready() {
			if err := pool.Err(); !errors.Is(err, entropy.ErrNotReady) {
				t.Fatalf("after %d bits: %v", fed, err)
			}
			if n, err := pool.Read([]byte{1}); n != 0 || !errors.Is(err, entropy.ErrNotReady) {
				t.Fatalf("after %d bits: gave %d bytes, %v", fed, n, err)
			}
			pool.Add(make([]byte, 100)) // counts for nothing
			pool.AddBit(next())
			fed++
		}
		// 4,096 bits for the start and 256*16 pairs of unequal bits.
		if least := 4*1024 + 2*256*16; fed < least || fed > 3*least {
			t.Errorf("a coin of %v: ready after %d bits", p, fed)
		}
	}
}

func TestBadSourcesAreRefused(t *testing.T) {
	t.Parallel()
	pattern := func(text string) func() byte {
		i := 0
		return func() byte { i++; return text[(i-1)%len(text)] & 1 }
	}
	random := func(period int) func() byte {
		next, text := coin(uint64(period), 0.5), []byte(nil)
		for range period {
			text = append(text, '0'+next())
		}
		return pattern(string(text))
	}
	sources := map[string]struct {
		next func() byte
		want error
	}{
		"stuck at 0":      {pattern("0"), entropy.ErrStuck},
		"stuck at 1":      {pattern("1"), entropy.ErrStuck},
		"ones, mostly":    {coin(2, 0.9), entropy.ErrBiased},
		"zeros, mostly":   {coin(3, 0.1), entropy.ErrBiased},
		"alternating":     {pattern("01"), entropy.ErrPeriodic},
		"pairs":           {pattern("0011"), entropy.ErrPeriodic},
		"period 3":        {pattern("011"), entropy.ErrPeriodic},
		"period 7":        {random(7), entropy.ErrPeriodic},
		"period 40":       {random(40), entropy.ErrPeriodic},
		"period 64":       {random(64), entropy.ErrPeriodic},
		"halves opposite": {pattern("00000000000000001111111111111111"), entropy.ErrPeriodic},
		"sticky":          {sticky(4, 0.9), entropy.ErrPeriodic},
		"contrary":        {sticky(5, 0.1), entropy.ErrPeriodic},
	}
	for name, source := range sources {
		pool := new(entropy.Pool)
		feed(pool, 50_000, source.next)
		if err := pool.Err(); !errors.Is(err, source.want) {
			t.Errorf("%s: %v; want %v", name, err, source.want)
		}
		// It does not become good again.
		feed(pool, 50_000, coin(9, 0.5))
		if n, err := pool.Read(make([]byte, 8)); n != 0 || !errors.Is(err, source.want) {
			t.Errorf("%s: gave %d bytes, %v", name, n, err)
		}
	}
}

// sticky repeats the bit before with the probability p.
func sticky(seed uint64, p float64) func() byte {
	again, last := coin(seed, p), byte(0)
	return func() byte {
		last ^= 1 - again()
		return last
	}
}

// A source that fails while in use is noticed, too.
func TestFailureLater(t *testing.T) {
	t.Parallel()
	pool := new(entropy.Pool)
	feed(pool, 25_000, coin(1, 0.5))
	if !pool.Ready() {
		t.Fatal(pool.Err())
	}
	feed(pool, 61, func() byte { return 1 })
	b := []byte{1, 2, 3}
	if _, err := pool.Read(b); !errors.Is(err, entropy.ErrStuck) || !bytes.Equal(b, []byte{1, 2, 3}) {
		t.Errorf("%v, %v", b, err)
	}
}

func TestGoodSourcesAreNotRefused(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		pool := new(entropy.Pool)
		feed(pool, 150_000, coin(seed, 0.5+float64(seed)*0.05))
		if !pool.Ready() {
			t.Errorf("seed %d: %v", seed, pool.Err())
		}
	}
}

// The construction by the book: what Read gives follows from what was added and
// the description alone.
func TestKnownAnswer(t *testing.T) {
	t.Parallel()
	pool, next := new(entropy.Pool), coin(7, 0.5)
	pool.Add([]byte("chip and start"))
	pool.AddNumber(0x0102030405060708)
	samples := append([]byte("chip and start"), 8, 7, 6, 5, 4, 3, 2, 1)

	packed, count := byte(0), 0
	for range 64 + 4*1024 {
		pool.AddBit(next())
	}
	// 64 bits to compare with and four windows; the bit that completes the last one
	// is the first that counts.
	var raw []byte
	replay := coin(7, 0.5)
	for range 64 + 4*1024 - 1 {
		replay()
	}
	raw = append(raw, replay())
	for !pool.Ready() {
		bit := next()
		pool.AddBit(bit)
		raw = append(raw, bit)
	}
	for i := 0; i+1 < len(raw); i += 2 {
		if raw[i] != raw[i+1] {
			packed = packed<<1 | raw[i+1]
			if count++; count%8 == 0 {
				samples = append(samples, packed)
			}
		}
	}
	if count != 256*16 {
		t.Fatalf("ready after %d debiased bits", count)
	}

	hash := func(parts ...[]byte) []byte {
		sum := sha256.Sum256(bytes.Join(parts, nil))
		return sum[:]
	}
	noise := make([]byte, 32)
	for ; len(samples) >= 64; samples = samples[64:] {
		noise = hash([]byte{1}, noise, samples[:64])
	}
	noise = hash([]byte{1}, noise, samples)
	key := hash([]byte{2}, make([]byte, 32), noise)
	for round := range 3 {
		want := append(hash([]byte{4}, key, make([]byte, 8)), hash([]byte{4}, key, []byte{1, 0, 0, 0, 0, 0, 0, 0})...)[:40]
		key = hash([]byte{5}, key)
		got := make([]byte, 40)
		if n, err := pool.Read(got); n != 40 || err != nil || !bytes.Equal(got, want) {
			t.Fatalf("round %d: %d bytes %x, %v; want %x", round, n, got, err, want)
		}
	}
}

// A fixed answer: a change of the construction is no accident.
func TestFixedAnswer(t *testing.T) {
	t.Parallel()
	pool := new(entropy.Pool)
	state := uint32(1)
	feed(pool, 30_000, func() byte { // a linear congruence, good enough for the tests
		state = state*1664525 + 1013904223
		return byte(state >> 30)
	})
	got := make([]byte, 32)
	if _, err := pool.Read(got); err != nil {
		t.Fatal(err)
	}
	const want = "b5d543a1e31086c4f85e0602334744540b492c0b21d60f7e5390a3074e00bcbd"
	if hex.EncodeToString(got) != want {
		t.Errorf("got %x", got)
	}
}

// Each bit of each sample matters for all that is given out afterwards.
func TestEverySampleMatters(t *testing.T) {
	t.Parallel()
	give := func(change func(*entropy.Pool)) []byte {
		pool := new(entropy.Pool)
		pool.Add([]byte{1, 2, 3})
		change(pool)
		feed(pool, 25_000, coin(1, 0.5))
		b := make([]byte, 1024)
		if _, err := pool.Read(b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	plain := give(func(*entropy.Pool) {})
	if !bytes.Equal(plain, give(func(*entropy.Pool) {})) {
		t.Fatal("the same samples give different bytes: something else gets in")
	}
	for name, change := range map[string]func(*entropy.Pool){
		"the number of the start": func(p *entropy.Pool) { p.AddNumber(2) },
		"an empty sector":         func(p *entropy.Pool) { p.Add([]byte{0}) },
		"a long sample":           func(p *entropy.Pool) { p.Add(make([]byte, 1000)) },
		"a bit of the oscillator": func(p *entropy.Pool) { p.AddBit(1) },
	} {
		differ := 0
		for i, b := range give(change) {
			differ += bits.OnesCount8(b ^ plain[i])
		}
		if differ < 3800 || differ > 4400 { // of 8,192: half
			t.Errorf("%s: %d of 8,192 bits differ", name, differ)
		}
	}
}

// New noise reaches what is given out, at once 256 bits of it.
func TestReseeds(t *testing.T) {
	t.Parallel()
	pools := [2]*entropy.Pool{new(entropy.Pool), new(entropy.Pool)}
	for _, pool := range pools {
		feed(pool, 25_000, coin(1, 0.5))
	}
	equal := func() bool {
		var out [2][32]byte
		for i, pool := range pools {
			if _, err := pool.Read(out[i][:]); err != nil {
				t.Fatal(err)
			}
		}
		return out[0] == out[1]
	}
	if !equal() {
		t.Fatal("equal pools differ")
	}
	pools[0].AddNumber(1)
	pools[1].AddNumber(2)
	if !equal() {
		t.Error("a sample without credit was let into the key alone, where it can be guessed")
	}
	for _, pool := range pools {
		feed(pool, 40_000, coin(2, 0.5))
	}
	if equal() {
		t.Error("new noise does not reach the output")
	}
}

func TestReadGivesEachByteOnce(t *testing.T) {
	t.Parallel()
	pool := new(entropy.Pool)
	feed(pool, 25_000, coin(1, 0.5))
	seen := make(map[[16]byte]bool)
	ones := 0
	for range 1000 {
		b := make([]byte, 100)
		if n, err := pool.Read(b); n != 100 || err != nil {
			t.Fatal(n, err)
		}
		for i := 0; i+16 <= len(b); i += 16 {
			piece := [16]byte(b[i:])
			if seen[piece] {
				t.Fatal("given out twice")
			}
			seen[piece] = true
		}
		for _, c := range b {
			ones += bits.OnesCount8(c)
		}
	}
	if ones < 395_000 || ones > 405_000 {
		t.Errorf("%d ones in 800,000 bits", ones)
	}
	if n, err := pool.Read(nil); n != 0 || err != nil {
		t.Errorf("nothing asked for: %d, %v", n, err)
	}
}

func TestAllocatesNothing(t *testing.T) { //nolint:paralleltest // counts allocations
	pool, next := new(entropy.Pool), coin(1, 0.5)
	feed(pool, 25_000, next)
	b := make([]byte, 100)
	if n := testing.AllocsPerRun(100, func() {
		feed(pool, 1000, next)
		pool.AddNumber(1)
		if _, err := pool.Read(b); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
