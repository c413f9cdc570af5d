package workatotest

import (
	"net/http"
	"time"
)

// quota counts the requests of one rolling minute.
type quota struct {
	limit int         // 0 or less: none
	taken []time.Time // oldest first, never more than limit
}

// take counts a request at now, or says how long until one more fits. A
// refused request does not count.
func (q *quota) take(now time.Time) (wait time.Duration, ok bool) {
	if q.limit <= 0 {
		return 0, true
	}
	gone := 0
	for gone < len(q.taken) && now.Sub(q.taken[gone]) >= time.Minute {
		gone++
	}
	q.taken = q.taken[:copy(q.taken, q.taken[gone:])]
	if len(q.taken) >= q.limit {
		return time.Minute - now.Sub(q.taken[0]), false
	}
	q.taken = append(q.taken, now)
	return 0, true
}

func (s *Server) tooMany(wait time.Duration) answer {
	a := refused(http.StatusTooManyRequests)
	if s.retryAfter {
		a.header = http.Header{"Retry-After": {retryAfter(wait)}}
	}
	return a
}
