package workatotest_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	const title = `{"title":"x"}`
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{"GET", "/api/activity_logs", "", 200},
		{"GET", "/api/managed_users/7/activity_logs", "", 200},
		{"GET", "/api/v2/managed_users/7/activity_logs", "", 404},
		{"GET", "/api/v2/activity_logs", "", 404},
		{"POST", "/api/activity_logs", "", 404},
		{"GET", "/api/activity_logs/", "", 404},
		{"GET", "/api/activity_logs/1", "", 404},
		{"GET", "/api//activity_logs", "", 404},
		{"GET", "/activity_logs", "", 404},
		{"GET", "/", "", 404},
		{"GET", "/api", "", 404},
		{"GET", "/api/", "", 404},
		{"GET", "/api/activity%5Flogs", "", 404},
		{"POST", "/api/secrets_management/clear_cache", "", 200},
		{"GET", "/api/secrets_management/clear_cache", "", 404},
		{"POST", "/api/secrets_management%2Fclear_cache", "", 404},
		{"POST", "/api/managed_users/7/secrets_management/clear_cache", "", 404},

		{"GET", "/api/tags", "", 200},
		{"POST", "/api/tags", title, 200},
		{"PUT", "/api/tags/t", title, 200},
		{"PATCH", "/api/tags/t", title, 404},
		{"GET", "/api/tags/t", "", 404},
		{"PUT", "/api/tags/", title, 404},
		{"PUT", "/api/tags/t/u", title, 404},
		{"DELETE", "/api/tags/t", "", 200},
		{"DELETE", "/api/tags/a%2Fb", "", 200},
		{"GET", "/api/v2/managed_users/7/tags", "", 200},
		{"POST", "/api/v2/managed_users/7/tags", title, 200},
		{"PUT", "/api/v2/managed_users/7/tags/t", title, 200},
		{"DELETE", "/api/v2/managed_users/7/tags/t", "", 200},
		{"GET", "/api/managed_users/7/tags", "", 404},
		{"GET", "/api/v2/tags", "", 404},
		{"POST", "/api/tags_assignments", `{"add_tags":["t"],"recipe_ids":[1]}`, 200},
		{"POST", "/api/v2/managed_users/7/tags_assignments", `{"add_tags":["t"],"recipe_ids":[1]}`, 200},
		{"POST", "/api/managed_users/7/tags_assignments", `{"add_tags":["t"],"recipe_ids":[1]}`, 404},

		{"GET", "/api/managed_users", "", 200},
		{"GET", "/api/v2/managed_users", "", 404},
		{"POST", "/api/managed_users", "", 404},
		{"GET", "/api/managed_users/", "", 404},
		{"GET", "/api/managed_users/7", "", 404},
		{"GET", "/api/managed_users/8/activity_logs", "", 404},
		{"GET", "/api/managed_users/07/activity_logs", "", 404},
		{"GET", "/api/managed_users/E/activity_logs", "", 404},
		{"GET", "/api/managed_users/A2300/activity_logs", "", 404},
		{"GET", "/api/managed_users/EA2300/activity_logs", "", 200},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			t.Parallel()
			s := workatotest.NewServer()
			s.Own().AddTag(workatotest.Tag{Handle: "t"})
			s.Own().AddTag(workatotest.Tag{Handle: "a/b"})
			s.Customer(7).AddTag(workatotest.Tag{Handle: "t"})
			s.Customer(7).SetExternalID("A2300")
			got := send(t, s, c.method, c.path, c.body)
			if got.status != c.want {
				t.Errorf("got %d %s, want %d", got.status, got.body, c.want)
			}
			if c.want == 404 && got.body != `{"message":"Not found"}` {
				t.Errorf("body %s", got.body)
			}
		})
	}
}

func TestExternalIDs(t *testing.T) {
	t.Parallel()
	for id, path := range map[string]string{
		"A2300":    "EA2300",
		"E1":       "EE1",
		"a/b":      "Ea%2Fb",
		"100%":     "E100%25",
		"a%2Fb":    "Ea%252Fb",
		"two  w":   "Etwo%20%20w",
		"Müller ☕": "EM%C3%BCller%20%E2%98%95",
		"..":       "E..",
		"?#":       "E%3F%23",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := workatotest.NewServer()
			w := s.Customer(42)
			w.SetExternalID("before")
			w.SetExternalID(id)
			w.AddEvents(workatotest.Event{Type: "user_login"})
			if p := logsAt(t, s, "/api/managed_users/"+path+"/activity_logs"); *p.Total != 1 {
				t.Errorf("total %d", *p.Total)
			}
			if r := send(t, s, "GET", "/api/managed_users/Ebefore/activity_logs", ""); r.status != 404 {
				t.Errorf("the old ID still works: %d", r.status)
			}
			s.Customer(43).SetExternalID(id)
			if p := logsAt(t, s, "/api/managed_users/"+path+"/activity_logs"); *p.Total != 0 {
				t.Error("the ID did not move to the other customer")
			}
		})
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer(workatotest.WithToken("abc"), workatotest.WithQuota(1))
	for header, want := range map[string]int{
		"":                    401,
		"abc":                 401,
		"Bearer":              401,
		"Bearer ab":           401,
		"Bearer abcd":         401,
		"Bearer abc ":         401,
		"Basic abc":           401,
		"Bearer " + "ABC":     401,
		"Token token=\"abc\"": 401,
	} {
		// An unknown path tells nothing to who has no token.
		for _, path := range []string{"/api/activity_logs", "/api/nonsense"} {
			req := newRequest(t, s, "GET", base+path, "")
			req.Header.Set("Authorization", header)
			if header == "" {
				req.Header.Del("Authorization")
			}
			if r := mustDo(t, s.Client(), req); r.status != want {
				t.Errorf("%q: %d, want %d", header, r.status, want)
			}
		}
	}
	if got := send(t, s, "GET", "/api/activity_logs", ""); got.status != 200 {
		t.Errorf("refused requests used the quota: %d %s", got.status, got.body)
	}
	for _, r := range s.Requests() {
		if r.Header.Get("Authorization") != "" {
			t.Fatal("a token was kept")
		}
	}
}

func TestAnswerHeaders(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, time.June, 18, 12, 0, 0, 0, time.FixedZone("", 3600))
	s := workatotest.NewServer(workatotest.WithClock(func() time.Time { return now }))
	s.Own().AddTag(workatotest.Tag{Handle: "t"})
	seen := make(map[string]bool)
	for _, c := range []struct {
		method, path string
		status       int
		body         bool
	}{
		{"GET", "/api/activity_logs", 200, true},
		{"DELETE", "/api/tags/t", 200, false},
		{"DELETE", "/api/tags/t", 404, true},
		{"GET", "/api/activity_logs?from=x", 500, true},
	} {
		r := send(t, s, c.method, c.path, "")
		if r.status != c.status || (r.body != "") != c.body {
			t.Errorf("%s %s: %d %q", c.method, c.path, r.status, r.body)
		}
		if got := r.header.Get("Date"); got != "Tue, 18 Jun 2024 11:00:00 GMT" {
			t.Errorf("Date %q", got)
		}
		want := ""
		if c.body {
			want = "application/json; charset=utf-8"
		}
		if got := r.header.Get("Content-Type"); got != want {
			t.Errorf("%s %s: Content-Type %q", c.method, c.path, got)
		}
		seen[r.header.Get("X-Request-Id")] = true
	}
	if len(seen) != 4 || seen[""] {
		t.Errorf("request IDs %v", seen)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer()
		s.Customer(5).SetExternalID("a/b")
		start := time.Now()
		first := send(t, s, "GET", "/api/managed_users/Ea%2Fb/activity_logs?page%5Bsize%5D=3", "")
		time.Sleep(time.Second)
		send(t, s, "POST", "/api/tags", `{"title":""}`)
		s.Fail(1, workatotest.Fault{Drop: true})
		if _, err := try(t, s, "GET", "/api/tags", ""); err == nil {
			t.Error("no error")
		}

		got := s.Requests()
		if len(got) != 3 {
			t.Fatalf("%d requests", len(got))
		}
		if r := got[0]; r.Method != "GET" || r.Path != "/api/managed_users/Ea%2Fb/activity_logs" ||
			r.Query.Get("page[size]") != "3" || !r.Time.Equal(start) || r.Status != 200 ||
			r.RequestID != first.header.Get("X-Request-Id") {
			t.Errorf("first: %+v", r)
		}
		if r := got[1]; string(r.Body) != `{"title":""}` || r.Status != 422 || r.Time.Sub(start) != time.Second ||
			r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("second: %+v", r)
		}
		if r := got[2]; r.Status != 0 {
			t.Errorf("third: %+v", r)
		}

		s.ResetRequests()
		again := send(t, s, "GET", "/api/tags", "")
		if len(s.Requests()) != 1 || again.header.Get("X-Request-Id") == got[0].RequestID {
			t.Error("after a reset the IDs began anew, or old requests were kept")
		}
	})
}

func TestSameSeedSameOutput(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		s := workatotest.NewServer(workatotest.WithSeed(seed), workatotest.WithClock(func() time.Time { return day }))
		s.Own().AddDay(day)
		s.Customer(3).AddDay(day)
		var out strings.Builder
		for _, r := range []reply{
			send(t, s, "POST", "/api/tags", `{"title":"x"}`),
			send(t, s, "GET", "/api/activity_logs", ""),
			send(t, s, "GET", "/api/managed_users/3/activity_logs", ""),
			send(t, s, "GET", "/api/activity_logs?to=tomorrow", ""),
		} {
			fmt.Fprintln(&out, r.status, r.header, r.body)
		}
		return out.String()
	}
	first, again := run(1), run(1)
	if first != again {
		t.Error("the same seed gave two outputs")
	}
	if first == run(2) {
		t.Error("two seeds gave one output")
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer(workatotest.WithQuota(0))
	defer s.Close()
	url := s.URL()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			w := s.Customer(int64(1 + i%3))
			for range 20 {
				w.AddEvents(w.Activity(time.Now()))
				w.SetExternalID(strconv.Itoa(i))
				send(t, s, "GET", fmt.Sprintf("/api/managed_users/%d/activity_logs", w.ID()), "")
				send(t, s, "POST", "/api/tags", `{"title":"x"}`)
				s.Fail(1, workatotest.Fault{Path: "none"})
				s.Requests()
				s.Own().Tags()
			}
			if _, err := do(http.DefaultClient, newRequest(t, s, "GET", url+"/api/tags", "")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(s.Own().Tags()); n != 160 {
		t.Errorf("%d tags", n)
	}
}

func TestProgrammerErrorsPanic(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	for name, f := range map[string]func(){
		"empty token":   func() { workatotest.WithToken("") },
		"nil clock":     func() { workatotest.WithClock(nil) },
		"own external":  func() { s.Own().SetExternalID("x") },
		"no JSON":       func() { s.Own().AddEvents(workatotest.Event{Resource: workatotest.Resource{ID: func() {}}}) },
		"bogus status":  func() { s.Fail(1, workatotest.Fault{Status: 42}) },
		"informational": func() { s.Fail(1, workatotest.Fault{Status: 100}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if text := fmt.Sprint(recover()); !strings.HasPrefix(text, "workatotest: ") {
					t.Errorf("panic %q", text)
				}
			}()
			f()
		})
	}
}
