package ontarget_test

import (
	"slices"
	"strconv"

	"github.com/workato-go/sdk/activity/diff"
)

// midnight is 2024-06-18 00:00:00 UTC. The tests stay within that day, so that
// a time is easy to write.
const midnight = 1718668800000

// event is a row of the server's log.
type event struct{ id, atMs, visibleMs int64 }

// server is a log as the API shows it: newest first by ID, and with a count of
// all that matches.
type server struct {
	events    []event // ascending by ID
	workspace int64
	hidden    int // rows that the count has and no page shows
	body      []byte
}

// add puts an event at its place.
func (s *server) add(e event) {
	s.events = append(s.events, e)
	for i := len(s.events) - 1; i > 0 && s.events[i-1].id > e.id; i-- {
		s.events[i-1], s.events[i] = s.events[i], s.events[i-1]
	}
}

// answer is the body; it is good until the next one.
func (s *server) answer(q diff.Query, nowMs int64) []byte {
	b := s.body[:0]
	b = append(b, `{"data":[`...)
	total, rows := s.hidden, 0
	for _, e := range slices.Backward(s.events) {
		if e.visibleMs > nowMs || e.atMs < q.FromMs || q.ToMs != 0 && e.atMs >= q.ToMs {
			continue
		}
		total++
		if rows == q.Size || q.After != 0 && e.id >= q.After {
			continue
		}
		if rows++; rows > 1 {
			b = append(b, ',')
		}
		b = append(b, `{"id":`...)
		b = strconv.AppendInt(b, e.id, 10)
		b = append(b, `,"timestamp":"2024-06-18 `...)
		seconds := (e.atMs - midnight) / 1000
		b = append(pair(b, seconds/3600), ':')
		b = append(pair(b, seconds/60%60), ':')
		b = append(pair(b, seconds%60), ` UTC","event_type":"user_login","workspace":{"id":`...)
		b = strconv.AppendInt(b, s.workspace, 10)
		b = append(b, `},"user":null}`...)
	}
	b = append(b, `],"total":`...)
	b = strconv.AppendInt(b, int64(total), 10)
	b = append(b, '}')
	s.body = b
	return b
}

func pair(b []byte, n int64) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }
