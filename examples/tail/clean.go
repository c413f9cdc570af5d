package main

import (
	"regexp"
	"strings"
	"unicode"
)

// escapes matches whole escape sequences, in their 7-bit form and in that of
// the C1 controls: those that set something, those that carry a text such as
// a window's title, and the short ones.
var escapes = regexp.MustCompile(
	"(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]?" +
		"|(?:\x1b[\\]PX^_]|[\u0090\u0098\u009d\u009e\u009f])[^\x07\x1b\u009c]*(?:\x07|\x1b\\\\|\u009c)?" +
		"|\x1b[ -/]*[0-~]?")

// clean makes a text from outside safe for a terminal, and one line of it.
// Besides controls it drops all format characters: among them are those that
// turn the direction of writing, so that a line reads as another.
func clean(s string) string {
	s = escapes.ReplaceAllString(s, "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		default:
			return r
		}
	}, s))
}

// cleanLines is clean for our own texts of several lines.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = clean(line)
	}
	return strings.Join(lines, "\n")
}

// width is how many columns a text takes.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// cut shortens a text to so many columns.
func cut(s string, columns int) string {
	if width(s) <= columns {
		return s
	}
	used := 0
	for i, r := range s {
		if used+runeWidth(r) > columns-1 { // the last one is for the ellipsis
			return s[:i] + "…"
		}
		used += runeWidth(r)
	}
	return s
}

// wide are the blocks whose characters take two columns.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1}, // Hangul
		{0x2e80, 0x303e, 1}, // CJK radicals and punctuation
		{0x3041, 0xa4cf, 1}, // kana, CJK, Yi
		{0xac00, 0xd7a3, 1}, // Hangul
		{0xf900, 0xfaff, 1}, // CJK
		{0xfe30, 0xfe6f, 1}, // CJK forms
		{0xff01, 0xff60, 1}, // full-width forms
		{0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{
		{0x1f300, 0x1f64f, 1}, // pictures
		{0x1f680, 0x1f6ff, 1},
		{0x1f900, 0x1faff, 1},
		{0x20000, 0x3fffd, 1}, // CJK
	},
}

func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	default:
		return 1
	}
}
