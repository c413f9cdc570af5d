package scan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/workato-go/sdk/activity/scan"
	"github.com/workato-go/sdk/internal/lenient"
	"github.com/workato-go/sdk/internal/timestamp"
)

// row is an Item as a test can write it.
type row struct {
	ID, TimeMs, UserID, WorkspaceID int64
	Type, ResourceType, Environment string
	Cut                             string // which of the texts are cut, by number
}

// answer is what comes out of a page.
type answer struct {
	rows     []row
	total    int
	hasTotal bool
	err      error
}

func rowOf(item *scan.Item) row {
	r := row{
		ID: item.ID, TimeMs: item.TimeMs, UserID: item.UserID, WorkspaceID: item.WorkspaceID,
		Type: item.Type.String(), ResourceType: item.ResourceType.String(), Environment: item.Environment.String(),
	}
	for i, text := range []*scan.Text{&item.Type, &item.ResourceType, &item.Environment} {
		if text.Truncated() {
			r.Cut += strconv.Itoa(i)
		}
	}
	return r
}

// scanned writes the pieces of a page and closes.
func scanned(pieces ...[]byte) (a answer) {
	s := scan.New(func(item *scan.Item) error {
		a.rows = append(a.rows, rowOf(item))
		return nil
	})
	for _, piece := range pieces {
		n, err := s.Write(piece)
		if err == nil && n != len(piece) || err != nil && n > len(piece) {
			panic("the count does not fit the error")
		}
		if err != nil {
			a.err = err
			break
		}
	}
	if err := s.Close(); a.err == nil {
		a.err = err
	} else if !errors.Is(err, a.err) {
		panic("Close has another error than Write")
	}
	a.total, a.hasTotal = s.Total()
	return a
}

// pieces cuts a page into pieces of n bytes.
func pieces(page []byte, n int) [][]byte { return slices.Collect(slices.Chunk(page, n)) }

// compare holds what the scanner makes of a page against what it should.
func compare(t *testing.T, page []byte, how string, got, want answer) {
	t.Helper()
	switch {
	case !sameError(got.err, want.err):
		t.Fatalf("%s of %.300q gives the error %v, want %v", how, page, got.err, want.err)
	case want.err != nil: // how much came before it depends on how the page is cut
	case got.total != want.total || got.hasTotal != want.hasTotal:
		t.Fatalf("%s of %.300q gives the total %d, %v, want %d, %v", how, page, got.total, got.hasTotal, want.total, want.hasTotal)
	case !slices.Equal(got.rows, want.rows):
		t.Fatalf("%s of %.300q\ngives %+v\nwant  %+v", how, page, got.rows, want.rows)
	}
}

// sameError compares kinds of errors, and the offset of what is no JSON.
func sameError(got, want error) bool {
	wantSyntax, isSyntax := errors.AsType[*scan.SyntaxError](want)
	gotSyntax, ok := errors.AsType[*scan.SyntaxError](got)
	if isSyntax || ok {
		return isSyntax && ok && gotSyntax.Offset == wantSyntax.Offset
	}
	return errors.Is(got, want)
}

// expected reads a page with encoding/json and the packages of the typed
// decoder, key by key, because here a key counts in one spelling only.
func expected(page []byte) (a answer) {
	// No place of a page takes a NUL, so the error is there where all before it
	// is right.
	var top json.RawMessage
	syntax, _ := errors.AsType[*json.SyntaxError](json.Unmarshal(append(slices.Clip(page), 0), &top))
	right := syntax.Offset - 1
	if err := bounds(page[:right]); err != nil {
		return answer{err: err}
	}
	if err := json.Unmarshal(page, &top); err != nil {
		if right < int64(len(page)) {
			return answer{err: &scan.SyntaxError{Offset: right}}
		}
		return answer{err: scan.ErrTruncated}
	}
	var data json.RawMessage
	refused := false
	for key, value := range fields(top) {
		switch key {
		case "data":
			data = value
		case "total":
			n, ok := wholeOf(textOf(value))
			a.total, a.hasTotal = int(n), ok && n >= 0 && int64(int(n)) == n
		case "success", "Success":
			refused = string(value) == "false"
		}
	}
	if !a.hasTotal {
		a.total = 0
	}
	switch {
	case refused:
		return answer{err: scan.ErrRefused}
	case string(data) != "null" && (len(data) == 0 || data[0] != '['):
		return answer{err: scan.ErrNoData}
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(data, &rows); err != nil {
		panic(err)
	}
	for _, raw := range rows {
		a.rows = append(a.rows, expectedRow(raw))
	}
	return a
}

func expectedRow(raw json.RawMessage) (r row) {
	var texts [3]string
	for key, value := range fields(raw) {
		switch key {
		case "id":
			r.ID, _ = wholeOf(textOf(value))
		case "timestamp":
			r.TimeMs = unixMs(textOf(value))
		case "event_type":
			texts[0] = textOf(value)
		}
		for inner, value := range fields(value) {
			switch key + "." + inner {
			case "workspace.id":
				r.WorkspaceID, _ = wholeOf(textOf(value))
			case "workspace.environment":
				texts[2] = textOf(value)
			case "user.id":
				r.UserID, _ = wholeOf(textOf(value))
			case "resource.type":
				texts[1] = textOf(value)
			}
		}
	}
	for i := range texts {
		if len(texts[i]) > scan.MaxText {
			r.Cut += strconv.Itoa(i)
			end := scan.MaxText
			for !utf8.RuneStart(texts[i][end]) {
				end--
			}
			texts[i] = texts[i][:end]
		}
	}
	r.Type, r.ResourceType, r.Environment = texts[0], texts[1], texts[2]
	return r
}

func textOf(value json.RawMessage) string {
	var text lenient.Text
	_ = text.UnmarshalJSON(value) // it never fails
	return string(text)
}

// unixMs is what package timestamp reads, but for texts that are too long.
func unixMs(text string) int64 {
	at, ok := timestamp.Parse(text)
	if !ok || len(text) > scan.MaxKept {
		return 0
	}
	return at.UnixMilli()
}

// wholeOf is what package lenient reads, but for forms that no server writes:
// very long ones, hexadecimal ones, and those of which a float64 no longer says
// whether they are whole.
func wholeOf(text string) (int64, bool) {
	if len(text) > scan.MaxKept {
		return 0, false
	}
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.ContainsAny(text, "xX_nN") || f > 1<<53 || f < -1<<53 {
		return 0, false
	}
	if f == 0 { // also what is too small for a float64
		digits, _, _ := strings.Cut(strings.ToLower(text), "e")
		return 0, !strings.ContainsAny(digits, "123456789")
	}
	exact, ok := new(big.Rat).SetString(text)
	if !ok || !exact.IsInt() || exact.Num().CmpAbs(big.NewInt(1<<53)) > 0 {
		return 0, false
	}
	var id lenient.ID
	_ = id.UnmarshalJSON(strconv.AppendQuote(nil, text)) // it never fails
	return int64(id), true
}

// fields are an object's fields in their order; none where it is no object.
func fields(raw json.RawMessage) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		decoder := json.NewDecoder(bytes.NewReader(raw))
		if token, _ := decoder.Token(); token != json.Delim('{') {
			return
		}
		for decoder.More() {
			key, err := decoder.Token()
			var value json.RawMessage
			if err == nil {
				err = decoder.Decode(&value)
			}
			if err != nil {
				panic(err)
			}
			if !yield(key.(string), value) {
				return
			}
		}
	}
}

// bounds finds the first place where what is JSON so far goes beyond what the
// scanner takes: nested too deep, or a field "data" after rows.
func bounds(page []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(page))
	var objects []bool // of the containers around: whether they are objects
	key, rows, data := false, false, false
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil //nolint:nilerr // that is for the others to say
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			if len(objects) == scan.MaxDepth {
				return scan.ErrDepth
			}
			rows = rows || data && token == json.Delim('[')
			objects = append(objects, token == json.Delim('{'))
		case json.Delim('}'), json.Delim(']'):
			objects = objects[:len(objects)-1]
		default:
			if key {
				key, data = false, len(objects) == 1 && token == "data"
				if data && rows {
					return scan.ErrRepeated
				}
				continue
			}
		}
		data = false
		key = len(objects) > 0 && objects[len(objects)-1]
	}
}
