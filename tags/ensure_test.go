package tags_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/tags"
	"github.com/workato-go/sdk/workato"
)

func TestEnsure(t *testing.T) {
	t.Parallel()
	const (
		found   = `{"data":{"tags":[{"handle":"tag-1","title":"hr"},{"handle":"tag-2","title":"HR team"},{"title":"HR"},{"handle":"tag-3","title":"HR"},{"handle":"tag-4","title":"HR"}]}}`
		similar = `{"data":{"tags":[{"handle":"tag-1","title":"hr"},{"handle":"tag-5","title":"Law","description":"HR"}]}}`
		none    = `{"data":{"tags":[]}}`
		made    = `{"data":{"handle":"tag-9","title":"HR","color":"green"}}`
	)
	tests := map[string]struct {
		answers  []any
		requests string // the first letters of their methods
		handle   string
		created  bool
		want     error
	}{
		"there":                          {[]any{found}, "G", "tag-3", false, nil},
		"on a later page":                {[]any{similar, found}, "GG", "tag-3", false, nil},
		"not there":                      {[]any{none, made}, "GP", "tag-9", true, nil},
		"only similar ones there":        {[]any{similar, none, made}, "GGP", "tag-9", true, nil},
		"the search fails":               {[]any{401}, "G", "", false, workato.ErrUnauthorized},
		"the search says nothing":        {[]any{""}, "G", "", false, errAny},
		"the search loses its list":      {[]any{`{"data":{"tags":null}}`}, "G", "", false, errAny},
		"refused":                        {[]any{none, 422}, "GP", "", false, workato.ErrInvalid},
		"refused with a 200":             {[]any{none, `{"success":false}`}, "GP", "", false, workato.ErrInvalid},
		"forbidden":                      {[]any{none, 403}, "GP", "", false, workato.ErrForbidden},
		"503, and the tag was made":      {[]any{none, 503, found}, "GPG", "tag-3", true, nil},
		"500, and the tag was made":      {[]any{none, 500, found}, "GPG", "tag-3", true, nil},
		"lost answer, the tag was made":  {[]any{none, errLost, found}, "GPG", "tag-3", true, nil},
		"empty answer, the tag was made": {[]any{none, "", found}, "GPG", "tag-3", true, nil},
		"an answer that is no JSON":      {[]any{none, "<html>", found}, "GPG", "tag-3", true, nil},
		"503, and no tag was made":       {[]any{none, 503, none}, "GPG", "", false, workato.ErrServer},
		"lost answer, no tag was made":   {[]any{none, errLost, none}, "GPG", "", false, errLost},
		"503, and looking again fails":   {[]any{none, 503, 403}, "GPG", "", false, workato.ErrServer},
		"lost answer, looking again too": {[]any{none, errLost, 403}, "GPG", "", false, workato.ErrForbidden},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				var requests []received
				mock.RegisterNoResponder(recorder(&requests, answers(t, test.answers...)))
				tag, created, err := service.Ensure(t.Context(), tags.Draft{Title: "HR", Description: "HR tag", Color: tags.Green})

				if !matches(err, test.want) {
					t.Errorf("error %v, want %v", err, test.want)
				}
				check(t, "created", created, test.created)
				if tag == nil {
					tag = &tags.Tag{}
				}
				check(t, "handle", tag.Handle, test.handle)
				var methods []byte
				for _, r := range requests {
					methods = append(methods, r.Method[0])
				}
				check(t, "requests", string(methods), test.requests)
				check(t, "search", requests[0].Query.Get("q[title_or_description_cont]"), "HR")
			})
		})
	}
}

// errAny stands for some error that has no class.
var errAny = errors.New("any")

func matches(err, want error) bool {
	if errors.Is(want, errAny) {
		return err != nil && !errors.Is(err, workato.ErrInvalid)
	}
	return errors.Is(err, want)
}

// When both the creation and the second look fail, both are told.
func TestEnsureTellsBothFailures(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		mock.RegisterNoResponder(answers(t, list(), 503, 403))
		_, _, err := service.Ensure(t.Context(), tags.Draft{Title: "Top secret"})
		if !errors.Is(err, workato.ErrServer) || !errors.Is(err, workato.ErrForbidden) {
			t.Errorf("error %v does not match both", err)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("error %q repeats the title", err)
		}
	})
}

// Once the context has ended there is no second look.
func TestEnsureEndsWithItsContext(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var requests []received
		mock.RegisterNoResponder(recorder(&requests, func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return httpmock.NewStringResponse(http.StatusOK, list()), nil
		}))
		_, _, err := service.Ensure(ctx, tags.Draft{Title: "x"})
		if !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "looking") {
			t.Errorf("error %v is not that of the creation, ended by the context", err)
		}
		synctest.Wait() // for the responder that was left behind
		check(t, "requests", len(requests), 2)
	})
}
