// Tail shows the activity audit log of a Workato workspace on a terminal: who
// logged in, which recipe was stopped, what was deployed, one line an event.
//
//	export WORKATO_TOKEN=…         # the token of an API client
//	tail                           # the last 20 events, oldest first
//	tail -follow                   # the same, and then every new event
//	tail -follow -state seen       # the same, and the next time it goes on there
//	tail -event user_login -n 100  # the last 100 logins
//	tail -from 7d                  # the last seven days
//	tail -from 2026-01-01 -json    # the same as NDJSON, for jq or an archive
//	tail -demo                     # a look at it, without a token or a network
//
// # What a line says
//
// The time in UTC, the type of the event, the type and the name of the resource
// it was about, who did it ("Workato" for the platform itself), and the
// environment. On a terminal, lines fit its width: a narrow one leaves out the
// resource's type, then the environment, then who it was. Elsewhere nothing is
// cut.
//
// Names come from whoever chose them. Escape sequences, control characters and
// marks that turn the direction of writing are taken out of them, except with
// -json, which prints each record exactly as the server sent it (without line
// breaks, should it hold any). A terminal is no place for that output.
//
// # The last events, or all of them
//
// Without other flags, the last 20 events are printed, the newest last. With -n
// it is another number, up to 10,000.
//
// With -from or -json, and without -n and -follow, it is an export: every event
// that the filters choose, newest first, because that is the order in which the
// API gives them. While a page is printed the next one is asked for, so the
// quota alone decides how long it takes: it allows about 90 events a second. At
// most two pages are in memory, however long the log is and however slow stdout.
// Where stderr is a terminal and stdout is not, a line there shows how far it
// is. An export that is cut short says how to go on from there.
//
// # Following
//
// With -follow the last events are printed and then, every -interval, what is
// new, oldest first and each event once. Nothing gets lost between the two. An
// event that becomes visible after newer ones is printed when it appears; the
// few that cannot be are counted on stderr. Failures that may pass, such as a
// lost connection, are reported once and waited out, with growing waits of up to
// a minute; a refused token ends the program, and so does a log that cannot be
// read at the first start.
//
// With -follow, -from chooses among the last events only: what is new is
// printed whatever its time.
//
// The quota is 60 requests a minute, shared by all programs that read this
// part of the API, and by all customers of an embedded partner. A round without
// news is one request, so the default of 30 s takes two of the 60. The interval
// is steady, however quiet the log is.
//
// # Going on after a restart
//
// With -state, a folder, -follow remembers there what it printed. The next
// start with that folder goes on from there: it prints what happened meanwhile,
// and the last events not again. If the log cannot be read just then, it waits.
// An event counts as printed once stdout took it: a crash of the program can
// print one twice, and a power cut can cost what was not on the disk yet.
//
// A folder keeps the logs of several workspaces apart, and one program at a
// time can follow a log with it. It must be on a local disk. What is remembered
// holds for the filters of the first start, except -from, and for the
// environment: after a change, take another folder or remove this one, and
// following begins anew. A few hundred bytes to some kilobytes are kept: IDs
// and times, neither names nor the token.
//
// # Filters
//
// Filters work on the server. Several values of one flag mean any of them, and
// different flags must all agree. The server answers an unknown type with an
// empty log, so a type that this SDK does not know is warned of. Two resource
// types have another name in filters than in the log: Adapter for
// CustomAdapter, and User for Workspace.
//
// A time is in RFC 3339 (2026-01-31T08:00:00+01:00), as this program prints it
// (2026-01-31 07:00:00Z), a date, which means its beginning in UTC, or an age
// (90m, 24h, 7d).
//
// # The token
//
// It comes from the environment variable WORKATO_TOKEN and from nowhere else,
// because arguments can be read by everybody on the machine. Make an API client
// in Workato under Workspace admin > API clients, with a role that may read
// activity logs. A token belongs to one region: give -region unless it is us.
//
// # Color
//
// With -color auto there is color on a terminal, unless NO_COLOR is set or TERM
// is "dumb".
//
// # Exit status
//
//	0    done; also: -follow ended by Ctrl-C
//	1    the log could not be read, or the output not written
//	2    wrong flags, or no token
//	130  Ctrl-C before everything was printed
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"golang.org/x/term"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
)

// The exit statuses.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130 // as shells have it: 128 and the number of the signal
)

// system is what the program knows of the world.
type system struct {
	args           []string // without the program's name
	getenv         func(string) string
	stdout, stderr stream
	http           *http.Client // nil: the SDK's default
}

// stream is an output that may be a terminal.
type stream struct {
	io.Writer
	columns func() int // a terminal's width; nil: no terminal
}

func (s stream) terminal() bool { return s.columns != nil }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, system{
		args: os.Args[1:], getenv: os.Getenv,
		stdout: streamOf(os.Stdout), stderr: streamOf(os.Stderr),
	}))
}

func streamOf(f *os.File) stream {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return stream{Writer: f}
	}
	return stream{Writer: f, columns: func() int {
		width, _, err := term.GetSize(fd)
		if err != nil || width < 1 {
			return 80
		}
		return width
	}}
}

// run is the program; it returns the exit status.
func run(ctx context.Context, sys system) int {
	opts, err := parseFlags(sys.args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, _ = io.WriteString(sys.stdout, help)
		return exitDone
	case err != nil:
		sys.say("%v\nRun tail -help for the flags.", err)
		return exitUsage
	}
	for _, warning := range opts.warnings() {
		sys.say("warning: %s", warning)
	}
	if opts.demo {
		return runDemo(ctx, sys, opts)
	}
	return connect(ctx, sys, opts, sys.getenv("WORKATO_TOKEN"))
}

const noToken = `there is no token: the environment variable WORKATO_TOKEN is empty.
Make one in Workato under Workspace admin > API clients, and then: export WORKATO_TOKEN=…
Or see what this program does without one: go run ./examples/tail -demo`

// connect makes the client and prints what is asked for.
func connect(ctx context.Context, sys system, opts options, token string) int {
	if token == "" {
		sys.say(noToken)
		return exitUsage
	}
	client, err := workato.NewClient(token, opts.source.Options("workato-tail", sys.http)...)
	if err != nil {
		sys.say("%s", explain(err, opts))
		return exitUsage
	}
	workspace := opts.source.Workspace(client)
	t := &tail{
		opts: opts, sys: sys,
		key: workspace.Key(), log: activity.New(workspace),
		print: newPrinter(sys, opts),
	}
	return t.run(ctx)
}

// say writes a message to stderr. What it quotes may come from outside.
func (s system) say(format string, args ...any) {
	_, _ = fmt.Fprintln(s.stderr, "tail:", cleanLines(fmt.Sprintf(format, args...)))
}

// write writes a text of several lines to stderr: stdout is for events only.
func (s system) write(text string) { _, _ = io.WriteString(s.stderr, text) }

// tail is one run against a log.
type tail struct {
	opts  options
	sys   system
	key   string // the workspace's name in a checkpoint
	log   *activity.Service
	print *printer
}

func (t *tail) run(ctx context.Context) int {
	var err error
	switch {
	case t.opts.follow:
		err = t.follow(ctx)
	case t.opts.export():
		err = t.export(ctx)
	default:
		err = t.last(ctx)
	}
	switch {
	case err == nil:
		return exitDone
	case ctx.Err() != nil:
		return exitInterrupted
	default:
		t.sys.say("%s", explain(err, t.opts))
		return exitFailed
	}
}

// last prints the newest events, oldest first.
func (t *tail) last(ctx context.Context) error {
	events, err := t.newest(ctx)
	if err != nil {
		return err
	}
	return t.print.events(events)
}

// newest gives the last events, oldest first.
func (t *tail) newest(ctx context.Context) ([]*activity.Event, error) {
	if t.opts.count == 0 {
		return nil, nil
	}
	var events []*activity.Event
	for event, err := range t.log.All(ctx, t.opts.filter) {
		if err != nil {
			return nil, err
		}
		if events = append(events, event); len(events) == t.opts.count {
			break
		}
	}
	slices.Reverse(events)
	return events, nil
}
