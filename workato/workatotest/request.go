package workatotest

import (
	"net/http"
	"net/url"
	"time"
)

// Request is one request as the server received it.
type Request struct {
	Method    string
	Path      string      // escaped, as it was sent
	Query     url.Values  // as far as it could be read
	Header    http.Header // without Authorization: no token is kept
	Body      []byte      // at most 1 MiB of it
	Time      time.Time   // when it arrived, on the server's clock
	Status    int         // of the answer; 0: none yet, or the connection was dropped
	RequestID string      // the X-Request-Id of the answer
}

func newRequest(r *http.Request, body []byte, now time.Time, id string) *Request {
	h := r.Header.Clone()
	h.Del("Authorization")
	return &Request{
		Method:    r.Method,
		Path:      r.URL.EscapedPath(),
		Query:     r.URL.Query(),
		Header:    h,
		Body:      body[:min(len(body), maxBody)],
		Time:      now,
		RequestID: id,
	}
}

// Requests returns what the server has received since it was made or
// [Server.ResetRequests] was last called, oldest first. The list has no bound.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Request, len(s.requests))
	for i, r := range s.requests {
		out[i] = *r
	}
	return out
}

// ResetRequests forgets the requests received so far. It changes neither the
// quota they used nor the request IDs to come.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}
