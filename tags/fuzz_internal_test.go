package tags

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"testing"
)

// FuzzTags reads pages of any form: nothing panics, each row is one tag and
// keeps its bytes, and what is written in one envelope is read from each other.
func FuzzTags(f *testing.F) {
	for _, name := range []string{"list.json", "odd.json", "create.json"} {
		data, err := fs.ReadFile(os.DirFS("testdata"), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, body := range []string{`[]`, `null`, `{"data":[1]}`, `{"tags":[{"handle":{}}]}`, `[{"author":{"id":1e400}}]`, `{"Data":{"TAGS":[[]]}}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var one single
		if json.Unmarshal(data, &one) == nil && (one.tag == nil || one.tag.Handle == "") {
			t.Fatal("a write is confirmed without a tag")
		}
		var p page
		if json.Unmarshal(data, &p) != nil {
			return
		}
		var rows []json.RawMessage
		if json.Unmarshal(data, &rows) == nil && len(rows) != len(p.tags) {
			t.Fatalf("%d tags of %d rows", len(p.tags), len(rows))
		}
		for _, tag := range p.tags {
			if !json.Valid(tag.raw) || !bytes.Contains(data, tag.raw) {
				t.Fatalf("raw row %q is not from the body", tag.raw)
			}
		}
		for _, form := range []string{`%`, `{"data":%}`, `{"tags":%}`, `{"data":{"tags":%}}`} {
			checkForm(t, form, p.tags)
		}
	})
}

func checkForm(t *testing.T, form string, want []*Tag) {
	t.Helper()
	rows := make([][]byte, len(want))
	for i, tag := range want {
		rows[i] = tag.raw
	}
	list := append(append([]byte("["), bytes.Join(rows, []byte(","))...), ']')
	var p page
	if err := json.Unmarshal(bytes.Replace([]byte(form), []byte("%"), list, 1), &p); err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	if len(p.tags) != len(want) {
		t.Fatalf("%s: %d tags of %d rows", form, len(p.tags), len(want))
	}
	for i, tag := range p.tags {
		if !bytes.Equal(tag.raw, want[i].raw) || tag.Handle != want[i].Handle || tag.Title != want[i].Title {
			t.Fatalf("%s: row %d is %+v, want %+v", form, i, tag, want[i])
		}
	}
}
