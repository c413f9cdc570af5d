package tags_test

import (
	"errors"
	"net"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/tags"
	"github.com/workato-go/sdk/workato"
)

// What each operation does when its first attempt fails. The retries that must
// not happen matter as much as those that must.
func TestRetries(t *testing.T) {
	t.Parallel()
	const created = `{"data":{"handle":"tag-a","title":"x"}}`
	noConnection := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	create := opCreate(tags.Draft{Title: "x"})
	update := opUpdate("tag-a", tags.Update{Title: "x"})
	assign := opAssign(tags.Assignment{Add: []string{"tag-a"}, RecipeIDs: []int64{1}})

	tests := map[string]struct {
		call     op
		answers  []any
		requests int
		want     error // nil: success
	}{
		"create, 429: refused, so nothing happened": {create, []any{429, created}, 2, nil},
		"create, no connection: nothing was sent":   {create, []any{noConnection, created}, 2, nil},
		"create, 503: the tag may be there":         {create, []any{503}, 1, workato.ErrServer},
		"create, 502":                               {create, []any{502}, 1, workato.ErrServer},
		"create, 500":                               {create, []any{500}, 1, workato.ErrServer},
		"create, lost answer: the tag may be there": {create, []any{errLost}, 1, errLost},
		"create, 422: the same again":               {create, []any{422}, 1, workato.ErrInvalid},
		"create, success: false":                    {create, []any{`{"success":false,"errors":{"title":["taken"]}}`}, 1, workato.ErrInvalid},
		"list, 503":                                 {opList(tags.ListOptions{}), []any{503, list()}, 2, nil},
		"list, lost answer":                         {opList(tags.ListOptions{}), []any{errLost, list()}, 2, nil},
		"list, 401":                                 {opList(tags.ListOptions{}), []any{401}, 1, workato.ErrUnauthorized},
		"get, 503":                                  {opGet("tag-a"), []any{503, list("tag-a")}, 2, nil},
		"update, 503":                               {update, []any{503, created}, 2, nil},
		"update, lost answer":                       {update, []any{errLost, created}, 2, nil},
		"update, 404":                               {update, []any{404}, 1, workato.ErrNotFound},
		"delete":                                    {opDelete("tag-a"), []any{200}, 1, nil},
		"delete, 404: it was never there":           {opDelete("tag-a"), []any{404}, 1, workato.ErrNotFound},
		"delete, 404 after 503: the first did it":   {opDelete("tag-a"), []any{503, 404}, 2, nil},
		"delete, 404 after a lost answer":           {opDelete("tag-a"), []any{errLost, 404}, 2, nil},
		"delete, 404 after 429: it was never there": {opDelete("tag-a"), []any{429, 404}, 2, workato.ErrNotFound},
		"delete, success: false":                    {opDelete("tag-a"), []any{`{"success":false}`}, 1, workato.ErrInvalid},
		"assign":                                    {assign, []any{200}, 1, nil},
		"assign, the documented success":            {assign, []any{`{"Success":true}`}, 1, nil},
		"assign, a proxy's page":                    {assign, []any{"<html>"}, 1, errAny},
		"delete, a proxy's page":                    {opDelete("tag-a"), []any{"<html>"}, 1, errAny},
		"assign, 503":                               {assign, []any{503, 200}, 2, nil},
		"assign, lost answer":                       {assign, []any{errLost, 200}, 2, nil},
		"assign, 429":                               {assign, []any{429, 200}, 2, nil},
		"assign, success: false":                    {assign, []any{`{"success":false}`}, 1, workato.ErrInvalid},
		"assign, 404: an asset that does not exist": {assign, []any{404}, 1, workato.ErrNotFound},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				var requests []received
				mock.RegisterNoResponder(recorder(&requests, answers(t, test.answers...)))
				err := test.call(t.Context(), service)
				if !matches(err, test.want) {
					t.Errorf("error %v, want %v", err, test.want)
				}
				check(t, "requests", len(requests), test.requests)
				for _, r := range requests {
					check(t, "repeated request", r, requests[0])
				}
			})
		})
	}
}

// A refusal of the server keeps what it says about the fields.
func TestRefusal(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		mock.RegisterResponder("POST", listURL, func(*http.Request) (*http.Response, error) {
			return httpmock.NewStringResponse(422, `{"errors":{"color":["is not included in the list"]}}`), nil
		})
		_, err := service.Create(t.Context(), tags.Draft{Title: "x", Color: "turquoise"})
		e, ok := errors.AsType[*workato.Error](err)
		if !ok {
			t.Fatalf("error %v is no *workato.Error", err)
		}
		check(t, "fields", e.Fields, map[string][]string{"color": {"is not included in the list"}})
	})
}
