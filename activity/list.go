package activity

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"

	"github.com/workato-go/sdk/workato"
)

// Service reads the audit log of one workspace. It is safe for concurrent use
// and costs nothing to make again.
type Service struct {
	workspace *workato.Workspace
}

// New makes the service of a workspace: one's own, or a customer's.
func New(ws *workato.Workspace) *Service { return &Service{workspace: ws} }

// Page is a part of the log, newest event first.
type Page struct {
	Events []*Event
	// Total is the server's count of the events that the filter chooses, on all
	// pages together; -1 where it gave none. It is no bound for a loop, and two
	// equal counts do not mean that nothing happened.
	Total int
	// Next is what ListOptions.After must be for the page that follows: the ID of
	// the last event. It is 0 only where there is none, so a loop over pages ends
	// at an empty page and not at a short one.
	Next int64
}

// ErrStalled ends a listing that would never end by itself: a cursor came round
// again, or a page had events and none with an ID.
var ErrStalled = errors.New("activity: the listing does not advance: the server gave a cursor again, or none")

// List gives one page of the log, in one call to GET /activity_logs.
//
// An option that cannot work is a [workato.ArgumentError]; other errors are
// those of [workato.Workspace.Do].
func (s *Service) List(ctx context.Context, opts ListOptions) (*Page, error) {
	page, _, err := s.list(ctx, opts)
	return page, err
}

func (s *Service) list(ctx context.Context, opts ListOptions) (*Page, *workato.Response, error) {
	if err := opts.check(); err != nil {
		return nil, nil, err
	}
	values, err := opts.values()
	if err != nil {
		return nil, nil, fmt.Errorf("activity: query: %w", err)
	}
	page := new(Page)
	resp, err := s.workspace.Do(ctx, &workato.Request{
		Op: "activity.List", Method: http.MethodGet, Path: []string{"activity_logs"}, Query: values,
		Idempotent: true, NeedsBody: true,
	}, page)
	if err != nil {
		return nil, nil, err
	}
	region := s.workspace.Region()
	for _, event := range page.Events {
		event.region = region
	}
	return page, resp, nil
}

// Pages gives the log page by page, from opts.After on, each as the server
// gives it: rows may repeat over pages while events arrive. It is an iterator as
// described in the package comment. A page that fails after others says after
// which ID, and ListOptions.After with that ID goes on there.
func (s *Service) Pages(ctx context.Context, opts ListOptions) iter.Seq2[*Page, error] {
	opts.Filter = opts.clone()
	return func(yield func(*Page, error) bool) {
		opts := opts
		asked := map[int64]bool{}
		for {
			asked[opts.After] = true
			page, err := s.List(ctx, opts)
			if err != nil {
				if len(asked) > 1 {
					err = fmt.Errorf("activity: page after %d: %w", opts.After, err)
				}
				yield(nil, err)
				return
			}
			if len(page.Events) == 0 || !yield(page, nil) {
				return
			}
			if page.Next == 0 || asked[page.Next] {
				yield(nil, fmt.Errorf("%w (%d)", ErrStalled, page.Next))
				return
			}
			opts.After = page.Next
		}
	}
}

// All gives the events of the log, newest first, each ID once. It is an
// iterator as described in the package comment. Memory is bounded: one page,
// and the IDs of the last 1,000 events.
func (s *Service) All(ctx context.Context, f Filter) iter.Seq2[*Event, error] {
	pages := s.Pages(ctx, ListOptions{Filter: f})
	return func(yield func(*Event, error) bool) {
		var told recent
		for page, err := range pages {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, event := range page.Events {
				if told.add(event.ID) && !yield(event, nil) {
					return
				}
			}
		}
	}
}

// recent remembers the last IDs of a listing. Rows repeat where events arrive
// between two pages, and then close together.
type recent struct {
	ids   [1000]int64 // a ring
	next  int
	known map[int64]struct{}
}

// add tells whether the ID is new. 0 is no ID and always new.
func (r *recent) add(id int64) bool {
	if id == 0 {
		return true
	}
	if _, ok := r.known[id]; ok {
		return false
	}
	if r.known == nil {
		r.known = make(map[int64]struct{}, len(r.ids))
	}
	delete(r.known, r.ids[r.next])
	r.known[id] = struct{}{}
	r.ids[r.next] = id
	r.next = (r.next + 1) % len(r.ids)
	return true
}
