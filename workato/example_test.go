package workato_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"

	"github.com/workato-go/sdk/workato"
	"github.com/workato-go/sdk/workato/workatotest"
)

func Example() {
	server := workatotest.NewServer() // in a program of yours: Workato itself
	client, err := workato.NewClient(server.Token(), workato.WithHTTPClient(server.Client()))
	if err != nil {
		log.Fatal(err)
	}
	var answer struct{ Total int }
	_, err = client.Own().Do(context.Background(), &workato.Request{
		Op: "activity.List", Method: http.MethodGet, Path: []string{"activity_logs"}, Idempotent: true,
	}, &answer)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Own(), answer.Total)
	// Output:
	// own 0
}

// The token and the region are all that a client needs.
func ExampleNewClient() {
	client, err := workato.NewClient("the-token-of-an-API-client", workato.WithRegion(workato.EU))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client)
	// Output:
	// workato.Client(https://app.eu.workato.com/api)
}

// What cannot work is found before anything is sent.
func ExampleNewClient_error() {
	_, err := workato.NewClient("wrk-1\n")
	fmt.Println(err)
	_, err = workato.NewClient("wrk-1", workato.WithBaseURL("http://workato.example.com"))
	fmt.Println(err)
	// Output:
	// workato: token has a line break; was it read from a file together with the end of its line?
	// workato: base URL is plain http, which would show the token to the network; use https
}

func ExampleParseRegion() {
	region, err := workato.ParseRegion(" EU ")
	fmt.Println(region, err)
	_, err = workato.ParseRegion("europe")
	fmt.Println(err)
	// Output:
	// eu <nil>
	// workato: region is not known; use us, eu, jp, sg, au, il, kr, uk, cn or trial
}

func ExampleClient_Own() {
	client, _ := workato.NewClient("token")
	fmt.Println(client.Own())
	// Output:
	// own
}

func ExampleClient_Customer() {
	client, _ := workato.NewClient("token")
	fmt.Println(client.Customer(19029))
	// Output:
	// customer 19029
}

func ExampleClient_ExternalCustomer() {
	client, _ := workato.NewClient("token")
	fmt.Println(client.ExternalCustomer("A2300"))
	// Output:
	// external customer A2300
}

// Do reaches what this SDK has no service for, here the list of an embedded
// partner's customers. Quotas, retries and errors are the same.
func ExampleWorkspace_Do() {
	server := workatotest.NewServer()
	server.Customer(19029).SetName("Ada's bakery")
	client, err := workato.NewClient(server.Token(), workato.WithHTTPClient(server.Client()))
	if err != nil {
		log.Fatal(err)
	}
	var answer struct {
		Result []struct {
			ID   int64
			Name string
		}
	}
	resp, err := client.Own().Do(context.Background(), &workato.Request{
		Op:         "customers.List",
		Method:     http.MethodGet,
		Path:       []string{"managed_users"},
		Query:      url.Values{"per_page": {"100"}},
		Idempotent: true,
	}, &answer)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.StatusCode, answer.Result[0].ID, answer.Result[0].Name)
	// Output:
	// 200 19029 Ada's bakery
}

// An error says what the server said, and matches a class.
func ExampleError() {
	server := workatotest.NewServer()
	server.Fail(-1, workatotest.Fault{Status: 422, Body: `{"errors":{"title":["is too long"]},"id":"4711"}`})
	client, err := workato.NewClient(server.Token(), workato.WithHTTPClient(server.Client()))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Customer(19029).Do(context.Background(), &workato.Request{
		Op: "tags.Create", Method: http.MethodPost, Version: "v2", Path: []string{"tags"}, Body: map[string]string{"title": "…"},
	}, nil)
	if errors.Is(err, workato.ErrInvalid) {
		fmt.Println("the server refused it")
	}
	if e, ok := errors.AsType[*workato.Error](err); ok {
		fmt.Println(e.StatusCode, e.Fields["title"], e.ID)
	}
	// Output:
	// the server refused it
	// 422 [is too long] 4711
}

// An observer sees each attempt: here one that failed, and its retry.
func ExampleWithObserver() {
	server := workatotest.NewServer()
	server.Fail(1, workatotest.Fault{Status: 503})
	client, err := workato.NewClient(server.Token(), workato.WithHTTPClient(server.Client()),
		workato.WithRetry(workato.RetryPolicy{MinWait: time.Millisecond}),
		workato.WithObserver(func(_ context.Context, a workato.Attempt) {
			fmt.Println(a.Op, a.Number, a.Status)
		}))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Own().Do(context.Background(), &workato.Request{
		Op: "tags.List", Method: http.MethodGet, Path: []string{"tags"}, Idempotent: true,
	}, nil)
	fmt.Println(err)
	// Output:
	// tags.List 1 503
	// tags.List 2 200
	// <nil>
}

// Two programs that share a workspace's 60 requests a minute take half each.
func ExampleWithLimiter() {
	half := rate.NewLimiter(rate.Limit(27.0/60), 3) // 3 at once and 27 a minute after that
	_, err := workato.NewClient("token", workato.WithLimiter(workato.QuotaEnvironment, half))
	fmt.Println(err)
	// Output:
	// <nil>
}
