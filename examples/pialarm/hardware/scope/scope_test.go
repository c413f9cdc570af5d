package scope_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/scope"
)

var start = time.Date(2024, time.June, 18, 12, 0, 0, 0, time.UTC)

func at(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }

func TestPulses(t *testing.T) {
	t.Parallel()
	var s scope.Scope
	for _, c := range []scope.Change{
		{17, true, at(100)},
		{27, true, at(100)},
		{17, true, at(150)}, // changes nothing
		{27, false, at(400)},
		{17, false, at(600)},
		{17, true, at(900)},
	} {
		s.Record(c)
	}
	for name, c := range map[string]struct {
		wire  int
		since int
		want  []time.Duration
	}{
		"all":              {17, 0, []time.Duration{500 * time.Millisecond, 100 * time.Millisecond}},
		"another wire":     {27, 0, []time.Duration{300 * time.Millisecond}},
		"from its edge":    {17, 100, []time.Duration{500 * time.Millisecond, 100 * time.Millisecond}},
		"cut":              {17, 200, []time.Duration{400 * time.Millisecond, 100 * time.Millisecond}},
		"after it":         {27, 500, nil},
		"a wire never met": {5, 0, nil},
	} {
		var got []time.Duration
		for _, p := range s.Pulses(c.wire, at(c.since)) {
			got = append(got, p.Width(at(1000)))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	if !s.High(17) || s.High(27) || s.High(5) {
		t.Errorf("levels: %t %t %t, want only wire 17 high", s.High(17), s.High(27), s.High(5))
	}
	if got := len(s.Changes(17, at(600))); got != 2 {
		t.Errorf("%d changes since the second one, want 2 with it", got)
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s scope.Scope
		began := time.Now()
		go func() {
			time.Sleep(time.Second)
			s.Record(scope.Change{Wire: 17, High: true, At: time.Now()})
			s.Record(scope.Change{Wire: 27, High: true, At: time.Now()})
			time.Sleep(time.Second)
			s.Record(scope.Change{Wire: 17, At: time.Now()})
		}()
		for _, high := range []bool{true, false, true} { // the last one is past
			c, err := s.Wait(t.Context(), 17, high, began)
			if err != nil || c.High != high {
				t.Fatalf("waiting for %t: %+v, %v", high, c, err)
			}
		}
		if passed := time.Since(began); passed != 2*time.Second {
			t.Errorf("waited %v, want 2 s", passed)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := s.Wait(ctx, 27, false, began); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a wire that stays high: %v", err)
		}
		if _, err := s.Wait(ctx, 17, true, began.Add(1500*time.Millisecond)); err == nil {
			t.Error("an earlier change counts")
		}
	})
}

func TestDraw(t *testing.T) {
	t.Parallel()
	var s scope.Scope
	s.Record(scope.Change{Wire: 17, High: true, At: at(1204)})
	s.Record(scope.Change{Wire: 5, High: true, At: at(1205)})
	s.Record(scope.Change{Wire: 17, At: at(1512)})
	want := "+1.000s pressed\n+1.204s GPIO17 high\n+1.512s GPIO17 low\n"
	if got := s.Draw(map[int]string{17: "GPIO17"}, start, scope.Mark{At: at(1000), Text: "pressed"}, scope.Mark{At: at(-1), Text: "before"}); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
