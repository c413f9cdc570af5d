package scan_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/workato-go/sdk/activity/scan"
	"github.com/workato-go/sdk/internal/lenient"
	"github.com/workato-go/sdk/internal/pages"
)

// samples are the documented answers.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = page
	}
	return all
}

func TestItems(t *testing.T) {
	t.Parallel()
	login := row{
		ID: 4649127, TimeMs: 1719786763000, UserID: 54807, WorkspaceID: 31055,
		Type: "user_login", ResourceType: "Workspace", Environment: "dev",
	}
	got := scanned(samples(t)["response3.json"])
	if got.err != nil || len(got.rows) != 6 || got.rows[3] != login || got.total != 6 || !got.hasTotal {
		t.Errorf("got %+v, want 6 rows, the fourth %+v", got, login)
	}
}

// The same comes out of every page in every slicing, and it is what
// encoding/json and the packages of the typed decoder make of it.
func TestSameAsEncodingJSON(t *testing.T) {
	t.Parallel()
	all := append(oddPages(), bounded()...)
	for _, page := range samples(t) {
		all = append(all, string(page))
	}
	for _, shape := range pages.Shapes() {
		all = append(all, string(pages.Page(shape, 3)))
	}
	for i, page := range all {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			page := []byte(page)
			want := expected(page)
			for _, n := range []int{1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 64, 512, max(1, len(page))} {
				compare(t, page, fmt.Sprint("pieces of ", n), scanned(pieces(page, n)...), want)
			}
			for i := range page {
				compare(t, page, fmt.Sprint("a split at ", i), scanned(page[:i], page[i:]), want)
			}
			if want.err != nil {
				return
			}
			// What is cut off is missed, wherever: only white space is nothing.
			for i := range len(strings.TrimSpace(string(page))) {
				if got := scanned(page[:i]); !errors.Is(got.err, expected(page[:i]).err) || got.err == nil {
					t.Fatalf("%.300q cut at %d gives the error %v", page, i, got.err)
				}
			}
		})
	}
}

// noise are bytes that change what a page says.
const noise = "\"\\{}[]:,0-.eu \x00\x80\xe2at"

// Random pages, and what becomes of them when some bytes change.
func TestSameAsEncodingJSONGenerated(t *testing.T) {
	t.Parallel()
	for seed := range uint64(1000) {
		g := generator{rand.New(rand.NewPCG(seed, 5)), new([]string)}
		page := []byte(g.page())
		for range 4 {
			want := expected(page)
			compare(t, page, "the whole", scanned(page), want)
			compare(t, page, "single bytes", scanned(pieces(page, 1)...), want)
			n := 1 + g.IntN(40)
			compare(t, page, fmt.Sprint("pieces of ", n), scanned(pieces(page, n)...), want)
			page[g.IntN(len(page))] = noise[g.IntN(len(noise))]
		}
	}
}

// record is what the typed decoder has for a row, of which parts of another
// shape are as if they were not there.
type record struct {
	ID        lenient.ID   `json:"id"`
	Timestamp lenient.Text `json:"timestamp"`
	EventType lenient.Text `json:"event_type"`
	Workspace struct {
		ID          lenient.ID   `json:"id"`
		Environment lenient.Text `json:"environment"`
	} `json:"workspace"`
	User struct {
		ID lenient.ID `json:"id"`
	} `json:"user"`
	Resource struct {
		Type lenient.Text `json:"type"`
	} `json:"resource"`
}

// Decoding into structs, as the typed decoder does it, says the same.
func TestSameAsStructs(t *testing.T) {
	t.Parallel()
	all := oddPages()
	for _, page := range samples(t) {
		all = append(all, string(page))
	}
	for seed := range uint64(1000) {
		all = append(all, generator{rand.New(rand.NewPCG(seed, 6)), new([]string)}.page())
	}
	compared := 0
	for _, page := range all {
		var answer struct {
			Data json.RawMessage `json:"data"`
		}
		got := scanned([]byte(page))
		if got.err != nil {
			continue
		}
		var rows []json.RawMessage
		if err := json.Unmarshal([]byte(page), &answer); err != nil || json.Unmarshal(answer.Data, &rows) != nil || len(rows) != len(got.rows) {
			t.Errorf("%.300q gives %d rows, want %d, %v", page, len(got.rows), len(rows), err)
			continue
		}
		for i, raw := range rows {
			var r record
			var otherShape *json.UnmarshalTypeError
			if err := json.Unmarshal(raw, &r); err != nil && !errors.As(err, &otherShape) {
				t.Fatal(err)
			}
			want := row{
				ID: int64(r.ID), TimeMs: unixMs(string(r.Timestamp)), UserID: int64(r.User.ID), WorkspaceID: int64(r.Workspace.ID),
				Type: string(r.EventType), ResourceType: string(r.Resource.Type), Environment: string(r.Workspace.Environment),
			}
			if got.rows[i].Cut == "" && got.rows[i] != want {
				t.Errorf("row %d of %.300q is %+v, want %+v", i, page, got.rows[i], want)
			}
			compared++
		}
	}
	if compared < 1000 {
		t.Errorf("only %d rows were compared", compared)
	}
}

// An error of the callback stops the scan, behind the row it is about.
func TestStop(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	for name, page := range map[string]string{
		"objects": `{"data":[{"id":1},{"id":2},{"id":3}]}`,
		"numbers": `{"data":[1,2,3]}`,
		"texts":   `{"data":["1","\u0032","3"]}`,
		"words":   `{"data":[null,false,true]}`,
		"lists":   `{"data":[[],[[]],[]]}`,
	} {
		for _, size := range []int{len(page), 1} {
			rows, read := 0, 0
			s := scan.New(func(*scan.Item) error {
				if rows++; rows == 2 {
					return enough
				}
				return nil
			})
			for _, piece := range pieces([]byte(page), size) {
				n, err := s.Write(piece)
				if read += n; err != nil {
					break
				}
			}
			_, again := s.Write([]byte(`]}`))
			if closing := s.Close(); !errors.Is(again, enough) || !errors.Is(closing, enough) || rows != 2 {
				t.Errorf("%s: then %v and %v, after %d rows", name, again, closing, rows)
			}
			if rest := page[read:]; rest[0] != ',' && rest[1] != ',' {
				t.Errorf("%s: stopped before %q", name, rest)
			}
		}
	}
}

// The first error is the last word, and Reset forgets it.
func TestErrorsStay(t *testing.T) {
	t.Parallel()
	rows := 0
	s := scan.New(func(*scan.Item) error { rows++; return nil })
	for page, want := range map[string]error{
		`{"data":[{}],"total":7`: scan.ErrTruncated, `{}`: scan.ErrNoData, `{"data":[],"success":false}`: scan.ErrRefused,
		`{"data":[],"data":[]}`: scan.ErrRepeated, strings.Repeat("[", 300): scan.ErrDepth, `{"data":[{}],,}`: &scan.SyntaxError{Offset: 13},
	} {
		s.Reset()
		_, first := s.Write([]byte(page))
		if err := s.Close(); first == nil {
			first = err
		}
		n, second := s.Write([]byte(` `))
		third := s.Close()
		if !sameError(first, want) || second != first || third != first || n != 0 { //nolint:errorlint // the very same error
			t.Errorf("%.40s: %v, then %v and %v, want %v", page, first, second, third, want)
		}
	}
	s.Reset()
	rows = 0
	if _, ok := s.Total(); ok {
		t.Error("Reset left a total")
	}
	if _, err := s.Write(pages.Page(pages.Logins, 5)); err != nil || s.Close() != nil || rows != 5 {
		t.Errorf("after Reset: %d rows, %v", rows, err)
	}
}

// An error that is kept does not change with the scanner.
func TestSyntaxErrorIsKept(t *testing.T) {
	t.Parallel()
	s := scan.New(nil)
	_, first := s.Write([]byte(`x`))
	s.Reset()
	_, second := s.Write([]byte(`[1,x`))
	if first.Error() != "scan: expected a value at byte 0" || second.Error() != "scan: expected a value at byte 3" {
		t.Errorf("got %v and %v", first, second)
	}
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		`{"data":[}`:                     "expected a value at byte 9",
		`{"data":[],}`:                   "expected a key at byte 11",
		`{,`:                             "expected a key at byte 1",
		`{"a" 1}`:                        "expected a colon at byte 5",
		`{"a":1]`:                        "expected a comma or a brace at byte 6",
		`[1}`:                            "expected a comma or a bracket at byte 2",
		`{} {}`:                          "expected the end at byte 3",
		`1,`:                             "expected the end at byte 1",
		`{},"a":1`:                       "expected the end at byte 2",
		`]`:                              "expected a value at byte 0",
		"[\"a\nb\"]":                     "control character in a string at byte 3",
		`["\x"]`:                         "no such escape at byte 3",
		`["\u12g4"]`:                     "expected a hexadecimal digit at byte 6",
		`[1.]`:                           "expected a digit at byte 3",
		`[-]`:                            "expected a digit at byte 2",
		`[01]`:                           "expected a comma or a bracket at byte 2",
		`[nul]`:                          "no such word at byte 4",
		`[True]`:                         "expected a value at byte 1",
		"\ufeff{}":                       "expected a value at byte 0",
		"[1,\v2]":                        "expected a value at byte 3",
		strings.Repeat(" ", 1<<20) + "x": "expected a value at byte 1048576",
	} {
		for _, size := range []int{len(page), 1} {
			if size == 1 && len(page) > 1000 {
				continue
			}
			if got := scanned(pieces([]byte(page), size)...); got.err == nil || got.err.Error() != "scan: "+want {
				t.Errorf("%.40q gives %v, want %s", page, got.err, want)
			}
		}
	}
}

// The zero value and a scanner without a callback check a page.
func TestWithoutCallback(t *testing.T) {
	t.Parallel()
	for _, s := range []*scan.Scanner{scan.New(nil), {}} {
		if _, err := s.Write([]byte(`{"data":[{"id":1},2],"total":"12"}`)); err != nil {
			t.Error(err)
		}
		if total, ok := s.Total(); total != 12 || !ok || s.Close() != nil {
			t.Errorf("got the total %d, %v", total, ok)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		strings.Repeat("a", 62):                   strings.Repeat("a", 62),
		strings.Repeat("a", 63):                   strings.Repeat("a", 62) + "…",
		strings.Repeat("a", 500):                  strings.Repeat("a", 62) + "…",
		strings.Repeat("é", 31):                   strings.Repeat("é", 31),
		"a" + strings.Repeat("é", 31):             "a" + strings.Repeat("é", 30) + "…",
		"aa" + strings.Repeat("🚀", 15):            "aa" + strings.Repeat("🚀", 15),
		strings.Repeat("🚀", 16):                   strings.Repeat("🚀", 15) + "…",
		strings.Repeat("\xff", 20):                strings.Repeat("\ufffd", 20),
		strings.Repeat("\xff", 21):                strings.Repeat("\ufffd", 20) + "…",
		strings.Repeat("a", 59) + "\xf0\x9f\x98a": strings.Repeat("a", 59) + "\ufffd…",
		`\ud83d\ude80`:                            "🚀", `\ud83d`: "\ufffd", `\ude80\ud83d`: "\ufffd\ufffd", `\ud83d\ud83d\ude80`: "\ufffd🚀",
		`\ud83dx\ude80`: "\ufffdx\ufffd", `\ud83d\n\ude80`: "\ufffd\n\ufffd", `\u0000\"\\\/\b\f\n\r\t`: "\x00\"\\/\b\f\n\r\t",
		strings.Repeat(`\u20AC`, 21): strings.Repeat("€", 20) + "…",
	} {
		page := []byte(`{"data":[{"event_type":"` + in + `"}]}`)
		for _, size := range []int{len(page), 1} {
			got := ""
			s := scan.New(func(item *scan.Item) error {
				text := item.Type
				got = text.String()
				cut := strings.HasSuffix(want, "…")
				if text.Truncated() != cut || text.Equal(got) == cut || text.Equal(got+"x") || string(text.Bytes()) != got || text.Len() != len(got) {
					t.Errorf("the methods of %q disagree", in)
				}
				return nil
			})
			for _, piece := range pieces(page, size) {
				if _, err := s.Write(piece); err != nil {
					t.Fatal(err)
				}
			}
			if got != strings.TrimSuffix(want, "…") {
				t.Errorf("%q gives %q, want %q", in, got, want)
			}
		}
	}
}

// Items that say the same are equal, whatever stood in the texts before.
func TestItemsCompare(t *testing.T) {
	t.Parallel()
	var items []scan.Item
	s := scan.New(func(item *scan.Item) error { items = append(items, *item); return nil })
	page := `{"data":[{"event_type":"a long one that comes first","event_type":"b"},{"event_type":"ü long one","event_type":"b"},{"event_type":"b"}]}`
	if _, err := s.Write([]byte(page)); err != nil || len(items) != 3 || items[0] != items[1] || items[1] != items[2] {
		t.Errorf("got %v, %v", items, err)
	}
}
