package tags

import (
	"bytes"
	"log/slog"
	"time"
)

// Tag is a label for recipes and connections, as the server described it.
type Tag struct {
	Handle      string // the tag's ID: opaque
	Title       string // 1 to 30 characters; two tags may have the same
	Description string // up to 150 characters; "" where there is none
	Color       Color

	// UTC; zero where the server sent none, as in its answers to
	// [Service.Create] and [Service.Update], or none that can be read.
	CreatedAt, UpdatedAt time.Time

	Author          *Author // nil unless included: see [WithAuthor]
	AssignmentCount *int    // on how many recipes and connections it is; nil unless included: see [WithAssignmentCount]

	raw []byte
}

// Author is the user who created a tag.
type Author struct {
	ID        int64 // 0 where the server sent no number
	Name      string
	AvatarURL string // often ""
}

// Color is how a tag is shown. The type is open: a color that this SDK does
// not know is read as it comes, and sent for the server to judge.
type Color string

// The colors that the API documents.
const (
	Blue    Color = "blue"
	Violet  Color = "violet"
	Green   Color = "green"
	Red     Color = "red"
	Orange  Color = "orange"
	Gold    Color = "gold"
	Indigo  Color = "indigo"
	Brown   Color = "brown"
	Teal    Color = "teal"
	Plum    Color = "plum"
	Slate   Color = "slate"
	Neutral Color = "neutral"
)

// Raw is the tag's JSON, byte for byte as the server sent it, with the fields
// that this SDK does not know. The caller may change it. It holds the author's
// name where that was included.
func (t Tag) Raw() []byte { return bytes.Clone(t.raw) }

// LogValue is what a log shows of a tag: handle, title and color, and not who
// created it.
func (t Tag) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("handle", t.Handle),
		slog.String("title", t.Title),
		slog.String("color", string(t.Color)),
	)
}
