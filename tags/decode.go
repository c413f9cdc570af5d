package tags

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/workato-go/sdk/internal/lenient"
	"github.com/workato-go/sdk/internal/timestamp"
)

// row is a tag on the wire. Every field takes whatever comes, so that an odd
// one costs nothing but itself.
type row struct {
	Handle          lenient.Text    `json:"handle"`
	Title           lenient.Text    `json:"title"`
	Description     lenient.Text    `json:"description"`
	Color           lenient.Text    `json:"color"`
	CreatedAt       lenient.Text    `json:"created_at"`
	UpdatedAt       lenient.Text    `json:"updated_at"`
	Author          json.RawMessage `json:"author"`
	AssignmentCount lenient.Text    `json:"assignment_count"`
}

// newTag reads a row. One that is no object becomes a tag without a handle,
// which still has its raw form: it must not cost the others.
func newTag(raw []byte) *Tag {
	var r row
	_ = json.Unmarshal(raw, &r) // fails on what is no object only
	return &Tag{
		Handle:          string(r.Handle),
		Title:           string(r.Title),
		Description:     string(r.Description),
		Color:           Color(r.Color),
		CreatedAt:       readTime(r.CreatedAt),
		UpdatedAt:       readTime(r.UpdatedAt),
		Author:          readAuthor(r.Author),
		AssignmentCount: readCount(r.AssignmentCount),
		raw:             bytes.Clone(raw),
	}
}

func readTime(text lenient.Text) time.Time {
	t, _ := timestamp.Parse(string(text)) // zero where it is no time
	return t
}

func readAuthor(raw json.RawMessage) *Author {
	if !isObject(raw) {
		return nil
	}
	var a struct {
		ID        lenient.ID   `json:"id"`
		Name      lenient.Text `json:"name"`
		AvatarURL lenient.Text `json:"avatar_url"`
	}
	_ = json.Unmarshal(raw, &a) // an object into lenient fields: cannot fail
	return &Author{ID: int64(a.ID), Name: string(a.Name), AvatarURL: string(a.AvatarURL)}
}

// readCount keeps what cannot be read apart from 0, which would say that the
// tag is not in use.
func readCount(text lenient.Text) *int {
	n, err := strconv.Atoi(string(text))
	if err != nil {
		return nil
	}
	return &n
}

// page is the answer to a list. The documented form is {"data":{"tags":[…]}};
// the lists of sibling resources come as {"data":[…]}, and {"tags":[…]} and
// the bare list cost nothing to accept.
type page struct{ tags []*Tag }

// UnmarshalJSON fails where there is no list: taking that for "no tags" would
// make Ensure create what exists.
func (p *page) UnmarshalJSON(data []byte) error {
	list := data
	for range 2 { // "data", then "tags" within it
		if !isObject(list) {
			break
		}
		var envelope struct {
			Data json.RawMessage `json:"data"`
			Tags json.RawMessage `json:"tags"`
		}
		_ = json.Unmarshal(list, &envelope) // an object into raw fields: cannot fail
		list = envelope.Tags
		if list == nil {
			list = envelope.Data
		}
	}
	var rows []json.RawMessage
	if json.Unmarshal(list, &rows) != nil || rows == nil { // null is no list either
		return errors.New("there is no list of tags in it")
	}
	for _, raw := range rows {
		p.tags = append(p.tags, newTag(raw))
	}
	return nil
}

// single is the answer to a write: {"data":{…}}, or the bare object.
type single struct{ tag *Tag }

// UnmarshalJSON fails where the answer confirms the write and nothing else, as
// {"Success": true} does.

func (s *single) UnmarshalJSON(data []byte) error {
	var envelope struct {
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(data, &envelope) == nil && isObject(envelope.Data) {
		data = envelope.Data
	}
	s.tag = newTag(data)
	if s.tag.Handle == "" {
		return errors.New("there is no tag in it, although the server took the request")
	}
	return nil
}

func isObject(raw []byte) bool { return len(raw) > 0 && raw[0] == '{' }
