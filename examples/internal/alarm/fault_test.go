package alarm_test

import (
	"strings"
	"testing"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

func TestBlinks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault       alarm.Fault
		long, short int
		lasting     bool
		text        string
	}{
		{0, 0, 0, false, "none"},
		{alarm.Unreachable, 0, 2, false, "nobody answers"},
		{alarm.WiFi, 0, 3, false, "network cannot be joined"},
		{alarm.Address, 0, 4, false, "no address"},
		{alarm.Time, 0, 5, false, "no time"},
		{alarm.Server, 0, 6, false, "answer cannot be used"},
		{alarm.Trust, 1, 2, true, "certificate refused"},
		{alarm.Token, 1, 3, true, "token refused"},
		{alarm.Settings, 1, 4, true, "settings missing or damaged"},
		{alarm.Checkpoint, 1, 5, true, "checkpoint damaged or foreign"},
		{alarm.Checkpoint + 1, 0, 0, false, "unknown"},
	} {
		long, short := test.fault.Blinks()
		if long != test.long || short != test.short {
			t.Errorf("%v: %d long and %d short blinks, want %d and %d", test.fault, long, short, test.long, test.short)
		}
		if got := test.fault.Lasting(); got != test.lasting {
			t.Errorf("%v: lasting: %v", test.fault, got)
		}
		if got := test.fault.String(); got != test.text {
			t.Errorf("%d: %q, want %q", test.fault, got, test.text)
		}
	}
}

// TestLooksDiffer asks what a person sees who begins to look at any moment: no
// two things look the same.
func TestLooksDiffer(t *testing.T) {
	t.Parallel()
	looks := alarm.Looks()
	for i, one := range looks {
		for _, other := range looks[:i] {
			if same(movie(one), movie(other)) {
				t.Errorf("%q looks like %q", one.Shows, other.Shows)
			}
		}
	}
}

// movie is what a look shows over and over.
func movie(l alarm.Look) []rune {
	turn := []rune(l.Pattern)
	if strings.HasPrefix(l.Shows, "quiet") {
		for len(turn) < 80 { // 10 s
			turn = append(turn, '_')
		}
	}
	return turn
}

// same tells whether one movie is the other, from another moment on.
func same(one, other []rune) bool {
	length := len(one) * len(other)
	for shift := range one {
		equal := true
		for i := 0; i < length && equal; i++ {
			equal = one[(i+shift)%len(one)] == other[i%len(other)]
		}
		if equal {
			return true
		}
	}
	return false
}

func TestTexts(t *testing.T) {
	t.Parallel()
	var texts []string
	for phase := alarm.Booting; phase <= alarm.Watching+1; phase++ {
		texts = append(texts, phase.String())
	}
	for severity := alarm.Ignored; severity <= alarm.High; severity++ {
		texts = append(texts, severity.String())
	}
	want := "starting, joining the network, asking for the time, connecting, watching, unknown, ignored, normal, high"
	if got := strings.Join(texts, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
