package workatotest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

const base = "https://workato.example"

var day = time.Date(2024, time.June, 18, 0, 0, 0, 0, time.UTC)

// reply is a response with its body read.
type reply struct {
	status int
	header http.Header
	body   string
}

// send makes a request with the right token through the in-process client.
func send(t *testing.T, s *workatotest.Server, method, path, body string) reply {
	t.Helper()
	r, err := try(t, s, method, path, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func try(t *testing.T, s *workatotest.Server, method, path, body string) (reply, error) {
	t.Helper()
	return do(s.Client(), newRequest(t, s, method, base+path, body))
}

// do returns what was read of the body beside an error that cut it.
func do(client *http.Client, req *http.Request) (reply, error) {
	res, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, string(b)}, err
}

func mustDo(t *testing.T, client *http.Client, req *http.Request) reply {
	t.Helper()
	r, err := do(client, req)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newRequest(t *testing.T, s *workatotest.Server, method, target, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Token())
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

// page is a page of the activity log.
type page struct {
	Data []struct {
		ID        int64
		Timestamp string
		EventType string `json:"event_type"`
		Workspace struct {
			ID                       int64
			Name, Email, Environment string
		}
		User     *struct{ ID int64 }
		Details  map[string]any
		Resource map[string]any
	}
	Total *int
}

func (p page) ids() []int64 {
	ids := []int64{}
	for _, e := range p.Data {
		ids = append(ids, e.ID)
	}
	return ids
}

// logs reads one page of the own workspace; pairs are names and values.
func logs(t *testing.T, s *workatotest.Server, pairs ...string) page {
	t.Helper()
	return logsAt(t, s, "/api/activity_logs", pairs...)
}

func logsAt(t *testing.T, s *workatotest.Server, path string, pairs ...string) page {
	t.Helper()
	r := send(t, s, "GET", path+query(pairs...), "")
	if r.status != http.StatusOK {
		t.Fatalf("%s %v: %d %s", path, pairs, r.status, r.body)
	}
	var p page
	decode(t, r.body, &p)
	return p
}

func query(pairs ...string) string {
	if len(pairs) == 0 {
		return ""
	}
	q := make(url.Values)
	for pair := range slices.Chunk(pairs, 2) {
		q.Add(pair[0], pair[1])
	}
	return "?" + q.Encode()
}

func decode(t *testing.T, body string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), into); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	g, w := jsonOf(t, got), jsonOf(t, want)
	if g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
