package activity

import (
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Reading a page is reading its strings: they are nine bytes of ten. This file has
// the tokens of JSON, as encoding/json takes them, keys.go the keys of objects,
// decode.go what the fields mean, page.go and stream.go how rows come out of an
// answer, whole or on its way. Package scan reads the same grammar for another
// purpose: cut between any two bytes, in a few hundred bytes of memory, and with
// nothing kept. This reader has a row in memory as a whole, and everything that it
// says is kept. What makes it fast:
//
//   - Eight bytes at a time. A few instructions tell whether a word has a byte that
//     ends a run in a string (special), and one more whether all of it is ASCII.
//   - No copies. What is read is one text, and a string without escapes is a part
//     of it; so is Raw. Escapes are resolved into memory that many strings share.
//   - Guesses. The key that came next the last time is compared as two words, with
//     its quotes and colon, before anything looks for its end. A workspace, user or
//     resource that is byte for byte what it was in the row before is known.
//   - No error paths between tokens. Behind the text is padding that no token
//     takes. What meets something wrong notes the place and goes on in the padding,
//     where everything stops by itself, and whoever wants to know looks once.
//   - Memory by the page. The events of a page are one piece of memory, or a few.
//
// The padding also makes it safe to load a word anywhere, and tells a text that is
// wrong from one that ends too early: the latter goes wrong where it ends. A row
// that is not complete is read again from its beginning when more of it is there.
//
// All of it is plain Go. The oracle in the tests, a decoder made of encoding/json,
// says the same of every text.

// padding is what stands behind a text: as many bytes as are looked at at once.
const padding = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// maxDepth is how deep lists and objects may be nested, as in encoding/json.
const maxDepth = 10_000

// reader reads tokens. Its methods take the place where something begins and
// give the place behind it; where it is not there, that is the end.
type reader struct {
	text  string // and padding
	end   int    // where the padding begins
	bad   int    // the first place that is wrong; -1: none
	level int    // how many containers are open

	unescaped strings.Builder // holds the strings that had escapes, see unescape
}

// begin makes the reader read a text, which has padding behind it.
func (r *reader) begin(padded string) {
	r.text, r.end, r.bad = padded, len(padded)-len(padding), -1
}

// fail notes a place that is wrong, unless it only follows from an earlier one.
func (r *reader) fail(i int) int {
	if r.bad < 0 {
		r.bad = min(i, r.end)
	}
	return r.end
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// load is the eight bytes at i as one word, the first one lowest. The compiler
// makes one instruction of it where the machine has one.
func load(s string, i int) uint64 { return low(s[i : i+8]) }

// low is the first eight bytes of b as one word.
func low(b string) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// high is the second eight bytes.
func high(b string) uint64 {
	_ = b[15]
	return uint64(b[8]) | uint64(b[9])<<8 | uint64(b[10])<<16 | uint64(b[11])<<24 |
		uint64(b[12])<<32 | uint64(b[13])<<40 | uint64(b[14])<<48 | uint64(b[15])<<56
}

// special marks the bytes of w that end a run in a string: quotes, backslashes
// and control characters. The lowest mark is right; above it there may be marks
// too many, because a subtraction borrows.
func special(w uint64) uint64 {
	// Bit 1 turned over, a quote comes right after the control characters.
	return (((w ^ ones*0x02) - ones*0x21) | ((w ^ ones*'\\') - ones)) & (highs &^ w)
}

// space skips white space.
func (r *reader) space(i int) int {
	if r.text[i] > ' ' {
		return i
	}
	return r.blanks(i)
}

func (r *reader) blanks(i int) int {
	for {
		switch r.text[i] {
		case ' ':
			for load(r.text, i) == ones*' ' { // indentation
				i += 8
			}
			if r.text[i] == ' ' {
				i++
			}
		case '\n', '\r', '\t':
			i++
		default:
			return i
		}
	}
}

// more is at what follows a member of an object or an element of a list: a comma
// says that there is another, and end that there is none.
func (r *reader) more(i int, end byte) (next int, another bool) {
	if r.text[i] == ',' {
		return i + 1, true
	}
	if r.text[i] == end {
		return i + 1, false
	}
	return r.moreBehindSpace(i, end)
}

func (r *reader) moreBehindSpace(i int, end byte) (next int, another bool) {
	i = r.space(i)
	switch r.text[i] {
	case ',':
		return i + 1, true
	case end:
		return i + 1, false
	}
	return r.fail(i), false
}

// enter is at the bracket or brace of a container: end says that it is empty.
func (r *reader) enter(i int, end byte) (next int, another bool) {
	if r.level++; r.level > maxDepth {
		return r.fail(i), false
	}
	if i = r.space(i + 1); r.text[i] == end {
		return i + 1, false
	}
	return i, true
}

// quoted reads a string that begins at i; where something else does, ok is false.
func (r *reader) quoted(i int) (s string, next int, ok bool) {
	text := r.text
	if text[i] != '"' {
		return "", i, false
	}
	i++
	start, all := i, uint64(0)
	for i >= 0 && i <= len(text)-8 { // for the compiler: the padding ends it before
		w := uint64(text[i]) | uint64(text[i+1])<<8 | uint64(text[i+2])<<16 | uint64(text[i+3])<<24 |
			uint64(text[i+4])<<32 | uint64(text[i+5])<<40 | uint64(text[i+6])<<48 | uint64(text[i+7])<<56
		marks := special(w)
		if marks == 0 {
			all |= w
			i += 8
			continue
		}
		// With n bytes before it, the lowest mark is bit 8n+7.
		all |= w & (marks&-marks>>7 - 1)
		i += bits.TrailingZeros64(marks) >> 3
		break
	}
	if text[i] == '"' && all&highs == 0 {
		return text[start:i], i + 1, true
	}
	s, next = r.unusual(start, i)
	return s, next, true
}

// unusual is quoted for strings with escapes or more than ASCII: i is the first
// special byte.
func (r *reader) unusual(start, i int) (s string, next int) {
	end, escapes := r.closing(i)
	if r.bad >= 0 {
		return "", end
	}
	s = r.text[start : end-1]
	if escapes || !utf8.ValidString(s) {
		s = r.unescape(s)
	}
	return s, end
}

// closing looks for the end of a string from any place within.
func (r *reader) closing(i int) (next int, escapes bool) {
	for {
		for marks := uint64(0); marks == 0; {
			if marks = special(load(r.text, i)); marks == 0 {
				i += 8
			} else {
				i += bits.TrailingZeros64(marks) >> 3
			}
		}
		switch r.text[i] {
		case '"':
			return i + 1, escapes
		case '\\':
			escapes = true
			if i = r.escape(i + 1); r.bad >= 0 {
				return i, escapes
			}
		default:
			return r.fail(i), escapes
		}
	}
}

// escape checks what follows a backslash.
func (r *reader) escape(i int) int {
	switch r.text[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		for range 4 {
			i++
			if hexDigit(r.text[i]) > 15 {
				return r.fail(i)
			}
		}
		return i + 1
	}
	return r.fail(i)
}

// unescape says what a string means: its escapes resolved, and U+FFFD for every
// byte that is no UTF-8 and every half of a surrogate pair, as encoding/json has
// it. The texts of many strings share one piece of memory.
func (r *reader) unescape(s string) string {
	const enough = 4096
	longest := len(s)
	if !utf8.ValidString(s) {
		longest *= 3 // what U+FFFD has, for each byte
	}
	if r.unescaped.Cap()-r.unescaped.Len() < longest {
		r.unescaped = strings.Builder{}
		r.unescaped.Grow(max(enough, longest))
	}
	start := r.unescaped.Len()
	for len(s) > 0 {
		run := 0
		for run < len(s) && s[run] != '\\' && s[run] < utf8.RuneSelf {
			run++
		}
		r.unescaped.WriteString(s[:run])
		if s = s[run:]; s == "" {
			break
		}
		char, size := utf8.DecodeRuneInString(s)
		if char == '\\' {
			char, size = unescapeOne(s)
		}
		r.unescaped.WriteRune(char)
		s = s[size:]
	}
	return r.unescaped.String()[start:]
}

// unescapeOne is the character that s begins with, as an escape that is known to
// be right.
func unescapeOne(s string) (char rune, size int) {
	switch s[1] {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		char = unit(s[2:])
		if !utf16.IsSurrogate(char) {
			return char, 6
		}
		if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if pair := utf16.DecodeRune(char, unit(s[8:])); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return utf8.RuneError, 6
	}
	return rune(s[1]), 2
}

// unit is the number that four hexadecimal digits write.
func unit(s string) (n rune) {
	for i := range 4 {
		n = n<<4 | rune(hexDigit(s[i]))
	}
	return n
}

// hexDigit is the value of a hexadecimal digit; above 15: c is none.
func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 0xff
}

// skip reads a value of any form that nobody needs.
func (r *reader) skip(i int) int {
	i = r.space(i)
	switch c := r.text[i]; c {
	case '"':
		i, _ = r.closing(i + 1)
		return i
	case '{':
		i, another := r.enter(i, '}')
		for another {
			if i = r.space(i); r.text[i] != '"' {
				return r.fail(i)
			}
			i, _ = r.closing(i + 1)
			i = r.skip(r.colon(i))
			i, another = r.more(i, '}')
		}
		r.level--
		return i
	case '[':
		i, another := r.enter(i, ']')
		for another {
			i, another = r.more(r.skip(i), ']')
		}
		r.level--
		return i
	case 't':
		return r.word(i, "true")
	case 'f':
		return r.word(i, "false")
	case 'n':
		return r.word(i, "null")
	default:
		return r.number(i)
	}
}

// colon is behind a key.
func (r *reader) colon(i int) int {
	if i = r.space(i); r.text[i] != ':' {
		return r.fail(i)
	}
	return i + 1
}

func (r *reader) word(i int, word string) int {
	for at := range word {
		if r.text[i+at] != word[at] {
			return r.fail(i + at)
		}
	}
	return i + len(word)
}

// number reads a number, see RFC 8259 section 6.
func (r *reader) number(i int) int {
	if r.text[i] == '-' {
		i++
	}
	if r.text[i] == '0' {
		i++
	} else if i = r.digits(i); r.bad >= 0 {
		return i
	}
	if r.text[i] == '.' {
		if i = r.digits(i + 1); r.bad >= 0 {
			return i
		}
	}
	if r.text[i]|0x20 == 'e' {
		i++
		if r.text[i] == '+' || r.text[i] == '-' {
			i++
		}
		i = r.digits(i)
	}
	return i
}

// digits reads at least one digit.
func (r *reader) digits(i int) int {
	if !isDigit(r.text[i]) {
		return r.fail(i)
	}
	for isDigit(r.text[i]) {
		i++
	}
	return i
}

func isDigit(c byte) bool { return c-'0' <= 9 }
