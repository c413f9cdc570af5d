package tags

import (
	"context"
	"net/http"
	"net/url"

	"github.com/google/go-querystring/query"
)

// maxPerPage is the API's maximum, and its default.
const maxPerPage = 100

// ListOptions chooses one page of [Service.List].
type ListOptions struct {
	Filter
	Page    int // from 1; 0: the first
	PerPage int // up to 100; 0: 100
}

// Filter chooses tags. The zero value is every tag; fields that are set hold
// all at once.
type Filter struct {
	Search       string   // a part of the title or of the description
	Handles      []string // these tags only; empty: any
	AuthorID     int64    // created by this user; 0: anybody
	OnlyAssigned bool     // on some recipe or connection

	// Tags of one asset: its ID and its type, both as the API calls them. The
	// API documents no types. Source: the API's page on environment management
	// of customers.
	TaggableID, TaggableType string

	// Tags of one recipe or connection. For one's own workspace only: the API
	// for customers does not document them.
	RecipeID, ConnectionID int64

	Sort    []Sort  // the first counts most; empty: the server's order, but see [Service.All]
	Include []Extra // what tags shall hold in addition
}

// Sort is one criterion of an order; the zero direction is ascending.
type Sort struct {
	By         SortKey
	Descending bool
}

// SortKey is what tags are sorted by. The type is open: the server judges a
// key that this SDK does not know; only the empty one is refused.
type SortKey string

// The keys that the API documents.
const (
	ByTitle           SortKey = "title"
	ByAssignmentCount SortKey = "assignment_count"
	ByUpdatedAt       SortKey = "updated_at"
	ByLastAssignedAt  SortKey = "last_assigned_at"
)

// Extra is something that the server adds to tags on request. The type is
// open, like [SortKey].
type Extra string

// The extras that the API documents.
const (
	WithAuthor          Extra = "author"           // sets Tag.Author
	WithAssignmentCount Extra = "assignment_count" // sets Tag.AssignmentCount
)

// List gives one page, which may be empty: the API does not say how many there
// are. A row that is no JSON object becomes a [Tag] that has its [Tag.Raw] and
// nothing else, so that it does not cost the other rows.
//
// A Page below 0, a PerPage below 0 or over 100, a negative ID, and an empty
// handle, sort key or extra are a [*workato.ArgumentError]. An answer without
// a list is an error, never "no tags".
func (s *Service) List(ctx context.Context, opts ListOptions) ([]*Tag, error) {
	return s.page(ctx, "tags.List", opts)
}

func (s *Service) page(ctx context.Context, op string, opts ListOptions) ([]*Tag, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	values, err := query.Values(opts.wire())
	if err != nil {
		return nil, err
	}
	req := request(op, http.MethodGet)
	req.Query, req.NeedsBody = values, true
	var answer page
	if _, err := s.workspace.Do(ctx, req, &answer); err != nil {
		return nil, err
	}
	return answer.tags, nil
}

// listQuery is the options as the API spells them. The documents name
// q[handle_in] an array; like every array of the API it is sent with brackets,
// because of a name repeated without them a Rails server keeps the last only.
type listQuery struct {
	Page         int      `url:"page,omitempty"`
	PerPage      int      `url:"per_page,omitempty"`
	Search       string   `url:"q[title_or_description_cont],omitempty"`
	Handles      []string `url:"q[handle_in],brackets,omitempty"`
	AuthorID     int64    `url:"q[author_id_eq],omitempty"`
	TaggableID   string   `url:"q[taggable_id_eq],omitempty"`
	TaggableType string   `url:"q[taggable_type_eq],omitempty"`
	RecipeID     int64    `url:"q[recipe_id_eq],omitempty"`
	ConnectionID int64    `url:"q[connection_id_eq],omitempty"`
	OnlyAssigned bool     `url:"q[only_assigned],omitempty"`
	Sort         order    `url:"sort,omitempty"`
	Include      []Extra  `url:"includes,brackets,omitempty"`
}

func (o ListOptions) wire() listQuery {
	return listQuery{
		Page:         o.Page,
		PerPage:      o.PerPage,
		Search:       o.Search,
		Handles:      o.Handles,
		AuthorID:     o.AuthorID,
		TaggableID:   o.TaggableID,
		TaggableType: o.TaggableType,
		RecipeID:     o.RecipeID,
		ConnectionID: o.ConnectionID,
		OnlyAssigned: o.OnlyAssigned,
		Sort:         o.Sort,
		Include:      o.Include,
	}
}

// order is sent as two lists that belong together by position.
type order []Sort

// EncodeValues writes both lists at once, so that they cannot get out of step.
func (o order) EncodeValues(_ string, values *url.Values) error {
	for _, s := range o {
		direction := "asc"
		if s.Descending {
			direction = "desc"
		}
		values.Add("sort_by[]", string(s.By))
		values.Add("sort_direction[]", direction)
	}
	return nil
}
