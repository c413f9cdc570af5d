package tags

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/workato-go/sdk/workato"
)

// Source: the API's page on environment management.
const (
	maxTitle       = 30
	maxDescription = 150
)

// refuse never gets the value itself: titles and searches are the caller's own
// words.
func refuse(field, reason string) error {
	return &workato.ArgumentError{Field: field, Reason: reason}
}

func (o ListOptions) check() error {
	switch {
	case o.Page < 0:
		return refuse("ListOptions.Page", "is negative; pages count from 1, and 0 is the first too")
	case o.PerPage < 0:
		return refuse("ListOptions.PerPage", "is negative; use 1 to 100, or 0 for 100")
	case o.PerPage > maxPerPage:
		return refuse("ListOptions.PerPage", "is over 100, the API's maximum; ask for more pages, or use All")
	}
	return o.Filter.check()
}

func (f Filter) check() error {
	const negative = "is negative; use the number that Workato gave, or 0 for any"
	switch {
	case slices.Contains(f.Handles, ""):
		return refuse("Filter.Handles", "has an empty handle; take it out")
	case f.AuthorID < 0:
		return refuse("Filter.AuthorID", negative)
	case f.RecipeID < 0:
		return refuse("Filter.RecipeID", negative)
	case f.ConnectionID < 0:
		return refuse("Filter.ConnectionID", negative)
	case slices.ContainsFunc(f.Sort, func(s Sort) bool { return s.By == "" }):
		return refuse("Filter.Sort", "has an empty key; use ByTitle or another key")
	case slices.Contains(f.Include, ""):
		return refuse("Filter.Include", "has an empty extra; use WithAuthor or WithAssignmentCount")
	}
	return nil
}

// checkHandle refuses what is no segment of a path: it would address another
// resource. Handles are opaque otherwise.
func checkHandle(handle string) error {
	switch handle {
	case "":
		return refuse("handle", "is empty; use Tag.Handle")
	case ".", "..":
		return refuse("handle", `is "." or "..", which is no handle; use Tag.Handle`)
	}
	return nil
}

func (d Draft) check() error {
	if err := checkTitle("Draft.Title", d.Title); err != nil {
		return err
	}
	return checkText("Draft.Description", d.Description, maxDescription)
}

func (u Update) check() error {
	if err := checkTitle("Update.Title", u.Title); err != nil {
		return err
	}
	if u.Color != nil && *u.Color == "" {
		return refuse("Update.Color", "is empty; use nil to leave the color as it is")
	}
	if u.Description == nil {
		return nil
	}
	return checkText("Update.Description", *u.Description, maxDescription)
}

func checkTitle(field, title string) error {
	if strings.TrimSpace(title) == "" {
		return refuse(field, "is empty or only white space; the API requires a title")
	}
	return checkText(field, title, maxTitle)
}

// checkText counts as the API does, in characters. Text that is not UTF-8
// cannot be sent as JSON without changing it.
func checkText(field, text string, most int) error {
	if !utf8.ValidString(text) {
		return refuse(field, "is not valid UTF-8")
	}
	if n := utf8.RuneCountInString(text); n > most {
		return refuse(field, fmt.Sprintf("has %d characters; the API takes at most %d", n, most))
	}
	return nil
}

func (a Assignment) check() error {
	switch {
	case len(a.Add)+len(a.Remove) == 0:
		return refuse("Assignment", "has no tag to add or remove; fill Add or Remove")
	case len(a.RecipeIDs)+len(a.ConnectionIDs) == 0:
		return refuse("Assignment", "has nothing to put tags on; fill RecipeIDs or ConnectionIDs")
	case slices.Contains(a.Add, ""):
		return refuse("Assignment.Add", "has an empty handle; use Tag.Handle")
	case slices.Contains(a.Remove, ""):
		return refuse("Assignment.Remove", "has an empty handle; use Tag.Handle")
	case slices.ContainsFunc(a.Add, func(h string) bool { return slices.Contains(a.Remove, h) }):
		return refuse("Assignment", "has a handle in both Add and Remove; choose one of the two")
	case slices.ContainsFunc(a.RecipeIDs, notAnID):
		return refuse("Assignment.RecipeIDs", "has an ID below 1; use the number that Workato gave")
	case slices.ContainsFunc(a.ConnectionIDs, notAnID):
		return refuse("Assignment.ConnectionIDs", "has an ID below 1; use the number that Workato gave")
	}
	return nil
}

func notAnID(id int64) bool { return id < 1 }
