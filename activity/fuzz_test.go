package activity_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
)

var oddRows = []string{
	`{}`, `null`, `7`, `"x"`, `[{}]`, `{"id":"12"}`, `{"id":1e2,"user":{}}`, `{"id":-1,"timestamp":"2024-06-18 19:17:31 UTC"}`,
	`{"user":"x","workspace":[],"resource":null,"details":{"request":[],"error":"no"}}`, `{"resource":{"id":true,"folder_id":"9"}}`,
	"{\"event_type\":\"\\ud83d\\ude80\xff\"}", `{"id":9223372036854775808}`, `{"ID":1,"Id":2,"id":3}`,
}

// Any row that is JSON becomes an event with its bytes as they were; any other
// is an error.
func FuzzEvent(f *testing.F) {
	for _, row := range oddRows {
		f.Add([]byte(row))
	}
	f.Fuzz(func(t *testing.T, row []byte) {
		var event activity.Event
		err := json.Unmarshal(row, &event)
		if json.Valid(row) != (err == nil) {
			t.Fatalf("valid JSON: %v, but %v", json.Valid(row), err)
		}
		if err != nil {
			return
		}
		if !bytes.Equal(event.Raw(), bytes.TrimSpace(row)) {
			t.Fatalf("Raw is %q, was %q", event.Raw(), row)
		}
		if event.RawTime == "" && !event.Time.IsZero() {
			t.Fatal("a time from nothing")
		}
	})
}

// Any answer is an error or a page that has all rows in order, each with its
// bytes as they were.
func FuzzPage(f *testing.F) {
	for i := range documented {
		f.Add(fixture(f, i+1))
	}
	f.Add([]byte(`{"data":[` + string(bytes.Join(byteSlices(oddRows), []byte(", "))) + `],"total":"3"}`))
	f.Add([]byte(`{"data":null}`))
	f.Add([]byte(`{"data":[{"id":1}],"DATA":[]}`))
	f.Add([]byte(`{"success":false,"data":[]}`))

	var body []byte
	mock := roundTrip(func(*http.Request) (*http.Response, error) { return httpmock.NewBytesResponse(200, body), nil })
	service := activity.New(newClient(f, mock, workato.WithLimiter(workato.QuotaEnvironment, nil)).Own())
	f.Fuzz(func(t *testing.T, given []byte) {
		body = given
		page, err := service.List(context.Background(), activity.ListOptions{})
		var answer struct{ Data []json.RawMessage }
		jsonErr := json.Unmarshal(body, &answer)
		if err != nil {
			return
		}
		if jsonErr != nil || len(page.Events) != len(answer.Data) {
			t.Fatalf("%d events from %d rows (%v)", len(page.Events), len(answer.Data), jsonErr)
		}
		last := int64(0)
		for i, event := range page.Events {
			if !bytes.Equal(event.Raw(), answer.Data[i]) {
				t.Fatalf("Raw of row %d is %q, was %q", i, event.Raw(), answer.Data[i])
			}
			if event.ID != 0 {
				last = event.ID
			}
		}
		if page.Next != last {
			t.Fatalf("Next is %d, the last ID %d", page.Next, last)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func byteSlices(texts []string) [][]byte {
	out := make([][]byte, len(texts))
	for i, text := range texts {
		out[i] = []byte(text)
	}
	return out
}
