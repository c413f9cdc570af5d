//go:build tinygo

// Command scan reads a page. What it needs more than empty is the price of the
// package.
package main

import "github.com/workato-go/sdk/activity/scan"

var page = []byte(`{"data":[{"id":2234501,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"user_login"}],"total":1}`)

func main() {
	rows := 0
	s := scan.New(func(*scan.Item) error {
		rows++
		return nil
	})
	if _, err := s.Write(page); err != nil {
		panic(err.Error())
	}
	if err := s.Close(); err != nil {
		panic(err.Error())
	}
	println("rows", rows)
}
