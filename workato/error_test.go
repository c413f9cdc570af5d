package workato_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/workato-go/sdk/workato"
)

var classes = map[string]error{
	"ErrInvalid": workato.ErrInvalid, "ErrUnauthorized": workato.ErrUnauthorized, "ErrForbidden": workato.ErrForbidden,
	"ErrNotFound": workato.ErrNotFound, "ErrConflict": workato.ErrConflict, "ErrRateLimited": workato.ErrRateLimited,
	"ErrServer": workato.ErrServer,
}

// Each failure matches its own class and no other.
func TestErrorClasses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer    func(*http.Request) (*http.Response, error)
		class     string
		temporary bool
	}{
		"400":                        {status(400, ""), "ErrInvalid", false},
		"401":                        {status(401, ""), "ErrUnauthorized", false},
		"402":                        {status(402, ""), "", false},
		"403":                        {status(403, ""), "ErrForbidden", false},
		"404":                        {status(404, ""), "ErrNotFound", false},
		"409":                        {status(409, ""), "ErrConflict", false},
		"422":                        {status(422, ""), "ErrInvalid", false},
		"429":                        {status(429, ""), "ErrRateLimited", true},
		"500":                        {status(500, ""), "ErrServer", true},
		"501":                        {status(501, ""), "ErrServer", false},
		"503":                        {status(503, ""), "ErrServer", true},
		"302":                        {status(302, "", "Location", "http://elsewhere.example.com/"), "", false},
		"200 that says no":           {status(200, `{"success":false}`), "ErrInvalid", false},
		"200 that says No":           {status(200, `{"Success": false}`), "ErrInvalid", false},
		"200 that is HTML":           {status(200, `<html>`), "", false},
		"200 with half a JSON value": {status(200, `{"data":`), "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, newScript(t, tt.answer), workato.WithRetry(workato.RetryPolicy{MaxAttempts: 1}))
				e := asError(t, do(t.Context(), client.Own(), get("tags")))
				for class, err := range classes {
					// An iterator wraps the error; the class must survive that.
					if got := errors.Is(fmt.Errorf("page after 5: %w", e), err); got != (class == tt.class) {
						t.Errorf("matches %s: %v", class, got)
					}
				}
				if e.Temporary() != tt.temporary {
					t.Errorf("Temporary is %v, want %v", e.Temporary(), tt.temporary)
				}
			})
		})
	}
}

// Every form of body that the platform answers with, and those of proxies.
func TestErrorBodies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status      int
		body        string
		message, id string
		fields      map[string][]string
	}{
		"message":                 {400, `{"message":"Bad request"}`, "Bad request", "", nil},
		"message and id":          {500, `{"message":"Server error","id":"0b2f"}`, "Server error", "0b2f", nil},
		"a number for an id":      {500, `{"message":"Server error","id":17}`, "Server error", "17", nil},
		"error":                   {403, `{"error":"no access"}`, "no access", "", nil},
		"error and its type":      {403, `{"error":"no access","error_type":"privilege"}`, "no access (privilege)", "", nil},
		"error as an object":      {403, `{"error":{"code":3,"message":"no access"}}`, "no access", "", nil},
		"a list of texts":         {422, `{"errors":["too long","too odd"]}`, "too long; too odd", "", nil},
		"errors of fields":        {422, `{"errors":{"title":["is too long","is odd"],"color":["is unknown"]}}`, "color is unknown; title is too long; is odd", "", map[string][]string{"title": {"is too long", "is odd"}, "color": {"is unknown"}}},
		"one text for a field":    {422, `{"errors":{"title":"is too long"}}`, "title is too long", "", map[string][]string{"title": {"is too long"}}},
		"errors with titles":      {400, `{"errors":[{"code":400,"title":"Bad date"}]}`, "Bad date", "", nil},
		"success false":           {200, `{"success":false,"errors":{"running":["must be stopped"]}}`, "running must be stopped", "", map[string][]string{"running": {"must be stopped"}}},
		"code errors":             {200, `{"success":false,"code_errors":[[1,"line","bad field"]],"config_errors":[]}`, "1; line; bad field", "", nil},
		"success false alone":     {200, `{"success":false}`, `{"success":false}`, "", nil},
		"message goes first":      {422, `{"errors":{"title":["is too long"]},"message":"Validation failed"}`, "Validation failed", "", map[string][]string{"title": {"is too long"}}},
		"an empty body":           {502, ``, "", "", nil},
		"an empty object":         {502, `{}`, "", "", nil},
		"other JSON":              {400, `{"reason":"unknown"}`, `{"reason":"unknown"}`, "", nil},
		"a JSON text":             {400, `"no such page"`, `"no such page"`, "", nil},
		"null":                    {400, `null`, `null`, "", nil},
		"HTML":                    {502, "<html>\n  <h1>502 Bad\tGateway</h1>\n</html>\n", "<html> <h1>502 Bad Gateway</h1> </html>", "", nil},
		"text":                    {503, "upstream connect error", "upstream connect error", "", nil},
		"not UTF-8":               {502, "\xff\xfe bad \x00\x07 bytes", "bad bytes", "", nil},
		"a long text":             {502, strings.Repeat("0123456789", 40), strings.Repeat("0123456789", 30)[:297] + "…", "", nil},
		"a long text of wide":     {502, strings.Repeat("ß", 400), strings.Repeat("ß", 148) + "…", "", nil},
		"exactly as long as fits": {502, strings.Repeat("x", 300), strings.Repeat("x", 300), "", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, newScript(t, status(tt.status, tt.body)), workato.WithRetry(workato.RetryPolicy{MaxAttempts: 1}))
				e := asError(t, do(t.Context(), client.Own(), get("tags")))
				if e.StatusCode != tt.status || e.Message != tt.message || e.ID != tt.id {
					t.Errorf("got status %d, message %q, id %q\nwant %d, %q, %q", e.StatusCode, e.Message, e.ID, tt.status, tt.message, tt.id)
				}
				if !maps.EqualFunc(e.Fields, tt.fields, func(a, b []string) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
					t.Errorf("got fields %v, want %v", e.Fields, tt.fields)
				}
				if string(e.Body()) != tt.body {
					t.Errorf("got body %q, want %q", e.Body(), tt.body)
				}
				if len(e.Message) > 300 || !utf8.ValidString(e.Message) {
					t.Errorf("%d bytes, valid UTF-8: %v", len(e.Message), utf8.ValidString(e.Message))
				}
			})
		})
	}
}

// Bodies that a success may have.
func TestSuccessBodies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		body   string
		want   string
	}{
		"200":                         {200, `{"data":"x"}`, "x"},
		"201":                         {201, `{"data":"x"}`, "x"},
		"204 without a body":          {204, ``, "before"},
		"200 without a body":          {200, ``, "before"},
		"200 with white space":        {200, " \n", "before"},
		"success true":                {200, `{"success":true,"data":"x"}`, "x"},
		"Success true":                {200, `{"Success": true}`, "before"},
		"the word success in a value": {200, `{"data":"success\":false"}`, `success":false`},
		"success false further down":  {200, `{"data":"x","row":{"success":false}}`, "x"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, newScript(t, status(tt.status, tt.body, "X-Request-Id", "req-1", "Date", "Tue, 18 Jun 2024 19:17:31 GMT")))
				out := struct{ Data string }{"before"}
				resp, err := client.Own().Do(t.Context(), get("tags"), &out)
				if err != nil {
					t.Fatal(err)
				}
				if out.Data != tt.want {
					t.Errorf("decoded %q, want %q", out.Data, tt.want)
				}
				if resp.StatusCode != tt.status || resp.RequestID != "req-1" || resp.Attempts != 1 ||
					!resp.Date.Equal(time.Date(2024, time.June, 18, 19, 17, 31, 0, time.UTC)) || resp.Header.Get("X-Request-Id") != "req-1" {
					t.Errorf("got response %+v", resp)
				}
			})
		})
	}
}

// Where a body is needed, its absence is no success, and no failure of a class.
func TestMissingBody(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"empty": "", "white space": "\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				request := get("tags")
				request.NeedsBody = true
				e := asError(t, do(t.Context(), newClient(t, newScript(t, status(204, body))).Own(), request))
				if e.StatusCode != 204 || e.Message != "the body is missing" || errors.Is(e, workato.ErrInvalid) {
					t.Errorf("got %v, want a 204 of no class whose body is missing", e)
				}
			})
		})
	}
}

func TestUnreadableSuccess(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ body, message string }{
		"truncated JSON": {`{"data":[{"id":1`, `the body cannot be read: unexpected end of JSON input; the body begins: {"data":[{"id":1`},
		"HTML":           {"<html>\nSign in</html>", `the body cannot be read: invalid character '<' looking for beginning of value; the body begins: <html> Sign in</html>`},
		"another shape":  {`{"data":"x"}`, `the body cannot be read: json: cannot unmarshal string into Go struct field .Data of type []int; the body begins: {"data":"x"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, newScript(t, status(200, tt.body)))
				var out struct{ Data []int }
				_, err := client.Own().Do(t.Context(), get("tags"), &out)
				e := asError(t, err)
				if e.StatusCode != 200 || e.Message != tt.message || string(e.Body()) != tt.body {
					t.Errorf("got status %d, body %q, message\n%s\nwant\n%s", e.StatusCode, e.Body(), e.Message, tt.message)
				}
				if e.Unwrap() == nil {
					t.Error("the reason is lost")
				}
			})
		})
	}
}

// A body beyond 64 MiB is refused, whether it is announced or not, and read no
// further than that.
func TestBodyTooLarge(t *testing.T) {
	t.Parallel()
	chunk := strings.Repeat("x", 1<<20)
	tests := map[string]struct {
		status    int
		announced int64
	}{"announced": {200, 65 << 20}, "announced by a 502": {502, 65 << 20}, "not announced": {200, -1}}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				read, sent := 0, 0
				client := newClient(t, roundTrip(func(r *http.Request) (*http.Response, error) {
					sent++
					resp := respond(r, tt.status, "")
					resp.ContentLength = tt.announced
					resp.Body = io.NopCloser(readFunc(func(p []byte) (int, error) {
						n := copy(p, chunk)
						read += n
						return n, nil
					}))
					return resp, nil
				}))
				e := asError(t, do(t.Context(), client.Own(), get("tags")))
				if want := "the body is over 64 MiB; the body begins: xxxx"; e.StatusCode != tt.status || !strings.HasPrefix(e.Message, want) {
					t.Errorf("got %v, want status %d and %q…", e, tt.status, want)
				}
				if len(e.Body()) != 64<<10 || sent != 1 || read > 64<<20+64<<10 {
					t.Errorf("kept %d bytes after %d attempts that read %d", len(e.Body()), sent, read)
				}
			})
		})
	}
}

// After every kind of answer that is read to its end, the connection serves
// the next request too.
func TestConnectionIsReused(t *testing.T) {
	t.Parallel()
	bodies := []struct {
		status int
		body   string
	}{{200, `{"data":[]}`}, {200, ``}, {200, `{"success":false}`}, {200, `{"da`}, {200, `<html>`}, {404, `{"message":"Not found"}`}, {503, strings.Repeat("x", 100<<10)}, {500, ``}}
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(bodies[n%len(bodies)].status)
		_, _ = io.WriteString(w, bodies[n%len(bodies)].body)
		n++
	}))
	t.Cleanup(server.Close)
	client, err := workato.NewClient(token, workato.WithBaseURL(server.URL), workato.WithHTTPClient(server.Client()),
		workato.WithLimiter(workato.QuotaEnvironment, nil), workato.WithRetry(workato.RetryPolicy{MaxAttempts: 1}))
	if err != nil {
		t.Fatal(err)
	}
	connections := 0
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if !info.Reused {
			connections++
		}
	}})
	for range 2 * len(bodies) {
		_ = do(ctx, client.Own(), get("tags"))
	}
	if n != 2*len(bodies) || connections != 1 {
		t.Errorf("%d requests over %d connections, want %d over 1", n, connections, 2*len(bodies))
	}
}

// A failing call must not close connections that others use.
func TestIdleConnectionsStayOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := &closingTransport{RoundTripper: newScript(t, status(500, ""))}
		_ = do(t.Context(), newClient(t, transport).Own(), get("tags"))
		if transport.closed {
			t.Error("the caller's idle connections were closed")
		}
	})
}

type closingTransport struct {
	http.RoundTripper
	closed bool
}

func (c *closingTransport) CloseIdleConnections() { c.closed = true }

func TestErrorLogValue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, newScript(t, status(429, `{"message":"slow down","id":"5"}`, "Retry-After", "90", "X-Correlation-Id", "c-1")))
		err := do(t.Context(), client.Own(), get("tags"))
		var log strings.Builder
		logger(&log).Info("failed", "err", err)
		want := `level=INFO msg=failed err.op=test.Get err.status=429 err.message="slow down" err.id=5 err.request_id=c-1 err.attempts=1 err.retry_after=1m30s` + "\n"
		if log.String() != want {
			t.Errorf("got  %swant %s", log.String(), want)
		}
	})
}

// logger writes lines without a time.
func logger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// Whatever a body says, the error is one line of valid UTF-8 within its bounds
// and keeps the beginning of the body.
func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `null`, `{"message":"Bad request","id":"x"}`, `{"errors":{"title":["is too long"]}}`, `{"errors":[{"title":"x"}]}`,
		`{"error":{"message":[]}}`, `<html>`, "\xff", `{"success":false}`, `{"message":"a@b.c ?x=y"}`, `{"errors":[[[[[1]]]]]}`,
	} {
		f.Add(seed, 400)
		f.Add(seed, 200)
	}
	var body string
	var code int
	client, err := workato.NewClient(token, workato.WithLimiter(workato.QuotaEnvironment, nil),
		workato.WithRetry(workato.RetryPolicy{MaxAttempts: 1, MaxWait: 1}), // no pause after a 429
		workato.WithHTTPClient(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) { return respond(r, code, body), nil })}))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, given string, statusCode int) {
		body, code = given, 200+abs(statusCode)%400
		if code/100 == 3 {
			code += 100 // a redirect has no body to speak of
		}
		err := do(context.Background(), client.Own(), get("tags"))
		if err == nil {
			if code/100 != 2 || len(strings.TrimSpace(body)) > 0 && !json.Valid([]byte(body)) {
				t.Fatalf("%d with %q is a success", code, body)
			}
			return
		}
		e := asError(t, err)
		if e.StatusCode != code || string(e.Body()) != body[:min(len(body), 64<<10)] {
			t.Fatalf("status %d and body %q became %d and %q", code, body, e.StatusCode, e.Body())
		}
		text := e.Error()
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n\x00") || len(e.Message) > 1000 {
			t.Fatalf("not one line within bounds: %q", text)
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return ^n
	}
	return n
}
