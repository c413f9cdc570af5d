package workatotest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

func TestQuotaIsARollingMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer(workatotest.WithRetryAfter())
		s.Customer(1)
		get := func(path string) reply { return send(t, s, "GET", path, "") }
		for i := range 60 {
			path := []string{"/api/activity_logs", "/api/tags", "/api/managed_users/1/activity_logs", "/api/v2/managed_users/1/tags?page=x"}[i%4]
			if r := get(path); r.status == 429 {
				t.Fatalf("request %d: %s", i+1, r.body)
			}
			time.Sleep(500 * time.Millisecond)
		}
		// 30 seconds have passed; the first request was at 0.
		for range 3 {
			r := get("/api/tags")
			same(t, "status", r.status, 429)
			same(t, "body", r.body, `{"message":"Too many requests"}`)
			same(t, "Retry-After", r.header.Get("Retry-After"), "30")
		}
		same(t, "customers have their own", get("/api/managed_users").status, 200)
		time.Sleep(29*time.Second + 999*time.Millisecond)
		same(t, "a millisecond early", get("/api/tags").header.Get("Retry-After"), "1")
		time.Sleep(time.Millisecond)
		same(t, "one fits", get("/api/tags").status, 200)
		same(t, "and no more", get("/api/tags").status, 429)
	})
}

func TestAssignmentQuotas(t *testing.T) {
	t.Parallel()
	const body = `{"add_tags":["t"],"recipe_ids":[1]}`
	until := func(s *workatotest.Server, path string) int {
		for n := range 2000 {
			if r := send(t, s, "POST", path, body); r.status == 429 {
				if r.header.Get("Retry-After") != "" {
					t.Error("Retry-After without being asked")
				}
				return n
			}
		}
		return -1
	}
	for _, c := range []struct {
		opts          []workatotest.Option
		own, customer int
	}{
		{nil, 60, 1000},
		{[]workatotest.Option{workatotest.WithAssignmentsQuota(5)}, 5, 5},
		{[]workatotest.Option{workatotest.WithAssignmentsQuota(0)}, -1, -1},
		{[]workatotest.Option{workatotest.WithQuota(1)}, 60, 1000},
	} {
		now := func() time.Time { return day }
		s := workatotest.NewServer(append(c.opts, workatotest.WithClock(now))...)
		s.Own().AddTag(workatotest.Tag{Handle: "t"})
		s.Customer(1).AddTag(workatotest.Tag{Handle: "t"})
		same(t, "own", until(s, "/api/tags_assignments"), c.own)
		same(t, "customer", until(s, "/api/v2/managed_users/1/tags_assignments"), c.customer)
		same(t, "environment management", send(t, s, "GET", "/api/tags", "").status, 200)
	}
}
