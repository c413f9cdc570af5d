package workato_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/workato"
)

// token looks like a real one, so that a search for it finds every leak.
const token = "wrk-s3cr3t-t0ken"

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func newClient(t *testing.T, transport http.RoundTripper, opts ...workato.Option) *workato.Client {
	t.Helper()
	if transport == nil {
		transport = roundTrip(recording)
	}
	opts = append([]workato.Option{workato.WithHTTPClient(&http.Client{Transport: transport})}, opts...)
	client, err := workato.NewClient(token, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// get is a harmless request.
func get(path ...string) *workato.Request {
	return &workato.Request{Op: "test.Get", Method: http.MethodGet, Path: path, Idempotent: true}
}

// respond makes an answer with headers given as name, value, name, value.
func respond(r *http.Request, status int, body string, headers ...string) *http.Response {
	resp := httpmock.NewStringResponse(status, body)
	resp.Request = r
	for i := 0; i+1 < len(headers); i += 2 {
		resp.Header.Set(headers[i], headers[i+1])
	}
	return resp
}

// script answers one request after another, and remembers when each came.
type script struct {
	t       *testing.T
	began   time.Time
	answers []func(*http.Request) (*http.Response, error)
	sent    []time.Duration // since the script began
	bodies  []string
}

func newScript(t *testing.T, answers ...func(*http.Request) (*http.Response, error)) *script {
	t.Helper()
	return &script{t: t, began: time.Now(), answers: answers}
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	n := len(s.sent)
	s.sent = append(s.sent, time.Since(s.began))
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			s.t.Error(err)
		}
		s.bodies = append(s.bodies, string(body))
	}
	if n >= len(s.answers) {
		n = len(s.answers) - 1
	}
	return s.answers[n](r)
}

func status(code int, body string, headers ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) { return respond(r, code, body, headers...), nil }
}

func fail(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// brokenBody is an answer whose body ends too early.
func brokenBody(code int) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		resp := respond(r, code, "")
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"data":[`), errorReader{io.ErrUnexpectedEOF}))
		return resp, nil
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

var (
	errDial  = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	errReset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
)

// asError is errors.As with a failure that shows what came instead.
func asError(t *testing.T, err error) *workato.Error {
	t.Helper()
	var e *workato.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %T (%v), want a *workato.Error", err, err)
	}
	return e
}

func do(ctx context.Context, w *workato.Workspace, r *workato.Request) error {
	_, err := w.Do(ctx, r, nil)
	return err
}

// withRecorder makes calls with the context end in a recorded request and an
// empty success, whatever client they are made by: see [recording].
func withRecorder(ctx context.Context) (context.Context, *http.Request) {
	sent := new(http.Request)
	return context.WithValue(ctx, recorderKey{}, sent), sent
}

type recorderKey struct{}

// recording answers for clients that were made with a nil transport.
func recording(r *http.Request) (*http.Response, error) {
	if sent, ok := r.Context().Value(recorderKey{}).(*http.Request); ok {
		*sent = *r
		return respond(r, 200, ""), nil
	}
	return nil, errors.New("sent")
}

// lines collects what a logger writes.
type lines []string

func (l *lines) Write(p []byte) (int, error) {
	*l = append(*l, strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}
