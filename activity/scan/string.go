package scan

import (
	"math/bits"
	"unicode/utf8"
)

// maxKept is the longest key, ID or timestamp that is read, in bytes after
// unescaping.
const maxKept = 72

// kept has what is read of a token that is spread over several writes or that
// has escapes: its first bytes, unescaped. One byte more than maxKept says that
// there was more.
type kept struct {
	b    [maxKept + 1]byte
	n    int
	at   int    // where the U+FFFD of high begins
	high uint16 // the high surrogate that ends what is kept; 0: it ends otherwise
	unit uint16 // the digits of the \u escape so far
	hex  uint8  // their number
}

func (k *kept) bytes() []byte { return k.b[:k.n] }

// reset begins a token. What nobody wants is kept as if it were too long.
func (k *kept) reset(wanted bool) {
	k.n, k.high = 0, 0
	if !wanted {
		k.n = maxKept + 1
	}
}

func (k *kept) add(b []byte) {
	if len(b) > 0 && k.n <= maxKept {
		k.n += copy(k.b[k.n:], b)
		k.high = 0
	}
}

func (k *kept) addByte(c byte) {
	if k.n <= maxKept {
		k.b[k.n] = c
		k.n++
	}
	k.high = 0
}

func (k *kept) addRune(r rune) {
	if k.n <= maxKept {
		var b [utf8.UTFMax]byte
		k.add(b[:utf8.EncodeRune(b[:], r)])
	}
}

// addUnit adds what a \u escape says: a character, or half of one. A half
// without the other is U+FFFD, as encoding/json has it.
func (k *kept) addUnit(u uint16) {
	switch {
	case u&0xfc00 == 0xd800:
		at := k.n
		k.addRune(utf8.RuneError)
		k.high, k.at = u, at
	case u&0xfc00 == 0xdc00 && k.high != 0:
		k.n = k.at
		k.addRune((rune(k.high)&0x3ff<<10 | rune(u)&0x3ff) + 0x10000)
	default:
		k.addRune(rune(u)) // a low half is no character, so that U+FFFD is encoded
	}
}

// unescape is what stands for a backslash and c; 0: nothing does.
func unescape(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	default:
		return 0
	}
}

// hexDigit is the value of a hexadecimal digit; above 15: c is none.
func hexDigit(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	if c |= 0x20; c >= 'a' && c <= 'f' {
		return c - 'a' + 10
	}
	return 0xff
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// load is p[i:i+8] as one word, the first byte lowest. It is one instruction
// where the machine has one.
func load(p []byte, i int) uint64 {
	return uint64(p[i]) | uint64(p[i+1])<<8 | uint64(p[i+2])<<16 | uint64(p[i+3])<<24 |
		uint64(p[i+4])<<32 | uint64(p[i+5])<<40 | uint64(p[i+6])<<48 | uint64(p[i+7])<<56
}

// store is the reverse of load.
//
//nolint:gosec // the bytes of a word are what is meant
func store(p []byte, i int, w uint64) {
	p[i], p[i+1], p[i+2], p[i+3] = byte(w), byte(w>>8), byte(w>>16), byte(w>>24)
	p[i+4], p[i+5], p[i+6], p[i+7] = byte(w>>32), byte(w>>40), byte(w>>48), byte(w>>56)
}

// special marks the bytes of w that end a run in a string: quotes, backslashes
// and control characters. The lowest mark is right; above it there may be marks
// too many, because a subtraction borrows.
func special(w uint64) uint64 {
	// Bit 1 turned over, a quote comes right after the control characters.
	return (((w ^ ones*0x02) - ones*0x21) | ((w ^ ones*'\\') - ones)) & (highs &^ w)
}

// plain is the first place from i on where a string has a special byte.
func plain(p []byte, i int) int {
	for i >= 0 && i <= len(p)-16 { // the first condition is for the compiler
		a, b := special(load(p, i)), special(load(p, i+8))
		if a|b != 0 {
			if a != 0 {
				return i + bits.TrailingZeros64(a)>>3
			}
			return i + 8 + bits.TrailingZeros64(b)>>3
		}
		i += 16
	}
	if i >= 0 && i <= len(p)-8 {
		if marks := special(load(p, i)); marks != 0 {
			return i + bits.TrailingZeros64(marks)>>3
		}
		i += 8
	}
	for i < len(p) && p[i] >= ' ' && p[i] != '"' && p[i] != '\\' {
		i++
	}
	return i
}

// isBlank says whether c is white space.
func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func equal(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range b {
		if b[i] != s[i] {
			return false
		}
	}
	return true
}

// trim cuts white space off, as strings.TrimSpace does.
func trim(b []byte) []byte {
	if len(b) > 0 && b[0]-'!' < 0x7f-'!' && b[len(b)-1]-'!' < 0x7f-'!' {
		return b
	}
	return trimSpace(b)
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if !isSpace(r) {
			break
		}
		b = b[size:]
	}
	for len(b) > 0 {
		r, size := utf8.DecodeLastRune(b)
		if !isSpace(r) {
			break
		}
		b = b[:len(b)-size]
	}
	return b
}

// isSpace is unicode.IsSpace without its tables.
func isSpace(r rune) bool {
	switch {
	case r < 0x80:
		return r == ' ' || '\t' <= r && r <= '\r'
	case 0x2000 <= r && r <= 0x200a:
		return true
	}
	switch r {
	case 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000:
		return true
	}
	return false
}
