package value_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/value"
	"github.com/workato-go/sdk/workato"
)

// What cannot be read leaves alone what was there.
func TestValues(t *testing.T) {
	t.Parallel()
	region, text, number, duration, word := workato.US, "before", int64(7), time.Minute, "auto"
	all := func() string { return fmt.Sprint(region, " ", text, " ", number, " ", duration, " ", word) }
	for _, test := range []struct {
		read      func(string) error
		value     string
		want, err string
	}{
		{value.Region(&region), "EU", "eu before 7 1m0s auto", ""},
		{value.Text(&text, "a folder"), "x y", "eu x y 7 1m0s auto", ""},
		{value.Text(&text, "a folder"), "", "", "is empty; give a folder"},
		{value.Number(&number, 1), "19029", "eu x y 19029 1m0s auto", ""},
		{value.Number(&number, 1), "0", "", "must be a number of 1 or more"},
		{value.Number(&number, 1), "A2300", "", "must be a number of 1 or more"},
		{value.Number(&number, 1), "99999999999999999999", "", "must be a number of 1 or more"},
		{value.Duration(&duration, time.Second), "5m", "eu x y 19029 5m0s auto", ""},
		{value.Duration(&duration, time.Second), "300ms", "", "must be a duration of at least 1s, such as 300ms, 30s or 5m"},
		{value.Duration(&duration, time.Second), "5", "", "must be a duration of at least 1s, such as 300ms, 30s or 5m"},
		{value.OneOf(&word, "auto", "never"), "never", "eu x y 19029 5m0s never", ""},
		{value.OneOf(&word, "auto", "never"), "Auto", "", "must be one of auto, never"},
	} {
		before := all()
		err := test.read(test.value)
		if test.err != "" && (err == nil || err.Error() != test.err || all() != before) {
			t.Errorf("%q: error %v, want %q; %s, before %s", test.value, err, test.err, all(), before)
		}
		if test.err == "" && (err != nil || all() != test.want) {
			t.Errorf("%q: error %v; %s, want %s", test.value, err, all(), test.want)
		}
	}
	if err := value.Region(&region)("mars"); err == nil || region != "eu" {
		t.Errorf("error %v; %s", err, region)
	}
}
