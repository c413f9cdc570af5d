package activity

import (
	"strings"

	"github.com/workato-go/sdk/internal/lenient"
	"github.com/workato-go/sdk/internal/timestamp"
)

// The fields of a record, in the platform's order. The numbers are those of the
// constants below.
var (
	rowKeys       = keysOf("id", "timestamp", "event_type", "workspace", "user", "details", "resource")
	workspaceKeys = keysOf("id", "name", "email", "environment")
	userKeys      = keysOf("id", "name", "email")
	detailsKeys   = keysOf("request", "activity", "stop_reason", "run_once", "force", "error")
	requestKeys   = keysOf("ip_address", "user_agent")
	resourceKeys  = keysOf("id", "name", "type", "path", "folder_id", "folder_path", "file_name", "parent_id",
		"provider", "identity", "authorized", "role", "email", "email_confirmed_at")
)

const (
	rowID = iota + 1
	rowTimestamp
	rowEventType
	rowWorkspace
	rowUser
	rowDetails
	rowResource
)

const (
	workspaceID = iota + 1
	workspaceName
	workspaceEmail
	workspaceEnvironment
)

const (
	userID = iota + 1
	userName
	userEmail
)

const (
	detailsRequest = iota + 1
	detailsActivity
	detailsStopReason
	detailsRunOnce
	detailsForce
	detailsError
)

const (
	requestIPAddress = iota + 1
	requestUserAgent
)

const (
	resourceID = iota + 1
	resourceName
	resourceType
	resourcePath
	resourceFolderID
	resourceFolderPath
	resourceFileName
	resourceParentID
	resourceProvider
	resourceIdentity
	resourceAuthorized
	resourceRole
	resourceEmail
	resourceEmailConfirmedAt
)

// slot is the memory of an event with all that it points to.
type slot struct {
	event                              Event
	user                               User
	request                            Request
	authorized, runOnce, force, failed bool
}

// last is a part of the row before as it was written, and what it means. The
// parts of a log repeat themselves: the workspace is the same in all rows of a
// page, and users and their browsers come in runs. A part that is written as it
// was before is known after one comparison.
type last[T any] struct {
	written string
	twice   bool // it came again, so that it pays to keep the value
	value   T
}

// at says whether the part stands at i once more, and is known.
func (l *last[T]) at(text string, i int) bool {
	return l.twice && strings.HasPrefix(text[i:], l.written)
}

// is takes in what the part is this time.
func (l *last[T]) is(written string, value *T) {
	if l.twice = l.written == written; l.twice {
		l.value = *value
	}
	l.written = written
}

// decoder makes events of records. Every leaf takes whatever form the server
// chooses, see the package lenient; a part of another shape than it should have,
// such as a text for a user, is as if it were not there.
type decoder struct {
	reader

	rows, workspaces, users, details, requests, resources order

	workspace last[Workspace]
	user      last[User]
	request   last[Request]
	resource  last[Resource]
}

func newDecoder() (d decoder) {
	d.rows.keys, d.workspaces.keys, d.users.keys = rowKeys, workspaceKeys, userKeys
	d.details.keys, d.requests.keys, d.resources.keys = detailsKeys, requestKeys, resourceKeys
	return d
}

// row decodes the record at i into a slot that is zero.
func (d *decoder) row(s *slot, i int) (next int) {
	start, e := i, &s.event
	if d.text[i] != '{' {
		i = d.skip(i)
		e.raw = d.text[start:i]
		return i
	}
	var had uint // a field that comes again adds to what it said before
	k, i := d.first(i, &d.rows)
	for ; k != noMore; k, i = d.next(i, &d.rows, k) {
		first := had>>k&1 == 0
		had |= 1 << k
		switch k {
		case rowID:
			e.ID, i = d.id(i)
		case rowTimestamp:
			e.RawTime, i = d.string(i)
		case rowEventType:
			var text string
			text, i = d.string(i)
			e.Type = EventType(text)
		case rowWorkspace:
			if i = d.space(i); first && d.workspace.at(d.text, i) {
				e.Workspace = d.workspace.value
				i += len(d.workspace.written)
				break
			}
			at := i
			if i = d.readWorkspace(&e.Workspace, i); first && d.text[at] == '{' && d.bad < 0 {
				d.workspace.is(d.text[at:i], &e.Workspace)
			}
		case rowUser:
			if i = d.space(i); first && d.user.at(d.text, i) {
				s.user = d.user.value
				i += len(d.user.written)
				break
			}
			at := i
			if i = d.readUser(&s.user, i); first && d.text[at] == '{' && d.bad < 0 {
				d.user.is(d.text[at:i], &s.user)
			}
		case rowDetails:
			i = d.readDetails(s, i)
		case rowResource:
			if i = d.space(i); first && d.resource.at(d.text, i) {
				e.Resource = d.resource.value
				i += len(d.resource.written)
				break
			}
			at := i
			i = d.readResource(s, i)
			// A pointer is for one event alone.
			if first && d.text[at] == '{' && d.bad < 0 && e.Resource.Authorized == nil {
				d.resource.is(d.text[at:i], &e.Resource)
			}
		default:
			i = d.skip(i)
		}
	}
	e.raw = d.text[start:i]
	e.Time, _ = timestamp.Parse(e.RawTime)
	if s.user != (User{}) {
		e.User = &s.user
	}
	if s.request != (Request{}) {
		e.Details.Request = &s.request
	}
	return i
}

func (d *decoder) readWorkspace(w *Workspace, i int) (next int) {
	if d.text[i] != '{' {
		return d.skip(i)
	}
	k, i := d.first(i, &d.workspaces)
	for ; k != noMore; k, i = d.next(i, &d.workspaces, k) {
		switch k {
		case workspaceID:
			w.ID, i = d.id(i)
		case workspaceName:
			w.Name, i = d.string(i)
		case workspaceEmail:
			w.Email, i = d.string(i)
		case workspaceEnvironment:
			w.Environment, i = d.string(i)
		default:
			i = d.skip(i)
		}
	}
	return i
}

func (d *decoder) readUser(u *User, i int) (next int) {
	if d.text[i] != '{' {
		return d.skip(i)
	}
	k, i := d.first(i, &d.users)
	for ; k != noMore; k, i = d.next(i, &d.users, k) {
		switch k {
		case userID:
			u.ID, i = d.id(i)
		case userName:
			u.Name, i = d.string(i)
		case userEmail:
			u.Email, i = d.string(i)
		default:
			i = d.skip(i)
		}
	}
	return i
}

func (d *decoder) readDetails(s *slot, i int) (next int) {
	if i = d.space(i); d.text[i] != '{' {
		return d.skip(i)
	}
	details := &s.event.Details
	k, i := d.first(i, &d.details)
	for ; k != noMore; k, i = d.next(i, &d.details, k) {
		switch k {
		case detailsRequest:
			i = d.readRequest(&s.request, i)
		case detailsActivity:
			details.Activity, i = d.string(i)
		case detailsStopReason:
			details.StopReason, i = d.string(i)
		case detailsRunOnce:
			details.RunOnce, i = d.boolean(&s.runOnce, i)
		case detailsForce:
			details.Force, i = d.boolean(&s.force, i)
		case detailsError:
			details.Failed, i = d.boolean(&s.failed, i)
		default:
			i = d.skip(i)
		}
	}
	return i
}

func (d *decoder) readRequest(r *Request, i int) (next int) {
	i = d.space(i)
	first := *r == (Request{})
	if first && d.request.at(d.text, i) {
		*r = d.request.value
		return i + len(d.request.written)
	}
	if d.text[i] != '{' {
		return d.skip(i)
	}
	at := i
	k, i := d.first(i, &d.requests)
	for ; k != noMore; k, i = d.next(i, &d.requests, k) {
		switch k {
		case requestIPAddress:
			r.IPAddress, i = d.string(i)
		case requestUserAgent:
			r.UserAgent, i = d.string(i)
		default:
			i = d.skip(i)
		}
	}
	if first && d.bad < 0 {
		d.request.is(d.text[at:i], r)
	}
	return i
}

func (d *decoder) readResource(s *slot, i int) (next int) {
	if d.text[i] != '{' {
		return d.skip(i)
	}
	r := &s.event.Resource
	k, i := d.first(i, &d.resources)
	for ; k != noMore; k, i = d.next(i, &d.resources, k) {
		var text string
		switch k {
		case resourceID:
			r.ID, i = d.string(i)
		case resourceName:
			r.Name, i = d.string(i)
		case resourceType:
			text, i = d.string(i)
			r.Type = ResourceType(text)
		case resourcePath:
			r.Path, i = d.string(i)
		case resourceFolderID:
			r.FolderID, i = d.id(i)
		case resourceFolderPath:
			r.FolderPath, i = d.string(i)
		case resourceFileName:
			r.FileName, i = d.string(i)
		case resourceParentID:
			r.ParentID, i = d.id(i)
		case resourceProvider:
			r.Provider, i = d.string(i)
		case resourceIdentity:
			r.Identity, i = d.string(i)
		case resourceAuthorized:
			r.Authorized, i = d.boolean(&s.authorized, i)
		case resourceRole:
			r.Role, i = d.string(i)
		case resourceEmail:
			r.Email, i = d.string(i)
		case resourceEmailConfirmedAt:
			text, i = d.string(i)
			r.EmailConfirmedAt, _ = timestamp.Parse(text)
		default:
			i = d.skip(i)
		}
	}
	return i
}

// string reads a lenient text.
func (d *decoder) string(i int) (text string, next int) {
	text, next, ok := d.quoted(i)
	if ok {
		return text, next
	}
	if i = d.space(i); d.text[i] == '"' {
		text, next, _ = d.quoted(i)
		return text, next
	}
	if next = d.skip(i); d.bad >= 0 || strings.IndexByte("{[n", d.text[i]) >= 0 {
		return "", next
	}
	return d.text[i:next], next
}

// id reads a lenient ID. The usual one is a number of up to 18 digits.
func (d *decoder) id(i int) (id int64, next int) {
	i = d.space(i)
	next = i
	for text := d.text[i:]; isDigit(text[next-i]); next++ {
		id = id*10 + int64(text[next-i]-'0')
	}
	if c := d.text[next]; next > i && next-i <= 18 && (d.text[i] != '0' || next == i+1) && c != '.' && c|0x20 != 'e' {
		return id, next
	}
	if d.text[i] == 'n' {
		return 0, d.word(i, "null")
	}
	var odd lenient.ID
	if next = d.skip(i); d.bad < 0 {
		_ = odd.UnmarshalJSON([]byte(d.text[i:next])) // never fails
	}
	return int64(odd), next
}

// boolean reads a lenient boolean into a place that is its event's alone. It is
// nil where none can be read.
func (d *decoder) boolean(into *bool, i int) (value *bool, next int) {
	i = d.space(i)
	switch load(d.text, i) & 0xffff_ffff {
	case 't' | 'r'<<8 | 'u'<<16 | 'e'<<24:
		*into = true
		return into, i + 4
	case 'f' | 'a'<<8 | 'l'<<16 | 's'<<24:
		if d.text[i+4] == 'e' {
			*into = false
			return into, i + 5
		}
	}
	if d.text[i] == 'n' {
		return nil, d.word(i, "null")
	}
	var odd lenient.Bool
	if next = d.skip(i); d.bad < 0 {
		_ = odd.UnmarshalJSON([]byte(d.text[i:next])) // never fails
	}
	if !odd.Known {
		return nil, next
	}
	*into = odd.Value
	return into, next
}
