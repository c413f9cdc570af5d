package scan_test

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/workato-go/sdk/activity/scan"
)

const page = `{
    "data": [
        {
            "id": 2234501,
            "timestamp": "2024-06-18 19:17:31 UTC",
            "event_type": "user_login",
            "workspace": {"id": 20417, "name": "Ada", "environment": "dev"},
            "user": {"id": 20417, "name": "Ada"},
            "details": {"request": {"ip_address": "192.0.2.44"}, "activity": "password_login"},
            "resource": {"id": 20417, "name": "Ada", "type": "Workspace"}
        },
        {
            "id": 2234498,
            "timestamp": "2024-06-18 18:02:10 UTC",
            "event_type": "recipe_stopped",
            "workspace": {"id": 20417, "name": "Ada", "environment": "dev"},
            "details": {"stop_reason": "test_run_stop"},
            "resource": {"id": 4321, "name": "New leads", "type": "Flow"}
        }
    ],
    "total": 65
}`

// A scanner is an io.Writer, so that a response's body can be copied into it.
func Example() {
	s := scan.New(func(item *scan.Item) error {
		fmt.Println(item.ID, item.TimeMs, item.Type, item.ResourceType, item.UserID)
		return nil
	})
	if _, err := io.Copy(s, strings.NewReader(page)); err != nil {
		fmt.Println(err)
		return
	}
	if err := s.Close(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Total())
	// Output:
	// 2234501 1718738251000 user_login Workspace 20417
	// 2234498 1718733730000 recipe_stopped Flow 0
	// 65 true
}

// A buffer of any size does; on a board it may be the one that the network
// stack has anyway. One scanner reads all pages.
func ExampleScanner_Write() {
	var newest int64
	s := scan.New(func(item *scan.Item) error {
		newest = max(newest, item.ID)
		return nil
	})
	for range 2 {
		s.Reset()
		body := strings.NewReader(page)
		buffer := make([]byte, 64)
		for {
			n, err := body.Read(buffer)
			if _, err := s.Write(buffer[:n]); err != nil {
				fmt.Println(err)
				return
			}
			if err != nil {
				break
			}
		}
		fmt.Println(newest, s.Close())
	}
	// Output:
	// 2234501 <nil>
	// 2234501 <nil>
}

// An error of the callback stops the scan: here at the first row that is known.
func ExampleNew() {
	errKnown := errors.New("known from here on")
	s := scan.New(func(item *scan.Item) error {
		if item.ID <= 2234498 {
			return errKnown
		}
		fmt.Println("new:", item.ID)
		return nil
	})
	_, err := io.WriteString(s, page)
	fmt.Println(err)
	// Output:
	// new: 2234501
	// known from here on
}

// Only Close tells a page from half of one, and from an answer that is none.
func ExampleScanner_Close() {
	s := scan.New(nil)
	for _, answer := range []string{
		`{"data": [], "total": 0}`,
		`{"data": [{"id": 7}`,
		`{"message": "Unauthorized"}`,
		`{"success": false, "errors": {"from": ["is no time"]}}`,
		`<html>`,
	} {
		s.Reset()
		_, err := io.WriteString(s, answer)
		if err == nil {
			err = s.Close()
		}
		fmt.Println(err)
	}
	// Output:
	// <nil>
	// scan: the page ends in the middle
	// scan: the field "data" is missing or is no list
	// scan: the answer says "success": false
	// scan: expected a value at byte 0
}

// Texts that are to stay are copied with the item, without an allocation.
func ExampleText() {
	var first scan.Item
	s := scan.New(func(item *scan.Item) error {
		if first.ID == 0 {
			first = *item
		}
		return nil
	})
	if _, err := io.WriteString(s, page); err != nil {
		fmt.Println(err)
	}
	fmt.Println(first.Type.Equal("user_login"), first.Type.Truncated())
	fmt.Printf("%s\n", first.Environment.Bytes())
	// Output:
	// true false
	// dev
}
