package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/workato-go/sdk/activity"
)

// printer writes events to stdout, one line each and each in one write.
type printer struct {
	out         stream
	json, color bool
	count       int
}

func newPrinter(sys system, opts options) *printer {
	color := opts.color == "always"
	if opts.color == "auto" {
		color = sys.stdout.terminal() && sys.getenv("NO_COLOR") == "" && sys.getenv("TERM") != "dumb"
	}
	return &printer{out: sys.stdout, json: opts.json, color: color}
}

func (p *printer) events(events []*activity.Event) error {
	for _, e := range events {
		if err := p.event(e); err != nil {
			return err
		}
	}
	return nil
}

func (p *printer) event(e *activity.Event) error {
	line := p.line
	if p.json {
		line = record
	}
	if _, err := p.out.Write(append(line(e), '\n')); err != nil {
		return fmt.Errorf("cannot write the output: %w", err)
	}
	p.count++
	return nil
}

// record is the event as it was sent. Between the parts of a record there may
// be line breaks, which NDJSON cannot have; within its texts there are none.
func record(e *activity.Event) []byte {
	raw := e.Raw()
	if !bytes.ContainsAny(raw, "\r\n") {
		return raw
	}
	var compact bytes.Buffer
	if json.Compact(&compact, raw) != nil {
		return raw
	}
	return compact.Bytes()
}

// line is the event in columns.
func (p *printer) line(e *activity.Event) []byte {
	columns := 0
	if p.out.terminal() {
		columns = p.out.columns()
	}
	l := layoutFor(columns)
	r := row{color: p.color, end: l.end}
	r.cell(when(e), dim, 0, l.event-gap)
	r.cell(clean(string(e.Type)), style(e), l.event, l.resourceEnd)
	if l.kind > 0 {
		r.cell(clean(string(e.Resource.Type)), dim, l.kind, l.resourceEnd)
	}
	r.cell(what(e), "", l.name, l.resourceEnd)
	if l.who > 0 {
		r.cell(who(e), whoStyle(e), l.who, l.whoEnd)
	}
	if l.environment > 0 {
		r.cell(clean(e.Workspace.Environment), dim, l.environment, l.end)
	}
	return r.text
}

func when(e *activity.Event) string {
	if e.Time.IsZero() {
		return clean(e.RawTime)
	}
	return e.Time.Format("2006-01-02 15:04:05Z")
}

// what is the resource's name or, as packages and some others have none, the
// next best.
func what(e *activity.Event) string {
	r := e.Resource
	return cmp.Or(clean(r.Name), clean(r.FileName), clean(r.Path), clean(r.Email), clean(r.ID))
}

func who(e *activity.Event) string {
	if e.User == nil {
		return "Workato"
	}
	return cmp.Or(clean(e.User.Name), clean(e.User.Email), "user "+strconv.FormatInt(e.User.ID, 10))
}

// layout is where the columns begin and end; 0: there is no room for one.
type layout struct {
	event, kind, name, resourceEnd, who, whoEnd, environment, end int
}

// How wide the columns are. An event type or a resource type that is longer
// takes its room from the name.
const (
	gap              = 2
	timeWidth        = len("2006-01-02 15:04:05Z")
	eventWidth       = len("connection_disconnected")
	kindWidth        = len("MemberInvitation")
	minNameWidth     = 14
	nameWidth        = 32
	maxNameWidth     = 48
	whoWidth         = 16
	environmentWidth = len("test")
)

// layoutFor divides a terminal of so many columns; 0 is no terminal, where
// nothing ends.
func layoutFor(columns int) layout {
	l := layout{event: timeWidth + gap}
	l.kind = l.event + eventWidth + gap
	l.name = l.kind + kindWidth + gap
	if columns == 0 {
		l.who = l.name + nameWidth + gap
		l.environment = l.who + whoWidth + gap
		l.resourceEnd, l.whoEnd, l.end = math.MaxInt, math.MaxInt, math.MaxInt
		return l
	}

	l.end = columns
	rest := gap + whoWidth + gap + environmentWidth // what comes after the name
	used := min(columns, l.name+maxNameWidth+rest)
	if used < l.name+minNameWidth+rest {
		l.name, l.kind = l.kind, 0
	}
	if used < l.name+minNameWidth+rest {
		rest = gap + whoWidth
	}
	if used < l.name+minNameWidth/2+rest {
		rest = 0
	}
	l.resourceEnd = used - rest
	if rest > 0 {
		l.who = l.resourceEnd + gap
		l.whoEnd = l.who + whoWidth
	}
	if rest > gap+whoWidth {
		l.environment = l.whoEnd + gap
	}
	return l
}

// row is a line under way.
type row struct {
	text  []byte
	color bool
	pos   int // the column that comes next
	end   int // the line's
}

// cell writes a text from the column start on, or later where the line is
// longer already, and cuts it before the column end.
func (r *row) cell(text, style string, start, end int) {
	if r.pos > 0 {
		start = max(start, r.pos+gap)
	}
	end = min(end, r.end)
	if text == "" || start >= end {
		return
	}
	text = cut(text, end-start)
	r.text = append(r.text, strings.Repeat(" ", start-r.pos)...)
	r.pos = start + width(text)
	if !r.color || style == "" {
		r.text = append(r.text, text...)
		return
	}
	r.text = append(r.text, style+text+reset...)
}

// The styles, in the sixteen colors that every terminal's theme defines.
const (
	reset  = "\x1b[0m"
	dim    = "\x1b[2m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
)

// styles go by the last word of the event type.
var styles = map[string]string{
	"created": green, "started": green, "connected": green, "accept": green, "enabled": green,
	"stopped": yellow, "disconnected": yellow, "regenerated": yellow, "refreshed": yellow,
	"deleted": red, "leaked": red,
	"login": dim, "logout": dim,
}

// style is red for what failed, too.
func style(e *activity.Event) string {
	if e.Details.Failed != nil && *e.Details.Failed {
		return red
	}
	t := string(e.Type)
	return cmp.Or(styles[t[strings.LastIndex(t, "_")+1:]], cyan)
}

func whoStyle(e *activity.Event) string {
	if e.User == nil {
		return dim
	}
	return ""
}
