package workato

import (
	"runtime/debug"
	"testing"
)

func TestModuleVersion(t *testing.T) {
	t.Parallel()
	other := &debug.Module{Path: "example.com/other", Version: "v9.9.9"}
	tests := map[string]struct {
		info *debug.BuildInfo
		ok   bool
		want string
	}{
		"no build info":    {nil, false, "devel"},
		"a dependency":     {&debug.BuildInfo{Main: *other, Deps: []*debug.Module{other, {Path: modulePath, Version: "v1.2.3"}}}, true, "v1.2.3"},
		"the main module":  {&debug.BuildInfo{Main: debug.Module{Path: modulePath, Version: "v1.2.4"}}, true, "v1.2.4"},
		"a development":    {&debug.BuildInfo{Main: debug.Module{Path: modulePath, Version: "(devel)"}}, true, "devel"},
		"not there at all": {&debug.BuildInfo{Main: *other}, true, "devel"},
	}
	for name, tt := range tests {
		if got := moduleVersion(tt.info, tt.ok); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
