package activity_test

import (
	"encoding/json"
	"errors"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/internal/lenient"
	"github.com/workato-go/sdk/internal/timestamp"
)

// The oracle says what a record and an answer mean, in as few words as
// encoding/json allows and at its speed. The SDK's own decoder has to say the
// same of any text.

// record is a row of the log as it comes.
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

// expectedEvent is the exported part of what a record means. A part of another
// shape than it should have, such as a text for a user, is as if it were not
// there.
func expectedEvent(raw []byte) (activity.Event, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		if _, otherShape := errors.AsType[*json.UnmarshalTypeError](err); !otherShape {
			return activity.Event{}, err
		}
	}
	e := activity.Event{
		ID: int64(r.ID), RawTime: string(r.Timestamp), Type: activity.EventType(r.EventType),
		Workspace: activity.Workspace{
			ID: int64(r.Workspace.ID), Name: string(r.Workspace.Name), Email: string(r.Workspace.Email),
			Environment: string(r.Workspace.Environment),
		},
		Resource: activity.Resource{
			ID: string(r.Resource.ID), Name: string(r.Resource.Name), Type: activity.ResourceType(r.Resource.Type),
			Path: string(r.Resource.Path), FolderID: int64(r.Resource.FolderID), FolderPath: string(r.Resource.FolderPath),
			FileName: string(r.Resource.FileName), ParentID: int64(r.Resource.ParentID), Provider: string(r.Resource.Provider),
			Identity: string(r.Resource.Identity), Authorized: r.Resource.Authorized.Pointer(), Role: string(r.Resource.Role),
			Email: string(r.Resource.Email),
		},
		Details: activity.Details{
			Activity: string(r.Details.Activity), StopReason: string(r.Details.StopReason),
			RunOnce: r.Details.RunOnce.Pointer(), Force: r.Details.Force.Pointer(), Failed: r.Details.Error.Pointer(),
		},
	}
	e.Time, _ = timestamp.Parse(e.RawTime)
	e.Resource.EmailConfirmedAt, _ = timestamp.Parse(string(r.Resource.EmailConfirmedAt))
	if user := (activity.User{ID: int64(r.User.ID), Name: string(r.User.Name), Email: string(r.User.Email)}); user != (activity.User{}) {
		e.User = &user
	}
	request := activity.Request{IPAddress: string(r.Details.Request.IPAddress), UserAgent: string(r.Details.Request.UserAgent)}
	if request != (activity.Request{}) {
		e.Details.Request = &request
	}
	return e, nil
}

// expectation is what an answer means.
type expectation struct {
	rows    []json.RawMessage
	total   int
	next    int64
	refused bool  // it says "success": false
	err     error // it is no answer
}

func expectedAnswer(body []byte) expectation {
	var answer struct {
		Data    json.RawMessage `json:"data"`
		Total   *lenient.ID     `json:"total"`
		Success json.RawMessage `json:"success"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return expectation{err: err}
	}
	want := expectation{total: -1, refused: string(answer.Success) == "false"}
	if len(answer.Data) == 0 || answer.Data[0] != '[' && string(answer.Data) != "null" {
		want.err = errors.New("no list of rows")
		return want
	}
	if want.err = json.Unmarshal(answer.Data, &want.rows); want.err != nil {
		return want
	}
	if answer.Total != nil {
		want.total = int(*answer.Total)
	}
	for _, row := range want.rows {
		if event, err := expectedEvent(row); err == nil && event.ID != 0 {
			want.next = event.ID
		}
	}
	return want
}
