package tags

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/workato-go/sdk/workato"
)

// maxPages ends a walk over a server that never runs out of new handles. A
// workspace holds 1,000 tags, ten pages; a hundred times that is no workspace.
// Source: the API's page on limits.
const maxPages = 1000

// All gives every tag that the filter chooses, each handle once.
//
// Pages of 100 are asked for while the loop runs, and no sooner; break ends the
// requests at once, and each new range begins at the first page. An error comes
// with a nil tag and is the last pair; from the second page on it names the
// page, around the cause. The loop ends at a page without a new handle, not at
// a short one, which may only mean that the server allows fewer than 100; after
// 1,000 pages, far more than a workspace holds, it ends with an error. What
// [Service.List] refuses is the first pair.
//
// Without a Sort, tags come by title. Pages are counted off from the beginning
// of the order, so a row that moves while the loop runs can be missed: titles
// rarely change, while the server's own order, or one by time of update, may
// change with every edit. For the same reason a loop should not itself create,
// rename or delete tags; it should collect them first.
func (s *Service) All(ctx context.Context, f Filter) iter.Seq2[*Tag, error] {
	return s.walk(ctx, "tags.List", f)
}

// Get gives the tag with the handle, with author and assignment count: for one
// tag they cost the server little. The API has no request for a single tag, so
// this is a list of one.
//
// An absent tag is an error that matches [workato.ErrNotFound]. A handle that
// is empty, "." or ".." is a [*workato.ArgumentError].
func (s *Service) Get(ctx context.Context, handle string) (*Tag, error) {
	if err := checkHandle(handle); err != nil {
		return nil, err
	}
	// Walking finds the tag also on a server that ignores the filter.
	f := Filter{Handles: []string{handle}, Include: []Extra{WithAuthor, WithAssignmentCount}}
	for tag, err := range s.walk(ctx, "tags.Get", f) {
		if err != nil {
			return nil, err
		}
		if tag.Handle == handle {
			return tag, nil
		}
	}
	return nil, fmt.Errorf("%w: tags.Get: the workspace has no tag with that handle", workato.ErrNotFound)
}

func (s *Service) walk(ctx context.Context, op string, f Filter) iter.Seq2[*Tag, error] {
	f = f.clone()
	if len(f.Sort) == 0 {
		f.Sort = []Sort{{By: ByTitle}}
	}
	return func(yield func(*Tag, error) bool) {
		seen := make(map[string]bool)
		for number := 1; number <= maxPages; number++ {
			tags, err := s.page(ctx, op, ListOptions{Filter: f, Page: number, PerPage: maxPerPage})
			if err != nil {
				yield(nil, onPage(number, err))
				return
			}
			before := len(seen)
			for _, tag := range tags {
				if seen[tag.Handle] {
					continue
				}
				if tag.Handle != "" { // a row that is no tag is shown, but is nothing new
					seen[tag.Handle] = true
				}
				if !yield(tag, nil) {
					return
				}
			}
			if len(seen) == before {
				return
			}
		}
		yield(nil, fmt.Errorf("tags: page %d still brings new tags; given up", maxPages))
	}
}

// clone makes the filter the caller's no more.
func (f Filter) clone() Filter {
	f.Handles, f.Sort, f.Include = slices.Clone(f.Handles), slices.Clone(f.Sort), slices.Clone(f.Include)
	return f
}

// onPage says how far a walk came.
func onPage(number int, err error) error {
	if number == 1 {
		return err
	}
	return fmt.Errorf("tags: page %d: %w", number, err)
}
