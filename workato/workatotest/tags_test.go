package workatotest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

type tag struct {
	Handle, Title, Color string
	Description          *string
	CreatedAt            string `json:"created_at"`
	UpdatedAt            string `json:"updated_at"`
	Author               map[string]any
	AssignmentCount      *int `json:"assignment_count"`
}

func tags(t *testing.T, s *workatotest.Server, pairs ...string) []tag {
	t.Helper()
	r := send(t, s, "GET", "/api/tags"+query(pairs...), "")
	if r.status != 200 {
		t.Fatalf("%v: %d %s", pairs, r.status, r.body)
	}
	var list struct{ Data struct{ Tags []tag } }
	decode(t, r.body, &list)
	if list.Data.Tags == nil {
		t.Fatalf("no list in %s", r.body)
	}
	return list.Data.Tags
}

func handles(list []tag) string {
	var out []string
	for _, t := range list {
		out = append(out, t.Handle)
	}
	return strings.Join(out, " ")
}

func TestTagShapes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer()
		created := send(t, s, "POST", "/api/tags", `{"title":"HR","description":"People & pay","color":"green"}`)
		handle := s.Own().Tags()[0].Handle
		if created.status != 200 || created.body != `{"data":{"handle":"`+handle+`","title":"HR","description":"People \u0026 pay","color":"green"}}` {
			t.Errorf("created: %d %s", created.status, created.body)
		}
		time.Sleep(time.Minute)
		updated := send(t, s, "PUT", "/api/tags/"+handle, `{"title":"People","description":""}`)
		if updated.status != 200 || updated.body != `{"data":{"handle":"`+handle+`","title":"People","description":null,"color":"green"}}` {
			t.Errorf("updated: %d %s", updated.status, updated.body)
		}
		bare := send(t, s, "GET", "/api/tags", "")
		if want := `{"data":{"tags":[{"handle":"` + handle + `","title":"People","description":null,"color":"green",` +
			`"created_at":"1999-12-31T17:00:00-07:00","updated_at":"1999-12-31T17:01:00-07:00"}]}}`; bare.body != want {
			t.Errorf("listed: %s", bare.body)
		}
		full := send(t, s, "GET", "/api/tags"+query("includes[]", "author", "includes[]", "assignment_count"), "")
		if want := `"author":{"id":10001,"name":"API client","avatar_url":""},"assignment_count":0}`; !strings.Contains(full.body, want) {
			t.Errorf("listed in full: %s", full.body)
		}
		deleted := send(t, s, "DELETE", "/api/tags/"+handle, "")
		if deleted.status != 200 || deleted.body != "" {
			t.Errorf("deleted: %d %q", deleted.status, deleted.body)
		}
		if r := send(t, s, "GET", "/api/tags", ""); r.body != `{"data":{"tags":[]}}` {
			t.Errorf("empty: %s", r.body)
		}
	})
}

func TestTagChecks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body, contentType string
		want              int
		errors            string
	}{
		{`{"title":"x"}`, "application/json", 200, ""},
		{`{"title":"x"}`, "application/json; charset=utf-8", 200, ""},
		{`{"title":"x","color":null,"description":null,"more":1}`, "application/json", 200, ""},
		{`{"title":"` + strings.Repeat("ü", 30) + `"}`, "application/json", 200, ""},
		{`{"title":"` + strings.Repeat("ü", 31) + `"}`, "application/json", 422, `{"errors":{"title":["is too long (maximum is 30 characters)"]}}`},
		{`{"title":"x","description":"` + strings.Repeat("ü", 150) + `"}`, "application/json", 200, ""},
		{`{"title":"x","description":"` + strings.Repeat("ü", 151) + `"}`, "application/json", 422, `{"errors":{"description":["is too long (maximum is 150 characters)"]}}`},
		{`{"title":"x","color":"pink"}`, "application/json", 422, `{"errors":{"color":["is not included in the list"]}}`},
		{`{"title":"x","color":"Red"}`, "application/json", 422, `{"errors":{"color":["is not included in the list"]}}`},
		{`{}`, "application/json", 422, `{"errors":{"title":["can't be blank"]}}`},
		{`{"Title":"x"}`, "application/json", 422, `{"errors":{"title":["can't be blank"]}}`},
		{`{"title":null}`, "application/json", 422, `{"errors":{"title":["can't be blank"]}}`},
		{`{"title":" \t"}`, "application/json", 422, `{"errors":{"title":["can't be blank"]}}`},
		{`{"title":1}`, "application/json", 400, ""},
		{`{"title":"x","color":{}}`, "application/json", 400, ""},
		{`["title"]`, "application/json", 400, ""},
		{`null`, "application/json", 400, ""},
		{`{"title":"x"`, "application/json", 400, ""},
		{`{"title":"x"} {}`, "application/json", 400, ""},
		{"{\"title\":\"\xff\"}", "application/json", 400, ""},
		{``, "application/json", 400, ""},
		{`{"title":"x"}`, "", 400, ""},
		{`{"title":"x"}`, "text/plain", 400, ""},
		{`title=x`, "application/x-www-form-urlencoded", 400, ""},
		{`{"title":"x","pad":"` + strings.Repeat("x", 1<<20) + `"}`, "application/json", 400, ""},
	} {
		for _, method := range []string{"POST", "PUT"} {
			s := workatotest.NewServer()
			s.Own().AddTag(workatotest.Tag{Handle: "t", Title: "before"})
			path := map[string]string{"POST": "/api/tags", "PUT": "/api/tags/t"}[method]
			req := newRequest(t, s, method, base+path, c.body)
			req.Header.Set("Content-Type", c.contentType)
			r := mustDo(t, s.Client(), req)
			name := fmt.Sprintf("%s %.40s %s", method, c.body, c.contentType)
			if r.status != c.want {
				t.Errorf("%s: %d, want %d", name, r.status, c.want)
			}
			if c.errors != "" && r.body != c.errors {
				t.Errorf("%s: %s", name, r.body)
			}
			if all := s.Own().Tags(); c.want != 200 && (len(all) != 1 || all[0].Title != "before") {
				t.Errorf("%s: a refused request changed %+v", name, all)
			}
		}
	}
}

func TestTagColors(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer(workatotest.WithQuota(0))
	seen := make(map[string]bool)
	for range 200 {
		send(t, s, "POST", "/api/tags", `{"title":"same title"}`)
	}
	all := s.Own().Tags()
	for _, tag := range all {
		seen[tag.Color] = true
	}
	if len(all) != 200 || len(seen) != 12 {
		t.Errorf("%d tags of %d colors", len(all), len(seen))
	}
	for color := range seen {
		if r := send(t, s, "POST", "/api/tags", `{"title":"x","color":"`+color+`"}`); r.status != 200 {
			t.Errorf("%s: %s", color, r.body)
		}
	}
}

func TestTagLimit(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer(workatotest.WithQuota(0))
	for range 999 {
		s.Own().AddTag(workatotest.Tag{Title: "x"})
	}
	if r := send(t, s, "POST", "/api/tags", `{"title":"x"}`); r.status != 200 {
		t.Errorf("the 1,000th: %d", r.status)
	}
	if r := send(t, s, "POST", "/api/tags", `{"title":"x"}`); r.status != 422 || !strings.HasPrefix(r.body, `{"errors":{"base":[`) {
		t.Errorf("the 1,001st: %d %s", r.status, r.body)
	}
	same(t, "a full page", len(tags(t, s)), 100)
	same(t, "the last", len(tags(t, s, "page", "10")), 100)
	same(t, "behind it", len(tags(t, s, "page", "11")), 0)
	same(t, "far behind it", len(tags(t, s, "page", "1000000000")), 0)
}

func fourTags(t *testing.T) *workatotest.Server {
	t.Helper()
	s := workatotest.NewServer(workatotest.WithQuota(0), workatotest.WithAssignmentsQuota(0))
	at := func(hour int) time.Time { return day.Add(time.Duration(hour) * time.Hour) }
	for _, tag := range []workatotest.Tag{
		{Handle: "d", Title: "delta", Description: "Fourth ALPHABET letter", UpdatedAt: at(3)},
		{Handle: "b", Title: "Beta", UpdatedAt: at(1)},
		{Handle: "a", Title: "alpha", UpdatedAt: at(2), Author: workatotest.User{ID: 77, Name: "Mara"}},
		{Handle: "b2", Title: "beta", UpdatedAt: at(1)},
	} {
		s.Own().AddTag(tag)
	}
	for _, body := range []string{
		`{"add_tags":["d"],"recipe_ids":[1,2],"connection_ids":[9]}`,
		`{"add_tags":["a","b"],"recipe_ids":[2]}`,
	} {
		if r := send(t, s, "POST", "/api/tags_assignments", body); r.status != 200 || r.body != "" {
			t.Fatalf("%s: %d %s", body, r.status, r.body)
		}
	}
	return s
}

func TestListTags(t *testing.T) {
	t.Parallel()
	s := fourTags(t)
	for _, c := range []struct {
		query []string
		want  string
	}{
		{nil, "a b b2 d"},
		{[]string{"per_page", "3"}, "a b b2"},
		{[]string{"per_page", "3", "page", "2"}, "d"},
		{[]string{"q[title_or_description_cont]", "ALPHA"}, "a d"},
		{[]string{"q[title_or_description_cont]", ""}, "a b b2 d"},
		{[]string{"q[title_or_description_cont]", "none"}, ""},
		{[]string{"q[handle_in][]", "d", "q[handle_in][]", "b", "q[handle_in][]", "zz"}, "b d"},
		{[]string{"q[handle_in]", "d"}, "a b b2 d"},
		{[]string{"q[author_id_eq]", "77"}, "a"},
		{[]string{"q[recipe_id_eq]", "2"}, "a b d"},
		{[]string{"q[recipe_id_eq]", "9"}, ""},
		{[]string{"q[connection_id_eq]", "9"}, "d"},
		{[]string{"q[taggable_id_eq]", "9"}, "d"},
		{[]string{"q[taggable_id_eq]", "9", "q[taggable_type_eq]", "SharedAccount"}, "d"},
		{[]string{"q[taggable_id_eq]", "9", "q[taggable_type_eq]", "Flow"}, ""},
		{[]string{"q[taggable_type_eq]", "Flow"}, "a b d"},
		{[]string{"q[taggable_type_eq]", "Project"}, ""},
		{[]string{"q[taggable_id_eq]", "j-x"}, ""},
		{[]string{"q[only_assigned]", "true"}, "a b d"},
		{[]string{"q[only_assigned]", "false"}, "a b b2 d"},
		{[]string{"q[only_assigned]", "1", "q[title_or_description_cont]", "beta"}, "b"},
		{[]string{"sort_by[]", "title", "sort_direction[]", "desc"}, "d b b2 a"},
		{[]string{"sort_by[]", "updated_at"}, "b b2 a d"},
		{[]string{"sort_by[]", "updated_at", "sort_direction[]", "desc"}, "d a b b2"},
		{[]string{"sort_by[]", "assignment_count", "sort_direction[]", "desc", "sort_by[]", "title", "sort_direction[]", "desc"}, "d b a b2"},
		{[]string{"sort_by[]", "assignment_count", "sort_by[]", "updated_at", "sort_direction[]", "asc", "sort_direction[]", "desc"}, "b2 a b d"},
	} {
		t.Run(fmt.Sprint(c.query), func(t *testing.T) {
			t.Parallel()
			same(t, "handles", handles(tags(t, s, c.query...)), c.want)
		})
	}
	for _, bad := range []string{
		"page=0", "page=x", "per_page=0", "per_page=101", "q%5Bauthor_id_eq%5D=me", "q%5Brecipe_id_eq%5D=",
		"q%5Bconnection_id_eq%5D=1.5", "q%5Bonly_assigned%5D=yes", "q%5Bonly_assigned%5D=",
		"sort_by%5B%5D=color", "sort_direction%5B%5D=down", "includes%5B%5D=all",
	} {
		if r := send(t, s, "GET", "/api/tags?"+bad, ""); r.status != 400 {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
}

func TestLastAssigned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer()
		for _, h := range []string{"a", "b", "c"} {
			s.Own().AddTag(workatotest.Tag{Handle: h, Title: h})
		}
		for _, h := range []string{"c", "a"} {
			time.Sleep(time.Second)
			send(t, s, "POST", "/api/tags_assignments", `{"add_tags":["`+h+`"],"recipe_ids":[1]}`)
		}
		same(t, "ascending", handles(tags(t, s, "sort_by[]", "last_assigned_at")), "b c a")
	})
}

func TestAssignments(t *testing.T) {
	t.Parallel()
	s := fourTags(t)
	for _, c := range []struct {
		body string
		want int
	}{
		{`{"add_tags":["a"],"recipe_ids":[2,3]}`, 200},
		{`{"add_tags":["a"],"recipe_ids":[2,3]}`, 200}, // again: the same
		{`{"add_tags":["a","zz"],"recipe_ids":[4]}`, 404},
		{`{"remove_tags":["zz"],"recipe_ids":[2]}`, 404},
		{`{"add_tags":["a"],"remove_tags":["d","a"],"connection_ids":[9,8]}`, 200},
		{`{"remove_tags":["b"],"recipe_ids":[2,5]}`, 200},
		{`{"recipe_ids":[2]}`, 400},
		{`{"add_tags":[],"remove_tags":null,"recipe_ids":[2]}`, 400},
		{`{"add_tags":["a"]}`, 400},
		{`{"add_tags":["a"],"recipe_ids":[],"connection_ids":[]}`, 400},
		{`{"add_tags":"a","recipe_ids":[2]}`, 400},
		{`{"add_tags":["a"],"recipe_ids":["2"]}`, 400},
		{`{"add_tags":["a"],"recipe_ids":[2.5]}`, 400},
		{`[]`, 400},
		{``, 400},
	} {
		if r := send(t, s, "POST", "/api/tags_assignments", c.body); r.status != c.want {
			t.Errorf("%s: %d %s", c.body, r.status, r.body)
		}
	}
	check := func(handle string, wantRecipes, wantConnections []int64) {
		t.Helper()
		recipes, connections := s.Own().Assigned(handle)
		if !slices.Equal(recipes, wantRecipes) || !slices.Equal(connections, wantConnections) {
			t.Errorf("%s: %v %v", handle, recipes, connections)
		}
	}
	check("a", []int64{2, 3}, nil)
	check("b", nil, nil)
	check("d", []int64{1, 2}, nil)
	check("zz", nil, nil)
	if n := *tags(t, s, "includes[]", "assignment_count")[0].AssignmentCount; n != 2 {
		t.Errorf("assignment_count %d", n)
	}
	send(t, s, "DELETE", "/api/tags/d", "")
	check("d", nil, nil)
}

func TestTagsBelongToTheirWorkspace(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	s.Customer(7).SetExternalID("x")
	send(t, s, "POST", "/api/v2/managed_users/Ex/tags", `{"title":"x"}`)
	same(t, "own", len(s.Own().Tags()), 0)
	same(t, "customer's", len(s.Customer(7).Tags()), 1)
	handle := s.Customer(7).Tags()[0].Handle
	if r := send(t, s, "DELETE", "/api/tags/"+handle, ""); r.status != 404 {
		t.Errorf("deleted from elsewhere: %d", r.status)
	}
	s.Customer(7).SetEnvironment("prod")
	same(t, "in any environment", len(s.Customer(7).Tags()), 1)
}
