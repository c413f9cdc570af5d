package watch_test

import (
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/https"
	"github.com/workato-go/sdk/examples/picow/watch"
)

// quiet is a connection whose server always gives the same answer: it costs
// nothing itself, so that what is counted is the board's.
type quiet struct {
	net.Conn
	answer string
	rest   string
}

func (q *quiet) Write(p []byte) (int, error) { q.rest = q.answer; return len(p), nil }

func (q *quiet) Read(p []byte) (int, error) {
	n := copy(p, q.rest)
	q.rest = q.rest[n:]
	return n, nil
}

func (q *quiet) Close() error                     { return nil }
func (q *quiet) SetReadDeadline(time.Time) error  { return nil }
func (q *quiet) SetWriteDeadline(time.Time) error { return nil }

// page is an answer of the log with one row.
func page() string {
	const body = `{"data":[{"id":3649180,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"user_logout",` +
		`"workspace":{"id":12345,"name":"x","email":"x@example.com","environment":"dev"}}],"total":1}`
	return "HTTP/1.1 200 OK\r\nDate: Tue, 18 Jun 2024 19:18:00 GMT\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: " +
		strconv.Itoa(len(body)) + "\r\n\r\n" + body
}

// What a quiet poll leaves behind for the garbage collector is a few short
// texts. On a board each round that leaves more fragments the heap.
//
//nolint:paralleltest // AllocsPerRun counts those of all goroutines
func TestAQuietPollLeavesLittleBehind(t *testing.T) {
	conn := &quiet{answer: page()}
	shown, err := alarm.New(alarm.Config{}, output{}, output{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2024, time.June, 18, 19, 18, 0, 0, time.UTC)
	w, err := watch.New(watch.Config{
		Client: https.New(func(time.Time) (net.Conn, error) { return conn, nil }, host), Host: host, Token: "x",
		Store: &flash{}, Alarm: shown, Now: func() time.Time { return now }, Sleep: func(time.Duration) {},
		Random: func() uint32 { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	poll := func() {
		if _, err := w.Poll(); err != nil {
			t.Fatal(err)
		}
		w.Wait(30 * time.Second)
	}
	for range 5 {
		poll() // the first ones find the beginning, and make room
	}
	if n := testing.AllocsPerRun(200, poll); n > 4 { // the path, the text of the date; and what the race detector adds
		t.Errorf("%v allocations in a quiet round", n)
	}
}
