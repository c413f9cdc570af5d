package guard_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/examples/picow/guard"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := guard.Guard{Patience: time.Minute}
		g.Progress(time.Now())
		for range 3 {
			time.Sleep(time.Minute)
			if !g.Alive(time.Now()) {
				t.Fatal("dead after the time that it may take")
			}
			g.Progress(time.Now())
		}
		time.Sleep(time.Minute + 1)
		if g.Alive(time.Now()) {
			t.Error("alive after more than it may take")
		}
	})
}
