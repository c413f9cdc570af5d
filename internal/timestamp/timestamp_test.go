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

// The quick way to read the usual forms is only quick.
func FuzzUsual(f *testing.F) {
	for _, in := range []string{
		"2024-06-18 19:17:31 UTC", "2024-06-18T12:17:31.693-07:00", "2024-04-24 14:23:03 -0700", "2024-02-29T00:00:00Z",
		"0000-02-29 00:00:00 UTC", "9999-12-31T23:59:59.999999999+23:59", "1900-02-29 00:00:00 UTC", "2024-06-18 19:17:31.1234567890 UTC",
		"2024-06-18 19:17:31. UTC", "2024-06-18t19:17:31Z", "2024-06-18 19:17:3: UTC", "2024-06-18 19:17:31UTC", "2024-06-18 19:17:31 +2400",
		"2024-06-18 19:17:31 +00:60", "2024-06-18 19:17:31 -00:00", "\x00\x00\x00\x00-06-18 19:17:31 UTC", "2024-06-18\x1019:17:31 UTC", "2024-06-18 19:17:31,5 UTC",
	} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		quick, ok := timestamp.ParseUsual(in)
		if !ok {
			return
		}
		if want, ok := timestamp.ParseAny(in); !ok || quick != want {
			t.Errorf("%q is %v quickly, and else %v, %v", in, quick, want, ok)
		}
	})
}

// The quick way is taken by the forms that the platform writes.
func TestUsualIsQuick(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"2024-06-18 19:17:31 UTC", "2024-04-24 14:23:03 -0700", "2024-08-29T14:09:13-07:00", "2019-07-11T10:08:41.693-07:00", "2015-01-02T01:02:03.000Z",
	} {
		if _, ok := timestamp.ParseUsual(in); !ok {
			t.Errorf("%q is read slowly", in)
		}
	}
}

// Every day of eight centuries, and every hour, is what package time says.
func TestUsualCalendar(t *testing.T) {
	t.Parallel()
	for day := time.Date(1599, time.December, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2401; day = day.Add(25*time.Hour + time.Minute + time.Second) {
		in := day.Format("2006-01-02 15:04:05 UTC")
		if got, ok := timestamp.ParseUsual(in); !ok || got != day {
			t.Fatalf("%q is %v, %v", in, got, ok)
		}
	}
	for _, in := range []string{"2023-02-29", "2100-02-29", "2024-04-31", "2024-00-10", "2024-13-10", "2024-01-00", "2024-01-32"} {
		if got, ok := timestamp.ParseUsual(in + " 12:00:00 UTC"); ok {
			t.Errorf("%s is %v", in, got)
		}
	}
}
