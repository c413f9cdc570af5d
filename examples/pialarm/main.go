package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/term"

	"github.com/workato-go/sdk/workato"
)

// The exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// system is what the program knows of the world.
type system struct {
	args           []string // without the program's name
	getenv         func(string) string
	stdout, stderr stream
	keys           keyboard
	http           *http.Client // nil: the SDK's default
	kernel         kernel
}

// stream is an output that may be a terminal.
type stream struct {
	io.Writer
	columns int // a terminal's width; 0: no terminal
}

func main() {
	// A reader of the log that goes away must not end the program while the
	// buzzer sounds: a write then fails, and nothing else.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, system{
		args: os.Args[1:], getenv: os.Getenv,
		stdout: streamOf(os.Stdout), stderr: streamOf(os.Stderr), keys: keyboardOf(os.Stdin),
		kernel: theKernel(),
	}))
}

func streamOf(f *os.File) stream {
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return stream{Writer: f} // no terminal
	}
	return stream{f, max(columns, 20)}
}

// run is the program; it returns the exit status.
func run(ctx context.Context, sys system) int {
	opts, err := parseArgs(sys.args, sys.getenv)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, _ = io.WriteString(sys.stdout, help)
		return exitDone
	case err != nil:
		sys.say("%v\nRun pialarm help for the flags.", err)
		return exitUsage
	}
	if opts.demo {
		return runDemo(ctx, sys, opts)
	}
	switch opts.command {
	case commandSelfTest:
		return selfTest(ctx, sys, opts)
	case commandSafeState:
		return safeState(sys, opts)
	case commandLines:
		return listLines(sys, opts)
	case commandBeginAnew:
		return beginAnew(sys, opts)
	default:
		return watch(ctx, sys, opts)
	}
}

// say writes a message to stderr. What it quotes may come from outside.
func (s system) say(format string, args ...any) {
	var text strings.Builder
	for line := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		text.WriteString(printable(line) + "\n")
	}
	_, _ = io.WriteString(s.stderr, "pialarm: "+text.String())
}

// logger logs to stderr. The journal adds the time itself.
func (s system) logger(o *settings) *slog.Logger {
	handler := &slog.HandlerOptions{Level: o.logLevel}
	if s.getenv("JOURNAL_STREAM") != "" {
		handler.ReplaceAttr = func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}
	}
	return slog.New(slog.NewTextHandler(s.stderr, handler))
}

// watch is the subcommand run: it watches the log.
func watch(ctx context.Context, sys system, opts options) int {
	out := writeAside(sys.stderr)
	defer out.close()
	sys.stderr = stream{Writer: out}
	token, warning, err := findToken(sys.getenv)
	if err != nil {
		sys.say("%v", err)
		return exitUsage
	}
	if warning != "" {
		sys.say("warning: %s", warning)
	}
	for _, warning := range opts.warnings() {
		sys.say("warning: %s", warning)
	}
	log := sys.logger(&opts.settings)
	a := app{settings: &opts.settings, log: log}
	if opts.dryRun {
		t := &transcript{out: sys.stdout, describe: withoutNames}
		a.holder, a.show = t, t.show()
	} else {
		a.holder = pins{kernel: sys.kernel, settings: &opts.settings, log: log}
	}
	if a.notify, err = newNotifier(sys.getenv); err != nil {
		log.Warn("the service manager cannot be told anything", "error", err)
	}
	defer a.notify.close()
	err = a.run(ctx, token, opts.clientOptions(sys.http))
	if err != nil {
		return sys.failed(err, &opts.settings)
	}
	return exitDone
}

// failed says why the program ends, and gives its exit status.
func (s system) failed(err error, o *settings) int {
	if crashed, ok := errors.AsType[*crash](err); ok {
		_, _ = fmt.Fprintf(s.stderr, "pialarm: %v\n%s", crashed, crashed.stack)
		return exitFailed
	}
	if _, wrong := errors.AsType[*workato.ArgumentError](err); wrong {
		s.say("%s", explain(err, o))
		return exitUsage
	}
	s.say("%v", err)
	return exitFailed
}

// clientOptions are those of the client. A failure is shown at once, and retried by
// the reader.
func (s *settings) clientOptions(h *http.Client) []workato.Option {
	return append(s.source.Options("workato-pialarm", h), workato.WithRetry(workato.RetryPolicy{MaxAttempts: 1}))
}
