package workatotest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

// get stands for the program under test: all it knows is a base URL, a token
// and an http.Client.
func get(client *http.Client, target string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, target, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Authorization", "Bearer "+workatotest.Token)
	res, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

func Example() {
	srv := workatotest.NewServer()
	defer srv.Close()
	srv.Own().AddEvents(workatotest.Event{
		Time:     time.Date(2024, time.June, 18, 9, 30, 0, 0, time.UTC),
		Type:     "recipe_started",
		User:     &workatotest.User{ID: 31, Name: "Mara", Email: "mara@example.com"},
		Resource: workatotest.Resource{ID: 289, Name: "Post invoices", Type: "Flow"},
	})

	_, body, err := get(http.DefaultClient, srv.URL()+"/api/activity_logs")
	if err != nil {
		fmt.Println(err)
		return
	}
	var page struct {
		Data []struct {
			Timestamp string `json:"timestamp"`
			EventType string `json:"event_type"`
		} `json:"data"`
		Total int `json:"total"`
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Total, page.Data[0].Timestamp, page.Data[0].EventType)
	// Output: 1 2024-06-18 09:30:00 UTC recipe_started
}

// Without a socket: any base URL will do.
func ExampleServer_Client() {
	srv := workatotest.NewServer()
	defer srv.Close()

	status, body, err := get(srv.Client(), "https://app.eu.workato.com/api/activity_logs")
	fmt.Println(status, body, err)
	// Output: 200 {"data":[],"total":0} <nil>
}

// The second and the third request fail, the fourth finds a proxy in its way.
func ExampleServer_Fail() {
	srv := workatotest.NewServer()
	defer srv.Close()
	srv.Fail(1, workatotest.Fault{})
	srv.Fail(1, workatotest.Fault{Status: http.StatusTooManyRequests, RetryAfter: "20"})
	srv.Fail(1, workatotest.Fault{Drop: true})
	srv.Fail(1, workatotest.ProxyError(http.StatusBadGateway))

	for range 5 {
		status, body, err := get(srv.Client(), "https://workato.example/api/tags")
		if err != nil {
			fmt.Println(err)
			continue
		}
		line, _, _ := strings.Cut(body, "\r\n")
		fmt.Println(status, line)
	}
	// Output:
	// 200 {"data":{"tags":[]}}
	// 429 {"message":"Too many requests"}
	// Get "https://workato.example/api/tags": workatotest: the connection was closed without an answer: EOF
	// 502 <html>
	// 200 {"data":{"tags":[]}}
}

func ExampleServer_Requests() {
	srv := workatotest.NewServer()
	defer srv.Close()
	_, _, _ = get(srv.Client(), "https://workato.example/api/activity_logs?page%5Bsize%5D=1")
	_, _, _ = get(srv.Client(), "https://workato.example/api/activity_logs?page[size]=1")

	for _, r := range srv.Requests() {
		fmt.Println(r.Method, r.Path, r.Query, r.Status)
	}
	// Output:
	// GET /api/activity_logs map[page[size]:[1]] 200
	// GET /api/activity_logs map[page[size]:[1]] 400
}

func ExampleWorkspace_SetExternalID() {
	srv := workatotest.NewServer()
	defer srv.Close()
	srv.Customer(19029).SetExternalID("acme/eu")

	path := "/api/managed_users/" + url.PathEscape("E"+"acme/eu") + "/activity_logs"
	status, _, _ := get(srv.Client(), "https://workato.example"+path)
	fmt.Println(status, path)
	// Output: 200 /api/managed_users/Eacme%2Feu/activity_logs
}

// A row that becomes visible after a row of a higher ID: what a reader that
// remembers only the highest ID loses.
func ExampleWorkspace_AddEvents_late() {
	now := time.Date(2024, time.June, 18, 12, 0, 0, 0, time.UTC)
	srv := workatotest.NewServer(workatotest.WithClock(func() time.Time { return now }))
	defer srv.Close()
	srv.Own().AddEvents(
		workatotest.Event{ID: 101, Type: "recipe_started", Delay: time.Minute},
		workatotest.Event{ID: 102, Type: "recipe_stopped"},
	)
	show := func() {
		_, body, _ := get(srv.Client(), "https://workato.example/api/activity_logs")
		fmt.Println(strings.Count(body, "event_type"), strings.Contains(body, "recipe_started"))
	}
	show()
	now = now.Add(time.Minute)
	show()
	// Output:
	// 1 false
	// 2 true
}

func ExampleWorkspace_AddDay() {
	srv := workatotest.NewServer()
	defer srv.Close()
	n := srv.Own().AddDay(time.Date(2024, time.June, 18, 0, 0, 0, 0, time.UTC))

	_, body, _ := get(srv.Client(), "https://workato.example/api/activity_logs?page%5Bsize%5D=1")
	fmt.Println(60 <= n && n <= 150, strings.HasSuffix(body, fmt.Sprintf(`"total":%d}`, n)))
	// Output: true true
}

func ExampleWorkspace_Activity() {
	srv := workatotest.NewServer()
	defer srv.Close()
	acme := srv.Customer(19029)
	for range 3 {
		e := acme.Activity(time.Date(2024, time.June, 18, 12, 0, 0, 0, time.UTC))
		acme.AddEvents(e)
		fmt.Println(e.Type, e.Resource.Type)
	}
	// Output:
	// recipe_updated Flow
	// recipe_started Flow
	// recipe_stopped Flow
}
