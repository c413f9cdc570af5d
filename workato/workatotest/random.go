package workatotest

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// Each purpose draws from a stream of its own, so that a call of one kind
// does not change what calls of another kind give.
const (
	streamEventIDs = iota
	streamTags
	streamRequestIDs
	streamErrorIDs
	streamWorld
)

func newRand(seed, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream)) //nolint:gosec // repeatable on purpose
}

// pick returns one of the values.
func pick[T any](r *rand.Rand, values []T) T {
	return values[r.IntN(len(values))]
}

// word returns n characters none of which is mistaken for another.
func word(r *rand.Rand, n int) string {
	const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func requestID(seed, number uint64) string { return uuid(seed, streamRequestIDs, number) }
func errorID(seed, number uint64) string   { return uuid(seed, streamErrorIDs, number) }

// uuid returns the version 4 UUID that belongs to the number.
func uuid(seed, stream, number uint64) string {
	r := rand.NewPCG(seed^stream<<32, number)
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], r.Uint64())
	binary.BigEndian.PutUint64(b[8:], r.Uint64())
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
