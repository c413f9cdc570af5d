package tags_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/tags"
	"github.com/workato-go/sdk/workato"
)

// What cannot be right is found before anything is sent, and the error names
// the field and repeats nothing of what the caller wrote.
func TestArguments(t *testing.T) {
	t.Parallel()
	const private = "Plan-B"
	long := private + strings.Repeat("ü", 25) // 31 characters
	longer := strings.Repeat(private, 26)     // 156
	handle := []string{"tag-a"}
	recipe := []int64{1}
	var noContext context.Context

	tests := map[string]struct {
		call  op
		field string
	}{
		"page":       {opList(tags.ListOptions{Page: -1}), "ListOptions.Page"},
		"per page":   {opList(tags.ListOptions{PerPage: -1}), "ListOptions.PerPage"},
		"per page+":  {opList(tags.ListOptions{PerPage: 101}), "ListOptions.PerPage"},
		"author":     {opList(tags.ListOptions{Filter: tags.Filter{AuthorID: -1}}), "Filter.AuthorID"},
		"recipe":     {opAll(tags.Filter{RecipeID: -1, Search: private}), "Filter.RecipeID"},
		"connection": {opAll(tags.Filter{ConnectionID: -1}), "Filter.ConnectionID"},
		"handles":    {opAll(tags.Filter{Handles: []string{private, ""}}), "Filter.Handles"},
		"sort":       {opAll(tags.Filter{Sort: []tags.Sort{{By: tags.ByTitle}, {}}}), "Filter.Sort"},
		"include":    {opAll(tags.Filter{Include: []tags.Extra{""}}), "Filter.Include"},

		"get nothing":          {opGet(""), "handle"},
		"get .":                {opGet("."), "handle"},
		"get ..":               {opGet(".."), "handle"},
		"delete nothing":       {opDelete(""), "handle"},
		"delete .":             {opDelete("."), "handle"},
		"delete ..":            {opDelete(".."), "handle"},
		"update nothing":       {opUpdate("", tags.Update{Title: private}), "handle"},
		"update .":             {opUpdate(".", tags.Update{Title: private}), "handle"},
		"update ..":            {opUpdate("..", tags.Update{Title: private}), "handle"},
		"update, all is wrong": {opUpdate("", tags.Update{}), "handle"},

		"create, no title":            {opCreate(tags.Draft{Description: private}), "Draft.Title"},
		"create, blank title":         {opCreate(tags.Draft{Title: " \t\u00a0"}), "Draft.Title"},
		"create, long title":          {opCreate(tags.Draft{Title: long}), "Draft.Title"},
		"create, bad title":           {opCreate(tags.Draft{Title: private + "\xff"}), "Draft.Title"},
		"create, long description":    {opCreate(tags.Draft{Title: "x", Description: longer}), "Draft.Description"},
		"create, bad description":     {opCreate(tags.Draft{Title: "x", Description: private + "\xff"}), "Draft.Description"},
		"update, no title":            {opUpdate("tag-a", tags.Update{Description: new(private)}), "Update.Title"},
		"update, blank title":         {opUpdate("tag-a", tags.Update{Title: "  "}), "Update.Title"},
		"update, long title":          {opUpdate("tag-a", tags.Update{Title: long}), "Update.Title"},
		"update, long description":    {opUpdate("tag-a", tags.Update{Title: "x", Description: new(longer)}), "Update.Description"},
		"update, empty color":         {opUpdate("tag-a", tags.Update{Title: "x", Color: new(tags.Color(""))}), "Update.Color"},
		"ensure, no title":            {opEnsure(tags.Draft{}), "Draft.Title"},
		"ensure, long title":          {opEnsure(tags.Draft{Title: long}), "Draft.Title"},
		"ensure, long description":    {opEnsure(tags.Draft{Title: "x", Description: longer}), "Draft.Description"},
		"ensure, space before title":  {opEnsure(tags.Draft{Title: " " + private}), "Draft.Title"},
		"ensure, a line end after it": {opEnsure(tags.Draft{Title: private + "\n"}), "Draft.Title"},

		"assign nothing":           {opAssign(tags.Assignment{RecipeIDs: recipe}), "Assignment"},
		"assign to nothing":        {opAssign(tags.Assignment{Add: handle}), "Assignment"},
		"assign, nothing at all":   {opAssign(tags.Assignment{}), "Assignment"},
		"assign, empty handle":     {opAssign(tags.Assignment{Add: []string{private, ""}, RecipeIDs: recipe}), "Assignment.Add"},
		"assign, empty handle -":   {opAssign(tags.Assignment{Remove: []string{private, ""}, RecipeIDs: recipe}), "Assignment.Remove"},
		"assign, both ways":        {opAssign(tags.Assignment{Add: []string{"b", private}, Remove: []string{private}, RecipeIDs: recipe}), "Assignment"},
		"assign, recipe -1":        {opAssign(tags.Assignment{Add: handle, RecipeIDs: []int64{1, -1}}), "Assignment.RecipeIDs"},
		"assign, recipe 0":         {opAssign(tags.Assignment{Add: handle, RecipeIDs: []int64{0}}), "Assignment.RecipeIDs"},
		"assign, connection 0":     {opAssign(tags.Assignment{Add: handle, ConnectionIDs: []int64{0}}), "Assignment.ConnectionIDs"},
		"a service of nothing":     {func(ctx context.Context, _ *tags.Service) error { return tags.New(nil).Delete(ctx, "x") }, "workspace"},
		"a context that is nil":    {func(_ context.Context, s *tags.Service) error { return s.Delete(noContext, "x") }, "ctx"},
		"All without a context":    {func(_ context.Context, s *tags.Service) error { return opAll(tags.Filter{})(noContext, s) }, "ctx"},
		"Ensure without a context": {func(_ context.Context, s *tags.Service) error { return opEnsure(tags.Draft{Title: "x"})(noContext, s) }, "ctx"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				mock.RegisterNoResponder(answers(t)) // nothing may be sent
				err := test.call(t.Context(), service)
				e, ok := errors.AsType[*workato.ArgumentError](err)
				if !ok {
					t.Fatalf("error %v is no *workato.ArgumentError", err)
				}
				check(t, "field", e.Field, test.field)
				if !errors.Is(err, workato.ErrInvalid) {
					t.Error("it does not match ErrInvalid")
				}
				if strings.Contains(err.Error(), private) {
					t.Errorf("error %q repeats the caller's text", err)
				}
			})
		})
	}
}

// The limits themselves pass, counted in characters; so does what only the
// server can judge.
func TestArgumentsThatPass(t *testing.T) {
	t.Parallel()
	const ok = `{"data":{"handle":"tag-a","title":"x"}}`
	title, description := strings.Repeat("ü", 30), strings.Repeat("語", 150)
	tests := map[string]struct {
		call   op
		answer string
	}{
		"create at the limits": {opCreate(tags.Draft{Title: title, Description: description}), ok},
		"update at the limits": {opUpdate("tag-a", tags.Update{Title: title, Description: &description}), ok},
		"one character":        {opCreate(tags.Draft{Title: "x"}), ok},
		"space around":         {opCreate(tags.Draft{Title: " x "}), ok},
		"unknown color":        {opCreate(tags.Draft{Title: "x", Color: "turquoise"}), ok},
		"unknown new color":    {opUpdate("tag-a", tags.Update{Title: "x", Color: new(tags.Color("turquoise"))}), ok},
		"unknown sort":         {opList(tags.ListOptions{Filter: tags.Filter{Sort: []tags.Sort{{By: "weight"}}}}), list()},
		"type without ID":      {opList(tags.ListOptions{Filter: tags.Filter{TaggableType: "Flow"}}), list()},
		"a handle twice":       {opAssign(tags.Assignment{Add: []string{"a", "a"}, RecipeIDs: []int64{1, 1}}), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				mock.RegisterNoResponder(answers(t, test.answer))
				if err := test.call(t.Context(), service); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
