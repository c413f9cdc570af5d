package workatotest

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Workspace is one workspace of a [Server]: the token's own, or a customer.
// Events belong to the environment that was set last; tags, as on the
// platform, to the workspace as a whole.
type Workspace struct {
	server   *Server
	id       int64
	external string
	name     string
	email    string
	created  time.Time

	environment string
	logs        map[string]*eventLog
	totalLag    time.Duration
	total       func(matching, page int) int

	tags  []*tag // in the order they were made
	world *world
}

func newWorkspace(s *Server, id int64, name, email string) *Workspace {
	return &Workspace{
		server:      s,
		id:          id,
		name:        name,
		email:       email,
		environment: "dev",
		logs:        make(map[string]*eventLog),
	}
}

func newCustomer(s *Server, id int64, now time.Time) *Workspace {
	number := strconv.FormatInt(id, 10)
	w := newWorkspace(s, id, "Customer "+number, "customer-"+number+"@example.com")
	w.created = now
	return w
}

// ID returns the workspace's ID, which its rows show.
func (w *Workspace) ID() int64 { return w.id }

// SetName sets the workspace's name. The default is "Own workspace", or
// "Customer" and the ID.
func (w *Workspace) SetName(name string) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	w.name = name
}

// SetExternalID lets paths name the customer by "E" and id, path-escaped, as
// well as by its number. Any text will do; "" takes the external ID away, and
// an ID that another customer had is no longer that one's. SetExternalID
// panics on the own workspace, which no path names.
func (w *Workspace) SetExternalID(id string) {
	s := w.server
	if w == s.own {
		panic("workatotest: SetExternalID: the own workspace has no external ID")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.external != "" {
		delete(s.external, w.external)
	}
	if other := s.external[id]; other != nil {
		other.external = ""
	}
	if w.external = id; id != "" {
		s.external[id] = w
	}
}

// SetEnvironment switches the workspace to another environment ("dev", which
// is the default, "test", "prod" or any other): from now on another log is
// read and added to, and its rows carry the new name. The events of the
// environment before stay with it. With "" rows have no environment, as in a
// workspace without environments.
//
// As documented, rows of "test" and "prod" call the workspace "Environment
// Test" and "Environment Production" instead of its name.
func (w *Workspace) SetEnvironment(env string) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	w.environment = env
}

// SetTotalLag lets total count only the rows that have been visible for at
// least d, like a count from a replica that lags. Removed rows leave it at
// once.
func (w *Workspace) SetTotalLag(d time.Duration) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	w.totalLag = d
}

// SetTotal lets f decide what total says, given the number of rows that match
// the filter and the number on the page: return page for a server that counts
// the page, min(matching, 1000) for one that caps the count, a negative number
// to leave total out. nil is the ordinary count again. f must not call the
// Server.
func (w *Workspace) SetTotal(f func(matching, page int) int) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	w.total = f
}

// AddEvents adds events to the log of the current environment and returns
// their IDs in the same order. It panics on a value that has no JSON form.
func (w *Workspace) AddEvents(events ...Event) []int64 {
	now := w.server.now()
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	ids := make([]int64, len(events))
	rows := make([]*row, len(events))
	for i, e := range events {
		e.ID = w.server.eventID(e.ID)
		if e.Time.IsZero() {
			e.Time = now
		}
		ids[i], rows[i] = e.ID, newRow(e, now.Add(max(0, e.Delay)))
	}
	w.log(now).add(rows)
	return ids
}

// RemoveEvents removes the events of the current environment whose time is
// before the given one, to the second, and returns how many. It plays
// retention, or a deletion inside the window somebody reads.
func (w *Workspace) RemoveEvents(before time.Time) int {
	now := w.server.now()
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	return w.log(now).removeBefore(before.Unix())
}

// eventID returns the ID itself, or the next free one for 0.
func (s *Server) eventID(id int64) int64 {
	if id == 0 {
		// On average twenty numbers go to other customers of the platform.
		id = s.lastEvent + 2 + s.ids.Int64N(37)
	}
	s.lastEvent = max(s.lastEvent, id)
	return id
}

// log returns the log of the current environment as it stands now.
func (w *Workspace) log(now time.Time) *eventLog {
	l := w.logs[w.environment]
	if l == nil {
		l = new(eventLog)
		w.logs[w.environment] = l
	}
	l.settle(now)
	return l
}

// object is the workspace as rows show it.
func (w *Workspace) object() json.RawMessage {
	name := w.name
	switch strings.ToLower(w.environment) {
	case "test":
		name = "Environment Test"
	case "prod":
		name = "Environment Production"
	}
	var o object
	o.add("id", w.id)
	o.add("name", name)
	o.add("email", w.email)
	o.text("environment", w.environment)
	return o.end()
}
