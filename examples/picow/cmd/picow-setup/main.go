package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/workato-go/sdk/examples/picow/settings"
)

const usage = `Usage: picow-setup [flags] [command]

Sets up the alarm on a Pico W that is plugged into this computer.

Commands:
  setup       ask for the settings, or read them from a file (the default)
  show        print the settings; secrets only by their length
  status      print what the board is doing
  reboot      start the board again
  begin-anew  forget which events were told, and watch from now on
  wipe        erase all settings, secrets included

Flags:
  -port NAME  the serial port, if it is not the only one; on Windows always
  -file NAME  read the settings from a file of lines "name = value"; what is not
              in it has its default, secrets stay as they are on the board
  -yes        do not ask whether begin-anew or wipe is meant
  -offline    do not ask Workato from this computer whether a new token is good

Settings, in a file: region (or host), ` + "%s\n"

// program is what main needs of the computer.
type program struct {
	console *console
	err     io.Writer
	open    func(port string) (io.ReadWriteCloser, error)
	now     func() time.Time
	web     *http.Client // nil: the SDK's own
}

func main() {
	p := &program{console: newConsole(os.Stdin, os.Stdout), err: os.Stderr, now: time.Now}
	p.open = func(name string) (io.ReadWriteCloser, error) {
		if name == "" {
			found, err := findPort(portPatterns())
			if err != nil {
				return nil, err
			}
			name = found
		}
		return openPort(name)
	}
	os.Exit(p.run(os.Args[1:]))
}

// run returns the exit status: 0 done, 1 failure, 2 wrong arguments.
func (p *program) run(args []string) int {
	flags := flag.NewFlagSet("picow-setup", flag.ContinueOnError)
	flags.SetOutput(p.err)
	flags.Usage = func() {
		names := slices.DeleteFunc(settings.Names(), func(name string) bool { return name == "host" })
		_, _ = fmt.Fprintf(p.err, usage, strings.Join(names, ", "))
	}
	port := flags.String("port", "", "")
	file := flags.String("file", "", "")
	yes := flags.Bool("yes", false, "")
	offline := flags.Bool("offline", false, "")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	command := "setup"
	if flags.NArg() > 0 {
		command = flags.Arg(0)
	}
	commands := []string{"setup", "show", "status", "reboot", "begin-anew", "wipe"}
	if flags.NArg() > 1 || !slices.Contains(commands, command) {
		_, _ = fmt.Fprintf(p.err, "picow-setup: give one command after the flags: %s\n", strings.Join(commands, ", "))
		return 2
	}
	if *file != "" && command != "setup" {
		_, _ = fmt.Fprintln(p.err, "picow-setup: -file is for setup")
		return 2
	}
	if err := p.do(request{command, *port, *file, *yes, *offline}); err != nil {
		_, _ = fmt.Fprintln(p.err, "picow-setup:", err)
		return 1
	}
	return 0
}

// request is what the arguments say.
type request struct {
	command, port, file string
	yes, offline        bool
}

func (p *program) do(r request) error {
	var values map[string]string
	if r.file != "" {
		var err error
		if values, err = p.read(r.file); err != nil {
			return fmt.Errorf("%s: %w", r.file, err)
		}
	}
	if (r.command == "wipe" || r.command == "begin-anew") && !r.yes {
		if err := p.sure(r.command); err != nil {
			return err
		}
	}
	serial, err := p.open(r.port)
	if err != nil {
		return err
	}
	defer serial.Close()
	b := connect(serial)
	if err := b.hello(); err != nil {
		return err
	}
	command := r.command
	switch command {
	case "setup":
		return p.setup(b, values, r.offline)
	case "wipe", "begin-anew":
		command += " yes"
	}
	got, err := b.do(command)
	for _, line := range got.lines {
		_, _ = fmt.Fprintln(p.console.out, line)
	}
	if got.last != "" {
		_, _ = fmt.Fprintln(p.console.out, got.last)
	}
	return err
}

// read reads a file of settings, and says if others can read a secret in it.
func (p *program) read(name string) (map[string]string, error) {
	f, err := os.Open(name) //nolint:gosec // the user names the file
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	defer func() { _ = f.Close() }()
	values, err := readFile(f)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 && slices.ContainsFunc(slices.Collect(maps.Keys(values)), settings.Secret) {
		_, _ = fmt.Fprintf(p.err, "picow-setup: other users can read the secrets in %s; better leave them out, and be asked\n", name)
	}
	return values, nil
}

func (p *program) sure(command string) error {
	what := "erases all settings on the board, and which events were told"
	if command == "begin-anew" {
		what = "makes the board forget which events were told; what happened since then is lost"
	}
	_, _ = fmt.Fprintf(p.console.out, "This %s. Go on? [yes/no]: ", what)
	text, err := p.console.line()
	if err != nil {
		return err
	}
	if text != "yes" {
		return errors.New("nothing was done")
	}
	return nil
}

func (p *program) setup(b *board, file map[string]string, offline bool) error {
	current, err := b.show()
	if err != nil {
		return err
	}
	var changes map[string]string
	if file != nil {
		changes, err = p.console.complete(current, file)
	} else {
		changes, err = p.console.ask(current, p.now())
	}
	if err != nil {
		return err
	}
	want, err := merge(current, changes)
	if err != nil {
		return err
	}
	if _, known := changes["token"]; known && !offline {
		fatal, text := judge(tryLog(context.Background(), p.web, want))
		if fatal {
			return errors.New(text + "; nothing was changed")
		}
		_, _ = fmt.Fprintln(p.console.out, text)
	}
	if err := apply(b, want, changes); err != nil {
		return err
	}
	got, err := b.do("show")
	for _, line := range got.lines {
		_, _ = fmt.Fprintln(p.console.out, line)
	}
	if err != nil {
		return err
	}
	if _, err := b.do("reboot"); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(p.console.out, "Saved; the board starts with them. If it does not get as far as a short wink every ten seconds, its blinks say why.")
	return nil
}
