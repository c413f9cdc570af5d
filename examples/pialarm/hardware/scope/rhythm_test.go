package scope_test

import (
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/scope"
)

func TestRhythm(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	slow := scope.Rhythm{{500 * ms, 500 * ms}}
	double := scope.Rhythm{{250 * ms, 250 * ms}, {250 * ms, 1500 * ms}}
	for name, c := range map[string]struct {
		rhythm scope.Rhythm
		edges  []int // in ms, up and down in turn
		want   string
	}{
		"exact":                  {slow.Times(2), []int{0, 500, 1000, 1500, 2000, 2500}, "500/500 500/500 ms"},
		"roughly":                {slow, []int{0, 440, 1100, 1500}, "440/660 ms"},
		"after a stumble":        {slow, []int{0, 1900, 2000, 2500, 3000, 3500}, "500/500 ms"},
		"in the middle of it":    {double, []int{0, 250, 1750, 2000, 2250, 2500, 4000, 4250}, "250/250 250/1500 ms"},
		"another one":            {double, []int{0, 500, 1000, 1500, 2000, 2500, 3000, 3500}, ""},
		"twice as fast":          {slow, []int{0, 125, 250, 375, 500, 625, 750}, ""},
		"not over":               {double, []int{0, 250, 500, 750}, ""},
		"not often enough":       {slow.Times(3), []int{0, 500, 1000, 1500, 2000, 2500}, ""},
		"nothing":                {slow, nil, ""},
		"high for good":          {slow, []int{0}, ""},
		"the last one goes on":   {slow, []int{0, 500, 1000}, "500/500 ms"},
		"three blinks, not two":  {double, []int{0, 250, 500, 750, 1000, 1250, 2750, 3000, 3250, 3500, 3750, 4000, 5500}, "250/250 250/1500 ms"},
		"three, and twice asked": {double.Times(2), []int{0, 250, 500, 750, 1000, 1250, 2750, 3000, 3250, 3500, 3750, 4000, 5500}, ""},
	} {
		var s scope.Scope
		for i, edge := range c.edges {
			s.Record(scope.Change{Wire: 1, High: i%2 == 0, At: at(edge)})
		}
		got := ""
		if found := c.rhythm.Find(s.Pulses(1, at(0))); found != nil {
			got = found.String()
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
