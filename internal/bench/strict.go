package bench

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"github.com/workato-go/sdk/activity"
)

// Page is what a program would declare that reads the log without the SDK: the
// documented fields with the documented types, and an error for anything else.
type Page struct {
	Data  []Row `json:"data"`
	Total int   `json:"total"`
}

// Row is a record of the log.
type Row struct {
	ID        int64     `json:"id"`
	Timestamp Timestamp `json:"timestamp"`
	EventType string    `json:"event_type"`
	Workspace Workspace `json:"workspace"`
	User      *User     `json:"user"`
	Resource  Resource  `json:"resource"`
	Details   Details   `json:"details"`

	Raw json.RawMessage `json:"-"` // from those contestants that keep it
}

// Workspace is where it happened.
type Workspace struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Email       string `json:"email"`
	Environment string `json:"environment"`
}

// User is who did it.
type User struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Resource is what it happened to.
type Resource struct {
	ID               int64     `json:"id"`
	Name             string    `json:"name"`
	Type             string    `json:"type"`
	Path             string    `json:"path"`
	FolderID         int64     `json:"folder_id"`
	FolderPath       string    `json:"folder_path"`
	FileName         string    `json:"file_name"`
	ParentID         int64     `json:"parent_id"`
	Provider         string    `json:"provider"`
	Identity         string    `json:"identity"`
	Authorized       *bool     `json:"authorized"`
	Role             string    `json:"role"`
	Email            string    `json:"email"`
	EmailConfirmedAt Confirmed `json:"email_confirmed_at"`
}

// Details says more.
type Details struct {
	Activity   string   `json:"activity"`
	StopReason string   `json:"stop_reason"`
	RunOnce    *bool    `json:"run_once"`
	Force      *bool    `json:"force"`
	Error      *bool    `json:"error"`
	Request    *Request `json:"request"`
}

// Request is the HTTP request of a user.
type Request struct {
	IPAddress string `json:"ip_address"`
	UserAgent string `json:"user_agent"`
}

// Timestamp is the time of an event, in the one form that is documented.
type Timestamp struct{ time.Time }

// UnmarshalJSON reads the text with its quotes.
func (t *Timestamp) UnmarshalJSON(text []byte) (err error) {
	t.Time, err = parseTimestamp(unquote(text))
	return err
}

// Confirmed is the time at which an address was confirmed.
type Confirmed struct{ time.Time }

// UnmarshalJSON reads the text with its quotes.
func (c *Confirmed) UnmarshalJSON(text []byte) (err error) {
	c.Time, err = parseConfirmed(unquote(text))
	return err
}

// unquote is enough for times: there is no escape sequence in them.
func unquote(text []byte) []byte { return bytes.Trim(text, `"`) }

func parseTimestamp(text []byte) (time.Time, error) {
	return time.Parse("2006-01-02 15:04:05 MST", string(text))
}

func parseConfirmed(text []byte) (time.Time, error) {
	t, err := time.Parse("2006-01-02 15:04:05 -0700", string(text))
	return t.UTC(), err
}

// rowOf is the strict form of an event.
func rowOf(e *activity.Event) (Row, error) {
	var id int64
	if e.Resource.ID != "" {
		var err error
		if id, err = strconv.ParseInt(e.Resource.ID, 10, 64); err != nil {
			return Row{}, err
		}
	}
	row := Row{
		ID: e.ID, Timestamp: Timestamp{e.Time}, EventType: string(e.Type), Workspace: Workspace(e.Workspace),
		Resource: Resource{
			ID: id, Name: e.Resource.Name, Type: string(e.Resource.Type), Path: e.Resource.Path,
			FolderID: e.Resource.FolderID, FolderPath: e.Resource.FolderPath, FileName: e.Resource.FileName,
			ParentID: e.Resource.ParentID, Provider: e.Resource.Provider, Identity: e.Resource.Identity,
			Authorized: e.Resource.Authorized, Role: e.Resource.Role, Email: e.Resource.Email,
			EmailConfirmedAt: Confirmed{e.Resource.EmailConfirmedAt},
		},
		Details: Details{
			Activity: e.Details.Activity, StopReason: e.Details.StopReason,
			RunOnce: e.Details.RunOnce, Force: e.Details.Force, Error: e.Details.Failed,
			Request: (*Request)(e.Details.Request),
		},
		Raw: e.Raw(),
	}
	if e.User != nil {
		row.User = &User{ID: e.User.ID, Name: e.User.Name, Email: e.User.Email}
	}
	return row, nil
}
