package alarm_test

import (
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

func TestParseQuietHours(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text     string
		from, to time.Duration
	}{
		{"", 0, 0},
		{"22:00-07:30", 22 * time.Hour, 7*time.Hour + 30*time.Minute},
		{"00:00-24:00", 0, 24 * time.Hour},
		{"12:59-13:00", 12*time.Hour + 59*time.Minute, 13 * time.Hour},
	} {
		got, err := alarm.ParseQuietHours(test.text)
		if err != nil || got.From != test.from || got.To != test.to {
			t.Errorf("%q is %v to %v, error %v", test.text, got.From, got.To, err)
		}
		if back := got.String(); back != test.text {
			t.Errorf("%q comes back as %q", test.text, back)
		}
	}
	for text, says := range map[string]string{
		"22-7":         "look like 22:00-07:30",
		"22:00 07:30":  "look like 22:00-07:30",
		"22:00-07:30 ": "look like 22:00-07:30",
		"22:0x-07:30":  "two times",
		"2200:-07:30":  "two times",
		"22:60-07:30":  "two times",
		"24:01-07:30":  "two times",
		"22:00-99:99":  "two times",
		"24:00-07:30":  "write 00:00",
		"07:30-07:30":  "begins when it ends",
	} {
		_, err := alarm.ParseQuietHours(text)
		wantField(t, err, "Quiet", says)
	}
}

func TestQuietHoursContains(t *testing.T) {
	t.Parallel()
	at := func(hour, minute int) time.Time {
		return time.Date(2026, time.March, 2, hour, minute, 0, 0, time.FixedZone("", 5*3600))
	}
	for _, test := range []struct {
		hours string
		in    []time.Time
		out   []time.Time
	}{
		{"", nil, []time.Time{at(0, 0), at(12, 0)}},
		{"00:00-24:00", []time.Time{at(0, 0), at(12, 0), at(23, 59)}, nil},
		{"12:00-13:00", []time.Time{at(12, 0), at(12, 59)}, []time.Time{at(11, 59), at(13, 0), at(0, 0)}},
		{"22:00-07:30", []time.Time{at(22, 0), at(23, 59), at(0, 0), at(7, 29)}, []time.Time{at(21, 59), at(7, 30), at(12, 0)}},
	} {
		hours, err := alarm.ParseQuietHours(test.hours)
		if err != nil {
			t.Fatal(err)
		}
		for _, now := range test.in {
			if !hours.Contains(now) {
				t.Errorf("%q does not contain %v", hours, now)
			}
		}
		for _, now := range test.out {
			if hours.Contains(now) {
				t.Errorf("%q contains %v", hours, now)
			}
		}
	}
}

func FuzzParseQuietHours(f *testing.F) {
	f.Add("22:00-07:30")
	f.Add("00:00-24:00")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		hours, err := alarm.ParseQuietHours(text)
		if err != nil {
			return
		}
		if back := hours.String(); back != text {
			t.Errorf("%q comes back as %q", text, back)
		}
		if _, err := alarm.New(alarm.Config{Quiet: hours}, silent{}, silent{}); err != nil {
			t.Errorf("%q is parsed, and refused: %v", text, err)
		}
	})
}

// silent is an output that does nothing.
type silent struct{}

func (silent) Set(bool) error { return nil }
