package activity

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/go-querystring/query"

	"github.com/workato-go/sdk/workato"
)

// Filter chooses events on the server. Different fields must all agree; of the
// values of one field, any will do. The zero value chooses everything.
//
// A type or a user that does not exist is no error: the server answers with an
// empty log. [EventType.Known] and [ResourceType.Known] help to find typos.
type Filter struct {
	// From and To bound the time of the events. They are sent in UTC, to the
	// millisecond, widened to the next where finer. Whether the server counts the
	// bounds themselves is not documented; let ranges overlap by a second.
	From, To time.Time

	UserIDs                            []int64
	IncludeResources, ExcludeResources []ResourceType
	IncludeEvents, ExcludeEvents       []EventType
}

// ListOptions chooses a page.
type ListOptions struct {
	Filter
	After    int64 // events older than the one of this ID: the Next of the page before; 0: the newest
	PageSize int   // events a page, up to 100; 0: 100
}

// clone is a copy that does not change with the caller's slices.
func (f Filter) clone() Filter {
	f.UserIDs = slices.Clone(f.UserIDs)
	f.IncludeResources, f.ExcludeResources = slices.Clone(f.IncludeResources), slices.Clone(f.ExcludeResources)
	f.IncludeEvents, f.ExcludeEvents = slices.Clone(f.IncludeEvents), slices.Clone(f.ExcludeEvents)
	return f
}

// maxPageSize is the server's.
// Source: the API's page on environment management.
const maxPageSize = 100

func (o ListOptions) check() error {
	refuse := func(field, reason string) error { return &workato.ArgumentError{Field: field, Reason: reason} }
	switch {
	case o.PageSize < 0 || o.PageSize > maxPageSize:
		return refuse("ListOptions.PageSize", "is "+strconv.Itoa(o.PageSize)+"; use 1 to 100, or 0 for 100")
	case o.After < 0:
		return refuse("ListOptions.After", "is negative; use the Next of the page before, or 0 for the newest events")
	case !o.From.IsZero() && !o.To.IsZero() && o.From.After(o.To):
		return refuse("Filter.From", "is after Filter.To; exchange them")
	case slices.ContainsFunc(o.UserIDs, func(id int64) bool { return id < 1 }):
		return refuse("Filter.UserIDs", "has an ID below 1; leave it out")
	}
	switch reason := "has an empty type; leave it out"; {
	case slices.Contains(o.IncludeResources, ""):
		return refuse("Filter.IncludeResources", reason)
	case slices.Contains(o.ExcludeResources, ""):
		return refuse("Filter.ExcludeResources", reason)
	case slices.Contains(o.IncludeEvents, ""):
		return refuse("Filter.IncludeEvents", reason)
	case slices.Contains(o.ExcludeEvents, ""):
		return refuse("Filter.ExcludeEvents", reason)
	}
	return nil
}

// listQuery has the names that parameters go by.
// Source: the API's page on environment management.
type listQuery struct {
	After            int64          `url:"page[after],omitempty"`
	Size             int            `url:"page[size],omitempty"`
	From             instant        `url:"from,omitempty"`
	To               instant        `url:"to,omitempty"`
	UserIDs          []int64        `url:"users_ids,brackets,omitempty"`
	IncludeResources []ResourceType `url:"include_resource_types,brackets,omitempty"`
	ExcludeResources []ResourceType `url:"exclude_resource_types,brackets,omitempty"`
	IncludeEvents    []EventType    `url:"include_event_types,brackets,omitempty"`
	ExcludeEvents    []EventType    `url:"exclude_event_types,brackets,omitempty"`
}

// query checks the options and has them as they are sent.
func (o ListOptions) query() (url.Values, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	values, err := o.values()
	if err != nil {
		return nil, fmt.Errorf("activity: query: %w", err)
	}
	return values, nil
}

func (o ListOptions) values() (url.Values, error) {
	return query.Values(listQuery{
		After: o.After, Size: o.PageSize,
		From: instant{o.From.Truncate(time.Millisecond)}, To: instant{roundUp(o.To)},
		UserIDs:          o.UserIDs,
		IncludeResources: o.IncludeResources, ExcludeResources: o.ExcludeResources,
		IncludeEvents: o.IncludeEvents, ExcludeEvents: o.ExcludeEvents,
	})
}

// size is how many rows a page can have.
func (o ListOptions) size() int {
	if o.PageSize == 0 {
		return maxPageSize
	}
	return o.PageSize
}

func roundUp(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(time.Millisecond - 1).Truncate(time.Millisecond)
}

// instant is a time as the API wants it: UTC, month before day, with
// milliseconds where there are any. The server answers 500 to other orders and
// reads a time without a zone as Pacific time.
type instant struct{ time.Time }

// EncodeValues sends the instant by one of the two documented forms.
func (i instant) EncodeValues(key string, v *url.Values) error {
	layout := "2006-01-02T15:04:05Z"
	if i.Nanosecond() != 0 {
		layout = "2006-01-02T15:04:05.000Z"
	}
	v.Set(key, i.UTC().Format(layout))
	return nil
}
