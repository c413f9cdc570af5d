package activity_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
)

func newClient(t testing.TB, transport http.RoundTripper, opts ...workato.Option) *workato.Client {
	t.Helper()
	client, err := workato.NewClient("wrk-token", append(opts, workato.WithHTTPClient(&http.Client{Transport: transport}))...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// answering makes a service whose every request gets the same body.
func answering(t testing.TB, body string) *activity.Service {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewStringResponder(200, body))
	return activity.New(newClient(t, mock, workato.WithLimiter(workato.QuotaEnvironment, nil)).Own())
}

// fixture is a documented response, as the server would send it.
func fixture(t testing.TB, n int) []byte {
	t.Helper()
	body, err := os.ReadFile(fmt.Sprintf("testdata/response%d.json", n))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// list decodes a body as the log's first page.
func list(t testing.TB, body string) *activity.Page {
	t.Helper()
	page, err := answering(t, body).List(t.Context(), activity.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// one decodes a record.
func one(t testing.TB, record string) *activity.Event {
	t.Helper()
	page := list(t, `{"data":[`+record+`],"total":1}`)
	if len(page.Events) != 1 {
		t.Fatalf("%d events from one record", len(page.Events))
	}
	return page.Events[0]
}

// fakeLog is a server's log of the given IDs, newest first, which pages by
// page[after] as the API does. It remembers the cursors that it was asked for.
type fakeLog struct {
	ids      []int64
	pageSize int
	asked    []string
	respond  func(request int, r *http.Request) (*http.Response, error) // nil, nil: the page
}

func (l *fakeLog) RoundTrip(r *http.Request) (*http.Response, error) {
	after := r.URL.Query().Get("page[after]")
	l.asked = append(l.asked, after)
	if l.respond != nil {
		if resp, err := l.respond(len(l.asked), r); resp != nil || err != nil {
			return resp, err
		}
	}
	var rows []string
	for _, id := range l.ids {
		if after == "" || id < atoi(after) {
			rows = append(rows, fmt.Sprintf(`{"id":%d}`, id))
		}
	}
	size := l.pageSize
	if size == 0 {
		size = 100
	}
	return pageOf(len(l.ids), rows[:min(len(rows), size)]...), nil
}

func pageOf(total int, rows ...string) *http.Response {
	return httpmock.NewStringResponse(200, fmt.Sprintf(`{"data":[%s],"total":%d}`, strings.Join(rows, ","), total))
}

func rowsOf(ids ...int64) []string {
	rows := make([]string, len(ids))
	for i, id := range ids {
		rows[i] = fmt.Sprintf(`{"id":%d}`, id)
	}
	return rows
}

func atoi(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// descending is n IDs from high on down.
func descending(high int64, n int) []int64 {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = high - int64(i)
	}
	return ids
}

// collect reads an iterator to its end, and gives the IDs and the error.
func collect(ctx context.Context, s *activity.Service) (ids []int64, err error) {
	for event, e := range s.All(ctx, activity.Filter{}) {
		if e != nil {
			return ids, e
		}
		ids = append(ids, event.ID)
	}
	return ids, nil
}

func wantArgumentError(t *testing.T, err error, field, says string) {
	t.Helper()
	argument, ok := errors.AsType[*workato.ArgumentError](err)
	if !ok {
		t.Fatalf("got %T (%v), want a *workato.ArgumentError", err, err)
	}
	if argument.Field != field || !strings.Contains(argument.Reason, says) {
		t.Errorf("got %q, want field %q and a reason with %q", err, field, says)
	}
}

func marshal(t testing.TB, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
