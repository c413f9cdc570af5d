package main

import (
	"os"
	"strings"
	"testing"
)

// The constants in the repository are those of the table.
func TestGeneratedFileIsCurrent(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("../../activity/types.csv")
	if err != nil {
		t.Fatal(err)
	}
	want, err := generate(table)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../activity/types_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("activity/types_gen.go is not what activity/types.csv gives; run go generate ./activity")
	}
}

func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	const header = "constant,identifier,meaning,source\n"
	for name, tt := range map[string]struct{ table, says string }{
		"nothing":             {"", "first line"},
		"another header":      {"a,b,c,d\nEventX,x,y,samples\n", "first line"},
		"a short line":        {header + "EventX,x\n", "wrong number of fields"},
		"another prefix":      {header + "X,x,y,samples\n", "line 2"},
		"no identifier":       {header + "EventX,,y,samples\n", "line 2"},
		"no meaning":          {header + "EventX,x,,samples\n", "line 2"},
		"another source":      {header + "EventX,x,y,hearsay\n", "unknown source"},
		"a constant twice":    {header + "EventX,x,y,samples\nEventX,z,y,samples\n", "line 3"},
		"an identifier twice": {header + "EventX,x,y,samples\nEventY,x,y,samples\n", "line 3"},
	} {
		if _, err := generate([]byte(tt.table)); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want an error with %q", name, err, tt.says)
		}
	}
}
