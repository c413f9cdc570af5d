package workatotest_test

import (
	"net/netip"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

// all reads the whole log of the own workspace, oldest first.
func all(t *testing.T, s *workatotest.Server) (rows page) {
	t.Helper()
	after := []string{}
	for {
		p := logs(t, s, after...)
		if len(p.Data) == 0 {
			break
		}
		rows.Data = append(rows.Data, p.Data...)
		after = []string{"page[after]", number(p.Data[len(p.Data)-1].ID)}
	}
	for i, j := 0, len(rows.Data)-1; i < j; i, j = i+1, j-1 {
		rows.Data[i], rows.Data[j] = rows.Data[j], rows.Data[i]
	}
	return rows
}

func TestDaysAreBelievable(t *testing.T) {
	t.Parallel()
	address := regexp.MustCompile(`[^"\s]+@[^"\s]+`)
	documentation := []netip.Prefix{
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	}
	kinds := make(map[string]int)
	for seed := range uint64(25) {
		s := workatotest.NewServer(workatotest.WithSeed(seed), workatotest.WithQuota(0))
		running := make(map[any]bool)
		known := make(map[any]bool)
		for d := range 4 {
			date := day.AddDate(0, 0, d)
			if n := s.Own().AddDay(date.Add(15 * time.Hour)); n < 60 || n > 150 {
				t.Errorf("seed %d: %d events", seed, n)
			}
		}
		rows := all(t, s)
		last, without := "", 0
		for _, e := range rows.Data {
			kinds[e.EventType]++
			if e.Timestamp < last {
				t.Fatalf("seed %d: %s after %s", seed, e.Timestamp, last)
			}
			last = e.Timestamp
			if e.User == nil {
				without++
			}
			text := jsonOf(t, e)
			for _, mail := range address.FindAllString(text, -1) {
				if !strings.HasSuffix(mail, "@example.com") {
					t.Fatalf("address %s", mail)
				}
			}
			if request, ok := e.Details["request"].(map[string]any); ok {
				ip := netip.MustParseAddr(request["ip_address"].(string))
				if !documentation[0].Contains(ip) && !documentation[1].Contains(ip) && !documentation[2].Contains(ip) {
					t.Fatalf("address %v", ip)
				}
			}
			// Nobody starts what runs or changes what runs.
			id := e.Resource["id"]
			switch e.EventType {
			case "recipe_started":
				if known[id] && running[id] {
					t.Errorf("seed %d: %v is started twice", seed, id)
				}
				running[id], known[id] = true, true
			case "recipe_stopped":
				if known[id] && !running[id] {
					t.Errorf("seed %d: %v is stopped twice", seed, id)
				}
				running[id], known[id] = false, true
			case "recipe_updated":
				if known[id] && running[id] {
					t.Errorf("seed %d: %v is changed while it runs", seed, id)
				}
			}
		}
		if without == 0 {
			t.Errorf("seed %d: the platform does nothing", seed)
		}
		same(t, "the first day", rows.Data[0].Timestamp[:10], "2024-06-18")
		same(t, "the last day", last[:10], "2024-06-21")
	}
	for _, kind := range []string{
		"user_login", "user_logout", "recipe_created", "recipe_updated", "recipe_renamed", "recipe_moved",
		"recipe_started", "recipe_stopped", "recipe_deleted", "connection_created", "connection_connected",
		"connection_updated", "connection_disconnected", "folder_created", "folder_renamed", "package_exported",
		"package_imported", "connector_created", "connector_updated", "connector_released", "team_invitation_created",
		"team_invitation_accept", "api_privilege_group_updated", "account_property_updated", "token_regenerated",
	} {
		if kinds[kind] == 0 {
			t.Errorf("no %s in 100 days", kind)
		}
	}
	t.Log(kinds)
}

func TestDaysFollowTheirZone(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer(workatotest.WithQuota(0))
	s.Own().AddDay(time.Date(2024, time.June, 18, 0, 30, 0, 0, time.FixedZone("", 9*60*60)))
	for _, e := range all(t, s).Data {
		if e.Timestamp < "2024-06-17 22:00:00" || e.Timestamp > "2024-06-18 12:00:00" {
			t.Errorf("%s is no working hour", e.Timestamp)
		}
	}
}

func TestActivity(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) []workatotest.Event {
		w := workatotest.NewServer(workatotest.WithSeed(seed)).Customer(8)
		var out []workatotest.Event
		for i := range 500 {
			at := day.Add(time.Duration(i) * time.Second)
			e := w.Activity(at)
			if e.ID != 0 || e.Type == "" || !e.Time.Equal(at) || e.Resource.Type == "" {
				t.Fatalf("%+v", e)
			}
			out = append(out, e)
		}
		return out
	}
	a, b := run(4), run(4)
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed gave two stories")
	}
	if reflect.DeepEqual(a, run(5)) {
		t.Error("two seeds gave one story")
	}
}
