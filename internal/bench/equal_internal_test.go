package bench

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/internal/pages"
)

// Whoever makes events makes the same ones.
func TestDecodersAgree(t *testing.T) {
	t.Parallel()
	for _, shape := range pages.Shapes() {
		for _, events := range []int{1, 100} {
			page := pages.Page(shape, events)
			var want string
			for _, d := range decoders() {
				decode, rows := d.start(page)
				for range 2 { // the second time with what the first one left
					if n, err := decode(); n != events || err != nil {
						t.Fatalf("%s/%d, %s: %d events, %v", shape, events, d.name, n, err)
					}
				}
				if rows == nil {
					continue
				}
				got, err := rows()
				if err != nil {
					t.Fatalf("%s/%d, %s: %v", shape, events, d.name, err)
				}
				text, err := json.MarshalIndent(got, "", " ")
				if err != nil {
					t.Fatal(err)
				}
				if want == "" {
					want = string(text)
				}
				if string(text) != want {
					t.Errorf("%s/%d, %s gives other values than %s:\n%s\nand not\n%s", shape, events, d.name, SDK, text[:1500], want[:1500])
				}
			}
		}
	}
}

// Whoever says that it keeps the bytes does.
func TestDecodersKeepTheBytes(t *testing.T) {
	t.Parallel()
	for _, shape := range pages.Shapes() {
		page := pages.Page(shape, 20)
		var answer struct {
			Data []json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(page, &answer); err != nil {
			t.Fatal(err)
		}
		for _, d := range decoders() {
			decode, rows := d.start(page)
			if _, err := decode(); err != nil {
				t.Fatal(err)
			}
			if rows == nil {
				continue
			}
			got, err := rows()
			if err != nil {
				t.Fatal(err)
			}
			keeps := d.lacks == "" || d.lacks == StrictRaw
			for i, row := range got {
				if want := answer.Data[i]; keeps && string(row.Raw) != string(want) || !keeps && row.Raw != nil {
					t.Errorf("%s, %s, row %d: %q, want %q: %v", shape, d.name, i, row.Raw, want, keeps)
				}
			}
		}
	}
}

// Whoever looks through a page sees the same.
func TestLookersAgree(t *testing.T) {
	t.Parallel()
	for _, shape := range pages.Shapes() {
		page := pages.Page(shape, 100)
		var answer activity.Page
		if err := answer.UnmarshalJSON(page); err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, e := range answer.Events {
			s := Sighting{ID: e.ID, TimeMs: e.Time.UnixMilli(), Type: []byte(e.Type)}
			if e.User != nil {
				s.UserID = e.User.ID
			}
			want = append(want, fmt.Sprintf("%d %d %d %s", s.ID, s.TimeMs, s.UserID, s.Type))
		}
		for _, l := range lookers() {
			var got []string
			look := l.start(page, func(s Sighting) {
				got = append(got, fmt.Sprintf("%d %d %d %s", s.ID, s.TimeMs, s.UserID, s.Type))
			})
			for range 2 {
				got = nil
				if err := look(); err != nil {
					t.Fatalf("%s, %s: %v", shape, l.name, err)
				}
			}
			if l.name != Valid && !slices.Equal(got, want) {
				t.Errorf("%s, %s: other sightings than the events have: the first is %q, want %q", shape, l.name, got[0], want[0])
			}
		}
	}
}

// The decoders do not hang on to the page: what they made stays as it is when
// the page's memory is used again. One says that it does.
func TestEventsOutliveThePage(t *testing.T) {
	t.Parallel()
	for _, d := range decoders() {
		page := pages.Page(pages.Escapes, 10)
		decode, rows := d.start(page)
		if _, err := decode(); err != nil {
			t.Fatal(err)
		}
		if rows == nil {
			continue
		}
		text := func() string {
			all, err := rows()
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(all)
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		}
		before := text()
		clear(page)
		if stays := text() == before; stays == (d.lacks == Strict+"; the page must not change") {
			t.Errorf("%s: the events stay as they are: %v", d.name, stays)
		}
	}
}
