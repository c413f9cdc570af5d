package activity

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"

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
	query, err := opts.query()
	if err != nil {
		return nil, nil, err
	}
	return s.page(ctx, query, newStream(opts.size()))
}

// page asks for a page and reads it as a whole.
func (s *Service) page(ctx context.Context, query url.Values, body *stream) (*Page, *workato.Response, error) {
	events := &collector{answer: body.answer}
	resp, err := s.ask(ctx, query, body, events)
	if err != nil {
		return nil, nil, err
	}
	page := events.page()
	return &page, resp, nil
}

// ask asks for a page, and has its events told while they come.
func (s *Service) ask(ctx context.Context, query url.Values, body *stream, to listener) (*workato.Response, error) {
	body.to, body.region = to, s.workspace.Region()
	return s.workspace.Do(ctx, &workato.Request{
		Op: "activity.List", Method: http.MethodGet, Path: []string{"activity_logs"}, Query: query,
		Idempotent: true, NeedsBody: true,
	}, body)
}

// Pages gives the log page by page, from opts.After on, each as the server
// gives it: rows may repeat over pages while events arrive. It is an iterator as
// described in the package comment. A page that fails after others says after
// which ID, and ListOptions.After with that ID goes on there.
func (s *Service) Pages(ctx context.Context, opts ListOptions) iter.Seq2[*Page, error] {
	opts.Filter = opts.clone()
	return func(yield func(*Page, error) bool) {
		body := newStream(opts.size())
		err := walk(opts, func(query url.Values) (next int64, more bool, err error) {
			page, _, err := s.page(ctx, query, body)
			if err != nil {
				return 0, false, err
			}
			return page.Next, len(page.Events) > 0 && yield(page, nil), nil
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

// All gives the events of the log, newest first, each ID once. It is an iterator
// as described in the package comment, and gives an event as soon as it is there,
// while the rest of its page is on the way: break ends the answer, too. Memory is
// bounded: a piece of a page, and the IDs of the last 1,000 events.
//
// A page whose transport breaks off in the middle is asked for again, as far as
// the client's [workato.RetryPolicy] goes, and none of its events is given twice.
// What is given stays given, whatever is wrong with the rest of the page.
func (s *Service) All(ctx context.Context, f Filter) iter.Seq2[*Event, error] {
	f = f.clone()
	return func(yield func(*Event, error) bool) {
		body, teller := newStream(maxPageSize), &teller{yield: yield}
		err := walk(ListOptions{Filter: f}, func(query url.Values) (next int64, more bool, err error) {
			teller.unnamed = 0
			_, err = s.ask(ctx, query, body, teller)
			if teller.stopped { // and whatever happened then does not matter
				return 0, false, nil
			}
			return teller.next, teller.rows > 0, err
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

// walk asks for one page after another, until there is no more.
func walk(opts ListOptions, page func(query url.Values) (next int64, more bool, err error)) error {
	query, err := opts.query()
	if err != nil {
		return err
	}
	after, asked := opts.After, map[int64]bool{}
	for {
		asked[after] = true
		next, more, err := page(query)
		switch {
		case err != nil && len(asked) > 1:
			return fmt.Errorf("activity: page after %d: %w", after, err)
		case err != nil:
			return err
		case !more:
			return nil
		case next == 0 || asked[next]:
			return fmt.Errorf("%w (%d)", ErrStalled, next)
		}
		after = next
		query.Set("page[after]", strconv.FormatInt(after, 10))
	}
}

// teller tells the events of a listing.
type teller struct {
	yield   func(*Event, error) bool
	stopped bool // by the one who is told
	told    recent

	// Of the present page. An answer that broke off comes again from its
	// beginning: what has no ID is known by its number.
	rows    int
	next    int64 // the last ID
	without int   // rows without an ID
	unnamed int   // how many of them are told
}

func (t *teller) begin() { t.rows, t.next, t.without = 0, 0, 0 }

func (t *teller) event(event *Event) (more bool) {
	t.rows++
	if event.ID == 0 {
		if t.without++; t.without <= t.unnamed {
			return true
		}
		t.unnamed++
	} else {
		t.next = event.ID
		if !t.told.add(event.ID) {
			return true
		}
	}
	t.stopped = !t.yield(event, nil)
	return !t.stopped
}

// recent remembers the last IDs of a listing. Rows repeat where events arrive
// between two pages, and then close together.
type recent struct {
	ids    [1000]int64 // a ring
	n      int         // so many were added
	lowest int64       // of all that were ever added
}

// add tells whether the ID is new. In a log from the newest event to the oldest,
// nearly every ID is lower than all before it, and nothing has to be looked up.
func (r *recent) add(id int64) bool {
	if r.n > 0 && id >= r.lowest && slices.Contains(r.ids[:min(r.n, len(r.ids))], id) {
		return false
	}
	r.ids[r.n%len(r.ids)] = id
	if r.n++; r.n == 1 || id < r.lowest {
		r.lowest = id
	}
	return true
}
