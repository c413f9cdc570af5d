package lenient_test

import (
	"encoding/json"
	"testing"

	"github.com/workato-go/sdk/internal/lenient"
)

func TestID(t *testing.T) {
	t.Parallel()
	tests := map[string]lenient.ID{
		`42`: 42, `"42"`: 42, `" 42 "`: 42, `-1`: -1, `42.0`: 42, `1e6`: 1000000, `9223372036854775807`: 9223372036854775807,
		`null`: 0, `""`: 0, `"tag-ABC"`: 0, `4.5`: 0, `true`: 0, `{"id":1}`: 0, `[1]`: 0, `1e300`: 0, `9223372036854775808`: 0,
		`"NaN"`: 0, `"Inf"`: 0,
	}
	for in, want := range tests {
		if got := decode[lenient.ID](t, in); got != want {
			t.Errorf("ID of %s = %d, want %d", in, got, want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	tests := map[string]lenient.Text{
		`"Flow"`: "Flow", `"Gr\u00fc\u00dfe"`: "Grüße", `7`: "7", `1.50`: "1.50", `true`: "true",
		`null`: "", `{"a":1}`: "", `[]`: "",
	}
	for in, want := range tests {
		if got := decode[lenient.Text](t, in); got != want {
			t.Errorf("Text of %s = %q, want %q", in, got, want)
		}
	}
}

func TestBool(t *testing.T) {
	t.Parallel()
	yes, no, unknown := lenient.Bool{Value: true, Known: true}, lenient.Bool{Known: true}, lenient.Bool{}
	tests := map[string]lenient.Bool{
		`true`: yes, `"true"`: yes, `1`: yes, `false`: no, `"false"`: no, `0`: no,
		`null`: unknown, `"no such recipe"`: unknown, `{}`: unknown, `2`: unknown,
	}
	for in, want := range tests {
		got := decode[lenient.Bool](t, in)
		if got != want {
			t.Errorf("Bool of %s = %+v, want %+v", in, got, want)
		}
		if p := got.Pointer(); (p != nil) != want.Known || p != nil && *p != want.Value {
			t.Errorf("Pointer of %s does not say what Bool says", in)
		}
	}
}

// A field that was set before must not survive a value that cannot be read.
func TestDecodingReplaces(t *testing.T) {
	t.Parallel()
	got := struct {
		ID   lenient.ID
		Text lenient.Text
		Bool lenient.Bool
	}{1, "x", lenient.Bool{Value: true, Known: true}}
	if err := json.Unmarshal([]byte(`{"id":[],"text":{},"bool":[]}`), &got); err != nil {
		t.Fatal(err)
	}
	if got.ID != 0 || got.Text != "" || got.Bool.Known {
		t.Errorf("got %+v, want zero values", got)
	}
}

func decode[T any](t *testing.T, in string) (out T) {
	t.Helper()
	if err := json.Unmarshal([]byte(in), &out); err != nil {
		t.Fatalf("%s: %v", in, err)
	}
	return out
}
