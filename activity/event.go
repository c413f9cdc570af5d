package activity

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/workato-go/sdk/internal/redact"
)

// EventType says what happened. The vocabulary is open: constants such as
// [EventUserLogin] name what is attested, and reading never rejects another.
type EventType string

// ResourceType says what kind of thing it happened to. The vocabulary is open,
// and the log does not always use the words of the filters: what a filter calls
// [ResourceAdapter] and [ResourceUser] comes back as [ResourceCustomAdapter] and
// [ResourceWorkspace].
type ResourceType string

// Event is one record of the log. What the server left out or wrote in a form
// that cannot be read is zero here; [Event.Raw] always has all of it.
//
// The events of a page share memory, some 100 KB for a hundred of them, which
// stays as long as one of them is kept. To keep a few out of many for long, keep
// copies: what UnmarshalJSON makes of Raw has memory of its own.
type Event struct {
	ID        int64     // unique in the log; 0 where the server gave no number
	Time      time.Time // when it happened, UTC, to the second; zero where RawTime cannot be read
	RawTime   string    // the same as the server wrote it
	Type      EventType
	Workspace Workspace
	User      *User // who did it; nil: the platform itself
	Resource  Resource
	Details   Details

	region string // or host: see Key
	raw    string
}

// Workspace is where it happened.
type Workspace struct {
	ID int64
	// Name is the customer's name in Development only, and the environment's in
	// the others: identify a customer by the ID that you asked for, not by this.
	Name        string
	Email       string
	Environment string // "dev", "test", "prod"; open, and may be empty
}

// User is who did it.
type User struct {
	ID    int64
	Name  string
	Email string
}

// Resource is what it happened to. Which fields are set depends on its type.
type Resource struct {
	ID               string // mostly a number, but some kinds have handles
	Name             string
	Type             ResourceType
	Path             string    // of recipes, connections and folders: "Home/Demos"
	FolderID         int64     // of recipes, connections and packages
	FolderPath       string    // of packages
	FileName         string    // of packages
	ParentID         int64     // of recipes: what this one was cloned from
	Provider         string    // of connections: "salesforce"
	Identity         string    // of connections: the account's name at the provider
	Authorized       *bool     // of connections
	Role             string    // of invitations
	Email            string    // of users, workspaces and invitations
	EmailConfirmedAt time.Time // of users and workspaces, UTC
}

// Details says more about some types of events.
type Details struct {
	Activity   string   // of logins and logouts: "password_login", "switch_team"
	StopReason string   // of stopped recipes: "user", "test_run_stop"
	RunOnce    *bool    // of started recipes
	Force      *bool    // of stopped recipes
	Failed     *bool    // of stopped recipes, the JSON field "error": it stopped because of one
	Request    *Request // the HTTP request that did it; nil: none, as where the platform did it
}

// Request is the HTTP request of a user.
type Request struct {
	IPAddress string
	UserAgent string
}

// Key names the event wherever it goes, and stays the same for all time: as the
// ID of a document, a message or a row it makes a second delivery harmless. It is
// "workato:", the region or host that it was read from, the row's workspace ID,
// its environment and the event's ID, joined by colons; a colon or a percent sign
// within a part is percent-encoded. An event that was not read by a [Service] has
// no region.
func (e *Event) Key() string {
	escape := strings.NewReplacer("%", "%25", ":", "%3A").Replace
	return "workato:" + escape(e.region) + ":" + strconv.FormatInt(e.Workspace.ID, 10) + ":" +
		escape(e.Workspace.Environment) + ":" + strconv.FormatInt(e.ID, 10)
}

// Raw is the record's JSON, byte for byte as the server sent it. It is nil for
// an event that was not read from JSON. The bytes are a copy.
func (e *Event) Raw() []byte {
	if e.raw == "" {
		return nil
	}
	return []byte(e.raw)
}

// UnmarshalJSON reads a record as the API gives it and as [Event.Raw] keeps it,
// so that stored records can be read again. It fails for nothing but broken
// JSON: whatever else is odd about a record is left zero.
func (e *Event) UnmarshalJSON(data []byte) error {
	d, s := newDecoder(), new(slot)
	d.begin(string(data) + padding)
	if end := d.space(d.row(s, d.space(0))); d.bad >= 0 || end != d.end {
		return json.Unmarshal(data, new(json.RawMessage)) // says what is wrong
	}
	s.event.raw = d.text[:d.end]
	*e = s.event
	return nil
}

// MarshalJSON writes the record as it was read. An event that was not read
// from JSON has none: that is an error.
func (e *Event) MarshalJSON() ([]byte, error) {
	if e.raw == "" {
		return nil, errors.New("activity: this event was not read from JSON, so there is none to write")
	}
	return []byte(e.raw), nil
}

// LogValue is what a log should hold of an event: IDs and types, and neither
// names, e-mail addresses nor IP addresses.
func (e *Event) LogValue() slog.Value {
	if e == nil {
		return slog.Value{}
	}
	attrs := []slog.Attr{
		slog.Int64("id", e.ID), slog.Time("time", e.Time), slog.String("type", string(e.Type)),
		slog.Any("workspace", e.Workspace),
	}
	if e.User != nil {
		attrs = append(attrs, slog.Any("user", *e.User))
	}
	return slog.GroupValue(append(attrs, slog.Any("resource", e.Resource))...)
}

// LogValue is the ID and the environment.
func (w Workspace) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("id", w.ID), slog.String("environment", w.Environment))
}

// LogValue is the ID.
func (u User) LogValue() slog.Value { return slog.GroupValue(slog.Int64("id", u.ID)) }

// LogValue is the ID and the type.
func (r Resource) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", redact.Text(r.ID)), slog.String("type", string(r.Type)))
}

// LogValue is everything but the request.
func (d Details) LogValue() slog.Value {
	return slog.GroupValue(slog.String("activity", d.Activity), slog.String("stop_reason", d.StopReason))
}

// LogValue is empty: an IP address is personal data.
func (r Request) LogValue() slog.Value { return slog.GroupValue() }
