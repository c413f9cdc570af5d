package workatotest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

func TestFaultAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault  workatotest.Fault
		status int
		body   string
	}{
		{workatotest.Fault{}, 200, `{"data":[],"total":0}`},
		{workatotest.Fault{Status: 200}, 200, `{"Success": true}`},
		{workatotest.Fault{Status: 200, Body: `{"success":false}`}, 200, `{"success":false}`},
		{workatotest.Fault{Status: 204, Body: "x"}, 204, ``},
		{workatotest.Fault{Status: 400}, 400, `{"message":"Bad request"}`},
		{workatotest.Fault{Status: 401}, 401, `{"message":"Unauthorized"}`},
		{workatotest.Fault{Status: 403}, 403, `{"message":"Forbidden"}`},
		{workatotest.Fault{Status: 404}, 404, `{"message":"Not found"}`},
		{workatotest.Fault{Status: 429}, 429, `{"message":"Too many requests"}`},
		{workatotest.Fault{Status: 503}, 503, `{"message":"Service unavailable"}`},
		{workatotest.Fault{Status: 599}, 599, `{"message":""}`},
		{workatotest.Fault{Status: 502, Body: "down"}, 502, `down`},
	} {
		s := workatotest.NewServer()
		s.Fail(1, c.fault)
		got := send(t, s, "GET", "/api/activity_logs", "")
		if got.status != c.status || got.body != c.body {
			t.Errorf("%+v: %d %q", c.fault, got.status, got.body)
		}
		if next := send(t, s, "GET", "/api/activity_logs", ""); next.status != 200 {
			t.Errorf("%+v: the next one is %d", c.fault, next.status)
		}
	}
}

func TestServerErrorFaultHasAnID(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	s.Fail(1, workatotest.Fault{Status: 500})
	var body struct{ Message, ID string }
	decode(t, send(t, s, "GET", "/api/tags", "").body, &body)
	if body.Message != "Server error" || len(body.ID) != 36 {
		t.Errorf("%+v", body)
	}
}

func TestProxyError(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	s.Fail(1, workatotest.ProxyError(http.StatusBadGateway))
	r := send(t, s, "GET", "/api/tags", "")
	if r.status != 502 || r.header.Get("Content-Type") != "text/html" || !strings.Contains(r.body, "<h1>502 Bad Gateway</h1>") {
		t.Errorf("%+v", r)
	}
	if _, ok := r.header["X-Request-Id"]; ok {
		t.Error("the proxy has a request ID")
	}
}

func TestFaultQueue(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	get := func(path string) int { return send(t, s, "GET", path, "").status }
	s.Fail(2, workatotest.Fault{Path: "activity_logs", Status: 503})
	s.Fail(0, workatotest.Fault{Status: 599})
	s.Fail(1, workatotest.Fault{Method: "POST", Status: 501})
	s.Fail(1, workatotest.Fault{})
	s.Fail(1, workatotest.Fault{Status: 502})
	same(t, "503 first", get("/api/activity_logs"), 503)
	same(t, "another path takes its own", get("/api/tags"), 200)
	same(t, "and the next", get("/api/tags"), 502)
	same(t, "503 again", get("/api/activity_logs"), 503)
	same(t, "used up", get("/api/activity_logs"), 200)
	same(t, "by method", send(t, s, "POST", "/api/tags", `{"title":"x"}`).status, 501)

	s.Fail(-1, workatotest.Fault{Status: 503})
	for range 5 {
		same(t, "without end", get("/api/tags"), 503)
	}
	s.ClearFaults()
	same(t, "cleared", get("/api/tags"), 200)
}

func TestFaultHeaders(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	s.Fail(1, workatotest.Fault{Status: 429, RetryAfter: "7"})
	same(t, "Retry-After", send(t, s, "GET", "/api/tags", "").header.Get("Retry-After"), "7")
	s.Fail(1, workatotest.Fault{Header: http.Header{"date": nil, "x-request-id": {"mine"}, "Content-Type": {"text/plain"}}})
	r := send(t, s, "GET", "/api/tags", "")
	_, date := r.header["Date"]
	if r.status != 200 || date || r.header.Get("X-Request-Id") != "mine" || r.header.Get("Content-Type") != "text/plain" {
		t.Errorf("%d %v", r.status, r.header)
	}
}

func TestFaultsComeFirstAndCostNothing(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer(workatotest.WithQuota(1))
	s.Fail(3, workatotest.Fault{Status: 503})
	for range 3 {
		same(t, "status", send(t, s, "POST", "/api/tags", `{"title":"x"}`).status, 503)
	}
	same(t, "no effect", len(s.Own().Tags()), 0)
	same(t, "quota left", send(t, s, "POST", "/api/tags", `{"title":"x"}`).status, 200)
	same(t, "quota used", send(t, s, "GET", "/api/tags", "").status, 429)

	s.Fail(1, workatotest.Fault{Status: 503})
	req := newRequest(t, s, "GET", base+"/nowhere", "")
	req.Header.Del("Authorization")
	same(t, "before the token", mustDo(t, s.Client(), req).status, 503)
}

func TestApplied(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	for i, f := range []workatotest.Fault{
		{Applied: true, Drop: true},
		{Applied: true, Status: 504},
		{Applied: true},
		{CutAfter: 3},
		{CutAfter: -1},
	} {
		s.Fail(1, f)
		_, _ = try(t, s, "POST", "/api/tags", `{"title":"x"}`)
		same(t, "tags", len(s.Own().Tags()), i+1)
	}
	s.Fail(1, workatotest.Fault{Drop: true})
	if _, err := try(t, s, "POST", "/api/tags", `{"title":"x"}`); !errors.Is(err, io.EOF) {
		t.Errorf("dropped: %v", err)
	}
	same(t, "not applied", len(s.Own().Tags()), 5)
}

func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer()
		start := time.Now()
		s.Fail(1, workatotest.Fault{Latency: 3 * time.Second})
		r := send(t, s, "GET", "/api/tags", "")
		same(t, "status", r.status, 200)
		same(t, "took", time.Since(start), 3*time.Second)
		same(t, "Date is that of the answer", r.header.Get("Date"), "Sat, 01 Jan 2000 00:00:03 GMT")

		s.Fail(1, workatotest.Fault{Latency: time.Second, Drop: true})
		if _, err := try(t, s, "GET", "/api/tags", ""); !errors.Is(err, io.EOF) {
			t.Errorf("dropped: %v", err)
		}
		same(t, "took", time.Since(start), 4*time.Second)

		for _, applied := range []bool{false, true} {
			s.Fail(1, workatotest.Fault{Latency: time.Hour, Applied: applied})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			req := newRequest(t, s, "POST", base+"/api/tags", `{"title":"x"}`).WithContext(ctx)
			start := time.Now()
			_, err := do(s.Client(), req)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
			same(t, "took", time.Since(start), time.Minute)
			cancel()
			synctest.Wait()
			same(t, "took effect", len(s.Own().Tags()) == 1, applied)
		}
		requests := s.Requests()
		same(t, "status of an answer nobody got", requests[len(requests)-1].Status, 0)
	})
}

func TestCutBody(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	whole := send(t, s, "GET", "/api/activity_logs", "").body
	for cut, want := range map[int]string{-1: "", 1: whole[:1], 10: whole[:10], len(whole): whole, 1000: whole} {
		s.Fail(1, workatotest.Fault{CutAfter: cut})
		r, err := try(t, s, "GET", "/api/activity_logs", "")
		if r.status != 200 || r.body != want {
			t.Errorf("after %d: %d %q", cut, r.status, r.body)
		}
		if short := want != whole; short != errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("after %d: %v", cut, err)
		}
	}
	s.Fail(1, workatotest.Fault{Status: 503, Body: "too long", CutAfter: 3})
	r, err := try(t, s, "GET", "/api/activity_logs", "")
	if r.status != 503 || r.body != "too" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%+v %v", r, err)
	}
}
