package ontarget_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/workato-go/sdk/activity/scan"
)

func TestPageByPage(t *testing.T) {
	t.Parallel()
	var rows []row
	s := scan.New(func(item *scan.Item) error {
		rows = append(rows, rowOf(item))
		return nil
	})
	for _, p := range pages {
		s.Reset()
		rows = nil
		if n, err := s.Write([]byte(p.json)); n != len(p.json) || err != nil {
			t.Fatalf("%s: Write is %d, %v", p.name, n, err)
		}
		wantPage(t, s, p, rows)
	}
}

func TestPageInSingleBytes(t *testing.T) {
	t.Parallel()
	for _, p := range pages {
		var rows []row
		s := scan.New(func(item *scan.Item) error {
			rows = append(rows, rowOf(item))
			return nil
		})
		for i := range len(p.json) {
			if n, err := s.Write([]byte{p.json[i]}); n != 1 || err != nil {
				t.Fatalf("%s: byte %d: Write is %d, %v", p.name, i, n, err)
			}
		}
		wantPage(t, s, p, rows)
	}
}

func TestPageCutAnywhere(t *testing.T) {
	t.Parallel()
	for _, p := range pages {
		text := []byte(p.json)
		var rows []row
		s := scan.New(func(item *scan.Item) error {
			rows = append(rows, rowOf(item))
			return nil
		})
		for cut := range text {
			s.Reset()
			rows = rows[:0]
			for _, piece := range [][]byte{text[:cut], text[cut:]} {
				if n, err := s.Write(piece); n != len(piece) || err != nil {
					t.Fatalf("%s: cut at %d: Write is %d, %v", p.name, cut, n, err)
				}
			}
			wantPage(t, s, p, rows)
		}
	}
}

func TestPageThatEndsTooEarly(t *testing.T) {
	t.Parallel()
	for _, p := range pages {
		text := []byte(strings.TrimSpace(p.json))
		s := scan.New(nil)
		for end := range text {
			s.Reset()
			if _, err := s.Write(text[:end]); err != nil {
				t.Fatalf("%s: %d bytes: Write: %v", p.name, end, err)
			}
			if err := s.Close(); !errors.Is(err, scan.ErrTruncated) {
				t.Fatalf("%s: %d bytes: Close is %v", p.name, end, err)
			}
		}
	}
}

func TestPageThatIsWrong(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		json string
		want error
		at   int64 // of a syntax error, with which want is nil
	}{
		{json: `{}`, want: scan.ErrNoData},
		{json: `[]`, want: scan.ErrNoData},
		{json: `{"data":{"id":1},"total":1}`, want: scan.ErrNoData},
		{json: `{"data":[],"success":false}`, want: scan.ErrRefused},
		{json: `{"data":[{"id":1}],"data":[]}`, want: scan.ErrRepeated},
		{json: strings.Repeat("[", scan.MaxDepth+1), want: scan.ErrDepth},
		{json: `<html>`, at: 0},
		{json: `{"data":[],}`, at: 11},
		{json: `{"data":[01]}`, at: 10},
		{json: `{"data":[]} 1`, at: 12},
		{json: "{\"data\":[\"\n\"]}", at: 10},
		{json: `{"data":["\x"]}`, at: 11},
	} {
		s := scan.New(nil)
		_, first := s.Write([]byte(test.json))
		err := s.Close()
		if first != nil && !errors.Is(err, first) {
			t.Errorf("%.20s: Write says %v, Close %v", test.json, first, err)
		}
		var syntax *scan.SyntaxError
		switch {
		case test.want != nil:
			if !errors.Is(err, test.want) {
				t.Errorf("%.20s: %v, want %v", test.json, err, test.want)
			}
		case !errors.As(err, &syntax) || syntax.Offset != test.at:
			t.Errorf("%.20s: %v, want a syntax error at %d", test.json, err, test.at)
		}
	}
}

func TestCallerStopsAScan(t *testing.T) {
	t.Parallel()
	errFull, rows := errors.New("full"), 0
	s := scan.New(func(*scan.Item) error {
		rows++
		return errFull
	})
	_, err := s.Write([]byte(pages[1].json))
	_, again := s.Write([]byte("more"))
	if !errors.Is(err, errFull) || !errors.Is(again, errFull) || !errors.Is(s.Close(), errFull) || rows != 1 {
		t.Errorf("after %d rows: %v, then %v, then %v", rows, err, again, s.Close())
	}
	s.Reset()
	if _, err := s.Write([]byte(pages[2].json)); err != nil || s.Close() != nil {
		t.Errorf("after Reset: %v, %v", err, s.Close())
	}
}

//nolint:paralleltest // counts allocations
func TestScanAllocatesNothing(t *testing.T) {
	if size := unsafe.Sizeof(scan.Scanner{}); size > 1024 {
		t.Errorf("a scanner has %d bytes", size)
	}
	text := []byte(pages[1].json)
	var ids int64
	s := scan.New(func(item *scan.Item) error {
		ids += item.ID
		return nil
	})
	if n := mallocs(func() {
		s.Reset()
		for at := 0; at < len(text); at += 16 {
			if _, err := s.Write(text[at:min(at+16, len(text))]); err != nil {
				t.Error(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("a page takes %d allocations", n)
	}
}

func wantPage(t *testing.T, s *scan.Scanner, p page, rows []row) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("%s: Close: %v", p.name, err)
	}
	if !slices.Equal(rows, p.rows) {
		t.Errorf("%s: got  %v", p.name, rows)
		t.Fatalf("%s: want %v", p.name, p.rows)
	}
	if total, ok := s.Total(); total != p.total || !ok {
		t.Fatalf("%s: total is %d, %v, want %d", p.name, total, ok, p.total)
	}
}
