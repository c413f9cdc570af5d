package activity_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
)

// Records that differ from the samples: everything else in them counts, and
// what cannot be read is zero.
func TestOddRecords(t *testing.T) {
	t.Parallel()
	when := time.Date(2024, time.June, 18, 19, 17, 31, 0, time.UTC)
	tests := map[string]struct {
		record string
		want   activity.Event
	}{
		"nothing":                     {`{}`, activity.Event{}},
		"no user":                     {`{"id":1,"user":null}`, activity.Event{ID: 1}},
		"an empty user":               {`{"id":1,"user":{}}`, activity.Event{ID: 1}},
		"a user with an ID alone":     {`{"user":{"id":7}}`, activity.Event{User: &activity.User{ID: 7}}},
		"no request":                  {`{"details":{"stop_reason":"test_run_stop","force":true,"error":false}}`, activity.Event{Details: activity.Details{StopReason: "test_run_stop", Force: new(true), Failed: new(false)}}},
		"an empty request":            {`{"details":{"request":{}}}`, activity.Event{}},
		"empty details":               {`{"details":{}}`, activity.Event{}},
		"a started recipe":            {`{"details":{"run_once":true,"request":{"ip_address":"192.0.2.1"}}}`, activity.Event{Details: activity.Details{RunOnce: new(true), Request: &activity.Request{IPAddress: "192.0.2.1"}}}},
		"no resource name":            {`{"resource":{"id":3,"type":"Package","folder_id":5,"folder_path":"Home","file_name":"a.zip"}}`, activity.Event{Resource: activity.Resource{ID: "3", Type: activity.ResourcePackage, FolderID: 5, FolderPath: "Home", FileName: "a.zip"}}},
		"an invitation":               {`{"resource":{"id":3,"type":"MemberInvitation","role":"Operator","email":"lin@example.com"}}`, activity.Event{Resource: activity.Resource{ID: "3", Type: activity.ResourceMemberInvitation, Role: "Operator", Email: "lin@example.com"}}},
		"a clone":                     {`{"resource":{"id":3,"type":"Flow","parent_id":2}}`, activity.Event{Resource: activity.Resource{ID: "3", Type: activity.ResourceFlow, ParentID: 2}}},
		"a connection":                {`{"resource":{"type":"SharedAccount","identity":"ops","authorized":false}}`, activity.Event{Resource: activity.Resource{Type: activity.ResourceSharedAccount, Identity: "ops", Authorized: new(false)}}},
		"IDs as strings":              {`{"id":"12","user":{"id":"7"},"workspace":{"id":"9"},"resource":{"id":"11","folder_id":"13","parent_id":"14"}}`, activity.Event{ID: 12, User: &activity.User{ID: 7}, Workspace: activity.Workspace{ID: 9}, Resource: activity.Resource{ID: "11", FolderID: 13, ParentID: 14}}},
		"a resource ID as handle":     {`{"resource":{"id":"tag-AbC-dEf","type":"Tags::Models::Tag"}}`, activity.Event{Resource: activity.Resource{ID: "tag-AbC-dEf", Type: activity.ResourceTag}}},
		"a large resource ID":         {`{"resource":{"id":123456789012345678901234567890}}`, activity.Event{Resource: activity.Resource{ID: "123456789012345678901234567890"}}},
		"an ID that is none":          {`{"id":"abc","event_type":"user_login"}`, activity.Event{Type: activity.EventUserLogin}},
		"numbers for texts":           {`{"event_type":5,"workspace":{"name":12,"environment":true}}`, activity.Event{Type: "5", Workspace: activity.Workspace{Name: "12", Environment: "true"}}},
		"texts for booleans":          {`{"details":{"force":"true","error":"no such line","run_once":1}}`, activity.Event{Details: activity.Details{Force: new(true), RunOnce: new(true)}}},
		"unknown types":               {`{"event_type":"moon_landed","resource":{"type":"Moon"},"workspace":{"environment":"STAGING"}}`, activity.Event{Type: "moon_landed", Resource: activity.Resource{Type: "Moon"}, Workspace: activity.Workspace{Environment: "STAGING"}}},
		"unknown fields":              {`{"id":1,"geo":{"city":[1,2,{"x":null}]},"resource":{"id":2,"colour":"red"}}`, activity.Event{ID: 1, Resource: activity.Resource{ID: "2"}}},
		"parts of another shape":      {`{"id":1,"user":"ada","workspace":[],"resource":7,"details":"x","event_type":"user_login"}`, activity.Event{ID: 1, Type: activity.EventUserLogin}},
		"a request of another shape":  {`{"id":1,"details":{"request":"GET","activity":"x"}}`, activity.Event{ID: 1, Details: activity.Details{Activity: "x"}}},
		"objects for texts":           {`{"id":1,"event_type":{"name":"x"},"workspace":{"name":[]}}`, activity.Event{ID: 1}},
		"escapes":                     {`{"workspace":{"name":"Gr\u00fc\u00dfe \ud83d\ude80 \"x\""}}`, activity.Event{Workspace: activity.Workspace{Name: `Grüße 🚀 "x"`}}},
		"a time":                      {`{"timestamp":"2024-06-18 19:17:31 UTC"}`, activity.Event{RawTime: "2024-06-18 19:17:31 UTC", Time: when}},
		"a time with an offset":       {`{"timestamp":"2024-06-18 12:17:31 -0700"}`, activity.Event{RawTime: "2024-06-18 12:17:31 -0700", Time: when}},
		"a time of tags":              {`{"timestamp":"2024-06-18T12:17:31-07:00"}`, activity.Event{RawTime: "2024-06-18T12:17:31-07:00", Time: when}},
		"a time of customers":         {`{"timestamp":"2024-06-18T12:17:31.500-07:00"}`, activity.Event{RawTime: "2024-06-18T12:17:31.500-07:00", Time: when.Add(500 * time.Millisecond)}},
		"a time of jobs":              {`{"timestamp":"2024-06-18T19:17:31.000Z"}`, activity.Event{RawTime: "2024-06-18T19:17:31.000Z", Time: when}},
		"a Pacific time":              {`{"timestamp":"2024-06-18 12:17:31 PDT"}`, activity.Event{RawTime: "2024-06-18 12:17:31 PDT", Time: when}},
		"a time that is none":         {`{"id":1,"timestamp":"soon"}`, activity.Event{ID: 1, RawTime: "soon"}},
		"a time without a zone":       {`{"timestamp":"2024-06-18 19:17:31"}`, activity.Event{RawTime: "2024-06-18 19:17:31"}},
		"a confirmed address":         {`{"resource":{"email_confirmed_at":"2024-04-24 14:23:03 +0800"}}`, activity.Event{Resource: activity.Resource{EmailConfirmedAt: time.Date(2024, time.April, 24, 6, 23, 3, 0, time.UTC)}}},
		"an address not confirmed":    {`{"resource":{"email_confirmed_at":null}}`, activity.Event{}},
		"null":                        {`null`, activity.Event{}},
		"a row that is a text":        {`"moved"`, activity.Event{}},
		"a row that is a list":        {`[1]`, activity.Event{}},
		"white space within":          {"{ \"id\" :\n 1 }", activity.Event{ID: 1}},
		"a field twice: the last one": {`{"id":1,"id":2}`, activity.Event{ID: 2}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				got := one(t, tt.record)
				if !reflect.DeepEqual(exported(*got), exported(tt.want)) {
					t.Errorf("got  %+v\nwant %+v", exported(*got), exported(tt.want))
				}
				if string(got.Raw()) != tt.record {
					t.Errorf("Raw is %s, want %s", got.Raw(), tt.record)
				}
			})
		})
	}
}

// Answers that differ from the samples around the records.
func TestOddPages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body  string
		total int
		next  int64
		ids   []int64
	}{
		"no total":              {`{"data":[{"id":1}]}`, -1, 1, []int64{1}},
		"a total as text":       {`{"data":[{"id":1}],"total":"65"}`, 65, 1, []int64{1}},
		"total first":           {`{"total":3,"data":[]}`, 3, 0, nil},
		"data null":             {`{"data":null,"total":0}`, 0, 0, nil},
		"more fields":           {`{"data":[{"id":2},{"id":1}],"total":2,"next":{"x":[]}}`, 2, 1, []int64{2, 1}},
		"a last row without ID": {`{"data":[{"id":2},{}],"total":2}`, 2, 2, []int64{2, 0}},
		"no IDs at all":         {`{"data":[{},null],"total":2}`, 2, 0, []int64{0, 0}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				page := list(t, tt.body)
				var ids []int64
				for _, event := range page.Events {
					ids = append(ids, event.ID)
				}
				if page.Total != tt.total || page.Next != tt.next || !reflect.DeepEqual(ids, tt.ids) {
					t.Errorf("got %v of %d, next %d; want %v of %d, next %d", ids, page.Total, page.Next, tt.ids, tt.total, tt.next)
				}
			})
		})
	}
}

// What is no page must not be taken for an empty one.
func TestNoPage(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"HTML": "<html>Sign in</html>", "truncated": `{"data":[{"id":1},`, "no data": `{"message":"maintenance"}`,
		"data as object": `{"data":{}}`, "data as text": `{"data":"none"}`, "a list": `[]`, "null": `null`, "a text": `"x"`,
		"empty": "", "white space": " \n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				page, err := answering(t, body).List(t.Context(), activity.ListOptions{})
				var e *workato.Error
				if page != nil || !errors.As(err, &e) || e.StatusCode != 200 || !strings.HasPrefix(e.Message, "the body ") || errors.Is(err, workato.ErrInvalid) {
					t.Errorf("got %v, %v; want a *workato.Error that says what is wrong with the body", page, err)
				}
			})
		})
	}
}
