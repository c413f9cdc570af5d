package workato_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato"
)

// The operations differ in method and in whether repeating them does harm.
var operations = map[string]workato.Request{
	"list":   {Op: "tags.List", Method: http.MethodGet, Path: []string{"tags"}, Idempotent: true},
	"update": {Op: "tags.Update", Method: http.MethodPut, Path: []string{"tags", "h"}, Body: map[string]string{"title": "x"}, Idempotent: true},
	"delete": {Op: "tags.Delete", Method: http.MethodDelete, Path: []string{"tags", "h"}, Idempotent: true},
	"assign": {Op: "tags.Assign", Method: http.MethodPost, Path: []string{"tags_assignments"}, Body: map[string]any{"add_tags": []string{"h"}}, Idempotent: true, Quota: workato.QuotaAssignments},
	"create": {Op: "tags.Create", Method: http.MethodPost, Path: []string{"tags"}, Body: map[string]string{"title": "x"}},
}

// How often each operation is sent when every attempt fails in the same way.
func TestRetryTable(t *testing.T) {
	t.Parallel()
	const never, twice, always = 1, 3, 5
	type attempts struct{ harmless, create int }
	tests := map[string]struct {
		failure func(*http.Request) (*http.Response, error)
		want    attempts
	}{
		"429":                        {status(429, `{"message":"slow down"}`), attempts{always, always}},
		"429 with Retry-After":       {status(429, "", "Retry-After", "7"), attempts{always, always}},
		"429 for an hour":            {status(429, "", "Retry-After", "3600"), attempts{never, never}},
		"500":                        {status(500, `{"message":"Server error","id":"1"}`), attempts{twice, never}},
		"501":                        {status(501, ""), attempts{never, never}},
		"502":                        {status(502, "<html>"), attempts{always, never}},
		"503":                        {status(503, ""), attempts{always, never}},
		"503 with Retry-After":       {status(503, "", "Retry-After", "2"), attempts{always, never}},
		"503 for an hour":            {status(503, "", "Retry-After", "3600"), attempts{never, never}},
		"504":                        {status(504, ""), attempts{always, never}},
		"505":                        {status(505, ""), attempts{never, never}},
		"520":                        {status(520, ""), attempts{never, never}},
		"400":                        {status(400, ""), attempts{never, never}},
		"401":                        {status(401, ""), attempts{never, never}},
		"403":                        {status(403, ""), attempts{never, never}},
		"404":                        {status(404, ""), attempts{never, never}},
		"408":                        {status(408, ""), attempts{never, never}},
		"409":                        {status(409, ""), attempts{never, never}},
		"422":                        {status(422, ""), attempts{never, never}},
		"425":                        {status(425, ""), attempts{never, never}},
		"200 with success false":     {status(200, `{"success":false}`), attempts{never, never}},
		"200 with broken JSON":       {status(200, `{"data":[`), attempts{never, never}},
		"200 with HTML":              {status(200, `<html>sign in</html>`), attempts{never, never}},
		"a redirect elsewhere":       {status(302, "", "Location", "https://elsewhere.example.com/"), attempts{never, never}},
		"connection refused":         {fail(errDial), attempts{always, always}},
		"unknown host":               {fail(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host"}}), attempts{always, always}},
		"proxy refused":              {fail(&net.OpError{Op: "proxyconnect", Err: errDial}), attempts{always, always}},
		"connection reset":           {fail(errReset), attempts{always, never}},
		"no answer in time":          {fail(context.DeadlineExceeded), attempts{always, never}},
		"the body breaks off":        {brokenBody(200), attempts{always, never}},
		"the body of a 502 does too": {brokenBody(502), attempts{always, never}},
		"the body of a 404 does too": {brokenBody(404), attempts{never, never}},
		"a bad certificate":          {fail(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), attempts{never, never}},
	}
	for name, tt := range tests {
		for op, request := range operations {
			t.Run(name+"/"+op, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					script := newScript(t, tt.failure)
					client := newClient(t, script)
					err := do(t.Context(), client.Own(), &request)
					if err == nil {
						t.Fatal("no error")
					}
					want := tt.want.harmless
					if op == "create" {
						want = tt.want.create
					}
					if len(script.sent) != want {
						t.Errorf("sent %d times, want %d (%v)", len(script.sent), want, err)
					}
					var e *workato.Error
					if errors.As(err, &e) && e.Attempts != want {
						t.Errorf("the error says %d attempts, want %d", e.Attempts, want)
					}
				})
			})
		}
	}
}

// What succeeds in the end sends the same body each time and says how often.
func TestRetryThenSuccess(t *testing.T) {
	t.Parallel()
	for op, request := range operations {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				script := newScript(t, status(429, ""), fail(errDial), status(429, ""), status(200, `{"data":{"handle":"h"}}`))
				client := newClient(t, script)
				var out struct{ Data struct{ Handle string } }
				resp, err := client.Customer(1).Do(t.Context(), &request, &out)
				if err != nil {
					t.Fatal(err)
				}
				if resp.Attempts != 4 || out.Data.Handle != "h" {
					t.Errorf("got %d attempts and handle %q, want 4 and h", resp.Attempts, out.Data.Handle)
				}
				for _, body := range script.bodies {
					if body != script.bodies[0] {
						t.Errorf("bodies differ: %q", script.bodies)
					}
				}
				if request.Body != nil && len(script.bodies) != 4 {
					t.Errorf("%d bodies sent, want 4", len(script.bodies))
				}
			})
		})
	}
}

func TestDeleteRetried(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		first   func(*http.Request) (*http.Response, error)
		deleted bool
	}{
		"after a 503":              {status(503, ""), true},
		"after a 500":              {status(500, ""), true},
		"after a reset":            {fail(errReset), true},
		"after a broken body":      {brokenBody(200), true},
		"after a 429":              {status(429, ""), false}, // the first attempt did nothing, so it never existed
		"after a refused dial":     {fail(errDial), false},
		"at the first attempt too": {status(404, ""), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, newScript(t, tt.first, status(404, `{"message":"Not found"}`)))
				request := operations["delete"]
				err := do(t.Context(), client.Own(), &request)
				if tt.deleted && err != nil {
					t.Errorf("got %v, want success", err)
				}
				if !tt.deleted && !errors.Is(err, workato.ErrNotFound) {
					t.Errorf("got %v, want ErrNotFound", err)
				}
			})
		})
	}
}

// A 404 to anything but a DELETE stays one.
func TestUpdateRetriedMeets404(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, newScript(t, status(503, ""), status(404, "")))
		request := operations["update"]
		if err := do(t.Context(), client.Own(), &request); !errors.Is(err, workato.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	})
}

// How long a call waits between its first two attempts.
func TestRetryWaits(t *testing.T) {
	t.Parallel()
	inTwelveSeconds := func(r *http.Request) (*http.Response, error) {
		return respond(r, 429, "", "Retry-After", time.Now().Add(12*time.Second).UTC().Format(http.TimeFormat)), nil
	}
	serverClockWrong := func(r *http.Request) (*http.Response, error) {
		server := time.Now().Add(-time.Hour).UTC()
		return respond(r, 429, "", "Date", server.Format(http.TimeFormat), "Retry-After", server.Add(9*time.Second).Format(http.TimeFormat)), nil
	}
	tests := map[string]struct {
		first    func(*http.Request) (*http.Response, error)
		from, to time.Duration
	}{
		"seconds":                   {status(429, "", "Retry-After", "7"), 7 * time.Second, 7 * time.Second},
		"a fraction":                {status(429, "", "Retry-After", "1.5"), 1500 * time.Millisecond, 1500 * time.Millisecond},
		"zero":                      {status(429, "", "Retry-After", "0"), 0, 0},
		"a date":                    {inTwelveSeconds, 12 * time.Second, 12 * time.Second},
		"a date by another clock":   {serverClockWrong, 9 * time.Second, 9 * time.Second},
		"a date in the past":        {status(429, "", "Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"), 0, 0},
		"a 503's":                   {status(503, "", "Retry-After", "3"), 3 * time.Second, 3 * time.Second},
		"a 500's does not count":    {status(500, "", "Retry-After", "20"), 500 * time.Millisecond, 600 * time.Millisecond},
		"negative":                  {status(429, "", "Retry-After", "-1"), 5 * time.Second, 6 * time.Second},
		"not a number":              {status(429, "", "Retry-After", "NaN"), 5 * time.Second, 6 * time.Second},
		"nonsense":                  {status(429, "", "Retry-After", "soon"), 5 * time.Second, 6 * time.Second},
		"429 without one":           {status(429, ""), 5 * time.Second, 6 * time.Second},
		"502":                       {status(502, ""), 500 * time.Millisecond, 600 * time.Millisecond},
		"a connection that is lost": {fail(errReset), 500 * time.Millisecond, 600 * time.Millisecond},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				script := newScript(t, tt.first, status(200, ""))
				client := newClient(t, script, workato.WithLimiter(workato.QuotaEnvironment, nil))
				if err := do(t.Context(), client.Own(), get("tags")); err != nil {
					t.Fatal(err)
				}
				if waited := script.sent[1]; waited < tt.from || waited > tt.to {
					t.Errorf("waited %v, want %v to %v", waited, tt.from, tt.to)
				}
			})
		})
	}
}

// Five attempts against a quota used up outlast the server's minute.
func TestRetriesOutlastAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t, status(429, ""))
		client := newClient(t, script)
		err := do(t.Context(), client.Own(), get("tags"))
		if !errors.Is(err, workato.ErrRateLimited) {
			t.Fatalf("got %v, want ErrRateLimited", err)
		}
		if last := script.sent[len(script.sent)-1]; last < time.Minute {
			t.Errorf("gave up at %v, within the server's minute", last)
		}
		for i := 2; i < len(script.sent); i++ {
			if wait := script.sent[i] - script.sent[i-1]; wait > 30*time.Second {
				t.Errorf("wait %d was %v, longer than MaxWait", i, wait)
			}
		}
	})
}

// Waits double up to MaxWait.
func TestRetryWaitsGrow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t, status(502, ""))
		client := newClient(t, script, workato.WithLimiter(workato.QuotaEnvironment, nil),
			workato.WithRetry(workato.RetryPolicy{MaxAttempts: 6, MinWait: time.Second, MaxWait: 5 * time.Second}))
		_ = do(t.Context(), client.Own(), get("tags"))
		for i, seconds := range []int{1, 2, 4, 5, 5} {
			least := time.Duration(seconds) * time.Second
			wait := script.sent[i+1] - script.sent[i]
			if most := min(least+least/5, 5*time.Second); wait < least || wait > most {
				t.Errorf("wait %d is %v, want %v to %v", i+1, wait, least, most)
			}
		}
	})
}

// A wait that would be too long is not begun: the failure comes back at once.
func TestNoWaitLongerThanPromised(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer   func(*http.Request) (*http.Response, error)
		deadline time.Duration
		status   int
		after    time.Duration
	}{
		"an hour":                     {status(429, `{"message":"slow down","id":"42"}`, "Retry-After", "3600"), 0, 429, time.Hour},
		"a century and more":          {status(429, "", "Retry-After", "1e300"), 0, 429, 876000 * time.Hour},
		"past the deadline":           {status(429, "", "Retry-After", "20"), 10 * time.Second, 429, 20 * time.Second},
		"past the deadline, unasked":  {status(429, ""), 2 * time.Second, 429, 0},
		"503 past the deadline":       {status(503, "", "Retry-After", "20"), 10 * time.Second, 503, 20 * time.Second},
		"a backoff past the deadline": {status(502, ""), 100 * time.Millisecond, 502, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tt.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.deadline)
					defer cancel()
				}
				client := newClient(t, newScript(t, tt.answer))
				began := time.Now()
				err := do(ctx, client.Own(), get("tags"))
				if took := time.Since(began); took != 0 {
					t.Errorf("took %v, want no wait", took)
				}
				e := asError(t, err)
				if e.StatusCode != tt.status || e.RetryAfter != tt.after || e.Attempts != 1 {
					t.Errorf("got status %d, retry after %v, %d attempts; want %d, %v, 1", e.StatusCode, e.RetryAfter, e.Attempts, tt.status, tt.after)
				}
			})
		})
	}
}

// Exhausted retries give what the last answer said.
func TestExhaustedRetriesGiveTheLastAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t)
		for i := range 5 {
			script.answers = append(script.answers, status(503, fmt.Sprintf(`{"message":"down %d","id":"id-%d"}`, i, i), "X-Request-Id", fmt.Sprintf("req-%d", i)))
		}
		e := asError(t, do(t.Context(), newClient(t, script).Customer(19029), get("tags")))
		want := "workato: test.Get: 503 Service Unavailable: down 4 (GET /api/managed_users/19029/tags; id id-4; request req-4; 5 attempts)"
		if e.Error() != want {
			t.Errorf("got  %s\nwant %s", e, want)
		}
		if string(e.Body()) != `{"message":"down 4","id":"id-4"}` || !e.Temporary() || !errors.Is(e, workato.ErrServer) {
			t.Errorf("body %q, temporary %v", e.Body(), e.Temporary())
		}
	})
}

func TestTransportFailureNamesOperation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, newScript(t, fail(errReset)))
		err := do(t.Context(), client.Own(), &workato.Request{Op: "tags.Create", Method: "POST", Path: []string{"tags"}})
		if !errors.Is(err, errReset.Err) {
			t.Errorf("%v does not wrap its cause", err)
		}
		if want := "workato: tags.Create: read tcp: connection reset by peer"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
		if e := new(workato.Error); errors.As(err, &e) {
			t.Error("a failure without an answer is no *Error")
		}
	})
}

// A caller's own redirect rule is not a passing failure.
func TestCallersRedirectRuleIsNotRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t, status(307, "", "Location", "/api/elsewhere"))
		refused := errors.New("no redirects here")
		client, err := workato.NewClient(token, workato.WithHTTPClient(&http.Client{
			Transport:     script,
			CheckRedirect: func(*http.Request, []*http.Request) error { return refused },
		}))
		if err != nil {
			t.Fatal(err)
		}
		if err := do(t.Context(), client.Own(), get("tags")); !errors.Is(err, refused) || len(script.sent) != 1 {
			t.Errorf("got %v after %d attempts, want the rule's error after 1", err, len(script.sent))
		}
	})
}
