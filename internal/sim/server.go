package sim

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Counting is what a server's total says.
type Counting int

// The ways to count.
const (
	Exact   Counting = iota // the rows that match
	PerPage                 // the rows of the page
	Capped                  // the rows that match, up to Rules.Cap
	Silent                  // nothing
)

// Rules are the knobs of a server. The zero value is a server without quota
// whose answers are exact.
type Rules struct {
	PerMinute int           // requests in a rolling minute; 0: no limit
	Counting  Counting      // what total says
	Cap       int           // for Capped
	CountLag  time.Duration // total counts only what has been visible for that long
	Storm     Storm
}

// Storm is a time in which every request is refused, as when other programs use
// the quota up. It comes back after Every, first after half of that.
type Storm struct {
	Every, For time.Duration
	RetryAfter time.Duration // what a refusal says
}

// LimitError is an answer 429.
type LimitError struct{ RetryAfter time.Duration }

func (e *LimitError) Error() string {
	return fmt.Sprintf("too many requests: retry after %v", e.RetryAfter)
}

// errUnavailable is a request that failed on its way or at the server.
var errUnavailable = errors.New("the request failed")

// Server answers requests for a world's logs from the snapshot at the instant of
// the request. Instants must not go back.
type Server struct {
	world *World
	rules Rules
	views []*view
	taken []int64 // instants of the requests of the last minute
}

// NewServer makes a server of the world.
func NewServer(w *World, r Rules) *Server {
	s := &Server{world: w, rules: r}
	for _, j := range w.journals {
		s.views = append(s.views, newView(j))
	}
	return s
}

// Get answers a request that arrives at that instant.
func (s *Server) Get(now int64, q Query) (Page, error) {
	if wait, ok := s.admit(now); !ok {
		return Page{}, &LimitError{RetryAfter: wait}
	}
	log := s.world.LogAt(now)
	v := s.views[log]
	v.advance(now)
	bounds := span{from: second(q.From), to: second(q.To)}
	if q.To == 0 {
		bounds.to = math.MaxInt64 - 1
	}
	rows := v.page(q, bounds)
	page := Page{Rows: rows, Total: s.count(v, now, q.Filter, bounds, len(rows)), Date: second(now) * 1000}
	if len(rows) > 0 {
		page.Source = uint64(log) + 1 //nolint:gosec // an index
	}
	return page, nil
}

func (s *Server) count(v *view, now int64, f Filter, bounds span, page int) int {
	n := v.total(f, bounds)
	if lag := s.rules.CountLag.Milliseconds(); lag > 0 {
		n -= v.totalSince(now-lag, f, bounds)
	}
	switch s.rules.Counting {
	case PerPage:
		return page
	case Capped:
		return min(n, s.rules.Cap)
	case Silent:
		return -1
	case Exact:
	}
	return n
}

// admit says whether the quota has room for a request, and else when it has.
func (s *Server) admit(now int64) (wait time.Duration, ok bool) {
	if s.rules.Storm.rages(now - s.world.Start) {
		return s.rules.Storm.RetryAfter, false
	}
	if s.rules.PerMinute == 0 {
		return 0, true
	}
	minute := time.Minute.Milliseconds()
	gone := 0
	for gone < len(s.taken) && now-s.taken[gone] >= minute {
		gone++
	}
	s.taken = s.taken[:copy(s.taken, s.taken[gone:])]
	if len(s.taken) >= s.rules.PerMinute {
		left := minute - (now - s.taken[0])
		return time.Duration((left+999)/1000) * time.Second, false
	}
	s.taken = append(s.taken, now)
	return 0, true
}

// rages says whether the storm is on, a time after the start.
func (s Storm) rages(since int64) bool {
	if s.Every == 0 || since < 0 {
		return false
	}
	every := s.Every.Milliseconds()
	return (since+every/2)%every < s.For.Milliseconds()
}
