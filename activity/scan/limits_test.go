package scan_test

import (
	"bytes"
	"errors"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/workato-go/sdk/activity/scan"
	"github.com/workato-go/sdk/internal/pages"
)

// A scanner has its place in the memory of a microcontroller.
func TestSize(t *testing.T) {
	t.Parallel()
	scanner, item := reflect.TypeFor[scan.Scanner]().Size(), reflect.TypeFor[scan.Item]().Size()
	t.Logf("a scanner has %d bytes, an item %d", scanner, item)
	if scanner > 1024 {
		t.Errorf("a scanner has %d bytes, want at most 1,024", scanner)
	}
}

// What a small compiler has to take in is this and no more.
func TestImports(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := file.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range parsed.Imports {
				if path, _ := strconv.Unquote(spec.Path.Value); !slices.Contains([]string{"errors", "math/bits", "unicode/utf8"}, path) {
					t.Errorf("%s imports %s", name, path)
				}
			}
		}
	}
}

// Reading costs no memory, whatever comes.
func TestAllocations(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts those of all goroutines
	read := 0
	s := scan.New(func(item *scan.Item) error {
		if item.Type.Equal("user_login") {
			read += len(item.Environment.Bytes())
		}
		return nil
	})
	for _, shape := range pages.Shapes() {
		page := pages.Page(shape, 20)
		for _, size := range []int{len(page), 512, 7, 1} {
			cut := pieces(page, size)
			if n := testing.AllocsPerRun(10, func() {
				s.Reset()
				for _, piece := range cut {
					if _, err := s.Write(piece); err != nil {
						t.Fatal(err)
					}
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}); n > 0 {
				t.Errorf("%s in pieces of %d: %.0f allocations", shape, size, n)
			}
		}
	}
	if read == 0 {
		t.Error("nothing was read")
	}
}

// Parts without an end cost no more memory than others, and are read right.
func TestHostile(t *testing.T) {
	t.Parallel()
	const size = 10 << 20
	long := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, tt := range map[string]struct {
		page string
		want row
	}{
		"a number that is skipped":  {`{"x":1` + long("0") + `,"id":1}`, row{ID: 1}},
		"a fraction":                {`{"id":1.` + long("0") + `,"user":{"id":1}}`, row{UserID: 1}},
		"an exponent":               {`{"id":1e` + long("9") + `,"user":{"id":1}}`, row{UserID: 1}},
		"an ID":                     {`{"id":1` + long("0") + `,"user":{"id":1}}`, row{UserID: 1}},
		"an ID of white space":      {`{"id":"` + long(" ") + `","user":{"id":1}}`, row{UserID: 1}},
		"a string that is skipped":  {`{"x":"` + long("x") + `","id":1}`, row{ID: 1}},
		"escapes that are skipped":  {`{"x":"` + long(`\ud83d`) + `","id":1}`, row{ID: 1}},
		"a text":                    {`{"event_type":"` + long("x") + `"}`, row{Type: strings.Repeat("x", 62), Cut: "0"}},
		"escapes in a text":         {`{"event_type":"` + long(`\u0041`) + `"}`, row{Type: strings.Repeat("A", 62), Cut: "0"}},
		"a timestamp":               {`{"timestamp":"2024-06-18 19:17:31.` + long("0") + ` UTC","id":1}`, row{ID: 1}},
		"a key":                     {`{"` + long("id") + `":1,"id":2}`, row{ID: 2}},
		"escapes in a key":          {`{"` + long(`\u0069\u0064`) + `":1,"id":2}`, row{ID: 2}},
		"white space":               {long(" \n") + `{` + long("\t") + `"id"` + long("\r") + `:` + long(" ") + `1` + long("\n ") + `}` + long(" "), row{ID: 1}},
		"a list that is skipped":    {`{"x":[` + long("1,") + `1],"id":1}`, row{ID: 1}},
		"an object that is skipped": {`{"x":{` + long(`"":{},`) + `"":1},"id":1}`, row{ID: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := []byte(`{"data":[` + tt.page + `]}`)
			for _, n := range []int{len(page), 4096, 61} {
				if got := scanned(pieces(page, n)...); got.err != nil || len(got.rows) != 1 || got.rows[0] != tt.want {
					t.Errorf("pieces of %d give %+v, want %+v", n, got, tt.want)
				}
			}
		})
	}
}

// What never ends is never held: it is an error at the bound, or goes on.
func TestEndless(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"[", `{"a":`, `[{"data":`, `{"data":[`} {
		s, err, written := scan.New(nil), error(nil), 0
		for err == nil {
			var n int
			n, err = s.Write([]byte(piece))
			written += n
		}
		if opened := strings.Count(strings.Repeat(piece, 300)[:written], "[") + strings.Count(strings.Repeat(piece, 300)[:written], "{"); !errors.Is(err, scan.ErrDepth) || opened != scan.MaxDepth {
			t.Errorf("%s without end gives %v after %d", piece, err, opened)
		}
	}
	block := bytes.Repeat([]byte("12"), 1<<15)
	for _, start := range []string{`"`, `{"data":[`, `[-0.`, `{"`, `{"data":"`} {
		s := scan.New(nil)
		_, err := s.Write([]byte(start))
		for range 200 {
			if err == nil {
				_, err = s.Write(block)
			}
		}
		if closing := s.Close(); err != nil || !errors.Is(closing, scan.ErrTruncated) {
			t.Errorf("%s without end gives %v, then %v", start, err, closing)
		}
	}
}

// The offset goes on over writes, and beyond what 32 bits count.
func TestOffset(t *testing.T) {
	t.Parallel()
	s := scan.New(nil)
	if _, err := s.Write([]byte(" [")); err != nil {
		t.Fatal(err)
	}
	s.Skip(5_000_000_000)
	n, err := s.Write([]byte("1, x"))
	if syntax, ok := errors.AsType[*scan.SyntaxError](err); !ok || syntax.Offset != 5_000_000_005 || n != 3 {
		t.Errorf("got %d, %v", n, err)
	}
	if want := "scan: expected a value at byte 5000000005"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
