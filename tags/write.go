package tags

import (
	"cmp"
	"context"
	"net/http"
)

// Draft is a tag to create.
type Draft struct {
	Title       string // 1 to 30 characters, not only white space
	Description string // up to 150 characters; "": none
	Color       Color  // "": the server picks one at random
}

// Update is a change to a tag. The API requires the title even where it stays
// as it is; new("text") makes the pointers.
type Update struct {
	Title       string  // as in [Draft]
	Description *string // nil: as it is; "": none
	Color       *Color  // nil: as it is
}

// Create makes a tag. The answer has handle, title, description and color; its
// other fields are zero. The API promises no unique titles: see
// [Service.Ensure].
//
// The request is repeated after a 429 and where no connection came about, and
// never where the server may have made the tag already: after a broken
// connection, a 5xx or a cancelled context it may exist. So does the tag whose
// making the server confirms without sending it: that is a [*workato.Error] with
// a 2xx status.
//
// A title or description that the API does not allow is a
// [*workato.ArgumentError]; an unknown color is for the server to judge.
func (s *Service) Create(ctx context.Context, d Draft) (*Tag, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	req := request("tags.Create", http.MethodPost)
	req.Body, req.NeedsBody = createBody(d), true
	req.Idempotent = false // a second request makes a second tag
	var answer single
	if _, err := s.workspace.Do(ctx, req, &answer); err != nil {
		return nil, err
	}
	return answer.tag, nil
}

// Update changes a tag and gives it as it is now, with the fields that
// [Service.Create] gives. It is retried: a repeated change changes nothing.
//
// An absent tag is an error that matches [workato.ErrNotFound]. A handle that
// is empty, "." or "..", an empty color, and a title or description that the
// API does not allow are a [*workato.ArgumentError]; an unknown color is for
// the server to judge. A 2xx without a tag is a [*workato.Error] with that
// status; the tag was changed.
func (s *Service) Update(ctx context.Context, handle string, u Update) (*Tag, error) {
	if err := cmp.Or(checkHandle(handle), u.check()); err != nil {
		return nil, err
	}
	req := request("tags.Update", http.MethodPut, handle)
	req.Body, req.NeedsBody = updateBody(u), true
	var answer single
	if _, err := s.workspace.Do(ctx, req, &answer); err != nil {
		return nil, err
	}
	return answer.tag, nil
}

// Delete removes a tag from the workspace. It is retried; a retry that finds
// the tag gone has succeeded, because an earlier attempt did the work.
//
// A tag that was not there at the first attempt is an error that matches
// [workato.ErrNotFound]. A handle that is empty, "." or ".." is a
// [*workato.ArgumentError].
func (s *Service) Delete(ctx context.Context, handle string) error {
	if err := checkHandle(handle); err != nil {
		return err
	}
	_, err := s.workspace.Do(ctx, request("tags.Delete", http.MethodDelete, handle), nil)
	return err
}

type createBody struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Color       Color  `json:"color,omitempty"`
}

type updateBody struct {
	Title       string  `json:"title"`
	Description *string `json:"description,omitempty"`
	Color       *Color  `json:"color,omitempty"`
}
