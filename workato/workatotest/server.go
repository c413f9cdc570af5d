package workatotest

import (
	"context"
	"crypto/subtle"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

const (
	// ownID is the number under which rows of the own workspace show it.
	ownID = 10001

	// firstEventID has as many digits as the documented samples.
	firstEventID = 3_600_000

	// maxBody bounds what is read of a request; no documented body comes near.
	maxBody = 1 << 20
)

// Server is an in-memory Workato. It is an [http.Handler]; [Server.Client]
// and [Server.URL] are the two ways to reach it without mounting it. All
// methods, and those of its workspaces, are safe for concurrent use.
type Server struct {
	config

	mu        sync.Mutex
	ids       *rand.Rand // the gaps between event IDs
	tagNames  *rand.Rand // handles and colors
	lastEvent int64
	own       *Workspace
	customers map[int64]*Workspace
	external  map[string]*Workspace

	environmentQuota    quota
	customersQuota      quota
	ownAssignmentsQuota quota
	assignmentsQuota    quota // of all customers together

	faults   []*queuedFault
	received uint64 // since the beginning
	requests []*Request

	exchanges     map[*exchange]struct{} // under way in the process
	listener      *httptest.Server
	stopListening context.CancelFunc
	closed        bool
}

// NewServer makes a Server with an own workspace, no customer and no events.
// It does no I/O and starts no goroutine.
func NewServer(opts ...Option) *Server {
	c := config{
		token:               Token,
		now:                 time.Now,
		seed:                defaultSeed,
		perMinute:           defaultQuota,
		customerAssignments: defaultCustomerAssignments,
		ownAssignments:      defaultOwnAssignments,
	}
	for _, opt := range opts {
		opt(&c)
	}
	s := &Server{
		config:    c,
		ids:       newRand(c.seed, streamEventIDs),
		tagNames:  newRand(c.seed, streamTags),
		lastEvent: firstEventID,
		customers: make(map[int64]*Workspace),
		external:  make(map[string]*Workspace),
		exchanges: make(map[*exchange]struct{}),

		environmentQuota:    quota{limit: c.perMinute},
		customersQuota:      quota{limit: c.perMinute},
		ownAssignmentsQuota: quota{limit: c.ownAssignments},
		assignmentsQuota:    quota{limit: c.customerAssignments},
	}
	s.own = newWorkspace(s, ownID, "Own workspace", "workspace@example.com")
	return s
}

// Token returns the bearer token that requests must carry.
func (s *Server) Token() string { return s.token }

// URL returns the base URL of a listener on the loopback interface, such as
// "http://127.0.0.1:49152", and starts it on first use. It panics where the
// system gives no port, as [httptest.NewServer] does.
//
// The listener keeps no connection alive: net/http silently repeats a GET
// that a reused connection lost, which would hide a [Fault] with Drop.
// [Server.Close] ends the listener; a Server closed before its first URL has
// none and returns "".
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		if s.closed {
			return ""
		}
		s.listen()
	}
	return s.listener.URL
}

func (s *Server) listen() {
	// Requests descend from this context, so that Close need not wait for
	// the end of their latency.
	ctx, cancel := context.WithCancel(context.Background())
	s.stopListening = cancel
	s.listener = httptest.NewUnstartedServer(s)
	s.listener.Config.BaseContext = func(net.Listener) context.Context { return ctx }
	s.listener.Config.SetKeepAlivesEnabled(false)
	s.listener.Start()
}

// Close ends the listener and every request still under way, and waits for
// their goroutines. Requests through [Server.Client] fail from then on; what
// the Server holds can still be read and changed. Closing twice is closing
// once.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	listener, stop := s.listener, s.stopListening
	s.stopListening = nil
	running := make([]*exchange, 0, len(s.exchanges))
	for x := range s.exchanges {
		running = append(running, x)
	}
	s.mu.Unlock()

	for _, x := range running {
		x.cancel(http.ErrServerClosed)
		<-x.done
	}
	if stop != nil {
		stop()
		listener.CloseClientConnections()
		listener.Close()
	}
}

// Own returns the workspace the token belongs to, which the Developer API
// (/api/...) speaks of.
func (s *Server) Own() *Workspace { return s.own }

// Customer returns the embedded customer with that ID, which the OEM API
// (/api/managed_users/:id/...) speaks of, and creates it on first mention. A
// customer nobody mentioned is not found.
//
// Where a customer has environments, the platform gives each an ID of its
// own: play each as a customer with its own [Workspace.SetEnvironment].
func (s *Server) Customer(id int64) *Workspace {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.customers[id]
	if w == nil {
		w = newCustomer(s, id, now)
		s.customers[id] = w
	}
	return w
}

// ServeHTTP answers one request. A [Fault] that closes the connection panics
// with [http.ErrAbortHandler], the way a handler does that.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	c := s.receive(r, body)
	var a answer
	if c.fault.Applied {
		a = s.handle(c)
	}
	if !sleep(r.Context(), c.fault.Latency) || c.fault.Drop {
		panic(http.ErrAbortHandler)
	}
	if !c.fault.Applied && c.fault.Status == 0 {
		a = s.handle(c)
	}
	a = c.fault.alter(a, errorID(s.seed, c.number))
	s.finish(c, a.status)
	s.send(w, c, a)
}

// call is one request on its way through the server.
type call struct {
	*http.Request
	now    time.Time
	body   []byte
	query  query
	handle string // the tag's, where the path names one
	fault  Fault
	number uint64
	record *Request
}

// receive writes the request down and takes the fault that waits for it, if
// any.
func (s *Server) receive(r *http.Request, body []byte) *call {
	c := &call{Request: r, body: body}
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received++
	c.number = s.received
	c.fault = s.takeFault(r)
	c.record = newRequest(r, c.body, now, requestID(s.seed, c.number))
	s.requests = append(s.requests, c.record)
	return c
}

// handle lets the request take effect: token, path, quota, parameters, in
// this order.
func (s *Server) handle(c *call) answer {
	c.now = s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.authorized(c.Header) {
		return refused(http.StatusUnauthorized)
	}
	to, ok := s.route(c)
	if !ok {
		return refused(http.StatusNotFound)
	}
	if wait, ok := to.quota.take(c.now); !ok {
		return s.tooMany(wait)
	}
	c.query, ok = parseQuery(c.URL.RawQuery)
	if !ok {
		return refused(http.StatusBadRequest)
	}
	return to.serve(c)
}

func (s *Server) authorized(h http.Header) bool {
	token, ok := strings.CutPrefix(h.Get("Authorization"), "Bearer ")
	return ok && subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) == 1
}

// finish writes down how the request was answered.
func (s *Server) finish(c *call, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.record.Status = status
}

// sleep waits for d and says whether the context outlived it.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
