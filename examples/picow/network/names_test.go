package network_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/picow/network"
)

func TestNames(t *testing.T) {
	t.Parallel()
	const host = "app.test"
	a := func(owner []byte, ip ...byte) []byte {
		return append(append(append([]byte{}, owner...), 0, 1, 0, 1, 0, 0, 0, 9, 0, 4), ip...)
	}
	alias := func(owner []byte, to ...byte) []byte {
		return append(append(append([]byte{}, owner...), 0, 5, 0, 1, 0, 0, 0, 9, 0, byte(len(to))), to...)
	}
	here := []byte{0xc0, 12}
	b, c := []byte{1, 'b', 0}, []byte{1, 'C', 0}
	for _, test := range []struct {
		name    string
		code    byte
		records [][]byte
		want    []string // nil: an error
	}{
		{"one", 0, [][]byte{a(here, 1, 2, 3, 4)}, []string{"1.2.3.4"}},
		{"in full", 0, [][]byte{a([]byte("\x03APP\x04test\x00"), 1, 2, 3, 4)}, []string{"1.2.3.4"}},
		{"four of six", 0, [][]byte{a(here, 1, 1, 1, 1), a(here, 2, 2, 2, 2), a(here, 3, 3, 3, 3), a(here, 4, 4, 4, 4), a(here, 5, 5, 5, 5), a(here, 6, 6, 6, 6)}, []string{"1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"}},
		{"aliases out of order", 0, [][]byte{a(c, 9, 9, 9, 9), alias(b, 1, 'c', 0), alias(here, b...)}, []string{"9.9.9.9"}},
		{"of another name", 0, [][]byte{a(b, 1, 2, 3, 4)}, nil},
		{"aliases in a circle", 0, [][]byte{alias(here, b...), alias(b, 0xc0, 12)}, nil},
		{"nothing", 0, nil, nil},
		{"no such name", 3, nil, nil},
		{"server failure", 2, nil, nil},
		{"pointer to itself", 0, [][]byte{{0xc0, 26, 0, 1}}, nil},
		{"record without an end", 0, [][]byte{a(here, 1, 2, 3)}, nil},
		{"whole records before a cut", 0, [][]byte{a(here, 1, 2, 3, 4), {0xc0, 12, 0}}, []string{"1.2.3.4"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inLab(t, fair, 1, func(t *testing.T, l *lab) {
				l.Names[host] = func(id uint16, question []byte) []byte {
					m := append([]byte{byte(id >> 8), byte(id), 0x81, 0x80 | test.code, 0, 1, 0, byte(len(test.records)), 0, 0, 0, 0}, question...)
					for _, r := range test.records {
						m = append(m, r...)
					}
					return m
				}
				l.up()
				got, err := l.net.Resolve(host, time.Time{})
				if test.want == nil {
					if !errors.Is(err, network.ErrAddress) {
						t.Errorf("%v, error %v", got, err)
					}
					return
				}
				if err != nil || len(got) != len(test.want) {
					t.Fatalf("%v, error %v; want %v", got, err, test.want)
				}
				for i, addr := range got {
					if addr != netip.MustParseAddr(test.want[i]) {
						t.Errorf("%v, want %v", got, test.want)
					}
				}
			})
		})
	}
}

func TestAnAnswerToAnotherQuestionIsNone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		lie  func(m []byte)
	}{
		{"another number", func(m []byte) { m[1]++ }},
		{"a question", func(m []byte) { m[2] &^= 0x80 }},
		{"another name", func(m []byte) { m[13] = 'x' }},
		{"another type", func(m []byte) { m[len(m)-17] = 28 }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inLab(t, fair, 1, func(t *testing.T, l *lab) {
				l.Names["app.test"] = func(id uint16, question []byte) []byte {
					m := append([]byte{byte(id >> 8), byte(id), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0}, question...)
					m = append(m, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 6, 6, 6, 6)
					if test.name == "another type" {
						m[12+len(question)-3] = 28
						return m
					}
					test.lie(m)
					return m
				}
				l.up()
				if got, err := l.net.Resolve("app.test", time.Time{}); !errors.Is(err, network.ErrAddress) {
					t.Errorf("%v, error %v", got, err)
				}
			})
		})
	}
}
