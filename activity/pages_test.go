package activity_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/jarcoal/httpmock"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
)

func serviceOf(t *testing.T, transport http.RoundTripper) *activity.Service {
	t.Helper()
	return activity.New(newClient(t, transport).Customer(1))
}

// All walks by the last ID of each page, to an empty page.
func TestAllWalksToTheEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		log   *fakeLog
		asked []string
	}{
		"an empty log":         {&fakeLog{}, []string{""}},
		"one short page":       {&fakeLog{ids: descending(9, 3)}, []string{"", "7"}},
		"exactly a page":       {&fakeLog{ids: descending(200, 100)}, []string{"", "101"}},
		"several pages":        {&fakeLog{ids: descending(500, 250)}, []string{"", "401", "301", "251"}},
		"pages that are short": {&fakeLog{ids: descending(20, 10), pageSize: 4}, []string{"", "17", "13", "11"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids, err := collect(t.Context(), serviceOf(t, tt.log))
				if err != nil || !slices.Equal(ids, tt.log.ids) {
					t.Errorf("got %v, %v; want %v", ids, err, tt.log.ids)
				}
				if !slices.Equal(tt.log.asked, tt.asked) {
					t.Errorf("asked after %q, want %q", tt.log.asked, tt.asked)
				}
			})
		})
	}
}

// The filter goes with every page.
func TestFilterGoesWithEveryPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := 0
		server := &fakeLog{ids: descending(9, 5), pageSize: 2, respond: func(_ int, r *http.Request) (*http.Response, error) {
			if r.URL.Query().Get("users_ids[]") == "7" {
				seen++
			}
			return nil, nil
		}}
		filter := activity.Filter{UserIDs: []int64{7}}
		events := serviceOf(t, server).All(t.Context(), filter)
		filter.UserIDs[0] = 8 // the caller's slice no longer matters
		for _, err := range events {
			if err != nil {
				t.Fatal(err)
			}
		}
		if seen != len(server.asked) || seen != 4 {
			t.Errorf("%d of %d requests had the filter, want 4 of 4", seen, len(server.asked))
		}
	})
}

// Each range begins anew, and the caller's options are left alone.
func TestIteratorsBeginAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &fakeLog{ids: descending(9, 5), pageSize: 2}
		events := serviceOf(t, server).All(t.Context(), activity.Filter{})
		pages := serviceOf(t, server).Pages(t.Context(), activity.ListOptions{After: 8})
		for range 2 {
			var fromEvents, fromPages []int64
			for event, err := range events {
				if err != nil {
					t.Fatal(err)
				}
				fromEvents = append(fromEvents, event.ID)
			}
			for page, err := range pages {
				if err != nil {
					t.Fatal(err)
				}
				for _, event := range page.Events {
					fromPages = append(fromPages, event.ID)
				}
			}
			if !slices.Equal(fromEvents, []int64{9, 8, 7, 6, 5}) || !slices.Equal(fromPages, []int64{7, 6, 5}) {
				t.Errorf("got %v and %v", fromEvents, fromPages)
			}
		}
	})
}

// Nothing is asked for before the range begins, nor after a break.
func TestIteratorsAreLazy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &fakeLog{ids: descending(9, 9), pageSize: 3}
		service := serviceOf(t, server)
		events, pages := service.All(t.Context(), activity.Filter{}), service.Pages(t.Context(), activity.ListOptions{})
		if len(server.asked) != 0 {
			t.Error("asked before the range began")
		}
		for event, err := range events {
			if err != nil || event.ID == 8 {
				break
			}
		}
		for _, err := range pages {
			if err != nil {
				t.Error(err)
			}
			break
		}
		if len(server.asked) != 2 {
			t.Errorf("%d requests, want one for each loop", len(server.asked))
		}
	})
}

// A row that stands on two pages is told once by All, and twice by Pages.
func TestRepeatedRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pages := map[string][]int64{"": {9, 8, 7}, "7": {8, 7, 6}, "6": {6, 5}, "5": {}}
		server := &fakeLog{respond: func(_ int, r *http.Request) (*http.Response, error) {
			return pageOf(5, rowsOf(pages[r.URL.Query().Get("page[after]")]...)...), nil
		}}
		ids, err := collect(t.Context(), serviceOf(t, server))
		if want := []int64{9, 8, 7, 6, 5}; err != nil || !slices.Equal(ids, want) {
			t.Errorf("All gave %v, %v; want %v", ids, err, want)
		}
		rows := 0
		for page, err := range serviceOf(t, server).Pages(t.Context(), activity.ListOptions{}) {
			if err != nil {
				t.Fatal(err)
			}
			rows += len(page.Events)
		}
		if rows != 8 {
			t.Errorf("Pages gave %d rows, want 8 as they come", rows)
		}
	})
}

// What All remembers is bounded: a row that comes again after more than a
// thousand others is told again, one within them is not.
func TestRepeatedRowsAreRememberedForAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := descending(3000, 1200)
		repeat := func(n int) []int64 { return append(slices.Clone(ids[:n]), ids[0]) }
		for n, again := range map[int]bool{1000: false, 1001: true, 1100: true} {
			server := &fakeLog{respond: func(request int, _ *http.Request) (*http.Response, error) {
				if request > 1 {
					return pageOf(0), nil
				}
				return pageOf(n, rowsOf(repeat(n)...)...), nil
			}}
			got, err := collect(t.Context(), serviceOf(t, server))
			if err != nil || (len(got) == n+1) != again {
				t.Errorf("after %d others: %d events, %v; told again should be %v", n-1, len(got), err, again)
			}
		}
	})
}

// Rows without an ID cannot be told apart, so each is told.
func TestRowsWithoutID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &fakeLog{respond: func(request int, _ *http.Request) (*http.Response, error) {
			if request > 1 {
				return pageOf(0), nil
			}
			return pageOf(4, `{"id":9}`, `{"event_type":"a"}`, `{"event_type":"b"}`, `{"id":8}`), nil
		}}
		ids, err := collect(t.Context(), serviceOf(t, server))
		if want := []int64{9, 0, 0, 8}; err != nil || !slices.Equal(ids, want) {
			t.Errorf("got %v, %v; want %v", ids, err, want)
		}
	})
}

// A listing that would not end by itself ends with ErrStalled, after what it
// had to tell.
func TestStalled(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pages  map[string][]int64
		opts   activity.ListOptions
		ids    []int64
		cursor string
	}{
		"the same page for ever":    {map[string][]int64{"": {9, 8}, "8": {9, 8}}, activity.ListOptions{}, []int64{9, 8, 9, 8}, "(8)"},
		"a cycle of two":            {map[string][]int64{"": {9, 8}, "8": {7, 6}, "6": {9, 8}}, activity.ListOptions{}, []int64{9, 8, 7, 6, 9, 8}, "(8)"},
		"back to where it began":    {map[string][]int64{"5": {4, 3}, "3": {6, 5}}, activity.ListOptions{After: 5}, []int64{4, 3, 6, 5}, "(5)"},
		"no ID to go on from":       {map[string][]int64{"": {0, 0}}, activity.ListOptions{}, []int64{0, 0}, "(0)"},
		"no ID, from further down":  {map[string][]int64{"5": {0}}, activity.ListOptions{After: 5}, []int64{0}, "(0)"},
		"the cursor is not honored": {map[string][]int64{"7": {9, 8}, "8": {9, 8}}, activity.ListOptions{After: 7}, []int64{9, 8, 9, 8}, "(8)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &fakeLog{respond: func(_ int, r *http.Request) (*http.Response, error) {
					return pageOf(2, rowsOf(tt.pages[r.URL.Query().Get("page[after]")]...)...), nil
				}}
				var ids []int64
				var last error
				for page, err := range serviceOf(t, server).Pages(t.Context(), tt.opts) {
					if last != nil {
						t.Fatal("the loop goes on after an error")
					}
					if last = err; err != nil {
						if page != nil {
							t.Error("a page came with the error")
						}
						continue
					}
					for _, event := range page.Events {
						ids = append(ids, event.ID)
					}
				}
				if !errors.Is(last, activity.ErrStalled) || !strings.Contains(last.Error(), tt.cursor) {
					t.Errorf("got %v, want ErrStalled at %s", last, tt.cursor)
				}
				if !slices.Equal(ids, tt.ids) {
					t.Errorf("got %v before it, want %v", ids, tt.ids)
				}
			})
		})
	}
}

// A failure is the last pair, comes with a nil item, keeps its class, and says
// where to go on.
func TestFailureAfterPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		down := true
		server := &fakeLog{ids: descending(9, 6), pageSize: 2, respond: func(request int, _ *http.Request) (*http.Response, error) {
			if request >= 3 && down {
				return httpmock.NewStringResponse(403, `{"message":"no privilege","id":"77"}`), nil
			}
			return nil, nil
		}}
		service := serviceOf(t, server)
		var ids []int64
		var failure error
		for event, err := range service.All(t.Context(), activity.Filter{}) {
			if failure != nil {
				t.Fatal("the loop goes on after an error")
			}
			if failure = err; err == nil {
				ids = append(ids, event.ID)
			} else if event != nil {
				t.Error("an event came with the error")
			}
		}
		if !slices.Equal(ids, []int64{9, 8, 7, 6}) {
			t.Errorf("got %v before the failure", ids)
		}
		e, isError := errors.AsType[*workato.Error](failure)
		if !isError || e.ID != "77" || !errors.Is(failure, workato.ErrForbidden) || !strings.HasPrefix(failure.Error(), "activity: page after 6: ") {
			t.Errorf("got %v, want a 403 with its id, and the page", failure)
		}

		down = false
		for page, err := range service.Pages(t.Context(), activity.ListOptions{After: 6}) {
			if err != nil {
				t.Fatal(err)
			}
			for _, event := range page.Events {
				ids = append(ids, event.ID)
			}
		}
		if !slices.Equal(ids, descending(9, 6)) {
			t.Errorf("with After: 6, the whole is %v", ids)
		}
	})
}

// A failure of the first page is what it is, without a page.
func TestFailureOfTheFirstPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(httpmock.NewStringResponder(401, `{"message":"Unauthorized"}`))
		_, err := collect(t.Context(), serviceOf(t, mock))
		if !errors.Is(err, workato.ErrUnauthorized) || strings.Contains(err.Error(), "page after") {
			t.Errorf("got %v, want the 401 alone", err)
		}
	})
}

// One context holds for the whole range.
func TestCancelBetweenPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &fakeLog{ids: descending(9, 6), pageSize: 2}
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		var ids []int64
		for event, err := range serviceOf(t, server).All(ctx, activity.Filter{}) {
			if err != nil {
				if !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
					t.Errorf("got %v, want context.Canceled and its cause", err)
				}
				continue
			}
			ids = append(ids, event.ID)
			cancel(cause)
		}
		if !slices.Equal(ids, []int64{9, 8}) || len(server.asked) != 1 {
			t.Errorf("got %v with %d requests, want the first page with 1", ids, len(server.asked))
		}
	})
}

func TestBadArguments(t *testing.T) {
	t.Parallel()
	filter := func(f activity.Filter) activity.ListOptions { return activity.ListOptions{Filter: f} }
	later := at("2024-06-18T19:17:31Z")
	tests := map[string]struct {
		opts        activity.ListOptions
		field, says string
	}{
		"a page size over 100":   {activity.ListOptions{PageSize: 101}, "ListOptions.PageSize", "use 1 to 100"},
		"a negative page size":   {activity.ListOptions{PageSize: -1}, "ListOptions.PageSize", "use 1 to 100"},
		"a negative cursor":      {activity.ListOptions{After: -1}, "ListOptions.After", "0 for the newest"},
		"from after to":          {filter(activity.Filter{From: later, To: later.Add(-1)}), "Filter.From", "after Filter.To"},
		"user 0":                 {filter(activity.Filter{UserIDs: []int64{1, 0}}), "Filter.UserIDs", "leave it out"},
		"an empty resource type": {filter(activity.Filter{IncludeResources: []activity.ResourceType{""}}), "Filter.IncludeResources", "leave it out"},
		"to exclude one":         {filter(activity.Filter{ExcludeResources: []activity.ResourceType{""}}), "Filter.ExcludeResources", "leave it out"},
		"an empty event type":    {filter(activity.Filter{IncludeEvents: []activity.EventType{""}}), "Filter.IncludeEvents", "leave it out"},
		"to exclude one of them": {filter(activity.Filter{ExcludeEvents: []activity.EventType{""}}), "Filter.ExcludeEvents", "leave it out"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &fakeLog{}
			service := serviceOf(t, server)
			_, err := service.List(t.Context(), tt.opts)
			wantArgumentError(t, err, tt.field, tt.says)
			pairs := 0
			for page, err := range service.Pages(t.Context(), tt.opts) {
				pairs++
				if page != nil {
					t.Error("a page came with the error")
				}
				wantArgumentError(t, err, tt.field, tt.says)
			}
			if pairs != 1 || len(server.asked) != 0 {
				t.Errorf("%d pairs and %d requests, want 1 and none", pairs, len(server.asked))
			}
		})
	}
}

// A range of one instant is a range.
func TestFromEqualsTo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		instant := at("2024-06-18T19:17:31Z")
		_, err := serviceOf(t, &fakeLog{}).List(t.Context(), activity.ListOptions{Filter: activity.Filter{From: instant, To: instant}})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestServiceWithoutWorkspace(t *testing.T) {
	t.Parallel()
	_, err := activity.New(nil).List(t.Context(), activity.ListOptions{})
	wantArgumentError(t, err, "workspace", "Client.Own")
}
