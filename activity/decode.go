package activity

import (
	"encoding/json"
	"errors"

	"github.com/workato-go/sdk/internal/lenient"
	"github.com/workato-go/sdk/internal/timestamp"
)

// record is a row of the log as it comes. Every leaf takes whatever form the
// server chooses, see the package lenient.
type record struct {
	ID        lenient.ID   `json:"id"`
	Timestamp lenient.Text `json:"timestamp"`
	EventType lenient.Text `json:"event_type"`
	Workspace struct {
		ID          lenient.ID   `json:"id"`
		Name        lenient.Text `json:"name"`
		Email       lenient.Text `json:"email"`
		Environment lenient.Text `json:"environment"`
	} `json:"workspace"`
	User struct {
		ID    lenient.ID   `json:"id"`
		Name  lenient.Text `json:"name"`
		Email lenient.Text `json:"email"`
	} `json:"user"`
	Resource struct {
		ID               lenient.Text `json:"id"`
		Name             lenient.Text `json:"name"`
		Type             lenient.Text `json:"type"`
		Path             lenient.Text `json:"path"`
		FolderID         lenient.ID   `json:"folder_id"`
		FolderPath       lenient.Text `json:"folder_path"`
		FileName         lenient.Text `json:"file_name"`
		ParentID         lenient.ID   `json:"parent_id"`
		Provider         lenient.Text `json:"provider"`
		Identity         lenient.Text `json:"identity"`
		Authorized       lenient.Bool `json:"authorized"`
		Role             lenient.Text `json:"role"`
		Email            lenient.Text `json:"email"`
		EmailConfirmedAt lenient.Text `json:"email_confirmed_at"`
	} `json:"resource"`
	Details struct {
		Activity   lenient.Text `json:"activity"`
		StopReason lenient.Text `json:"stop_reason"`
		RunOnce    lenient.Bool `json:"run_once"`
		Force      lenient.Bool `json:"force"`
		Error      lenient.Bool `json:"error"`
		Request    struct {
			IPAddress lenient.Text `json:"ip_address"`
			UserAgent lenient.Text `json:"user_agent"`
		} `json:"request"`
	} `json:"details"`
}

// decode reads a record and keeps its bytes. A part of another shape than it
// should have, such as a text for a user, is as if it were not there.
func (e *Event) decode(raw []byte) error {
	var r record
	var otherShape *json.UnmarshalTypeError
	if err := json.Unmarshal(raw, &r); err != nil && !errors.As(err, &otherShape) {
		return err
	}
	at, _ := timestamp.Parse(string(r.Timestamp))
	*e = Event{
		ID: int64(r.ID), Time: at, RawTime: string(r.Timestamp), Type: EventType(r.EventType), raw: raw,
		Workspace: Workspace{
			ID: int64(r.Workspace.ID), Name: string(r.Workspace.Name), Email: string(r.Workspace.Email),
			Environment: string(r.Workspace.Environment),
		},
		Resource: Resource{
			ID: string(r.Resource.ID), Name: string(r.Resource.Name), Type: ResourceType(r.Resource.Type),
			Path: string(r.Resource.Path), FolderID: int64(r.Resource.FolderID), FolderPath: string(r.Resource.FolderPath),
			FileName: string(r.Resource.FileName), ParentID: int64(r.Resource.ParentID), Provider: string(r.Resource.Provider),
			Identity: string(r.Resource.Identity), Authorized: r.Resource.Authorized.Pointer(), Role: string(r.Resource.Role),
			Email: string(r.Resource.Email),
		},
		Details: Details{
			Activity: string(r.Details.Activity), StopReason: string(r.Details.StopReason),
			RunOnce: r.Details.RunOnce.Pointer(), Force: r.Details.Force.Pointer(), Failed: r.Details.Error.Pointer(),
		},
	}
	e.Resource.EmailConfirmedAt, _ = timestamp.Parse(string(r.Resource.EmailConfirmedAt))
	if user := (User{ID: int64(r.User.ID), Name: string(r.User.Name), Email: string(r.User.Email)}); user != (User{}) {
		e.User = &user
	}
	request := Request{IPAddress: string(r.Details.Request.IPAddress), UserAgent: string(r.Details.Request.UserAgent)}
	if request != (Request{}) {
		e.Details.Request = &request
	}
	return nil
}

// errNoData is a page without rows and without a list that could hold them:
// taking it for an empty page would end a listing early and silently.
var errNoData = errors.New(`the field "data" is missing or is no list`)

// UnmarshalJSON reads an answer of the log.
func (p *Page) UnmarshalJSON(data []byte) error {
	var answer struct {
		Data  json.RawMessage `json:"data"`
		Total *lenient.ID     `json:"total"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	if len(answer.Data) == 0 || answer.Data[0] != '[' && string(answer.Data) != "null" {
		return errNoData
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(answer.Data, &rows); err != nil {
		return err
	}
	*p = Page{Total: -1}
	if answer.Total != nil {
		p.Total = int(*answer.Total)
	}
	if len(rows) == 0 {
		return nil
	}
	p.Events = make([]*Event, len(rows))
	events := make([]Event, len(rows)) // one allocation for all of a page
	for i, row := range rows {
		if err := events[i].decode(row); err != nil {
			return err
		}
		p.Events[i] = &events[i]
		if events[i].ID != 0 {
			p.Next = events[i].ID
		}
	}
	return nil
}
