package workatotest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

func TestRowShape(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	w := s.Customer(19)
	w.SetName("Acme Freight")
	user := &workatotest.User{ID: 31, Name: "Mara", Email: "mara@example.com"}
	at := time.Date(2024, time.June, 18, 21, 17, 31, 999, time.FixedZone("", 2*60*60))
	for _, c := range []struct {
		name  string
		event workatotest.Event
		want  string
	}{
		{
			"login",
			workatotest.Event{
				ID: 100, Time: at, Type: "user_login", User: user,
				Details: workatotest.Details{
					Activity: "password_login",
					Request:  &workatotest.Origin{IPAddress: "192.0.2.7", UserAgent: "ua"},
				},
				Resource: workatotest.Resource{
					ID: 19, Name: "Acme", Type: "Workspace", Email: "a@example.com",
					EmailConfirmedAt: time.Date(2024, time.April, 24, 14, 23, 3, 0, time.FixedZone("", -7*60*60)),
				},
			},
			`{"id":100,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"user_login",` +
				`"workspace":{"id":19,"name":"Acme Freight","email":"customer-19@example.com","environment":"dev"},` +
				`"user":{"id":31,"name":"Mara","email":"mara@example.com"},` +
				`"details":{"request":{"ip_address":"192.0.2.7","user_agent":"ua"},"activity":"password_login"},` +
				`"resource":{"id":19,"name":"Acme","type":"Workspace","email":"a@example.com","email_confirmed_at":"2024-04-24 14:23:03 -0700"}}`,
		},
		{
			"by the platform",
			workatotest.Event{
				ID: 101, Time: at, Type: "recipe_stopped",
				Details: workatotest.Details{StopReason: "test_run_stop", Force: new(true), Failed: new(false)},
				Resource: workatotest.Resource{
					ID: 5, Name: "R", Type: "Flow", Path: "Home", FolderID: 6, ParentID: 4,
				},
			},
			`{"id":101,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"recipe_stopped",` +
				`"workspace":{"id":19,"name":"Acme Freight","email":"customer-19@example.com","environment":"dev"},` +
				`"details":{"stop_reason":"test_run_stop","force":true,"error":false},` +
				`"resource":{"id":5,"name":"R","path":"Home","type":"Flow","folder_id":6,"parent_id":4}}`,
		},
		{
			"text ID and extra keys",
			workatotest.Event{
				ID: 102, Time: at, Type: "tag_created", User: user,
				Details: workatotest.Details{RunOnce: new(true), Extra: map[string]any{"z": nil, "a": []int{1}, "run_once": "odd"}},
				Resource: workatotest.Resource{
					ID: "tag-x", Type: "Tags::Models::Tag", Provider: "p", FolderPath: "f", FileName: "n",
					Authorized: new(false), Identity: "i", Role: "r", Extra: map[string]any{"role": 1},
				},
			},
			`{"id":102,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"tag_created",` +
				`"workspace":{"id":19,"name":"Acme Freight","email":"customer-19@example.com","environment":"dev"},` +
				`"user":{"id":31,"name":"Mara","email":"mara@example.com"},` +
				`"details":{"a":[1],"run_once":"odd","z":null},` +
				`"resource":{"id":"tag-x","type":"Tags::Models::Tag","provider":"p","folder_path":"f","file_name":"n",` +
				`"authorized":false,"identity":"i","role":1}}`,
		},
		{
			"nothing but an ID",
			workatotest.Event{ID: 103, Time: at},
			`{"id":103,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"",` +
				`"workspace":{"id":19,"name":"Acme Freight","email":"customer-19@example.com","environment":"dev"},` +
				`"details":{},"resource":{}}`,
		},
		{"raw", workatotest.Event{ID: 104, Time: at, Raw: json.RawMessage(`{"id": "one", 2 }`)}, `{"id": "one", 2 }`},
	} {
		w.AddEvents(c.event)
		got := send(t, s, "GET", "/api/managed_users/19/activity_logs"+query("page[size]", "1"), "")
		if want := `{"data":[` + c.want + `],"total":` + number(c.event.ID-99) + `}`; got.body != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got.body, want)
		}
	}
}

// tenEvents is a log whose IDs are 10, 20 ... 100, an hour apart.
func tenEvents(t *testing.T) *workatotest.Server {
	t.Helper()
	s := workatotest.NewServer(workatotest.WithQuota(0))
	kinds := []struct{ event, resource string }{
		{"user_login", "Workspace"},
		{"connector_updated", "CustomAdapter"},
		{"recipe_started", "Flow"},
		{"recipe_stopped", "Flow"},
		{"folder_created", "Folder"},
	}
	for i := range 10 {
		e := workatotest.Event{
			ID:       int64(10 * (i + 1)),
			Time:     day.Add(time.Duration(i) * time.Hour),
			Type:     kinds[i%5].event,
			Resource: workatotest.Resource{ID: i, Type: kinds[i%5].resource},
			User:     &workatotest.User{ID: int64(i % 3)},
		}
		if i == 8 {
			e.User = nil
		}
		s.Own().AddEvents(e)
	}
	return s
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	s := tenEvents(t)
	for _, c := range []struct {
		name  string
		query []string
		want  []int64
		total int
	}{
		{"all, newest first", nil, []int64{100, 90, 80, 70, 60, 50, 40, 30, 20, 10}, 10},
		{"size", []string{"page[size]", "2"}, []int64{100, 90}, 10},
		{"after", []string{"page[size]", "2", "page[after]", "90"}, []int64{80, 70}, 10},
		{"after an ID that is none", []string{"page[size]", "2", "page[after]", "75"}, []int64{70, 60}, 10},
		{"after the last", []string{"page[after]", "10"}, []int64{}, 10},
		{"after above all", []string{"page[size]", "1", "page[after]", "999"}, []int64{100}, 10},
		{"after 0", []string{"page[after]", "0"}, []int64{}, 10},
		{"the last of a repeated parameter", []string{"page[size]", "9", "page[size]", "1"}, []int64{100}, 10},

		{"from, inclusive", []string{"from", "2024-06-18T08:00:00Z"}, []int64{100, 90}, 2},
		{"from, to the second", []string{"from", "2024-06-18T08:00:00.999Z"}, []int64{100, 90}, 2},
		{"from a second later", []string{"from", "2024-06-18T08:00:01Z"}, []int64{100}, 1},
		{"to, inclusive", []string{"to", "2024-06-18T01:00:00.000Z"}, []int64{20, 10}, 2},
		{"span", []string{"from", "2024-06-18T01:00:00Z", "to", "2024-06-18T02:59:59Z"}, []int64{30, 20}, 2},
		{"from after to", []string{"from", "2024-06-18T03:00:00Z", "to", "2024-06-18T02:00:00Z"}, []int64{}, 0},
		{"zone", []string{"from", "2024-06-18T10:00:00+02:00"}, []int64{100, 90}, 2},
		{"zone without colon", []string{"from", "2024-06-18T10:00:00+0200"}, []int64{100, 90}, 2},
		{"no zone: Pacific", []string{"from", "2024-06-18T01:00:00"}, []int64{100, 90}, 2},
		{"a date", []string{"to", "2024-06-17"}, []int64{}, 0},
		{"span and cursor", []string{"from", "2024-06-18T06:00:00Z", "page[after]", "90"}, []int64{80, 70}, 4},

		{"user", []string{"users_ids[]", "1"}, []int64{80, 50, 20}, 3},
		{"users", []string{"users_ids[]", "1", "users_ids[]", "0"}, []int64{100, 80, 70, 50, 40, 20, 10}, 7},
		{"unknown user", []string{"users_ids[]", "67890"}, []int64{}, 0},

		{"resource", []string{"include_resource_types[]", "Flow"}, []int64{90, 80, 40, 30}, 4},
		{"resource in lower case", []string{"include_resource_types[]", "flow"}, []int64{90, 80, 40, 30}, 4},
		{"filter name of connectors", []string{"include_resource_types[]", "Adapter"}, []int64{70, 20}, 2},
		{"filter name of workspaces", []string{"include_resource_types[]", "user"}, []int64{60, 10}, 2},
		{"a result's name is no filter", []string{"include_resource_types[]", "CustomAdapter"}, []int64{}, 0},
		{"nor is Workspace", []string{"exclude_resource_types[]", "Workspace", "page[size]", "1"}, []int64{100}, 10},
		{"two resources", []string{"include_resource_types[]", "User", "include_resource_types[]", "Folder"}, []int64{100, 60, 50, 10}, 4},
		{"all but", []string{"exclude_resource_types[]", "User", "exclude_resource_types[]", "FLOW"}, []int64{100, 70, 50, 20}, 4},

		{"event", []string{"include_event_types[]", "recipe_started"}, []int64{80, 30}, 2},
		{"event types have one spelling", []string{"include_event_types[]", "Recipe_Started"}, []int64{}, 0},
		{"all events but", []string{"exclude_event_types[]", "recipe_started", "exclude_event_types[]", "user_login", "page[size]", "1"}, []int64{100}, 6},
		{"together", []string{"users_ids[]", "2", "include_resource_types[]", "Flow", "exclude_event_types[]", "recipe_stopped"}, []int64{30}, 1},

		{"unknown names are ignored", []string{"page", "7", "event_type", "x", "users_ids", "1", "page[size]", "1"}, []int64{100}, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := logs(t, s, c.query...)
			same(t, "IDs", p.ids(), c.want)
			same(t, "total", *p.Total, c.total)
		})
	}
}

func TestListRefuses(t *testing.T) {
	t.Parallel()
	s := tenEvents(t)
	for raw, want := range map[string]int{
		"page[size]=3":                         400,
		"users_ids[]=1":                        400,
		"from=2024-06-18 00:00:00":             400,
		"users_ids%5B%5D=1\"":                  400,
		"x=%zz":                                400,
		"x=%":                                  400,
		"x=é":                                  400,
		"x=%ff":                                400,
		"a=1;b=2":                              400,
		"page%5Bsize%5D=":                      400,
		"page%5Bsize%5D=ten":                   400,
		"page%5Bsize%5D=0":                     400,
		"page%5Bsize%5D=-1":                    400,
		"page%5Bsize%5D=101":                   400,
		"page%5Bsize%5D=100":                   200,
		"page%5Bafter%5D=x":                    400,
		"page%5Bafter%5D=":                     400,
		"page%5Bafter%5D=1.5":                  400,
		"page%5Bafter%5D=99999999999999999999": 400,
		"users_ids%5B%5D=me":                   400,
		"users_ids%5B%5D=1&users_ids%5B%5D=":   400,
		"from=":                                500,
		"from=2024-18-06T00:00:00Z":            500,
		"from=18.06.2024":                      500,
		"from=1718668800":                      500,
		"to=2024-06-18T24:61:00Z":              500,
		"from=2024-06-18T00:00:00+02:00":       500, // the plus is a space
		"from=x&page%5Bsize%5D=x":              400,
		"free=a-._~!$'()*,:@/?":                200,
	} {
		t.Run(raw, func(t *testing.T) {
			t.Parallel()
			req := newRequest(t, s, "GET", base+"/api/activity_logs", "")
			req.URL.RawQuery = raw
			r := mustDo(t, s.Client(), req)
			if r.status != want {
				t.Errorf("got %d, want %d", r.status, want)
			}
			var body struct{ Message, ID string }
			decode(t, r.body, &body)
			switch want {
			case 400:
				same(t, "message", body.Message, "Bad request")
			case 500:
				same(t, "message", body.Message, "Server error")
				if len(body.ID) != 36 || body.ID == r.header.Get("X-Request-Id") {
					t.Errorf("id %q", body.ID)
				}
			}
		})
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	var all []int64
	for range 50 {
		all = append(all, s.Own().AddEvents(workatotest.Event{}, workatotest.Event{})...)
		all = append(all, s.Customer(1).AddEvents(workatotest.Event{})...)
	}
	for i := range all[1:] {
		if all[i+1] < all[i]+2 {
			t.Fatalf("%d follows %d", all[i+1], all[i])
		}
	}
	last := all[len(all)-1]
	between := s.Own().AddEvents(workatotest.Event{ID: last - 1})
	same(t, "an ID between others", between, []int64{last - 1})
	same(t, "a high ID", s.Own().AddEvents(workatotest.Event{ID: last + 1000}), []int64{last + 1000})
	if id := s.Customer(1).AddEvents(workatotest.Event{})[0]; id < last+1002 {
		t.Errorf("%d does not follow the high ID", id)
	}
	s.Own().AddEvents(workatotest.Event{ID: 7, Type: "a"}, workatotest.Event{ID: 7, Type: "b"})
	p := logs(t, s, "page[after]", "8")
	same(t, "an ID twice", p.ids(), []int64{7, 7})
}

func TestLateRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer()
		w := s.Own()
		w.AddEvents(
			workatotest.Event{ID: 10},
			workatotest.Event{ID: 20, Delay: time.Minute},
			workatotest.Event{ID: 30, Delay: time.Second},
			workatotest.Event{ID: 40},
		)
		same(t, "at once", logs(t, s).ids(), []int64{40, 10})
		time.Sleep(time.Second)
		p := logs(t, s)
		same(t, "after a second", p.ids(), []int64{40, 30, 10})
		same(t, "total", *p.Total, 3)
		time.Sleep(time.Minute)
		same(t, "after a minute", logs(t, s).ids(), []int64{40, 30, 20, 10})
		same(t, "by time", *logs(t, s, "to", "2000-01-01T00:00:00Z").Total, 4)
	})
}

func TestTotals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer()
		w := s.Own()
		w.SetTotalLag(5 * time.Second)
		w.AddEvents(workatotest.Event{Type: "a"}, workatotest.Event{Type: "b"})
		p := logs(t, s)
		same(t, "rows at once", len(p.Data), 2)
		same(t, "total at once", *p.Total, 0)
		time.Sleep(4 * time.Second)
		w.AddEvents(workatotest.Event{Type: "a"})
		time.Sleep(time.Second)
		same(t, "total after the lag", *logs(t, s).Total, 2)
		same(t, "total of a filter", *logs(t, s, "include_event_types[]", "a").Total, 1)
		w.SetTotalLag(0)
		same(t, "total without lag", *logs(t, s).Total, 3)

		w.SetTotal(func(_, page int) int { return page })
		same(t, "the page's", *logs(t, s, "page[size]", "1").Total, 1)
		w.SetTotal(func(matching, _ int) int { return min(matching, 2) })
		same(t, "capped", *logs(t, s, "page[size]", "1").Total, 2)
		w.SetTotal(func(int, int) int { return -1 })
		if p := logs(t, s); p.Total != nil {
			t.Errorf("total %d, want none", *p.Total)
		}
		w.SetTotal(nil)
		same(t, "ordinary", *logs(t, s, "page[size]", "1").Total, 3)
	})
}

func TestRemoveEvents(t *testing.T) {
	t.Parallel()
	s := tenEvents(t)
	s.Own().AddEvents(workatotest.Event{Time: day, Delay: time.Hour})
	same(t, "removed", s.Own().RemoveEvents(day.Add(3*time.Hour)), 4)
	p := logs(t, s)
	same(t, "left", p.ids(), []int64{100, 90, 80, 70, 60, 50, 40})
	same(t, "total", *p.Total, 7)
	same(t, "total by time", *logs(t, s, "to", "2024-06-18T04:00:00Z").Total, 2)
	same(t, "removed again", s.Own().RemoveEvents(day.Add(3*time.Hour)), 0)
	same(t, "all", s.Own().RemoveEvents(day.AddDate(1, 0, 0)), 7)
	same(t, "empty", logs(t, s).ids(), []int64{})
}

func TestEnvironments(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	w := s.Own()
	w.SetName("Acme")
	w.AddEvents(workatotest.Event{ID: 5})
	for _, c := range []struct{ env, name string }{
		{"test", "Environment Test"},
		{"prod", "Environment Production"},
		{"PROD", "Environment Production"},
		{"staging", "Acme"},
		{"", "Acme"},
	} {
		w.SetEnvironment(c.env)
		same(t, c.env+" begins empty", logs(t, s).ids(), []int64{})
		w.AddEvents(workatotest.Event{ID: 3})
		got := logs(t, s).Data[0].Workspace
		same(t, "name", got.Name, c.name)
		same(t, "environment", got.Environment, c.env)
		same(t, "id", got.ID, w.ID())
	}
	w.SetEnvironment("dev")
	p := logs(t, s)
	same(t, "back in dev", p.ids(), []int64{5})
	same(t, "name", p.Data[0].Workspace.Name, "Acme")
}

func TestPagesOfALongLog(t *testing.T) {
	t.Parallel()
	const n = 100_000
	s := workatotest.NewServer(workatotest.WithQuota(0))
	events := make([]workatotest.Event, n)
	for i := range events {
		events[i] = workatotest.Event{ID: int64(n - i), Time: day.Add(time.Duration(n-i) * time.Second), Type: "x"}
	}
	s.Own().AddEvents(events...)
	for _, first := range []int64{n + 1, n / 2, 51} {
		after := first
		for range 40 {
			p := logs(t, s, "page[after]", number(after), "from", "2024-06-18T00:00:00Z")
			same(t, "total", *p.Total, n)
			same(t, "rows", len(p.Data), int(min(100, after-1)))
			for _, e := range p.Data {
				if e.ID != after-1 {
					t.Fatalf("%d follows %d", e.ID, after)
				}
				after = e.ID
			}
		}
	}
}

func BenchmarkPage(b *testing.B) {
	s := workatotest.NewServer(workatotest.WithQuota(0))
	for i := range 700 {
		s.Own().AddDay(day.AddDate(0, 0, i))
	}
	for name, path := range map[string]string{
		"newest":   "/api/activity_logs",
		"nothing":  "/api/activity_logs?from=2035-01-01T00:00:00Z",
		"filtered": "/api/activity_logs?include_event_types%5B%5D=user_login",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, base+path, http.NoBody)
				if err != nil {
					b.Fatal(err)
				}
				req.Header.Set("Authorization", "Bearer "+s.Token())
				if _, err := do(s.Client(), req); err != nil {
					b.Fatal(err)
				}
				s.ResetRequests()
			}
		})
	}
}

func TestClearCache(t *testing.T) {
	t.Parallel()
	r := send(t, workatotest.NewServer(), "POST", "/api/secrets_management/clear_cache", "")
	same(t, "body", r.body, `{"success":true}`)
}

func TestCustomers(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer(workatotest.WithQuota(0), workatotest.WithClock(func() time.Time { return day }))
	read := func(pairs ...string) (l struct {
		Result  []map[string]any
		Count   int
		Page    int
		PerPage int `json:"per_page"`
	},
	) {
		decode(t, send(t, s, "GET", "/api/managed_users"+query(pairs...), "").body, &l)
		return l
	}
	if l := read(); l.Result == nil || l.Count != 0 || l.Page != 1 || l.PerPage != 100 {
		t.Errorf("empty: %+v", l)
	}
	for _, id := range []int64{30, 10, 20} {
		s.Customer(id)
	}
	s.Customer(20).SetExternalID("A/1")
	l := read("page", "2", "per_page", "1")
	same(t, "second", l.Result, []map[string]any{{
		"id": 20, "external_id": "A/1", "name": "Customer 20", "notification_email": "customer-20@example.com",
		"in_trial": false, "created_at": "2024-06-17T17:00:00.000-07:00", "updated_at": "2024-06-17T17:00:00.000-07:00",
	}})
	same(t, "count", l.Count, 3)
	same(t, "behind the end", len(read("page", "9").Result), 0)
	ids := []any{}
	for _, c := range read().Result {
		ids = append(ids, c["id"])
	}
	if !slices.Equal(ids, []any{10.0, 20.0, 30.0}) {
		t.Errorf("order %v", ids)
	}
	for _, bad := range []string{"page=0", "page=x", "per_page=101", "per_page=0"} {
		if r := send(t, s, "GET", "/api/managed_users?"+bad, ""); r.status != 400 {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
}
