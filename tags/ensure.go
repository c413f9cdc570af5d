package tags

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/workato-go/sdk/workato"
)

// Ensure gives the tag that has exactly the draft's title, and creates it where
// there is none. It can be repeated as often as one likes. created tells which
// it was.
//
// A tag that exists stays as it is, also where description or color differ; of
// several with the title it is the first that the server lists. It comes as
// from [Service.List] without extras; a created one as from [Service.Create].
//
// Where the creation fails in a way that leaves open whether the tag was made,
// Ensure looks once more, unless the context has ended, and gives what it finds
// as created: it was not there before. After an error the tag may still appear;
// the next Ensure finds it.
//
// The API promises no unique titles. Two callers at the same moment can each
// find nothing and create a tag, so let only one of them run at a time.
//
// What [Service.Create] refuses is a [*workato.ArgumentError], and so is a title
// that begins or ends with white space: where the server trims it, each Ensure
// would miss the tag and create another.
func (s *Service) Ensure(ctx context.Context, d Draft) (tag *Tag, created bool, err error) {
	if err := cmp.Or(d.check(), d.checkTrimmed()); err != nil {
		return nil, false, err
	}
	tag, err = s.findTitle(ctx, d.Title)
	if tag != nil || err != nil {
		return tag, false, err
	}
	tag, err = s.Create(ctx, d)
	if err == nil {
		return tag, true, nil
	}
	if !mayHaveRun(err) || ctx.Err() != nil {
		return nil, false, err
	}
	tag, again := s.findTitle(ctx, d.Title)
	if again != nil {
		return nil, false, fmt.Errorf("%w; and looking for the tag: %w", err, again)
	}
	if tag == nil {
		return nil, false, err
	}
	return tag, true, nil
}

// findTitle gives nil where no tag has the title. The server's search finds
// parts, and descriptions too.
func (s *Service) findTitle(ctx context.Context, title string) (*Tag, error) {
	for tag, err := range s.All(ctx, Filter{Search: title}) {
		if err != nil {
			return nil, err
		}
		if tag.Title == title && tag.Handle != "" {
			return tag, nil
		}
	}
	return nil, nil
}

// mayHaveRun tells a failure that leaves open whether the server made the tag:
// no answer, a 5xx, or a success whose body is of no use.
func mayHaveRun(err error) bool {
	if errors.Is(err, workato.ErrInvalid) {
		return false
	}
	e, answered := errors.AsType[*workato.Error](err)
	return !answered || e.StatusCode/100 == 2 || e.StatusCode >= 500
}

func (d Draft) checkTrimmed() error {
	if strings.TrimSpace(d.Title) == d.Title {
		return nil
	}
	return refuse("Draft.Title", "begins or ends with white space; take it off, or use Create")
}
