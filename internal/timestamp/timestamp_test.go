package timestamp_test

import (
	"testing"
	"time"

	"github.com/workato-go/sdk/internal/timestamp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, time.June, 18, 19, 17, 31, 0, time.UTC)
	tests := map[string]time.Time{
		"2024-06-18 19:17:31 UTC":        at,
		"2024-06-18 19:17:31 utc":        at,
		"2024-06-18 19:17:31 GMT":        at,
		"2024-06-18 12:17:31 PDT":        at,
		"2024-06-18 11:17:31 PST":        at,
		"2024-06-18 12:17:31 -0700":      at,
		"2024-06-18 12:17:31 -07:00":     at,
		"2024-06-19 03:17:31 +0800":      at,
		"2024-06-18T12:17:31-07:00":      at,
		"2024-06-18T19:17:31Z":           at,
		"2024-06-18T19:17:31+00":         at,
		"2024-06-18T19:17:31.000Z":       at,
		"2024-06-18T12:17:31.693-07:00":  at.Add(693 * time.Millisecond),
		"2024-06-18 19:17:31.5 UTC":      at.Add(500 * time.Millisecond),
		"2024-06-18 19:17:31.123456 UTC": at.Add(123456 * time.Microsecond),
		" 2024-06-18 19:17:31 UTC ":      at,
		"2024-06-18 19:17:31Z":           at,
	}
	for in, want := range tests {
		got, ok := timestamp.Parse(in)
		if !ok || !got.Equal(want) {
			t.Errorf("Parse(%q) = %v, %v, want %v", in, got, ok, want)
		}
		if got.Location() != time.UTC {
			t.Errorf("Parse(%q) is in %v, want UTC", in, got.Location())
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", "yesterday", "2024-06-18", "2024-06-18 19:17:31", "2024-06-18T19:17:31.000",
		"2024-18-06 19:17:31 UTC", "2024-02-30 19:17:31 UTC", "2024-06-18 25:17:31 UTC",
		"2024-06-18 19:17:31 XYZ", "2024-06-18 19:17:31 MEST", "2024-06-18 19:17:31 +99:99",
		"2024-06-18 19:17:31..5 UTC", "2024-06-18 19:17:31 UTC and more",
	} {
		if got, ok := timestamp.Parse(in); ok {
			t.Errorf("Parse(%q) = %v, want a refusal", in, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2024-06-18 19:17:31 UTC")
	f.Add("2024-06-18T12:17:31.693-07:00")
	f.Fuzz(func(t *testing.T, in string) {
		if got, ok := timestamp.Parse(in); ok {
			again, ok := timestamp.Parse(got.Format("2006-01-02 15:04:05.999999999 UTC"))
			if !ok || !again.Equal(got) {
				t.Errorf("Parse(%q) = %v, and its own form gives %v, %v", in, got, again, ok)
			}
		}
	})
}
