package alarm

import "slices"

// Severity is how much an event matters. Its zero value is Ignored.
type Severity uint8

// Severities, in ascending order.
const (
	Ignored Severity = iota // neither shown nor heard
	Normal                  // one sound, and a slow blink until acknowledged
	High                    // three sounds, repeated, and a fast blink until acknowledged
)

// String is "ignored", "normal" or "high".
func (s Severity) String() string {
	switch s {
	case Ignored:
		return "ignored"
	case Normal:
		return "normal"
	case High:
		return "high"
	default:
		return "unknown"
	}
}

// Event is what a [Policy] looks at.
type Event struct {
	UserID       int64 // who did it; 0 is the platform itself
	Type         string
	ResourceType string
}

// Policy says which events matter. Its zero value lets each event matter
// normally. Texts are compared as they are, capitals included.
type Policy struct {
	IgnoreUsers      []int64  // IDs of service accounts; 0 is the platform itself
	IncludeEvents    []string // event types; none: all
	ExcludeEvents    []string
	IncludeResources []string // resource types; none: all
	ExcludeResources []string
	HighEvents       []string // event types of high severity
}

// Severity is the severity of an event.
func (p *Policy) Severity(e Event) Severity {
	switch {
	case slices.Contains(p.IgnoreUsers, e.UserID),
		!selected(p.IncludeEvents, p.ExcludeEvents, e.Type),
		!selected(p.IncludeResources, p.ExcludeResources, e.ResourceType):
		return Ignored
	case slices.Contains(p.HighEvents, e.Type):
		return High
	default:
		return Normal
	}
}

func selected(include, exclude []string, kind string) bool {
	return !slices.Contains(exclude, kind) && (len(include) == 0 || slices.Contains(include, kind))
}

// Validate finds what can never match or contradicts itself. The error is a
// [*FieldError].
func (p *Policy) Validate() error {
	for _, id := range p.IgnoreUsers {
		if id < 0 {
			return &FieldError{"IgnoreUsers", "has a negative number: give the IDs of users, or 0 for the platform itself"}
		}
	}
	for _, list := range []struct {
		field string
		kinds []string
	}{
		{"IncludeEvents", p.IncludeEvents},
		{"ExcludeEvents", p.ExcludeEvents},
		{"IncludeResources", p.IncludeResources},
		{"ExcludeResources", p.ExcludeResources},
		{"HighEvents", p.HighEvents},
	} {
		for _, kind := range list.kinds {
			switch {
			case kind == "":
				return &FieldError{list.field, "has an empty text, which no event matches: take it out"}
			case kind[0] == ' ' || kind[len(kind)-1] == ' ':
				return &FieldError{list.field, `has "` + kind + `" with a space around it, which no event matches: take the space out`}
			}
		}
	}
	if kind, ok := common(p.ExcludeEvents, p.IncludeEvents); ok {
		return &FieldError{"ExcludeEvents", `has "` + kind + `", which IncludeEvents has, too: take it out of one of them`}
	}
	if kind, ok := common(p.ExcludeResources, p.IncludeResources); ok {
		return &FieldError{"ExcludeResources", `has "` + kind + `", which IncludeResources has, too: take it out of one of them`}
	}
	if kind, ok := common(p.HighEvents, p.ExcludeEvents); ok {
		return &FieldError{"HighEvents", `has "` + kind + `", which ExcludeEvents leaves out: take it out of one of them`}
	}
	for _, kind := range p.HighEvents {
		if len(p.IncludeEvents) != 0 && !slices.Contains(p.IncludeEvents, kind) {
			return &FieldError{"HighEvents", `has "` + kind + `", which IncludeEvents lacks: add it there, too`}
		}
	}
	return nil
}

func common(a, b []string) (string, bool) {
	for _, kind := range a {
		if slices.Contains(b, kind) {
			return kind, true
		}
	}
	return "", false
}
