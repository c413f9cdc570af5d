package main

import (
	"context"
	"errors"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

const (
	demoCount    = 12 // events of yesterday
	demoTime     = 13 * time.Second
	demoInterval = 2 * time.Second
	demoPause    = 1300 * time.Millisecond // between two live events
	demoLive     = 8
)

const demoHeader = `Demo: a made-up workspace inside this program; no token and no network.
Some events of yesterday, then new ones for ten seconds. Ctrl-C ends it.

`

const demoFooter = `
That was the demo. With the token of an API client, this follows your own log:
  WORKATO_TOKEN=… go run ./examples/tail -follow
`

var errDemoOver = errors.New("the demo is over")

// checkDemo finds flags that mean nothing in the demo.
func (o *options) checkDemo() error {
	for _, name := range []string{"to", "interval", "state", "region", "base-url", "customer", "external"} {
		if o.given[name] {
			return errors.New("-" + name + " means nothing in the -demo; leave it out")
		}
	}
	return nil
}

// applyDemo makes the demo a -follow in quick motion.
func (o *options) applyDemo() {
	o.follow, o.interval = true, demoInterval
	if !o.given["n"] {
		o.count = demoCount
	}
}

// runDemo runs the program as it is against a server in the same process.
func runDemo(ctx context.Context, sys system, opts options) int {
	srv := workatotest.NewServer(workatotest.WithSeed(7))
	defer srv.Close()
	srv.Own().AddDay(time.Now().UTC().AddDate(0, 0, -1))

	ctx, cancel := context.WithTimeoutCause(ctx, demoTime, errDemoOver)
	defer cancel()
	played := make(chan struct{})
	defer func() { cancel(); <-played }()
	go func() {
		defer close(played)
		playLive(ctx, srv.Own())
	}()

	sys.http = srv.Client()
	sys.write(demoHeader)
	status := connect(ctx, sys, opts, srv.Token())
	if errors.Is(context.Cause(ctx), errDemoOver) {
		sys.write(demoFooter)
	}
	return status
}

// playLive adds what people do while somebody watches.
func playLive(ctx context.Context, ws *workatotest.Workspace) {
	for range demoLive {
		if !sleep(ctx, demoPause) {
			return
		}
		ws.AddEvents(ws.Activity(time.Now()))
	}
}
