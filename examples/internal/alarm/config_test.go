package alarm_test

import (
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		field, says string
		config      alarm.Config
	}{
		{"Sound", "at least 30ms", alarm.Config{Sound: time.Nanosecond}},
		{"Sound", "at least 30ms", alarm.Config{Sound: -time.Second}},
		{"Sound", "at most 10s", alarm.Config{Sound: 11 * time.Second}},
		{"Sound", "at most 100ms", alarm.Config{MaxSound: 100 * time.Millisecond}},
		{"MaxSound", "at most 1m0s", alarm.Config{MaxSound: time.Hour}},
		{"SoundPause", "at least 900ms", alarm.Config{SoundPause: 899 * time.Millisecond}},
		{"SoundPause", "at least 15s", alarm.Config{Sound: 5 * time.Second}},
		{"HighEvery", "at least 10s", alarm.Config{HighEvery: 9 * time.Second}},
		{"HighRepeat", "-1 for none", alarm.Config{HighRepeat: -2}},
		{"StaleAfter", "at least 1s", alarm.Config{StaleAfter: -1}},
		{"StaleAfter", "at most 24h0m0s", alarm.Config{StaleAfter: 25 * time.Hour}},
		{"Wink", "at least 1s", alarm.Config{Wink: time.Millisecond}},
		{"Debounce", "at most 1s", alarm.Config{Debounce: 2 * time.Second}},
		{"LongPress", "at least 300ms", alarm.Config{LongPress: time.Millisecond}},
		{"MuteFor", "at least 1s", alarm.Config{MuteFor: time.Millisecond}},
		{"Quiet", "outside of a day", alarm.Config{Quiet: alarm.QuietHours{From: -1}}},
		{"Quiet", "outside of a day", alarm.Config{Quiet: alarm.QuietHours{From: 24 * time.Hour}}},
		{"Quiet", "outside of a day", alarm.Config{Quiet: alarm.QuietHours{To: 24*time.Hour + 1}}},
	} {
		_, err := alarm.New(test.config, silent{}, silent{})
		wantField(t, err, test.field, test.says)
	}
	_, err := alarm.New(alarm.Config{}, nil, silent{})
	wantField(t, err, "led", "give an Output")
	_, err = alarm.New(alarm.Config{}, silent{}, nil)
	wantField(t, err, "buzzer", "give an Output")
}
