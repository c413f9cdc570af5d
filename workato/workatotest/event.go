package workatotest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Event is one row of an activity log. The zero values leave out what a row
// need not have.
type Event struct {
	// ID orders the log. 0: the next free one, which is higher than all
	// before it in the whole server and leaves a gap of at least one number,
	// as on a platform whose customers share one sequence. An ID may lie
	// between others, or be given twice: two rows are served then.
	ID int64

	// Time is served to the second. Zero: the moment of AddEvents.
	Time time.Time

	Type     string // event_type, such as "recipe_started"
	User     *User  // nil: the platform did it
	Resource Resource
	Details  Details

	// Delay is how long after AddEvents the row becomes visible. Until then
	// it is in no page and no total.
	Delay time.Duration

	// Raw is sent in place of the row, verbatim, valid or not. ID and the
	// other fields still decide where the row stands and which filter
	// matches it.
	Raw json.RawMessage
}

// User is who did something, or wrote a tag.
type User struct {
	ID    int64
	Name  string
	Email string
}

// Resource is what an event is about. Empty fields are left out of the row.
type Resource struct {
	ID   any // an integer or a string; nil: left out
	Name string
	Type string // as results show it: "Flow", "SharedAccount", "CustomAdapter"...

	Path             string
	Provider         string
	FolderID         int64
	FolderPath       string
	FileName         string
	ParentID         int64
	Authorized       *bool
	Identity         string
	Role             string
	Email            string
	EmailConfirmedAt time.Time // served in its own zone

	Extra map[string]any // further keys; it wins over the fields above
}

// Details says more about an event. Empty fields are left out of the row.
type Details struct {
	Request    *Origin // nil: none, as for what the platform does itself
	Activity   string
	StopReason string
	RunOnce    *bool
	Force      *bool
	Failed     *bool // "error" in the row

	Extra map[string]any // further keys; it wins over the fields above
}

// Origin is where a user's request came from.
type Origin struct {
	IPAddress string
	UserAgent string
}

// The layouts of the two kinds of time in a row.
const (
	layoutTimestamp = "2006-01-02 15:04:05 UTC"
	layoutConfirmed = "2006-01-02 15:04:05 -0700"
)

// row is an event as the log keeps it: encoded once, with what filters and
// order need beside it.
type row struct {
	id       int64
	seconds  int64 // since the Unix epoch
	visible  time.Time
	event    string
	resource string // the name a filter has for it
	user     int64
	hasUser  bool

	// The workspace object comes between the two parts when the row is
	// served, because the workspace's name may change. A raw row is all head.
	head, tail []byte
}

func newRow(e Event, visible time.Time) *row {
	r := &row{
		id:       e.ID,
		seconds:  e.Time.Unix(),
		visible:  visible,
		event:    e.Type,
		resource: filterName(e.Resource.Type),
	}
	if e.User != nil {
		r.user, r.hasUser = e.User.ID, true
	}
	if e.Raw != nil {
		r.head = slices.Clone(e.Raw)
		return r
	}

	var o object
	o.add("id", e.ID)
	o.add("timestamp", e.Time.UTC().Format(layoutTimestamp))
	o.add("event_type", e.Type)
	o.buf = append(o.buf, `,"workspace":`...)
	r.head = o.buf

	o = object{}
	if e.User != nil {
		o.add("user", e.User.row())
	}
	o.add("details", e.Details.row())
	o.add("resource", e.Resource.row())
	r.tail = o.end()
	r.tail[0] = ',' // goes on where the workspace ends
	return r
}

// appendTo appends the row as JSON.
func (r *row) appendTo(dst, workspace []byte) []byte {
	dst = append(dst, r.head...)
	if r.tail == nil {
		return dst
	}
	dst = append(dst, workspace...)
	return append(dst, r.tail...)
}

func (u *User) row() json.RawMessage {
	var o object
	o.add("id", u.ID)
	o.add("name", u.Name)
	o.add("email", u.Email)
	return o.end()
}

func (d Details) row() json.RawMessage {
	o := object{skip: d.Extra}
	if d.Request != nil {
		var origin object
		origin.add("ip_address", d.Request.IPAddress)
		origin.add("user_agent", d.Request.UserAgent)
		o.add("request", origin.end())
	}
	o.text("activity", d.Activity)
	o.text("stop_reason", d.StopReason)
	o.flag("run_once", d.RunOnce)
	o.flag("force", d.Force)
	o.flag("error", d.Failed)
	o.extra(d.Extra)
	return o.end()
}

func (r Resource) row() json.RawMessage {
	o := object{skip: r.Extra}
	if r.ID != nil {
		o.add("id", r.ID)
	}
	o.text("name", r.Name)
	o.text("path", r.Path)
	o.text("type", r.Type)
	o.text("provider", r.Provider)
	o.number("folder_id", r.FolderID)
	o.text("folder_path", r.FolderPath)
	o.text("file_name", r.FileName)
	o.number("parent_id", r.ParentID)
	o.flag("authorized", r.Authorized)
	o.text("identity", r.Identity)
	o.text("role", r.Role)
	o.text("email", r.Email)
	if !r.EmailConfirmedAt.IsZero() {
		o.add("email_confirmed_at", r.EmailConfirmedAt.Format(layoutConfirmed))
	}
	o.extra(r.Extra)
	return o.end()
}

// filterName is what include_resource_types[] calls a type that a result
// shows under another name. Filters compare in lower case.
func filterName(result string) string {
	switch name := strings.ToLower(result); name {
	case "customadapter":
		return "adapter"
	case "workspace", "environment":
		return "user"
	default:
		return name
	}
}

// object writes a JSON object whose keys keep their order.
type object struct {
	buf  []byte
	skip map[string]any
}

func (o *object) add(key string, value any) {
	if _, ok := o.skip[key]; ok {
		return
	}
	if o.buf == nil {
		o.buf = append(o.buf, '{')
	} else {
		o.buf = append(o.buf, ',')
	}
	o.buf = append(o.buf, mustJSON(key)...)
	o.buf = append(o.buf, ':')
	switch v := value.(type) {
	case json.RawMessage:
		o.buf = append(o.buf, v...)
	case int64:
		o.buf = strconv.AppendInt(o.buf, v, 10)
	default:
		o.buf = append(o.buf, mustJSON(v)...)
	}
}

func (o *object) text(key, value string) {
	if value != "" {
		o.add(key, value)
	}
}

func (o *object) number(key string, value int64) {
	if value != 0 {
		o.add(key, value)
	}
}

func (o *object) flag(key string, value *bool) {
	if value != nil {
		o.add(key, *value)
	}
}

func (o *object) extra(values map[string]any) {
	o.skip = nil
	for _, key := range slices.Sorted(maps.Keys(values)) {
		o.add(key, values[key])
	}
}

func (o *object) end() json.RawMessage {
	if o.buf == nil {
		return json.RawMessage("{}")
	}
	return append(o.buf, '}')
}
