package workato_test

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"

	"github.com/workato-go/sdk/workato"
)

// The path of each kind of workspace, and external IDs that arrive as they are.
func TestPaths(t *testing.T) {
	t.Parallel()
	client := newClient(t, nil, workato.WithLimiter(workato.QuotaEnvironment, nil))
	tests := map[string]struct {
		workspace *workato.Workspace
		version   string
		path      []string
		want      string
	}{
		"own":                  {client.Own(), "", []string{"activity_logs"}, "/api/activity_logs"},
		"own ignores v2":       {client.Own(), "v2", []string{"tags"}, "/api/tags"},
		"customer":             {client.Customer(19029), "", []string{"activity_logs"}, "/api/managed_users/19029/activity_logs"},
		"customer, v2":         {client.Customer(19029), "v2", []string{"tags", "tag-A"}, "/api/v2/managed_users/19029/tags/tag-A"},
		"external":             {client.ExternalCustomer("A2300"), "", []string{"activity_logs"}, "/api/managed_users/EA2300/activity_logs"},
		"begins with E":        {client.ExternalCustomer("E77"), "v2", []string{"tags"}, "/api/v2/managed_users/EE77/tags"},
		"a slash":              {client.ExternalCustomer("a/b"), "", []string{"tags"}, "/api/managed_users/Ea%2Fb/tags"},
		"a percent sign":       {client.ExternalCustomer("50%2F"), "", []string{"tags"}, "/api/managed_users/E50%252F/tags"},
		"spaces":               {client.ExternalCustomer(" a b "), "", []string{"tags"}, "/api/managed_users/E%20a%20b%20/tags"},
		"unicode":              {client.ExternalCustomer("Grüße-東"), "", []string{"tags"}, "/api/managed_users/EGr%C3%BC%C3%9Fe-%E6%9D%B1/tags"},
		"dots":                 {client.ExternalCustomer("../.."), "", []string{"tags"}, "/api/managed_users/E..%2F../tags"},
		"a question":           {client.ExternalCustomer("a?b#c"), "", []string{"tags"}, "/api/managed_users/Ea%3Fb%23c/tags"},
		"a plus sign":          {client.ExternalCustomer("a+b"), "", []string{"tags"}, "/api/managed_users/Ea+b/tags"},
		"a segment with slash": {client.Own(), "", []string{"tags", "a/b c"}, "/api/tags/a%2Fb%20c"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := sentPath(t, tt.workspace, tt.version, tt.path); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// sentPath is what goes over the wire when the same workspace is asked for at
// a client that records it.
func sentPath(t *testing.T, w *workato.Workspace, version string, path []string) string {
	t.Helper()
	ctx, sent := withRecorder(context.Background())
	err := do(ctx, w, &workato.Request{Op: "test", Method: "GET", Version: version, Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return sent.URL.RequestURI()
}

func TestQueriesAreEncoded(t *testing.T) {
	t.Parallel()
	ctx, sent := withRecorder(t.Context())
	request := get("activity_logs")
	request.Query = url.Values{"page[size]": {"3"}, "users_ids[]": {"1", "2"}, "include_resource_types[]": {"Tags::Models::Tag"}}
	if err := do(ctx, newClient(t, nil).Own(), request); err != nil {
		t.Fatal(err)
	}
	want := "include_resource_types%5B%5D=Tags%3A%3AModels%3A%3ATag&page%5Bsize%5D=3&users_ids%5B%5D=1&users_ids%5B%5D=2"
	if sent.URL.RawQuery != want {
		t.Errorf("got  %s\nwant %s", sent.URL.RawQuery, want)
	}
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	client := newClient(t, nil)
	tests := map[string]struct {
		ctx         context.Context
		workspace   *workato.Workspace
		request     *workato.Request
		field, says string
	}{
		"customer 0":          {t.Context(), client.Customer(0), get("tags"), "customer ID", "1 or more"},
		"a negative customer": {t.Context(), client.Customer(-4), get("tags"), "customer ID", "1 or more"},
		"no external ID":      {t.Context(), client.ExternalCustomer(""), get("tags"), "external ID", "is empty"},
		"no workspace":        {t.Context(), nil, get("tags"), "workspace", "Client.Own"},
		"a zero workspace":    {t.Context(), &workato.Workspace{}, get("tags"), "workspace", "Client.Own"},
		"a nil client":        {t.Context(), (*workato.Client)(nil).Own(), get("tags"), "workspace", "Client.Own"},
		"a zero client":       {t.Context(), new(workato.Client).Customer(1), get("tags"), "workspace", "Client.Own"},
		"no context":          {nil, client.Own(), get("tags"), "ctx", "context.Background()"},
		"no request":          {t.Context(), client.Own(), nil, "request", "is nil"},
		"no method":           {t.Context(), client.Own(), &workato.Request{Path: []string{"tags"}}, "Request.Method", "is empty"},
		"a bad method":        {t.Context(), client.Own(), &workato.Request{Method: "GE T", Path: []string{"tags"}}, "Request.Method", "not an HTTP method"},
		"no path":             {t.Context(), client.Own(), get(), "Request.Path", "is empty"},
		"an empty segment":    {t.Context(), client.Own(), get("tags", ""), "Request.Path", "another resource"},
		"dot":                 {t.Context(), client.Own(), get("tags", "."), "Request.Path", "another resource"},
		"dot dot":             {t.Context(), client.Own(), get("tags", ".."), "Request.Path", "another resource"},
		"another quota":       {t.Context(), client.Own(), &workato.Request{Method: "GET", Path: []string{"tags"}, Quota: 7}, "Request.Quota", "QuotaAssignments"},
		"a body that is none": {t.Context(), client.Own(), &workato.Request{Method: "POST", Path: []string{"tags"}, Body: math.Inf(1)}, "Request.Body", "JSON"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, err := tt.workspace.Do(tt.ctx, tt.request, nil)
			if resp != nil {
				t.Error("a response came with the error")
			}
			wantArgumentError(t, err, tt.field, tt.says)
		})
	}
}

func TestObserverAndLog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		var seen []workato.Attempt
		var log lines
		client := newClient(t, newScript(t, status(429, "", "Retry-After", "2", "X-Request-Id", "r1"), fail(errDial), status(200, `{}`)),
			workato.WithLogger(logger(&log)),
			workato.WithObserver(func(ctx context.Context, a workato.Attempt) {
				if ctx.Value(key{}) != "caller's" {
					t.Error("not the caller's context")
				}
				seen = append(seen, a)
			}))
		if err := do(context.WithValue(t.Context(), key{}, "caller's"), client.Customer(4), get("tags")); err != nil {
			t.Fatal(err)
		}
		if len(seen) != 3 {
			t.Fatalf("%d attempts were observed, want 3", len(seen))
		}
		first, second, third := seen[0], seen[1], seen[2]
		if first.Op != "test.Get" || first.Method != http.MethodGet || first.Number != 1 || first.Status != 429 || first.RequestID != "r1" || first.Waited != 0 || first.Err != nil {
			t.Errorf("first attempt: %+v", first)
		}
		if second.Number != 2 || second.Status != 0 || second.Waited.Seconds() != 2 || second.Err == nil {
			t.Errorf("second attempt: %+v", second)
		}
		if third.Number != 3 || third.Status != 200 || third.Waited < 500e6 || third.Err != nil {
			t.Errorf("third attempt: %+v", third)
		}
		want := lines{
			`level=DEBUG msg="workato: attempt" op=test.Get method=GET attempt=1 status=429 request_id=r1 waited=0s took=0s`,
			`level=WARN msg="workato: retry" op=test.Get method=GET attempt=1 status=429 request_id=r1 waited=0s took=0s wait=2s`,
			`level=DEBUG msg="workato: attempt" op=test.Get method=GET attempt=2 status=0 request_id="" waited=2s took=0s error="workato: test.Get: dial tcp: connection refused"`,
		}
		for i, line := range want {
			if i >= len(log) || log[i] != line {
				t.Errorf("line %d of the log is not\n%s\nbut the log is\n%s", i, line, log)
			}
		}
		if len(log) != 5 {
			t.Errorf("%d lines, want 3 attempts and 2 retries:\n%s", len(log), log)
		}
	})
}
