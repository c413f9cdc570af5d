package activity_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
)

// The requests that the API's page on environment management shows, each with
// its response.
var documented = []struct {
	name  string
	opts  activity.ListOptions
	query url.Values
}{
	{"without query parameters", activity.ListOptions{}, url.Values{}},
	{"the last three records", activity.ListOptions{PageSize: 3}, url.Values{"page[size]": {"3"}}},
	{
		"one day of two users",
		activity.ListOptions{Filter: activity.Filter{
			From:    time.Date(2024, time.June, 30, 0, 0, 0, 0, time.UTC),
			To:      time.Date(2024, time.June, 30, 23, 59, 59, 0, time.UTC),
			UserIDs: []int64{54321, 12345},
		}},
		url.Values{"from": {"2024-06-30T00:00:00Z"}, "to": {"2024-06-30T23:59:59Z"}, "users_ids[]": {"54321", "12345"}},
	},
	{
		"included types",
		activity.ListOptions{Filter: activity.Filter{
			IncludeResources: []activity.ResourceType{activity.ResourceAPIPrivilegeGroup},
			IncludeEvents:    []activity.EventType{activity.EventAPIPrivilegeGroupUpdated},
		}},
		url.Values{"include_resource_types[]": {"ApiPrivilegeGroup"}, "include_event_types[]": {"api_privilege_group_updated"}},
	},
	{
		"excluded types",
		activity.ListOptions{Filter: activity.Filter{
			ExcludeResources: []activity.ResourceType{activity.ResourceUser},
			ExcludeEvents:    []activity.EventType{activity.EventUserLogout},
		}},
		url.Values{"exclude_resource_types[]": {"User"}, "exclude_event_types[]": {"user_logout"}},
	},
	{
		"what does not exist",
		activity.ListOptions{Filter: activity.Filter{UserIDs: []int64{67890}, IncludeEvents: []activity.EventType{"nonexistent_event_type"}}},
		url.Values{"users_ids[]": {"67890"}, "include_event_types[]": {"nonexistent_event_type"}},
	},
}

func TestDocumentedRequests(t *testing.T) {
	t.Parallel()
	for i, tt := range documented {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for path, workspace := range map[string]func(*workato.Client) *workato.Workspace{
					"/api/managed_users/19029/activity_logs":  func(c *workato.Client) *workato.Workspace { return c.Customer(19029) },
					"/api/managed_users/EA2300/activity_logs": func(c *workato.Client) *workato.Workspace { return c.ExternalCustomer("A2300") },
					"/api/activity_logs":                      (*workato.Client).Own,
				} {
					// The responder answers to exactly this path and these parameters.
					mock := httpmock.NewMockTransport()
					mock.RegisterResponderWithQuery(http.MethodGet, "https://www.workato.com"+path, tt.query,
						func(r *http.Request) (*http.Response, error) {
							if strings.ContainsAny(r.URL.RawQuery, "[] ") {
								t.Errorf("the query is not percent-encoded: %s", r.URL.RawQuery)
							}
							if got := r.Header.Get("Authorization"); got != "Bearer wrk-token" {
								t.Errorf("Authorization is %q", got)
							}
							return httpmock.NewBytesResponse(200, fixture(t, i+1)), nil
						})
					if _, err := activity.New(workspace(newClient(t, mock))).List(t.Context(), tt.opts); err != nil {
						t.Error(err)
					}
				}
			})
		})
	}
}

// All nine parameters, as they go over the wire.
func TestEveryParameter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		amsterdam := time.FixedZone("", 2*3600)
		var got string
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			got = r.URL.RawQuery
			return httpmock.NewStringResponse(200, `{"data":[],"total":0}`), nil
		})
		_, err := activity.New(newClient(t, mock).Own()).List(t.Context(), activity.ListOptions{
			After: 42, PageSize: 7,
			Filter: activity.Filter{
				From:             time.Date(2024, time.June, 30, 9, 8, 7, 123_456_789, amsterdam),
				To:               time.Date(2024, time.June, 30, 9, 8, 7, 123_456_789, time.UTC),
				UserIDs:          []int64{1, 2},
				IncludeResources: []activity.ResourceType{activity.ResourceTag, "a b&c"},
				ExcludeResources: []activity.ResourceType{activity.ResourceFlow},
				IncludeEvents:    []activity.EventType{activity.EventUserLogin},
				ExcludeEvents:    []activity.EventType{activity.EventRecipeStarted, activity.EventRecipeStopped},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		// The bounds are in UTC, and widened to the millisecond.
		want := "exclude_event_types%5B%5D=recipe_started&exclude_event_types%5B%5D=recipe_stopped" +
			"&exclude_resource_types%5B%5D=Flow" +
			"&from=2024-06-30T07%3A08%3A07.123Z" +
			"&include_event_types%5B%5D=user_login" +
			"&include_resource_types%5B%5D=Tags%3A%3AModels%3A%3ATag&include_resource_types%5B%5D=a+b%26c" +
			"&page%5Bafter%5D=42&page%5Bsize%5D=7" +
			"&to=2024-06-30T09%3A08%3A07.124Z" +
			"&users_ids%5B%5D=1&users_ids%5B%5D=2"
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36"

func at(s string) time.Time {
	when, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return when.UTC()
}

// The values of the documented responses, field by field.
func TestDocumentedResponses(t *testing.T) {
	t.Parallel()
	ada, lin := &activity.User{ID: 20417, Name: "Ada", Email: "ada@example.com"}, &activity.User{ID: 54807, Name: "Lin", Email: "lin@example.com"}
	own := activity.Workspace{ID: 20417, Name: "Ada", Email: "ada@example.com", Environment: "dev"}
	customer := activity.Workspace{ID: 31055, Name: "Ada", Email: "ada@example.com", Environment: "dev"}
	customerOfLin := activity.Workspace{ID: 31055, Name: "Lin", Email: "lin@example.com", Environment: "dev"}
	from := func(ip, did string) activity.Details {
		return activity.Details{Activity: did, Request: &activity.Request{IPAddress: ip, UserAgent: userAgent}}
	}
	office, home := "192.0.2.44", "198.51.100.7"
	workspaceOfAda := func(id string) activity.Resource {
		return activity.Resource{ID: id, Name: "Ada", Type: activity.ResourceWorkspace, Email: "ada@example.com", EmailConfirmedAt: at("2024-04-24T14:23:03-07:00")}
	}
	login := func(id int64, when string) activity.Event {
		return activity.Event{ID: id, Time: at(when), Type: activity.EventUserLogin, Workspace: own, User: ada, Resource: workspaceOfAda("20417"), Details: from(office, "password_login")}
	}
	switching := func(id int64, when string, kind activity.EventType) activity.Event {
		return activity.Event{ID: id, Time: at(when), Type: kind, Workspace: customerOfLin, User: lin, Resource: workspaceOfAda("31055"), Details: from(home, "switch_team")}
	}
	connector := func(id int64, when string, kind activity.EventType) activity.Event {
		return activity.Event{
			ID: id, Time: at(when), Type: kind, Workspace: customer, User: ada, Details: from(office, ""),
			Resource: activity.Resource{ID: "8321", Name: "Weather stations", Type: activity.ResourceCustomAdapter},
		}
	}
	role := func(id int64, when string) activity.Event {
		return activity.Event{
			ID: id, Time: at(when), Type: activity.EventAPIPrivilegeGroupUpdated, Workspace: customer, User: ada, Details: from(office, ""),
			Resource: activity.Resource{ID: "50327", Name: "Recipe reader", Type: activity.ResourceAPIPrivilegeGroup},
		}
	}
	recipe := func(where activity.Workspace) activity.Event {
		return activity.Event{
			ID: 4670909, Time: at("2024-06-25T16:38:11Z"), Type: activity.EventRecipeCreated, Workspace: where, User: ada, Details: from(office, ""),
			Resource: activity.Resource{ID: "389287", Name: "Invoices to ledger", Type: activity.ResourceFlow, Path: "Home/Finance", FolderID: 56319},
		}
	}
	connection := activity.Event{
		ID: 4665078, Time: at("2024-06-20T20:00:36Z"), Type: activity.EventConnectionUpdated, Workspace: customer, User: ada, Details: from(office, ""),
		Resource: activity.Resource{
			ID: "76196", Name: "Ledger account", Type: activity.ResourceSharedAccount, Path: "Home/Finance", Provider: "workato_app",
			FolderID: 56319, Authorized: new(true),
		},
	}
	want := []struct {
		total  int
		events []activity.Event
	}{
		{65, []activity.Event{login(2234501, "2024-06-18T19:17:31Z")}},
		{65, []activity.Event{login(4674006, "2024-06-26T15:56:07Z"), recipe(own), login(4668492, "2024-06-24T15:52:23Z")}},
		{6, []activity.Event{
			connector(4649152, "2024-06-30T23:09:51Z", activity.EventConnectorDeleted),
			connector(4649149, "2024-06-30T23:07:33Z", activity.EventConnectorCreated),
			switching(4649129, "2024-06-30T22:34:36Z", activity.EventUserLogout),
			switching(4649127, "2024-06-30T22:32:43Z", activity.EventUserLogin),
			switching(4649124, "2024-06-30T22:32:16Z", activity.EventUserLogout),
			switching(4649123, "2024-06-30T22:32:00Z", activity.EventUserLogin),
		}},
		{3, []activity.Event{role(4661175, "2024-06-18T17:38:33Z"), role(4644097, "2024-06-04T21:37:12Z"), role(4643744, "2024-06-04T16:24:44Z")}},
		{42, []activity.Event{recipe(customer), connection}},
		{0, nil},
	}
	for i, tt := range want {
		t.Run(documented[i].name, func(t *testing.T) {
			t.Parallel()
			var page *activity.Page
			synctest.Test(t, func(t *testing.T) { page = list(t, string(fixture(t, i+1))) })
			if page.Total != tt.total || len(page.Events) != len(tt.events) {
				t.Fatalf("got %d events of %d, want %d of %d", len(page.Events), page.Total, len(tt.events), tt.total)
			}
			next := int64(0)
			for n, got := range page.Events {
				want := tt.events[n]
				want.RawTime = want.Time.Format("2006-01-02 15:04:05 UTC")
				next = want.ID
				if !reflect.DeepEqual(exported(*got), exported(want)) {
					t.Errorf("event %d:\ngot  %+v\nwant %+v", n, exported(*got), exported(want))
				}
			}
			if page.Next != next {
				t.Errorf("Next is %d, want the last event's ID %d", page.Next, next)
			}
		})
	}
}

// exported is an event without what only the package sees.
func exported(e activity.Event) map[string]any {
	fields := map[string]any{}
	for i := range reflect.TypeFor[activity.Event]().NumField() {
		if field := reflect.TypeFor[activity.Event]().Field(i); field.IsExported() {
			fields[field.Name] = reflect.ValueOf(e).Field(i).Interface()
		}
	}
	return fields
}

// Put together again from Raw, a response is what it was, byte for byte.
func TestRawIsUnchanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for i := range documented {
			body := fixture(t, i+1)
			page := list(t, string(body))
			rest := body
			for _, event := range page.Events {
				begin := bytes.Index(rest, event.Raw())
				if begin < 0 {
					t.Fatalf("response %d: event %d is not in it as it is", i+1, event.ID)
				}
				if between := strings.TrimSpace(string(rest[:begin])); between != "," && between != "{\n    \"data\": [" {
					t.Errorf("response %d: before event %d stands %q", i+1, event.ID, between)
				}
				rest = rest[begin+len(event.Raw()):]
			}
			var answer struct{ Data []json.RawMessage }
			if err := json.Unmarshal(body, &answer); err != nil || len(answer.Data) != len(page.Events) {
				t.Errorf("response %d has %d rows, %d were read (%v)", i+1, len(answer.Data), len(page.Events), err)
			}
		}
	})
}

// Raw is a copy: changing it does not change the event.
func TestRawIsACopy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		event := one(t, `{"id":1}`)
		event.Raw()[1] = 'X'
		if string(event.Raw()) != `{"id":1}` {
			t.Errorf("Raw changed to %s", event.Raw())
		}
	})
}

// A key names an event wherever it came from.
func TestEventKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const row = `{"id":5,"workspace":{"id":9,"environment":"a:b%"}}`
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(httpmock.NewStringResponder(200, `{"data":[`+row+`],"total":1}`))
		for want, option := range map[string]workato.Option{
			"workato:eu:9:a%3Ab%25:5":                  workato.WithRegion(workato.EU),
			"workato:workato.example.com:9:a%3Ab%25:5": workato.WithBaseURL("https://workato.example.com"),
			"workato:127.0.0.1%3A8080:9:a%3Ab%25:5":    workato.WithBaseURL("http://127.0.0.1:8080"),
		} {
			page, err := activity.New(newClient(t, mock, option).Customer(3)).List(t.Context(), activity.ListOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got := page.Events[0].Key(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		if got := new(activity.Event).Key(); got != "workato::0::0" {
			t.Errorf("an event from nowhere has the key %s", got)
		}
	})
}

// A stored record reads as the event it was written from.
func TestEventJSONRoundTrip(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for i := range documented {
			for _, event := range list(t, string(fixture(t, i+1))).Events {
				var again activity.Event
				if err := json.Unmarshal([]byte(marshal(t, event)), &again); err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(exported(*event), exported(again)) {
					t.Errorf("got %+v, want %+v", exported(again), exported(*event))
				}
			}
		}
		if _, err := json.Marshal(&activity.Event{ID: 1}); err == nil || !strings.Contains(err.Error(), "was not read from JSON") {
			t.Errorf("an event without JSON: got %v, want an error that says so", err)
		}
		var event activity.Event
		if err := json.Unmarshal([]byte(`{"id":`), &event); err == nil {
			t.Error("broken JSON was read")
		}
	})
}
