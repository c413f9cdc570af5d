package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/source"
	"github.com/workato-go/sdk/examples/internal/value"
	"github.com/workato-go/sdk/workato"
)

const help = `Usage: tail [flags]

Prints the activity audit log of a Workato workspace, one line an event. The
token of the API client comes from the environment variable WORKATO_TOKEN.

  tail                           the last 20 events, oldest first
  tail -follow                   the same, and then every new event
  tail -follow -state seen       the same, and the next time it goes on there
  tail -event user_login -n 100  the last 100 logins
  tail -from 7d                  an export: all of seven days, newest first
  tail -from 2026-01-01 -json    the same as NDJSON, each record as it was sent
  tail -demo                     a look at it, without a token or a network

What to print:
  -n N                print the last N events, 1 to 10000 (default 20);
                      0 with -follow: only new ones
  -follow             go on with new events, oldest first, until Ctrl-C
  -interval DURATION  how often -follow asks (default 30s, at least 5s);
                      a quiet round is one request, and the quota, for all
                      programs together, 60 a minute
  -state DIR          remember in this folder what -follow printed; the next
                      start goes on there and prints what happened meanwhile
  -json               print NDJSON; without -n and -follow everything, newest
                      first
  -color WHEN         auto, always or never (default auto: on a terminal, unless
                      NO_COLOR is set)
  -demo               run for some seconds against a made-up workspace

Filters, where several values mean any of them; repeat or separate by commas:
  -from TIME          not before; without -n and -follow everything since then,
                      newest first; with -follow only for the last events
  -to TIME            not after; not with -follow
  -user ID            by this user
  -event TYPE         only this event type, such as recipe_stopped
  -not-event TYPE     all but this event type
  -resource TYPE      only about this resource type, such as Flow (a recipe)
  -not-resource TYPE  all but this resource type
A TIME is in RFC 3339, a date (its beginning, UTC), or an age: 90m, 24h, 7d.

Which log:
  -region NAME        us, eu, jp, sg, au, il, kr, uk, cn or trial (default us)
  -base-url URL       in place of a region: an installation with its own host
  -customer ID        a customer of an embedded partner, by its number
  -external ID        the same, by the external ID

Exit status: 0 done, or -follow ended by Ctrl-C; 1 failure; 2 wrong flags or no
token; 130 Ctrl-C before everything was printed.
`

// options are the flags, checked.
type options struct {
	follow, json, demo bool
	count              int
	interval           time.Duration
	state              string
	color              string
	filter             activity.Filter
	source             source.Source

	given map[string]bool // the flags that were on the command line
}

const (
	maxCount    = 10_000          // they are all in memory before the first is printed
	minInterval = 5 * time.Second // a round is at least a request, and others need the quota too
)

// parseFlags reads the command line. It quotes no argument that is no flag's
// value: somebody may have put the token there.
func parseFlags(args []string) (options, error) {
	o := options{count: 20, interval: 30 * time.Second, color: "auto", source: source.Source{Region: workato.US}, given: map[string]bool{}}
	now := time.Now()
	flags := flag.NewFlagSet("tail", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}

	flags.BoolVar(&o.follow, "follow", false, "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.BoolVar(&o.demo, "demo", false, "")
	flags.Func("n", "", within(&o.count, 0, maxCount))
	flags.Func("interval", "", value.Duration(&o.interval, minInterval))
	flags.StringVar(&o.state, "state", "", "")
	flags.Func("color", "", value.OneOf(&o.color, "auto", "always", "never"))

	flags.Func("from", "", moment(&o.filter.From, now))
	flags.Func("to", "", moment(&o.filter.To, now))
	flags.Func("user", "", userIDs(&o.filter.UserIDs))
	flags.Func("event", "", types(&o.filter.IncludeEvents))
	flags.Func("not-event", "", types(&o.filter.ExcludeEvents))
	flags.Func("resource", "", types(&o.filter.IncludeResources))
	flags.Func("not-resource", "", types(&o.filter.ExcludeResources))

	flags.Func("region", "", value.Region(&o.source.Region))
	flags.StringVar(&o.source.BaseURL, "base-url", "", "")
	flags.Func("customer", "", value.Number(&o.source.Customer, 1))
	flags.StringVar(&o.source.ExternalCustomer, "external", "", "")

	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, errors.New("everything must be a flag; there is an argument that is none")
	}
	flags.Visit(func(f *flag.Flag) { o.given[f.Name] = true })
	if err := o.check(); err != nil {
		return o, err
	}
	if o.demo {
		o.applyDemo()
	}
	return o, nil
}

// check finds flags that do not go together.
func (o *options) check() error {
	g := o.given
	switch {
	case g["region"] && g["base-url"]:
		return errors.New("-region and -base-url exclude each other")
	case g["customer"] && g["external"]:
		return errors.New("-customer and -external exclude each other")
	case g["external"] && o.source.ExternalCustomer == "":
		return errors.New("-external is empty; give the customer's external ID")
	case g["base-url"] && o.source.BaseURL == "":
		return errors.New("-base-url is empty; give a URL such as https://www.workato.com")
	case o.demo:
		return o.checkDemo()
	case o.follow && g["to"]:
		return errors.New("-to ends a listing and -follow has no end; leave one of them out")
	case g["interval"] && !o.follow:
		return errors.New("-interval is for -follow only")
	case g["state"] && !o.follow:
		return errors.New("-state is for -follow only")
	case g["state"] && o.state == "":
		return errors.New("-state is empty; name a folder")
	case g["n"] && o.count == 0 && !o.follow:
		return errors.New("-n 0 is for -follow only")
	case !o.filter.From.IsZero() && !o.filter.To.IsZero() && o.filter.From.After(o.filter.To):
		return errors.New("-from is after -to; exchange them")
	}
	return nil
}

// export tells whether everything is printed, and not only the last events.
func (o *options) export() bool {
	return !o.follow && !o.given["n"] && (o.json || o.given["from"])
}

// filterNames are the resource types that filters know by another name.
var filterNames = map[activity.ResourceType]activity.ResourceType{
	activity.ResourceCustomAdapter: activity.ResourceAdapter,
	activity.ResourceWorkspace:     activity.ResourceUser,
}

// warnings are about values that are probably typos: the server does not
// complain about them.
func (o *options) warnings() []string {
	var all []string
	for _, types := range [][]activity.EventType{o.filter.IncludeEvents, o.filter.ExcludeEvents} {
		for _, t := range types {
			if !t.Known() {
				all = append(all, fmt.Sprintf("%q is no event type that this program knows; the server matches a typo with nothing", t))
			}
		}
	}
	for _, types := range [][]activity.ResourceType{o.filter.IncludeResources, o.filter.ExcludeResources} {
		for _, t := range types {
			if name, ok := filterNames[t]; ok {
				all = append(all, fmt.Sprintf("filters call the resource type %q by the name %q", t, name))
			} else if !t.Known() {
				all = append(all, fmt.Sprintf("%q is no resource type that this program knows; the server matches a typo with nothing", t))
			}
		}
	}
	return all
}

// What follows reads the value of one kind of flag each.

func within(into *int, least, most int) func(string) error {
	return func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < least || n > most {
			return fmt.Errorf("must be a number from %d to %d", least, most)
		}
		*into = n
		return nil
	}
}

func userIDs(into *[]int64) func(string) error {
	return func(s string) error {
		for item := range strings.SplitSeq(s, ",") {
			var n int64
			if err := value.Number(&n, 1)(strings.TrimSpace(item)); err != nil {
				return err
			}
			*into = append(*into, n)
		}
		return nil
	}
}

func types[T ~string](into *[]T) func(string) error {
	return func(s string) error {
		for item := range strings.SplitSeq(s, ",") {
			item = strings.TrimSpace(item)
			if item == "" {
				return errors.New("has an empty type")
			}
			*into = append(*into, T(item))
		}
		return nil
	}
}

func moment(into *time.Time, now time.Time) func(string) error {
	return func(s string) error {
		if age, ok := parseAge(s); ok {
			*into = now.Add(-age)
			return nil
		}
		for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", time.DateOnly} {
			if t, err := time.Parse(layout, s); err == nil {
				*into = t
				return nil
			}
		}
		return errors.New("must be a time like 2026-01-31T08:00:00Z, a date like 2026-01-31 or an age like 24h or 7d")
	}
}

// parseAge reads a duration, also in whole days.
func parseAge(s string) (time.Duration, bool) {
	const most = 100 * 365 // days; more than a Duration can hold otherwise
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && n >= 0 && n <= most
	}
	d, err := time.ParseDuration(s)
	return d, err == nil && d >= 0
}
