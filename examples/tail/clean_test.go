package main

import (
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/workato-go/sdk/workato/workatotest"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Post invoices":                             "Post invoices",
		"Größe 名 🙂 é e\u0301":                       "Größe 名 🙂 é e\u0301",
		"\x1b[31mred\x1b[0m":                        "red",
		"\x1b[1;31;48:2:1:2:3mred":                  "red",
		"\x1b[?25lhide":                             "hide",
		"a\x1b[2Jb\x1b[Hc":                          "abc",
		"\x1b]0;title\x07name":                      "name",
		"\x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\": "link",
		"\x1b]52;c;aGk=\x07clip":                    "clip",
		"\x1bP$q\"p\x1b\\dcs":                       "dcs",
		"\x1b(0charset":                             "charset",
		"\x1bcreset":                                "reset",
		"cut \x1b[":                                 "cut",
		"cut \x1b":                                  "cut",
		"\u009b31mC1":                               "C1",
		"\u009d0;title\u009cC1":                     "C1",
		"\u0085a\u0084b":                            "ab",
		"abc\u202egnp.exe":                          "abcgnp.exe",
		"\u2066x\u2069\u200e\u200f\u061cy":          "xy",
		"zero\u200bwidth\ufeff":                     "zerowidth",
		"tag\U000e0041\U000e007f":                   "tag",
		"two\nlines\r\nand\ttabs\u2028end":          "two lines  and tabs end",
		"bell\a back\b del\x7f nul\x00":             "bell back del nul",
		"not \xff UTF-8":                            "not \ufffd UTF-8",
		"":                                          "",
	} {
		wantText(t, "clean", clean(text), want)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\x1b]0;\x1b[\u009b\u202e\n")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range clean(s) {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
				t.Fatalf("%q is left of %q", r, s)
			}
		}
	})
}

func TestWidth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "abc": 3, "名": 2, "🙂": 2, "e\u0301": 1, "é": 1} {
		if got := width(text); got != want {
			t.Errorf("%q: %d columns, want %d", text, got, want)
		}
	}
	for _, test := range []struct {
		text    string
		columns int
		want    string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"名名", 4, "名名"}, {"名名名", 4, "名…"}, {"名名", 3, "名…"}, {"名", 1, "…"}, {"", 0, ""},
	} {
		wantText(t, test.text, cut(test.text, test.columns), test.want)
	}
}

func TestHostileNamesAreStripped(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{0, 80, 140} {
		t.Run(strconv.Itoa(columns), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				s.stdoutColumns = columns
				const evil = "\x1b]0;owned\x07\x1b[2J\u009b1m\u202e\nE"
				s.srv.Own().SetEnvironment(evil)
				s.srv.Own().AddEvents(
					workatotest.Event{
						Type: evil, User: &workatotest.User{ID: 1, Name: evil},
						Resource: workatotest.Resource{Name: evil, Type: evil},
					},
					workatotest.Event{User: &workatotest.User{ID: 1, Email: evil}, Resource: workatotest.Resource{FileName: evil}},
					workatotest.Event{Resource: workatotest.Resource{Path: evil}},
					workatotest.Event{Resource: workatotest.Resource{Email: evil}},
					workatotest.Event{Resource: workatotest.Resource{ID: evil}},
					workatotest.Event{Raw: []byte(`{"timestamp":"\u001b[31mlong ago"}`)},
				)
				s.want(exitDone, "", "-color", "never")
				got := s.stdout.String()
				if strings.ContainsAny(got, "\x1b\x07\u009b\u202e") || strings.Contains(got, "owned") || strings.Count(got, "\n") != 6 {
					t.Errorf("printed %q", got)
				}
			})
		})
	}
}
