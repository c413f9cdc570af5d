package tags_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/tags"
	"github.com/workato-go/sdk/workato"
)

// content is a tag without its raw form.
type content struct {
	Handle, Title, Description string
	Color                      tags.Color
	CreatedAt, UpdatedAt       time.Time
	Author                     tags.Author
	HasAuthor                  bool
	Count                      int // -1: none
}

func contentOf(tag *tags.Tag) content {
	c := content{tag.Handle, tag.Title, tag.Description, tag.Color, tag.CreatedAt, tag.UpdatedAt, tags.Author{}, tag.Author != nil, -1}
	if tag.Author != nil {
		c.Author = *tag.Author
	}
	if tag.AssignmentCount != nil {
		c.Count = *tag.AssignmentCount
	}
	return c
}

func in2025(month time.Month, day, hour, minute, second int) time.Time {
	return time.Date(2025, month, day, hour, minute, second, 0, time.UTC)
}

func TestListDecodes(t *testing.T) {
	t.Parallel()
	robin := tags.Author{ID: 20417, Name: "Robin"}
	sasha := tags.Author{ID: 31528, Name: "Sasha", AvatarURL: "https://img.example.com/31528.png"}
	want := []content{
		{
			"tag-Kq7mPz2W-x9LbTd", "Logistics", "Everything that moves", tags.Teal,
			in2025(3, 4, 17, 30, 15), in2025(5, 6, 17, 20, 30), robin, true, 12,
		},
		{
			"tag-Kq8nRr4X-v2McUe", "Payroll", "Runs on the 25th", tags.Plum,
			in2025(3, 5, 19, 0, 0), in2025(3, 5, 19, 0, 0), sasha, true, 0,
		},
		{
			"tag-Kq9pSs6Y-t4NdVf-CD", "Warehouse", "Stock & shelves", tags.Slate,
			in2025(3, 6, 16, 15, 45), in2025(3, 6, 16, 15, 45), robin, true, 3,
		},
	}
	check(t, "tags", contents(decodeList(t, fixture(t, "list.json"))), want)
}

// One odd field costs itself only, and one odd row too.
func TestOddRows(t *testing.T) {
	t.Parallel()
	kim := tags.Author{ID: 4711, Name: "Kim"}
	want := []content{
		{Handle: "tag-1", Title: "As it should be", Color: tags.Blue, Author: kim, HasAuthor: true, Count: 6},
		{Handle: "tag-2", Title: "Times", Color: "turquoise", Count: -1},
		{Handle: "tag-3", Title: "2025", Count: -1},
		{Handle: "tag-4", Title: "More than is known", Count: -1},
		{Handle: "tag-5", Title: "Author", HasAuthor: true, Count: -1},
		{Count: -1},
		{Count: -1},
		{Count: -1},
		{Count: -1},
		{Count: -1},
	}
	check(t, "tags", contents(decodeList(t, fixture(t, "odd.json"))), want)
}

// Nothing that the server sent is lost: the raw rows are those of the body.
func TestRawRoundTrip(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"list.json", "odd.json"} {
		body := fixture(t, name)
		var answer struct {
			Data struct {
				Tags []json.RawMessage `json:"tags"`
			} `json:"data"`
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatal(err)
		}
		got := decodeList(t, body)
		check(t, name+": rows", len(got), len(answer.Data.Tags))
		for i, tag := range got {
			check(t, name+": raw row", string(tag.Raw()), string(answer.Data.Tags[i]))
		}
	}
}

func TestWritesDecode(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		mock.RegisterResponder("POST", listURL, answers(t, fixture(t, "create.json")))
		mock.RegisterResponder("PUT", listURL+"/tag-Lr2wBb8Z-h6QfXg", answers(t, fixture(t, "update.json")))

		created, err := service.Create(t.Context(), tags.Draft{Title: "Sales"})
		if err != nil {
			t.Fatal(err)
		}
		check(t, "created", contentOf(created), content{
			Handle: "tag-Lr2wBb8Z-h6QfXg", Title: "Sales", Description: "Sales tag", Color: tags.Indigo, Count: -1,
		})
		sameJSON(t, "raw", `{"data":`+string(created.Raw())+`}`, fixture(t, "create.json"))

		updated, err := service.Update(t.Context(), created.Handle, tags.Update{Title: "Sales and quotes"})
		if err != nil {
			t.Fatal(err)
		}
		check(t, "updated", contentOf(updated), content{
			Handle: "tag-Lr2wBb8Z-h6QfXg", Title: "Sales and quotes", Description: "Also covers quotes", Color: tags.Violet, Count: -1,
		})
		sameJSON(t, "raw", `{"data":`+string(updated.Raw())+`}`, fixture(t, "update.json"))
	})
}

func TestListEnvelopes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body string
		want int
	}{
		{`{"data":{"tags":[{"handle":"tag-a"}]}}`, 1},
		{`{"data":[{"handle":"tag-a"},{"handle":"tag-b"}]}`, 2},
		{`{"tags":[{"handle":"tag-a"}]}`, 1},
		{`[{"handle":"tag-a"}]`, 1},
		{`{"data":null,"tags":[{"handle":"tag-a"}],"page":null}`, 1},
		{`{ "total":1, "data" : { "tags" : [ ] } }`, 0},
		{`{"data":[]}`, 0},
		{`[]`, 0},
	}
	for _, test := range tests {
		t.Run(test.body, func(t *testing.T) {
			t.Parallel()
			check(t, "tags", len(decodeList(t, test.body)), test.want)
		})
	}
}

// "No tags" is never a guess.
func TestListWithoutAList(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, `{}`, `null`, `"tags"`, `{"data":null}`, `{"data":{}}`, `{"data":{"tags":null}}`, `{"data":{"tags":{}}}`,
		`{"Success":true}`, `{"success":false,"data":[]}`, `<html>`,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				mock.RegisterResponder("GET", listURL, answers(t, body))
				got, err := service.List(t.Context(), tags.ListOptions{})
				if got != nil || err == nil || !strings.Contains(err.Error(), "tags.List") {
					t.Errorf("got %v and error %v, want one that names the operation", got, err)
				}
			})
		})
	}
}

func TestWriteEnvelopes(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"data":{"handle":"tag-a","title":"x"}}`,
		`{"handle":"tag-a","title":"x"}`,
		`{"handle":"tag-a","data":"x"}`,
		`{"success":true,"data":{"handle":"tag-a"}}`,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				mock.RegisterNoResponder(answers(t, body, body))
				created, err1 := service.Create(t.Context(), tags.Draft{Title: "x"})
				updated, err2 := service.Update(t.Context(), "tag-a", tags.Update{Title: "x"})
				if err := errors.Join(err1, err2); err != nil {
					t.Fatal(err)
				}
				check(t, "created", created.Handle, "tag-a")
				check(t, "updated", updated.Handle, "tag-a")
			})
		})
	}
}

// The work was done: the error has the status of a success, and is no refusal.
func TestWritesWithoutATag(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, `{}`, `null`, `[]`, `"tag-a"`, `{"Success":true}`, `{"data":{}}`, `{"data":{"handle":null}}`, `{"data":[{"handle":"tag"}]}`,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				mock.RegisterNoResponder(answers(t, body, body))
				created, err1 := service.Create(t.Context(), tags.Draft{Title: "x"})
				updated, err2 := service.Update(t.Context(), "tag-a", tags.Update{Title: "x"})
				if created != nil || updated != nil {
					t.Errorf("got %v and %v", created, updated)
				}
				for _, err := range []error{err1, err2} {
					e, ok := errors.AsType[*workato.Error](err)
					if !ok || e.StatusCode != 200 || errors.Is(err, workato.ErrInvalid) || !strings.HasPrefix(e.Message, "the body ") {
						t.Errorf("got %v, want a *workato.Error of no class with status 200", err)
					}
				}
			})
		})
	}
}

func TestRawIsACopy(t *testing.T) {
	t.Parallel()
	tag := decodeList(t, fixture(t, "list.json"))[0]
	want := string(tag.Raw())
	clear(tag.Raw())
	check(t, "raw after a change", string(tag.Raw()), want)
	check(t, "raw of a tag made by hand", (&tags.Tag{Handle: "x"}).Raw(), nil)
}

// A log shows a tag, not a person.
func TestLogValue(t *testing.T) {
	t.Parallel()
	tag := decodeList(t, fixture(t, "list.json"))[0]
	for name, value := range map[string]any{"pointer": tag, "value": *tag} {
		var out bytes.Buffer
		handler := slog.NewJSONHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}})
		slog.New(handler).InfoContext(t.Context(), "found", "tag", value)
		check(t, name, out.String(),
			`{"level":"INFO","msg":"found","tag":{"handle":"tag-Kq7mPz2W-x9LbTd","title":"Logistics","color":"teal"}}`+"\n")
	}
}

func decodeList(t *testing.T, body string) (got []*tags.Tag) {
	t.Helper()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		mock.RegisterResponder("GET", listURL, answers(t, body))
		var err error
		if got, err = service.List(t.Context(), tags.ListOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	return got
}

func contents(list []*tags.Tag) []content {
	out := make([]content, len(list))
	for i, tag := range list {
		out[i] = contentOf(tag)
	}
	return out
}
