package scan

import "unicode/utf8"

// MaxText is the number of bytes that a [Text] can hold. The longest word of
// the log that is attested has 40.
const MaxText = 62

// Item is what identifies a row of the log. What the server left out or wrote
// in a form that cannot be read is zero. It has no pointers: an assignment
// copies it whole, and == compares two.
type Item struct {
	ID          int64
	TimeMs      int64 // when it happened, in milliseconds since 1970 UTC; 0: the row has no time that can be read
	UserID      int64 // 0: the platform itself
	WorkspaceID int64

	Type         Text // "user_login"
	ResourceType Text // "Flow"
	Environment  Text // of the workspace: "dev", "test", "prod"
}

// Text is a text of at most [MaxText] bytes, always valid UTF-8. The zero value
// is empty.
type Text struct {
	b   [MaxText]byte // zero past n, so that == compares texts
	n   uint8
	cut bool
}

// Bytes is the text without a copy: it changes when t does.
func (t *Text) Bytes() []byte { return t.b[:t.n] }

// Len is the length in bytes.
func (t *Text) Len() int { return int(t.n) }

// Equal says whether all of the text is other. A text that was cut equals none.
func (t *Text) Equal(other string) bool { return !t.cut && equal(t.b[:t.n], other) }

// Truncated says whether the row has more of the text than fits. What is here
// ends at the end of a character.
func (t *Text) Truncated() bool { return t.cut }

// String is a copy, which allocates.
func (t Text) String() string { return string(t.b[:t.n]) }

// set replaces the text. What is no UTF-8 becomes U+FFFD, byte by byte, as
// encoding/json does it.
func (t *Text) set(raw []byte) {
	if t.n > 0 || t.cut {
		*t = Text{}
	}
	if t.setASCII(raw) {
		return
	}
	*t = Text{}
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if int(t.n)+utf8.RuneLen(r) > MaxText {
			t.cut = true
			return
		}
		t.n += uint8(utf8.EncodeRune(t.b[t.n:], r)) //nolint:gosec // 4 at most
		raw = raw[size:]
	}
}

// setASCII sets an empty text, where it can, eight bytes at a time: the last
// time some of them again.
func (t *Text) setASCII(raw []byte) bool {
	if len(raw) > MaxText {
		return false
	}
	t.n = uint8(len(raw)) //nolint:gosec // MaxText at most
	all := uint64(0)
	if len(raw) < 8 {
		for i, c := range raw {
			t.b[i] = c
			all |= uint64(c)
		}
		return all < 0x80
	}
	for i := 0; i <= len(raw)-8; i += 8 {
		w := load(raw, i)
		store(t.b[:], i, w)
		all |= w
	}
	w := load(raw, len(raw)-8)
	store(t.b[:], len(raw)-8, w)
	return (all|w)&highs == 0
}
