package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/workato"
	"github.com/workato-go/sdk/workato/workatotest"
)

// act is a part of the demo's script.
type act struct {
	caption string
	do      func(*demo)
	lasts   time.Duration
}

// script is the demo: 48 seconds.
var script = []act{
	{"All is quiet: dark, but for a short wink that says so.", func(*demo) {}, 5 * time.Second},
	{"The service account deploys. It is on the list of those to ignore.", (*demo).deploys, 4 * time.Second},
	{"Somebody changes a recipe: one sound, and a slow blink until acknowledged.", (*demo).changes, 5 * time.Second},
	{"A burst of twelve events: still one sound.", (*demo).burst, 5 * time.Second},
	{"Somebody presses the mute button: acknowledged.", (*demo).acknowledges, 4 * time.Second},
	{"A leaked token, which is of high severity: three sounds, and a fast blink.", (*demo).leaks, 6 * time.Second},
	{"Acknowledged. And now the network fails, unnoticed at first…", (*demo).fails, 5 * time.Second},
	{"…but soon two blinks say that nobody answers. A dead feed is not a quiet one.", func(*demo) {}, 6 * time.Second},
	{"It is back, and what happened meanwhile is told.", (*demo).recovers, 5 * time.Second},
	{"Acknowledged: quiet again.", (*demo).acknowledges, 3 * time.Second},
}

const (
	demoTitle = "Demo: a made-up workspace inside this program. No account, no board, no network.\n"
	demoEnd   = `
That was the demo. With the token of an API client, this watches your own log,
without a board at first:
  WORKATO_TOKEN=… pialarm -dry-run
`
)

var errDemoOver = errors.New("the demo is over")

// view is where the demo is seen: on a terminal, or as lines of text.
type view interface {
	holder
	show() show
	caption(text string)
	press(d time.Duration)
	finish()
}

// demo plays a script against a server in the same process.
type demo struct {
	srv   *workatotest.Server
	view  view
	speed float64
}

// The demo's service account.
var deployer = workatotest.User{ID: 4711, Name: "Deployment", Email: "deployment@example.com"}

// demoSettings are in quick motion.
func demoSettings(speed float64) settings {
	s := defaultSettings()
	quick := func(d time.Duration) time.Duration { return time.Duration(float64(d) / speed) }
	s.interval = max(quick(time.Second), 100*time.Millisecond)
	s.policy = alarm.Policy{IgnoreUsers: []int64{deployer.ID}, HighEvents: []string{string(activity.EventTokenLeaked)}}
	s.alarm = alarm.Config{SoundPause: 2 * time.Second, StaleAfter: max(quick(4*time.Second), time.Second), Wink: 2 * time.Second}
	return s
}

// runDemo is the demo as a user sees it.
func runDemo(ctx context.Context, sys system, opts options) (status int) {
	var v view = &transcript{out: sys.stdout, describe: withNames}
	if sys.stdout.columns > 0 && sys.getenv("TERM") != "dumb" {
		v = &screen{out: sys.stdout, color: sys.getenv("NO_COLOR") == ""}
	}
	_, _ = io.WriteString(sys.stdout, demoTitle)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	restore, err := sys.keys.listen(func(key byte) { demoKey(key, v, cancel) })
	if err != nil {
		sys.say("keys cannot be read: %v", err)
	}
	defer restore()

	d := &demo{srv: workatotest.NewServer(workatotest.WithSeed(7), workatotest.WithQuota(0)), view: v, speed: opts.speed}
	defer d.srv.Close()
	err = d.run(ctx, script)
	v.finish()
	restore() // before anything else is printed
	switch {
	case err != nil:
		return sys.failed(err, &opts.settings)
	case ctx.Err() == nil:
		_, _ = io.WriteString(sys.stdout, demoEnd)
	}
	return exitDone
}

// demoKey does what a key asks for. Ctrl-C and Ctrl-D are plain keys here.
func demoKey(key byte, v view, cancel context.CancelCauseFunc) {
	const ctrlC, ctrlD = 3, 4
	switch key {
	case 'm', ' ':
		v.press(shortPress)
	case 'M':
		v.press(longPress)
	case 'q', 'Q', ctrlC, ctrlD:
		cancel(errDemoOver)
	}
}

// How long keys hold the button.
const (
	shortPress = 200 * time.Millisecond
	longPress  = 2200 * time.Millisecond
)

// run watches the server with the program as it is, and plays the script.
func (d *demo) run(ctx context.Context, acts []act) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	settings := demoSettings(d.speed)
	d.srv.Own().AddDay(time.Now().UTC().AddDate(0, 0, -1)) // what is old is not told

	answered := make(chan struct{})
	look := d.view.show()
	state := look.state
	look.state = func(s alarm.State) {
		if s.Phase == alarm.Watching && answered != nil {
			close(answered)
			answered = nil
		}
		state(s)
	}
	played := make(chan error, 1)
	first := answered
	go func() {
		played <- guarded(func() error { d.play(ctx, first, acts); return nil })
		cancel(errDemoOver)
	}()

	a := app{settings: &settings, holder: d.view, show: look, notify: &notifier{}, log: slog.New(slog.DiscardHandler)}
	err := a.run(ctx, d.srv.Token(), append(settings.clientOptions(d.srv.Client()), workato.WithLimiter(workato.QuotaEnvironment, nil)))
	cancel(err)
	return cmp.Or(err, <-played)
}

// play waits for the first answer: what happened before it is old.
func (d *demo) play(ctx context.Context, answered <-chan struct{}, acts []act) {
	select {
	case <-answered:
	case <-ctx.Done():
	}
	for _, a := range acts {
		if ctx.Err() != nil {
			return
		}
		d.view.caption(a.caption)
		a.do(d)
		sleep(ctx, time.Duration(float64(a.lasts)/d.speed))
	}
}

// What happens in the script.

func (d *demo) happens(kind string, user workatotest.User, resource workatotest.Resource) {
	d.srv.Own().AddEvents(workatotest.Event{Time: time.Now(), Type: kind, User: &user, Resource: resource})
}

var (
	recipe = workatotest.Resource{ID: 120_417, Name: "Orders to invoices", Type: "Flow"}
	editor = workatotest.User{ID: 1201, Name: "Mara Lindqvist", Email: "mara@example.com"}
)

func (d *demo) deploys() {
	pack := workatotest.Resource{ID: 77, FileName: "release.zip", Type: "ExportManifest"}
	d.happens("package_imported", deployer, pack)
	d.happens("recipe_updated", deployer, recipe)
}

func (d *demo) changes() { d.happens("recipe_updated", editor, recipe) }

func (d *demo) burst() {
	const events = 12
	for range events {
		e := d.srv.Own().Activity(time.Now())
		e.User = &editor
		d.srv.Own().AddEvents(e)
	}
}

func (d *demo) acknowledges() { d.view.press(shortPress) }

func (d *demo) leaks() {
	d.happens("token_leaked", editor, workatotest.Resource{ID: 31, Name: "Reporting", Type: "ApiClient"})
}

func (d *demo) fails() {
	d.acknowledges()
	d.srv.Fail(-1, workatotest.Fault{Drop: true})
}

func (d *demo) recovers() {
	d.happens("connection_disconnected", editor, workatotest.Resource{ID: 902, Name: "Accounting", Type: "SharedAccount"})
	d.happens("recipe_stopped", editor, recipe)
	d.srv.ClearFaults()
}

// withNames describes an event of the demo, whose people do not exist.
func withNames(e *activity.Event, s alarm.Severity) string {
	who := "Workato"
	if e.User != nil {
		who = e.User.Name
	}
	what := cmp.Or(e.Resource.Name, e.Resource.FileName, e.Resource.ID)
	return printable(fmt.Sprintf("%-7s  %-24s %s, by %s", s, e.Type, what, who))
}
