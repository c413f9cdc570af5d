package workato_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"github.com/workato-go/sdk/workato"
)

// hostOf is where a client with the options sends its requests.
func hostOf(t *testing.T, opts ...workato.Option) string {
	t.Helper()
	got := ""
	client := newClient(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		got = r.URL.Scheme + "://" + r.URL.Host + r.URL.EscapedPath()
		return respond(r, 200, ""), nil
	}), opts...)
	if err := do(context.Background(), client.Own(), get("tags")); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestRegions(t *testing.T) {
	t.Parallel()
	for region, host := range map[workato.Region]string{
		workato.US: "www.workato.com", workato.EU: "app.eu.workato.com", workato.JP: "app.jp.workato.com",
		workato.SG: "app.sg.workato.com", workato.AU: "app.au.workato.com", workato.IL: "app.il.workato.com",
		workato.KR: "app.kr.workato.com", workato.UK: "app.uk.workato.com", workato.CN: "app.workatoapp.cn",
		workato.Trial: "app.trial.workato.com",
	} {
		if got, want := hostOf(t, workato.WithRegion(region)), "https://"+host+"/api/tags"; got != want {
			t.Errorf("region %s: got %s, want %s", region, got, want)
		}
		for _, spelled := range []string{string(region), strings.ToUpper(string(region)), " " + string(region) + "\n"} {
			if got, err := workato.ParseRegion(spelled); got != region || err != nil {
				t.Errorf("ParseRegion(%q) = %q, %v, want %q", spelled, got, err, region)
			}
		}
	}
	if got, want := hostOf(t), "https://www.workato.com/api/tags"; got != want {
		t.Errorf("no region: got %s, want %s", got, want)
	}
}

func TestBaseURLs(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://workato.example.com":                   "https://workato.example.com/api/tags",
		"https://workato.example.com/":                  "https://workato.example.com/api/tags",
		"https://workato.example.com/api":               "https://workato.example.com/api/tags",
		"https://workato.example.com/api/":              "https://workato.example.com/api/tags",
		"https://workato.example.com:8443":              "https://workato.example.com:8443/api/tags",
		"https://gateway.example.com/workato":           "https://gateway.example.com/workato/api/tags",
		"https://gateway.example.com/workato/api/":      "https://gateway.example.com/workato/api/tags",
		"https://gateway.example.com/a%2Fb":             "https://gateway.example.com/a%2Fb/api/tags",
		"HTTPS://Workato.Example.com":                   "https://Workato.Example.com/api/tags",
		"http://127.0.0.1:8080":                         "http://127.0.0.1:8080/api/tags",
		"http://127.8.9.1":                              "http://127.8.9.1/api/tags",
		"http://[::1]:8080":                             "http://[::1]:8080/api/tags",
		"http://localhost:8080/api":                     "http://localhost:8080/api/tags",
		"https://workato.example.com/apiary":            "https://workato.example.com/apiary/api/tags",
		"https://workato.example.com/api/v9/passed/api": "https://workato.example.com/api/v9/passed/api/tags",
	} {
		if got := hostOf(t, workato.WithBaseURL(given)); got != want {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
	}
}

// What cannot work is refused before anything is sent, and the error names the
// field and says what to do.
func TestBadOptions(t *testing.T) {
	t.Parallel()
	option := func(o workato.Option) []workato.Option { return []workato.Option{o} }
	tests := map[string]struct {
		token string
		opts  []workato.Option
		field string
		says  string
	}{
		"empty token":           {"", nil, "token", "pass the API client's token"},
		"two lines":             {"wrk-1\nwrk-2", nil, "token", "line break"},
		"a line's end":          {"wrk-1\r\n", nil, "token", "line break"},
		"a space":               {"wrk 1", nil, "token", "copy it again"},
		"a tab":                 {"wrk-1\t", nil, "token", "copy it again"},
		"not ASCII":             {"wrk–1", nil, "token", "copy it again"},
		"nil option":            {token, option(nil), "option", "leave it out"},
		"unknown region":        {token, option(workato.WithRegion("mars")), "region", "us, eu, jp"},
		"no region":             {token, option(workato.WithRegion("")), "region", "us, eu, jp"},
		"region and URL":        {token, []workato.Option{workato.WithRegion(workato.EU), workato.WithBaseURL("https://x.example.com")}, "region", "one of the two"},
		"http":                  {token, option(workato.WithBaseURL("http://www.workato.com")), "base URL", "use https"},
		"http to a private net": {token, option(workato.WithBaseURL("http://10.0.0.1")), "base URL", "use https"},
		"http to localhost.com": {token, option(workato.WithBaseURL("http://localhost.example.com")), "base URL", "use https"},
		"user information":      {token, option(workato.WithBaseURL("https://a:b@x.example.com")), "base URL", "remove it"},
		"a query":               {token, option(workato.WithBaseURL("https://x.example.com?a=b")), "base URL", "remove it"},
		"an empty query":        {token, option(workato.WithBaseURL("https://x.example.com?")), "base URL", "remove it"},
		"a fragment":            {token, option(workato.WithBaseURL("https://x.example.com#a")), "base URL", "remove it"},
		"another scheme":        {token, option(workato.WithBaseURL("ftp://x.example.com")), "base URL", "https://"},
		"no scheme":             {token, option(workato.WithBaseURL("www.workato.com")), "base URL", "https://"},
		"host and port alone":   {token, option(workato.WithBaseURL("localhost:8080")), "base URL", "https://"},
		"no host":               {token, option(workato.WithBaseURL("https:///api")), "base URL", "no host"},
		"nothing":               {token, option(workato.WithBaseURL("")), "base URL", "https://"},
		"nil client":            {token, option(workato.WithHTTPClient(nil)), "HTTP client", "leave the option out"},
		"negative timeout":      {token, option(workato.WithHTTPClient(&http.Client{Timeout: -1})), "HTTP client", "use 0"},
		"empty user agent":      {token, option(workato.WithUserAgent(" ")), "user agent", "name and a version"},
		"two-line user agent":   {token, option(workato.WithUserAgent("a\nb")), "user agent", "printable ASCII"},
		"negative attempts":     {token, option(workato.WithRetry(workato.RetryPolicy{MaxAttempts: -1})), "RetryPolicy.MaxAttempts", "use 1"},
		"negative wait":         {token, option(workato.WithRetry(workato.RetryPolicy{MinWait: -1})), "RetryPolicy.MinWait", "use 0"},
		"waits in the wrong order": {
			token, option(workato.WithRetry(workato.RetryPolicy{MinWait: time.Second, MaxWait: time.Millisecond})),
			"RetryPolicy.MaxWait", "less than MinWait",
		},
		"no burst":      {token, option(workato.WithLimiter(workato.QuotaEnvironment, rate.NewLimiter(1, 0))), "limiter", "burst of 1"},
		"a nil limiter": {token, option(workato.WithLimiter(workato.QuotaEnvironment, (*rate.Limiter)(nil))), "limiter", "no limiter"},
		"another quota": {token, option(workato.WithLimiter(workato.Quota(9), nil)), "quota", "QuotaEnvironment"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := workato.NewClient(tt.token, tt.opts...)
			if client != nil {
				t.Error("a client came with the error")
			}
			wantArgumentError(t, err, tt.field, tt.says)
		})
	}
}

func wantArgumentError(t *testing.T, err error, field, says string) {
	t.Helper()
	var argument *workato.ArgumentError
	if !errors.As(err, &argument) {
		t.Fatalf("got %T (%v), want a *workato.ArgumentError", err, err)
	}
	if argument.Field != field || !strings.Contains(argument.Reason, says) || !errors.Is(err, workato.ErrInvalid) {
		t.Errorf("got %q, want field %q and a reason with %q", err, field, says)
	}
	if want := "workato: " + argument.Field + " " + argument.Reason; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

// The caller's client is copied: its fields stay, and what it brings counts.
func TestHTTPClientIsCopied(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	given := &http.Client{Jar: jar, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		return respond(r, 200, "", "Set-Cookie", "a=b"), nil
	})}
	client, err := workato.NewClient(token, workato.WithHTTPClient(given))
	if err != nil {
		t.Fatal(err)
	}
	if err := do(t.Context(), client.Own(), get("tags")); err != nil {
		t.Fatal(err)
	}
	if given.Timeout != 0 || given.CheckRedirect != nil {
		t.Error("the caller's client was changed")
	}
	given.Transport = nil // must not reach the copy
	if err := do(t.Context(), client.Own(), get("tags")); err != nil {
		t.Errorf("a change to the caller's client reached the SDK's: %v", err)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	var got http.Header
	client := newClient(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		got = r.Header
		return respond(r, 200, ""), nil
	}), workato.WithUserAgent("auditor/1.2"))
	request := operations["create"]
	if err := do(t.Context(), client.Own(), &request); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer " + token, "Accept": "application/json",
		"Content-Type": "application/json; charset=utf-8", "User-Agent": "auditor/1.2 workato-go-sdk/devel",
	} {
		if got.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Get(name), want)
		}
	}
	if err := do(t.Context(), client.Own(), get("tags")); err != nil {
		t.Fatal(err)
	}
	if got.Get("Content-Type") != "" {
		t.Error("a request without a body has a content type")
	}
}

// The token follows a redirect to the same origin and nowhere else.
func TestRedirects(t *testing.T) {
	t.Parallel()
	const start = "https://www.workato.com/api/tags"
	tests := map[string]struct {
		method   string
		code     int
		location string
		followed bool
		says     string
	}{
		"same origin":          {"GET", 302, "/api/v2/tags", true, ""},
		"same origin, in full": {"GET", 301, "https://www.workato.com/api/other", true, ""},
		"same origin, PUT":     {"PUT", 308, "/api/v2/tags", true, ""},
		"another host":         {"GET", 302, "https://app.eu.workato.com/api/tags", false, "redirects to https://app.eu.workato.com, where the token must not go; check the region"},
		"a subdomain":          {"GET", 302, "https://api.www.workato.com/api/tags", false, "where the token must not go"},
		"another port":         {"GET", 302, "https://www.workato.com:8443/api/tags", false, "https://www.workato.com:8443"},
		"plain http":           {"GET", 302, "http://www.workato.com/api/tags", false, "http://www.workato.com,"},
		"POST becomes GET":     {"POST", 302, "/api/v2/tags", false, "another kind of request"},
		"an unreadable place":  {"GET", 302, "https://%zz", false, "cannot be read"},
		"a multiple choice":    {"GET", 300, "", false, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var second *http.Request
				client := newClient(t, roundTrip(func(r *http.Request) (*http.Response, error) {
					if r.URL.String() == start {
						resp := respond(r, tt.code, "")
						if tt.location != "" {
							resp.Header.Set("Location", tt.location)
						}
						return resp, nil
					}
					second = r
					return respond(r, 200, ""), nil
				}))
				err := do(t.Context(), client.Own(), &workato.Request{Op: "test", Method: tt.method, Path: []string{"tags"}, Body: map[string]int{"a": 1}, Idempotent: true})
				if !tt.followed {
					if second != nil {
						t.Fatalf("followed to %s", second.URL)
					}
					if name == "an unreadable place" { // net/http itself gives up on it
						if err == nil {
							t.Error("no error")
						}
						return
					}
					e := asError(t, err)
					if e.StatusCode != tt.code || !strings.Contains(e.Message, tt.says) {
						t.Errorf("got %v, want status %d and %q", e, tt.code, tt.says)
					}
					return
				}
				if err != nil || second == nil {
					t.Fatalf("not followed: %v", err)
				}
				if second.Method != tt.method || second.Header.Get("Authorization") != "Bearer "+token {
					t.Errorf("%s with %q, want %s with the token", second.Method, second.Header.Get("Authorization"), tt.method)
				}
			})
		})
	}
}

func TestRedirectsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t, status(302, "", "Location", "/api/again"))
		e := asError(t, do(t.Context(), newClient(t, script).Own(), get("tags")))
		if len(script.sent) != 4 || e.StatusCode != 302 || !strings.Contains(e.Message, "redirects too often") {
			t.Errorf("sent %d times, got %v; want 4 times and a 302", len(script.sent), e)
		}
	})
}
