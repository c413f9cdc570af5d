package tags

import (
	"context"
	"net/http"

	"github.com/workato-go/sdk/workato"
)

// Assignment says which tags to put on the named recipes and connections, and
// which to take off them: every tag concerns every one of them.
type Assignment struct {
	Add, Remove   []string // handles, not titles
	RecipeIDs     []int64
	ConnectionIDs []int64
}

// Assign carries out an assignment. It is retried: putting a tag on twice
// leaves it on once. It has a quota of its own, [workato.QuotaAssignments].
//
// The API's documents say neither how many tags, recipes and connections one
// request may name, nor what an unknown one does to the others.
//
// An assignment without a tag or without a recipe or connection, an empty
// handle, an ID below 1, and a handle in both Add and Remove are a
// [*workato.ArgumentError]; of the last the API does not say which would win.
func (s *Service) Assign(ctx context.Context, a Assignment) error {
	if err := a.check(); err != nil {
		return err
	}
	_, err := s.workspace.Do(ctx, &workato.Request{
		Op:         "tags.Assign",
		Method:     http.MethodPost,
		Version:    "v2",
		Path:       []string{"tags_assignments"},
		Body:       assignBody(a),
		Idempotent: true,
		Quota:      workato.QuotaAssignments,
	}, nil)
	return err
}

type assignBody struct {
	Add           []string `json:"add_tags,omitempty"`
	Remove        []string `json:"remove_tags,omitempty"`
	RecipeIDs     []int64  `json:"recipe_ids,omitempty"`
	ConnectionIDs []int64  `json:"connection_ids,omitempty"`
}
