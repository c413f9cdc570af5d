package diff_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

func TestConfigs(t *testing.T) {
	t.Parallel()
	for _, c := range []diff.Config{diff.ServerConfig(), diff.BoardConfig()} {
		if _, err := diff.New(c); err != nil {
			t.Error(err)
		}
	}
}

func TestConfigErrors(t *testing.T) {
	t.Parallel()
	for field, spoil := range map[string][]func(*diff.Config){
		"MaxPageSize": {func(c *diff.Config) { c.MaxPageSize = 0 }, func(c *diff.Config) { c.MaxPageSize = 101 }},
		"PageSize":    {func(c *diff.Config) { c.PageSize = 0 }, func(c *diff.Config) { c.PageSize = 21 }},
		"RingSize":    {func(c *diff.Config) { c.RingSize = 19 }, func(c *diff.Config) { c.RingSize = 1<<20 + 1 }},
		"Hold":        {func(c *diff.Config) { c.Hold = 19 }, func(c *diff.Config) { c.Hold = 1<<16 + 1 }},
		"Cursors":     {func(c *diff.Config) { c.Cursors = 15 }, func(c *diff.Config) { c.Cursors = 4097 }},
		"LatenessMs":  {func(c *diff.Config) { c.LatenessMs = 999 }, func(c *diff.Config) { c.LatenessMs = 24*hour + 1 }},
		"RetentionMs": {func(c *diff.Config) { c.RetentionMs = 350*10*minute - 1 }, func(c *diff.Config) { c.RetentionMs = 1 << 48 }},
	} {
		for i, spoil := range spoil {
			c := diff.BoardConfig()
			spoil(&c)
			_, err := diff.New(c)
			var wrong *diff.ConfigError
			if !errors.As(err, &wrong) || wrong.Field != field || !strings.HasPrefix(err.Error(), "diff: Config."+field+" must be ") {
				t.Errorf("%s, %d: %v", field, i, err)
			}
		}
	}
}

func TestReasonString(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for r := diff.Late; r <= diff.CheckpointLost; r++ {
		seen[r.String()] = true
	}
	if len(seen) != 9 || seen["Reason?"] || diff.Reason(0).String() != "Reason?" {
		t.Errorf("names %v", seen)
	}
}
