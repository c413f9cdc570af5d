package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/workato-go/sdk/workato"
)

// host is where the SDK sends requests of a region.
func host(region string) (string, error) {
	known, err := workato.ParseRegion(region)
	if err != nil {
		return "", err
	}
	stop := errors.New("nothing is sent")
	found := ""
	see := roundTrip(func(r *http.Request) (*http.Response, error) {
		found = r.URL.Host
		return nil, stop
	})
	client, err := workato.NewClient("none", workato.WithRegion(known), workato.WithHTTPClient(&http.Client{Transport: see}),
		workato.WithRetry(workato.RetryPolicy{MaxAttempts: 1}))
	if err != nil {
		return "", err
	}
	_, err = client.Own().Do(context.Background(), &workato.Request{Op: "host", Method: http.MethodGet, Path: []string{"activity_logs"}}, nil)
	if found == "" {
		return "", err
	}
	return found, nil
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
