package tags_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/tags"
	"github.com/workato-go/sdk/workato"
)

// pages answers each page with its list, and those after the last with none.
func pages(requests *[]received, bodies ...string) httpmock.Responder {
	return recorder(requests, func(r *http.Request) (*http.Response, error) {
		var number int
		if _, err := fmt.Sscan(r.URL.Query().Get("page"), &number); err != nil {
			return nil, err
		}
		body := list()
		if number <= len(bodies) {
			body = bodies[number-1]
		}
		return httpmock.NewStringResponse(http.StatusOK, body), nil
	})
}

func TestAll(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pages    []string
		want     []string
		requests int
	}{
		"no tags":                                {nil, nil, 1},
		"one page":                               {[]string{list("a", "b")}, []string{"a", "b"}, 2},
		"a short page is not the end":            {[]string{list("a"), list("b"), list("c")}, []string{"a", "b", "c"}, 4},
		"rows that moved to the next page":       {[]string{list("a", "b"), list("b", "c")}, []string{"a", "b", "c"}, 3},
		"a handle twice on a page":               {[]string{list("a", "a")}, []string{"a"}, 2},
		"a server that ignores the page":         {[]string{list("a", "b"), list("b", "a"), list("c")}, []string{"a", "b"}, 2},
		"rows that are no tags are shown":        {[]string{`[null,{"handle":"a"},7]`}, []string{"", "a", ""}, 2},
		"rows that are no tags are nothing new":  {[]string{`[null]`, `[null]`}, []string{""}, 1},
		"pages without a tag stop, rows or none": {[]string{list("a"), `[{}]`, list("b")}, []string{"a", ""}, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				var requests []received
				mock.RegisterResponder("GET", listURL, pages(&requests, test.pages...))
				got, err := collect(t, service, tags.Filter{})
				if err != nil {
					t.Fatal(err)
				}
				check(t, "handles", got, test.want)
				check(t, "requests", len(requests), test.requests)
				for i, r := range requests {
					check(t, "query", r.RawQuery,
						fmt.Sprintf("page=%d&per_page=100&sort_by%%5B%%5D=title&sort_direction%%5B%%5D=asc", i+1))
				}
			})
		})
	}
}

func TestAllKeepsTheCallersOrder(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		var requests []received
		mock.RegisterResponder("GET", listURL, pages(&requests))
		f := tags.Filter{Search: "x", Sort: []tags.Sort{{By: tags.ByUpdatedAt, Descending: true}}}
		if _, err := collect(t, service, f); err != nil {
			t.Fatal(err)
		}
		check(t, "sort", requests[0].Query["sort_by[]"], []string{"updated_at"})
		check(t, "direction", requests[0].Query["sort_direction[]"], []string{"desc"})
		check(t, "search", requests[0].Query.Get("q[title_or_description_cont]"), "x")
	})
}

// An iterator asks for nothing until it is ranged over, and each range begins
// anew.
func TestAllIsLazyAndRestartable(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		var requests []received
		mock.RegisterResponder("GET", listURL, pages(&requests, list("a"), list("b")))
		all := service.All(t.Context(), tags.Filter{})
		check(t, "requests before the range", len(requests), 0)
		for round := range 3 {
			var got []string
			for tag, err := range all {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, tag.Handle)
			}
			check(t, "handles", got, []string{"a", "b"})
			check(t, "requests", len(requests), 3*(round+1))
		}
	})
}

func TestAllStopsAtBreak(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		var requests []received
		mock.RegisterResponder("GET", listURL, pages(&requests, list("a", "b"), list("c")))
		for tag, err := range service.All(t.Context(), tags.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			if tag.Handle == "b" { // the last of its page
				break
			}
		}
		check(t, "requests", len(requests), 1)
	})
}

// What the caller does to the filter after the call changes nothing.
func TestAllCopiesTheFilter(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		var requests []received
		mock.RegisterResponder("GET", listURL, pages(&requests))
		f := tags.Filter{
			Handles: []string{"a"}, Sort: []tags.Sort{{By: tags.ByUpdatedAt}}, Include: []tags.Extra{tags.WithAuthor},
		}
		all := service.All(t.Context(), f)
		f.Handles[0], f.Sort[0], f.Include[0] = "", tags.Sort{}, ""
		for _, err := range all {
			if err != nil {
				t.Fatal(err)
			}
		}
		check(t, "handles", requests[0].Query["q[handle_in][]"], []string{"a"})
		check(t, "sort", requests[0].Query["sort_by[]"], []string{"updated_at"})
		check(t, "includes", requests[0].Query["includes[]"], []string{"author"})
	})
}

// Without a Sort, the iterator must not write its own into the caller's array.
func TestAllLeavesTheFilterAlone(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		var requests []received
		mock.RegisterResponder("GET", listURL, pages(&requests))
		backing := []tags.Sort{{By: tags.ByUpdatedAt}}
		if _, err := collect(t, service, tags.Filter{Sort: backing[:0]}); err != nil {
			t.Fatal(err)
		}
		check(t, "the caller's array", backing, []tags.Sort{{By: tags.ByUpdatedAt}})
	})
}

// An error is the last pair; it names the page unless that is the first, and
// matches what its cause matches.
func TestAllErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answers []any
		want    []string
		text    string
	}{
		"first page": {[]any{403}, nil, "workato: tags.List: 403 Forbidden"},
		"third page": {[]any{list("a"), list("b"), 403}, []string{"a", "b"}, "tags: page 3: workato: tags.List: 403 Forbidden"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				mock.RegisterResponder("GET", listURL, answers(t, test.answers...))
				got, err := collect(t, service, tags.Filter{})
				check(t, "handles", got, test.want)
				if !errors.Is(err, workato.ErrForbidden) {
					t.Errorf("error %v does not match ErrForbidden", err)
				}
				if _, ok := errors.AsType[*workato.Error](err); !ok {
					t.Errorf("error %v is no *workato.Error", err)
				}
				if !strings.HasPrefix(err.Error(), test.text) {
					t.Errorf("error %q, want %q first", err, test.text)
				}
			})
		})
	}
}

func TestAllEndsWithItsContext(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		var requests []received
		mock.RegisterResponder("GET", listURL, pages(&requests, list("a"), list("b"), list("c")))
		reason := errors.New("the user went home")
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		var last error
		for tag, err := range service.All(ctx, tags.Filter{}) {
			if last = err; err == nil && tag.Handle == "b" {
				cancel(reason)
			}
		}
		if !errors.Is(last, context.Canceled) || !errors.Is(last, reason) {
			t.Errorf("error %v matches not both, the context's end and its cause", last)
		}
		check(t, "requests", len(requests), 2)
	})
}

// A server that never runs out of new tags must not keep a program for ever.
func TestAllIsBounded(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
		mock.RegisterResponder("GET", listURL, func(r *http.Request) (*http.Response, error) {
			return httpmock.NewStringResponse(http.StatusOK, list("tag-"+r.URL.Query().Get("page"))), nil
		})
		got, err := collect(t, service, tags.Filter{})
		check(t, "tags", len(got), 1000)
		check(t, "requests", mock.GetTotalCallCount(), 1000)
		if err == nil || !strings.Contains(err.Error(), "page 1000 still brings new tags") {
			t.Errorf("error %v", err)
		}
	})
}

func TestGet(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		handle   string
		pages    []string
		found    bool
		requests int
	}{
		"found":                             {"tag-a", []string{list("tag-a")}, true, 1},
		"absent":                            {"tag-a", nil, false, 1},
		"among others":                      {"tag-b", []string{list("tag-a", "tag-b")}, true, 1},
		"on a server that does not filter":  {"tag-c", []string{list("tag-a"), list("tag-b"), list("tag-c")}, true, 3},
		"the handle in another spelling":    {"tag-a", []string{list("tag-A", "tag-a ")}, false, 2},
		"only rows that are no tags":        {"tag-a", []string{`[null,"tag-a"]`}, false, 1},
		"a handle with a comma and a quote": {`tag,"a`, []string{`[{"handle":"tag,\"a"}]`}, true, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				var requests []received
				mock.RegisterResponder("GET", listURL, pages(&requests, test.pages...))
				tag, err := service.Get(t.Context(), test.handle)
				switch {
				case test.found && (err != nil || tag.Handle != test.handle):
					t.Errorf("got %v, %v", tag, err)
				case !test.found && (tag != nil || !errors.Is(err, workato.ErrNotFound)):
					t.Errorf("got %v, %v, want an error that matches ErrNotFound", tag, err)
				}
				check(t, "requests", len(requests), test.requests)
				check(t, "handles asked for", requests[0].Query["q[handle_in][]"], []string{test.handle})
			})
		})
	}
}
