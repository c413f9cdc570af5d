package workatotest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Tag is a tag of a workspace.
type Tag struct {
	Handle      string // AddTag: "": drawn
	Title       string
	Description string // "": null on the wire
	Color       string // AddTag: "": drawn
	Author      User   // AddTag: zero: the workspace's API client
	CreatedAt   time.Time
	UpdatedAt   time.Time // AddTag: zero times: now
}

// The documented limits of tags.
const (
	maxTags        = 1000
	maxTitle       = 30
	maxDescription = 150
)

// colors are the documented ones.
var colors = [...]string{
	"blue", "violet", "green", "red", "orange", "gold",
	"indigo", "brown", "teal", "plum", "slate", "neutral",
}

// tag is a Tag with what it is assigned to.
type tag struct {
	Tag
	recipes, connections map[int64]bool
	assigned             time.Time // last; zero: never
}

func (t *tag) assignments() int { return len(t.recipes) + len(t.connections) }

// AddTag adds a tag, fills in what it leaves out and returns it. It checks
// nothing, so that a tag can break the rules of the API.
func (w *Workspace) AddTag(t Tag) Tag {
	now := w.server.now()
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	return w.addTag(t, now).Tag
}

// Tags returns the workspace's tags in the order they were made.
func (w *Workspace) Tags() []Tag {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	out := make([]Tag, len(w.tags))
	for i, t := range w.tags {
		out[i] = t.Tag
	}
	return out
}

func (w *Workspace) addTag(t Tag, now time.Time) *tag {
	r := w.server.tagNames
	handle, color := "tag-"+word(r, 8)+"-"+word(r, 6), pick(r, colors[:])
	t.Handle = cmp.Or(t.Handle, handle)
	t.Color = cmp.Or(t.Color, color)
	t.Author = cmp.Or(t.Author, User{ID: w.id, Name: "API client", Email: w.email})
	if t.CreatedAt.IsZero() {
		t.CreatedAt = now
	}
	if t.UpdatedAt.IsZero() {
		t.UpdatedAt = now
	}
	added := &tag{Tag: t, recipes: make(map[int64]bool), connections: make(map[int64]bool)}
	w.tags = append(w.tags, added)
	return added
}

func (w *Workspace) tag(handle string) *tag {
	for _, t := range w.tags {
		if t.Handle == handle {
			return t
		}
	}
	return nil
}

func (w *Workspace) listTags(c *call) answer {
	q := c.query
	number, size, _ := pageAsked(q)
	keep := tagFilter(q)
	order := tagOrder(q)
	with := q.words("includes[]", "author", "assignment_count")
	if *q.bad {
		return refused(http.StatusBadRequest)
	}

	var found []*tag
	for _, t := range w.tags {
		if keep(t) {
			found = append(found, t)
		}
	}
	slices.SortStableFunc(found, order)
	tags := []json.RawMessage{}
	for _, t := range pageOf(found, number, size) {
		tags = append(tags, t.listed(with))
	}
	return success(map[string]any{"data": map[string]any{"tags": tags}})
}

// tagFilter reads the q[...] parameters.
func tagFilter(q query) func(*tag) bool {
	var tests []func(*tag) bool
	if text, ok := q.text("q[title_or_description_cont]"); ok {
		text = strings.ToLower(text)
		tests = append(tests, func(t *tag) bool {
			return strings.Contains(strings.ToLower(t.Title), text) ||
				strings.Contains(strings.ToLower(t.Description), text)
		})
	}
	if handles, ok := q.Values["q[handle_in][]"]; ok {
		tests = append(tests, func(t *tag) bool { return slices.Contains(handles, t.Handle) })
	}
	if id, ok := q.integer("q[author_id_eq]"); ok {
		tests = append(tests, func(t *tag) bool { return t.Author.ID == id })
	}
	if id, ok := q.integer("q[recipe_id_eq]"); ok {
		tests = append(tests, func(t *tag) bool { return t.recipes[id] })
	}
	if id, ok := q.integer("q[connection_id_eq]"); ok {
		tests = append(tests, func(t *tag) bool { return t.connections[id] })
	}
	if q.boolean("q[only_assigned]") {
		tests = append(tests, func(t *tag) bool { return t.assignments() > 0 })
	}
	if test := taggable(q); test != nil {
		tests = append(tests, test)
	}
	return func(t *tag) bool {
		for _, test := range tests {
			if !test(t) {
				return false
			}
		}
		return true
	}
}

// taggable reads q[taggable_id_eq] and q[taggable_type_eq], which go together
// but are not required to.
func taggable(q query) func(*tag) bool {
	id, hasID := q.text("q[taggable_id_eq]")
	kind, hasKind := q.text("q[taggable_type_eq]")
	if !hasID && !hasKind {
		return nil
	}
	has := func(assets map[int64]bool, name string) bool {
		if hasKind && kind != name {
			return false
		}
		if !hasID {
			return len(assets) > 0
		}
		n, err := strconv.ParseInt(id, 10, 64)
		return err == nil && assets[n]
	}
	return func(t *tag) bool {
		return has(t.recipes, "Flow") || has(t.connections, "SharedAccount")
	}
}

// tagOrder reads sort_by[] and sort_direction[], which pair by position. What
// they leave equal is ordered by title, then by age.
func tagOrder(q query) func(a, b *tag) int {
	keys := q.words("sort_by[]", "title", "assignment_count", "updated_at", "last_assigned_at")
	directions := q.words("sort_direction[]", "asc", "desc")
	return func(a, b *tag) int {
		for i, key := range keys {
			n := compareTags(a, b, key)
			if i < len(directions) && directions[i] == "desc" {
				n = -n
			}
			if n != 0 {
				return n
			}
		}
		return compareTags(a, b, "title")
	}
}

func compareTags(a, b *tag, key string) int {
	switch key {
	case "assignment_count":
		return cmp.Compare(a.assignments(), b.assignments())
	case "updated_at":
		return a.UpdatedAt.Compare(b.UpdatedAt)
	case "last_assigned_at":
		return a.assigned.Compare(b.assigned)
	default:
		return cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	}
}

// listed is the tag as the list shows it.
func (t *tag) listed(with []string) json.RawMessage {
	o := t.start()
	o.add("created_at", t.CreatedAt.In(pacific).Format(time.RFC3339))
	o.add("updated_at", t.UpdatedAt.In(pacific).Format(time.RFC3339))
	if slices.Contains(with, "author") {
		var author object
		author.add("id", t.Author.ID)
		author.add("name", t.Author.Name)
		author.add("avatar_url", "")
		o.add("author", author.end())
	}
	if slices.Contains(with, "assignment_count") {
		o.add("assignment_count", t.assignments())
	}
	return o.end()
}

// changed is the answer to the creation or the update of the tag.
func (t *tag) changed() answer {
	o := t.start()
	return success(map[string]json.RawMessage{"data": o.end()})
}

// start has the fields that every form of a tag begins with.
func (t *tag) start() (o object) {
	o.add("handle", t.Handle)
	o.add("title", t.Title)
	if t.Description == "" {
		o.add("description", nil)
	} else {
		o.add("description", t.Description)
	}
	o.add("color", t.Color)
	return o
}

func (w *Workspace) createTag(c *call) answer {
	draft, refusal := readDraft(c)
	if refusal != nil {
		return *refusal
	}
	if len(w.tags) >= maxTags {
		return invalid("base", "the workspace has reached the maximum of 1000 tags")
	}
	var t Tag
	draft.apply(&t)
	return w.addTag(t, c.now).changed()
}

func (w *Workspace) updateTag(c *call) answer {
	t := w.tag(c.handle)
	if t == nil {
		return refused(http.StatusNotFound)
	}
	draft, refusal := readDraft(c)
	if refusal != nil {
		return *refusal
	}
	draft.apply(&t.Tag)
	t.UpdatedAt = c.now
	return t.changed()
}

func (w *Workspace) deleteTag(c *call) answer {
	t := w.tag(c.handle)
	if t == nil {
		return refused(http.StatusNotFound)
	}
	w.tags = slices.DeleteFunc(w.tags, func(other *tag) bool { return other == t })
	return answer{status: http.StatusOK}
}

// tagDraft is what a request says about a tag; nil: nothing.
type tagDraft struct {
	title, description, color *string
}

func (d tagDraft) apply(t *Tag) {
	t.Title = *d.title
	if d.description != nil {
		t.Description = *d.description
	}
	if d.color != nil {
		t.Color = *d.color
	}
}

// readDraft reads the body of a creation or an update and checks it field by
// field.
func readDraft(c *call) (d tagDraft, refusal *answer) {
	body, ok := readObject(c)
	switch {
	case !ok,
		!body.read("title", &d.title),
		!body.read("description", &d.description),
		!body.read("color", &d.color):
		return d, new(refused(http.StatusBadRequest))
	case d.title == nil || strings.TrimSpace(*d.title) == "":
		return d, new(invalid("title", "can't be blank"))
	case utf8.RuneCountInString(*d.title) > maxTitle:
		return d, new(invalid("title", "is too long (maximum is 30 characters)"))
	case d.description != nil && utf8.RuneCountInString(*d.description) > maxDescription:
		return d, new(invalid("description", "is too long (maximum is 150 characters)"))
	case d.color != nil && !slices.Contains(colors[:], *d.color):
		return d, new(invalid("color", "is not included in the list"))
	}
	return d, nil
}
