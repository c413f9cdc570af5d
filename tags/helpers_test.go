package tags_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/tags"
	"github.com/workato-go/sdk/workato"
)

const listURL = "https://www.workato.com/api/tags"

// inBubble runs a test on the tags of one's own workspace against a transport
// of its own, in virtual time.
func inBubble(t *testing.T, test func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		mock := httpmock.NewMockTransport()
		test(t, mock, tags.New(newClient(t, mock).Own()))
	})
}

func newClient(t testing.TB, transport http.RoundTripper) *workato.Client {
	t.Helper()
	client, err := workato.NewClient("secret-token", workato.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// received is a request as the server got it.
type received struct {
	Method, Path, RawQuery, Body string
	Query                        url.Values
}

// recorder answers with the responder and keeps the requests.
func recorder(into *[]received, responder httpmock.Responder) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		got := received{Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Query: r.URL.Query()}
		if r.Body != nil {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			got.Body = string(body)
		}
		*into = append(*into, got)
		return responder(r)
	}
}

// answers gives one response after the other: a text is the body of a 200, a
// number a status without a body, an error a failure of the transport.
func answers(t *testing.T, list ...any) httpmock.Responder {
	t.Helper()
	next := 0
	return func(*http.Request) (*http.Response, error) {
		if next == len(list) {
			t.Errorf("request %d is one too many", next+1)
			return httpmock.NewStringResponse(http.StatusTeapot, ""), nil
		}
		answer := list[next]
		next++
		switch a := answer.(type) {
		case int:
			return httpmock.NewStringResponse(a, ""), nil
		case error:
			return nil, a
		case string:
			return httpmock.NewStringResponse(http.StatusOK, a), nil
		default:
			return nil, fmt.Errorf("the test has an answer of no use: %v", a)
		}
	}
}

var errLost = errors.New("connection reset by peer")

func fixture(t testing.TB, name string) string {
	t.Helper()
	data, err := fs.ReadFile(os.DirFS("testdata"), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// list is a page with a tag for each handle, whose title is the handle's name
// in capitals.
func list(handles ...string) string {
	rows := make([]string, len(handles))
	for i, h := range handles {
		rows[i] = `{"handle":"` + h + `","title":"` + strings.ToUpper(h) + `"}`
	}
	return `{"data":{"tags":[` + strings.Join(rows, ",") + `]}}`
}

// collect reads an iterator to its end.
func collect(t *testing.T, service *tags.Service, f tags.Filter) (handles []string, err error) {
	t.Helper()
	for tag, e := range service.All(t.Context(), f) {
		if err != nil {
			t.Error("there is a pair after the error")
		}
		if e != nil {
			if tag != nil {
				t.Error("an error comes with a tag")
			}
			err = e
			continue
		}
		handles = append(handles, tag.Handle)
	}
	return handles, err
}

func check[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func sameJSON(t *testing.T, what, got, want string) {
	t.Helper()
	if got == "" && want == "" {
		return
	}
	var g, w any
	if err := errors.Join(json.Unmarshal([]byte(got), &g), json.Unmarshal([]byte(want), &w)); err != nil {
		t.Errorf("%s: %v\n got %s\nwant %s", what, err, got, want)
	}
	check(t, what, g, w)
}

// op is one call of the service, for tables.
type op func(context.Context, *tags.Service) error

func opList(o tags.ListOptions) op {
	return func(ctx context.Context, s *tags.Service) error { _, err := s.List(ctx, o); return err }
}

func opAll(f tags.Filter) op {
	return func(ctx context.Context, s *tags.Service) error {
		for _, err := range s.All(ctx, f) {
			if err != nil {
				return err
			}
		}
		return nil
	}
}

func opGet(handle string) op {
	return func(ctx context.Context, s *tags.Service) error { _, err := s.Get(ctx, handle); return err }
}

func opCreate(d tags.Draft) op {
	return func(ctx context.Context, s *tags.Service) error { _, err := s.Create(ctx, d); return err }
}

func opUpdate(handle string, u tags.Update) op {
	return func(ctx context.Context, s *tags.Service) error { _, err := s.Update(ctx, handle, u); return err }
}

func opDelete(handle string) op {
	return func(ctx context.Context, s *tags.Service) error { return s.Delete(ctx, handle) }
}

func opEnsure(d tags.Draft) op {
	return func(ctx context.Context, s *tags.Service) error { _, _, err := s.Ensure(ctx, d); return err }
}

func opAssign(a tags.Assignment) op {
	return func(ctx context.Context, s *tags.Service) error { return s.Assign(ctx, a) }
}
