package tags_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/tags"
	"github.com/workato-go/sdk/workato"
)

// Every documented request goes out with the documented path, parameters and
// body, for every kind of workspace.
func TestRequests(t *testing.T) {
	t.Parallel()
	const handle = "tag-Lr2wBb8Z-h6QfXg"
	tests := map[string]struct {
		call   op
		method string
		path   string // below the workspace
		query  url.Values
		body   string
		answer string // a fixture; "": an empty body
	}{
		"list": {
			call: opList(tags.ListOptions{}), method: "GET", path: "tags", answer: "list.json",
		},
		"list with everything included": {
			call: opList(tags.ListOptions{Filter: tags.Filter{
				Include: []tags.Extra{tags.WithAuthor, tags.WithAssignmentCount},
			}}),
			method: "GET", path: "tags", answer: "list.json",
			query: url.Values{"includes[]": {"author", "assignment_count"}},
		},
		"get": {
			call: opGet("tag-Kq8nRr4X-v2McUe"), method: "GET", path: "tags", answer: "list.json",
			query: url.Values{
				"q[handle_in][]": {"tag-Kq8nRr4X-v2McUe"}, "includes[]": {"author", "assignment_count"},
				"sort_by[]": {"title"}, "sort_direction[]": {"asc"}, "page": {"1"}, "per_page": {"100"},
			},
		},
		"create": {
			call:   opCreate(tags.Draft{Title: "Sales", Description: "Sales tag", Color: tags.Indigo}),
			method: "POST", path: "tags", answer: "create.json",
			body: `{"title":"Sales","description":"Sales tag","color":"indigo"}`,
		},
		"create with a title only": {
			call: opCreate(tags.Draft{Title: "Sales"}), method: "POST", path: "tags", answer: "create.json",
			body: `{"title":"Sales"}`,
		},
		"update": {
			call: opUpdate(handle, tags.Update{
				Title: "Sales and quotes", Description: new("Also covers quotes"), Color: new(tags.Violet),
			}),
			method: "PUT", path: "tags/" + handle, answer: "update.json",
			body: `{"title":"Sales and quotes","description":"Also covers quotes","color":"violet"}`,
		},
		"update of the title only": {
			call: opUpdate(handle, tags.Update{Title: "Sales"}), method: "PUT", path: "tags/" + handle, answer: "update.json",
			body: `{"title":"Sales"}`,
		},
		"update that clears the description": {
			call:   opUpdate(handle, tags.Update{Title: "Sales", Description: new("")}),
			method: "PUT", path: "tags/" + handle, answer: "update.json",
			body: `{"title":"Sales","description":""}`,
		},
		"delete": {
			call: opDelete(handle), method: "DELETE", path: "tags/" + handle,
		},
		"assign": {
			call: opAssign(tags.Assignment{
				Add: []string{handle, "tag-2"}, Remove: []string{"tag-3"},
				RecipeIDs: []int64{289287, 289288}, ConnectionIDs: []int64{66196},
			}),
			method: "POST", path: "tags_assignments",
			body: `{"add_tags":["` + handle + `","tag-2"],"remove_tags":["tag-3"],"recipe_ids":[289287,289288],"connection_ids":[66196]}`,
		},
		"assign, with the least": {
			call:   opAssign(tags.Assignment{Remove: []string{handle}, ConnectionIDs: []int64{66196}}),
			method: "POST", path: "tags_assignments",
			body: `{"remove_tags":["` + handle + `"],"connection_ids":[66196]}`,
		},
	}
	workspaces := map[string]struct {
		of     func(*workato.Client) *workato.Workspace
		prefix string
	}{
		"own":      {(*workato.Client).Own, "/api/"},
		"customer": {func(c *workato.Client) *workato.Workspace { return c.Customer(19029) }, "/api/v2/managed_users/19029/"},
		"external customer": {
			func(c *workato.Client) *workato.Workspace { return c.ExternalCustomer("A2300") }, "/api/v2/managed_users/EA2300/",
		},
	}
	for name, test := range tests {
		for kind, workspace := range workspaces {
			t.Run(name+", "+kind, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					mock := httpmock.NewMockTransport()
					body := ""
					if test.answer != "" {
						body = fixture(t, test.answer)
					}
					var requests []received
					respond := recorder(&requests, answers(t, body))
					target := "https://www.workato.com" + workspace.prefix + test.path
					mock.RegisterResponderWithQuery(test.method, target, test.query, respond)

					if err := test.call(t.Context(), tags.New(workspace.of(newClient(t, mock)))); err != nil {
						t.Fatal(err)
					}
					check(t, "query on the wire", requests[0].RawQuery, test.query.Encode())
					sameJSON(t, "body", requests[0].Body, test.body)
				})
			})
		}
	}
}

// The golden strings of everything that a list can ask for.
func TestListQuery(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		opts tags.ListOptions
		want string
	}{
		"nothing":  {tags.ListOptions{}, ""},
		"page":     {tags.ListOptions{Page: 3}, "page=3"},
		"per page": {tags.ListOptions{PerPage: 100}, "per_page=100"},
		"search": {
			tags.ListOptions{Filter: tags.Filter{Search: "R&D = 50%"}},
			"q%5Btitle_or_description_cont%5D=R%26D+%3D+50%25",
		},
		"handles": {
			tags.ListOptions{Filter: tags.Filter{Handles: []string{"tag-b", "tag-a"}}},
			"q%5Bhandle_in%5D%5B%5D=tag-b&q%5Bhandle_in%5D%5B%5D=tag-a",
		},
		"no handles":    {tags.ListOptions{Filter: tags.Filter{Handles: []string{}}}, ""},
		"author":        {tags.ListOptions{Filter: tags.Filter{AuthorID: 20417}}, "q%5Bauthor_id_eq%5D=20417"},
		"only assigned": {tags.ListOptions{Filter: tags.Filter{OnlyAssigned: true}}, "q%5Bonly_assigned%5D=true"},
		"taggable": {
			tags.ListOptions{Filter: tags.Filter{TaggableID: "289287", TaggableType: "Flow"}},
			"q%5Btaggable_id_eq%5D=289287&q%5Btaggable_type_eq%5D=Flow",
		},
		"recipe":     {tags.ListOptions{Filter: tags.Filter{RecipeID: 289287}}, "q%5Brecipe_id_eq%5D=289287"},
		"connection": {tags.ListOptions{Filter: tags.Filter{ConnectionID: 66196}}, "q%5Bconnection_id_eq%5D=66196"},
		"sort": {
			tags.ListOptions{Filter: tags.Filter{Sort: []tags.Sort{{By: tags.ByTitle}}}},
			"sort_by%5B%5D=title&sort_direction%5B%5D=asc",
		},
		"sorts keep their order": {
			tags.ListOptions{Filter: tags.Filter{Sort: []tags.Sort{
				{By: tags.ByUpdatedAt, Descending: true},
				{By: tags.ByAssignmentCount},
				{By: tags.ByLastAssignedAt, Descending: true},
				{By: "weight"},
			}}},
			"sort_by%5B%5D=updated_at&sort_by%5B%5D=assignment_count&sort_by%5B%5D=last_assigned_at&sort_by%5B%5D=weight" +
				"&sort_direction%5B%5D=desc&sort_direction%5B%5D=asc&sort_direction%5B%5D=desc&sort_direction%5B%5D=asc",
		},
		"includes": {
			tags.ListOptions{Filter: tags.Filter{Include: []tags.Extra{tags.WithAssignmentCount, tags.WithAuthor, "projects"}}},
			"includes%5B%5D=assignment_count&includes%5B%5D=author&includes%5B%5D=projects",
		},
		"everything": {
			tags.ListOptions{
				Filter: tags.Filter{
					Search: "tax", Handles: []string{"tag-a"}, AuthorID: 1, OnlyAssigned: true, TaggableID: "2", TaggableType: "Flow",
					RecipeID: 3, ConnectionID: 4, Sort: []tags.Sort{{By: tags.ByTitle, Descending: true}}, Include: []tags.Extra{tags.WithAuthor},
				},
				Page: 2, PerPage: 50,
			},
			"includes%5B%5D=author&page=2&per_page=50&q%5Bauthor_id_eq%5D=1&q%5Bconnection_id_eq%5D=4&q%5Bhandle_in%5D%5B%5D=tag-a" +
				"&q%5Bonly_assigned%5D=true&q%5Brecipe_id_eq%5D=3&q%5Btaggable_id_eq%5D=2&q%5Btaggable_type_eq%5D=Flow" +
				"&q%5Btitle_or_description_cont%5D=tax&sort_by%5B%5D=title&sort_direction%5B%5D=desc",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				var requests []received
				mock.RegisterResponder("GET", listURL, recorder(&requests, answers(t, list())))
				if _, err := service.List(t.Context(), test.opts); err != nil {
					t.Fatal(err)
				}
				check(t, "query", requests[0].RawQuery, test.want)
			})
		})
	}
}

// A handle is one segment of the path, whatever it holds.
func TestHandleIsOneSegment(t *testing.T) {
	t.Parallel()
	for handle, want := range map[string]string{
		"tag-Abc":       "/api/tags/tag-Abc",
		"a/b":           "/api/tags/a%2Fb",
		"../activity":   "/api/tags/..%2Factivity",
		"50% of?it#all": "/api/tags/50%25%20of%3Fit%23all",
		"größe":         "/api/tags/gr%C3%B6%C3%9Fe",
	} {
		t.Run(handle, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, mock *httpmock.MockTransport, service *tags.Service) {
				var requests []received
				mock.RegisterNoResponder(recorder(&requests, answers(t, 200, fixture(t, "update.json"))))
				if err := service.Delete(t.Context(), handle); err != nil {
					t.Error(err)
				}
				if _, err := service.Update(t.Context(), handle, tags.Update{Title: "x"}); err != nil {
					t.Error(err)
				}
				for _, r := range requests {
					check(t, r.Method, r.Path, want)
				}
			})
		})
	}
}

// countLimiter lets everything pass and counts it.
type countLimiter struct {
	asked map[workato.Quota]int
	quota workato.Quota
}

func (l countLimiter) Wait(context.Context) error {
	l.asked[l.quota]++
	return nil
}

// Each operation says its name in errors, and pays from its quota.
func TestOperations(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]op{
		"tags.List":   opList(tags.ListOptions{}),
		"tags.Get":    opGet("tag-a"),
		"tags.Create": opCreate(tags.Draft{Title: "x"}),
		"tags.Update": opUpdate("tag-a", tags.Update{Title: "x"}),
		"tags.Delete": opDelete("tag-a"),
		"tags.Assign": opAssign(tags.Assignment{Add: []string{"tag-a"}, RecipeIDs: []int64{1}}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				mock := httpmock.NewMockTransport()
				mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
					return httpmock.NewStringResponse(http.StatusForbidden, `{"message":"no"}`), nil
				})
				asked := map[workato.Quota]int{}
				client, err := workato.NewClient("token",
					workato.WithHTTPClient(&http.Client{Transport: mock}),
					workato.WithLimiter(workato.QuotaEnvironment, countLimiter{asked, workato.QuotaEnvironment}),
					workato.WithLimiter(workato.QuotaAssignments, countLimiter{asked, workato.QuotaAssignments}))
				if err != nil {
					t.Fatal(err)
				}
				err = call(t.Context(), tags.New(client.Own()))
				if err == nil || !strings.Contains(err.Error(), name+": 403") {
					t.Errorf("error %q does not name %s", err, name)
				}
				want := map[workato.Quota]int{workato.QuotaEnvironment: 1}
				if name == "tags.Assign" {
					want = map[workato.Quota]int{workato.QuotaAssignments: 1}
				}
				check(t, "quotas", asked, want)
			})
		})
	}
}
