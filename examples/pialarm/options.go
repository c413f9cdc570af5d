package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The subcommands.
const (
	commandRun       = "run"
	commandSelfTest  = "self-test"
	commandSafeState = "safe-state"
	commandLines     = "lines"
	commandBeginAnew = "begin-anew"
	commandHelp      = "help"
)

var commands = []string{commandRun, commandSelfTest, commandSafeState, commandLines, commandBeginAnew, commandHelp}

// options are what the command line and the configuration file say.
type options struct {
	settings

	command      string
	config       string
	dryRun, demo bool
	speed        float64
	skipped      []string // what is wrong in the file, and does not matter
}

// Playing the demo faster or slower than this shows nothing.
const minSpeed, maxSpeed = 0.1, 100

// parseArgs reads the command line, and the configuration file that it names.
// Flags win over the file. It quotes no argument that is no flag's value: somebody
// may have put the token there.
func parseArgs(args []string, getenv func(string) string) (options, error) {
	o := options{settings: defaultSettings(), command: commandRun, speed: 1}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		o.command, args = args[0], args[1:]
		if !slices.Contains(commands, o.command) {
			return o, unknownCommand(o.command)
		}
	}
	if o.command == commandHelp {
		return o, flag.ErrHelp
	}
	given, err := o.parseFlags(args)
	if err != nil {
		return o, err
	}
	if o.state == "" {
		// systemd gives several folders where the unit names several.
		o.state = filepath.SplitList(getenv("STATE_DIRECTORY") + string(filepath.ListSeparator))[0]
	}
	return o, o.checkAll(given)
}

func unknownCommand(typed string) error {
	list := strings.Join(commands, ", ")
	if near := nearest(typed, commands); near != "" {
		return fmt.Errorf("there is no such subcommand; did you mean %s? They are %s", near, list)
	}
	return fmt.Errorf("there is no such subcommand; they are %s", list)
}

// assignment is a flag on the command line.
type assignment struct{ key, value string }

func (o *options) parseFlags(args []string) (given, error) {
	var assignments []assignment
	onLine := given{}
	flags := flag.NewFlagSet("pialarm", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.StringVar(&o.config, "config", "", "")
	flags.BoolVar(&o.dryRun, "dry-run", false, "")
	flags.BoolVar(&o.demo, "demo", false, "")
	flags.Func("speed", "", speed(&o.speed))
	keys := o.keys()
	for _, k := range keys {
		note := func(value string) error {
			assignments = append(assignments, assignment{k.name, value})
			return nil
		}
		if k.yesNo {
			flags.BoolFunc(k.name, "", note)
		} else {
			flags.Func(k.name, "", note)
		}
	}
	if err := flags.Parse(args); err != nil {
		return nil, flagError(err, flags)
	}
	if flags.NArg() > 0 {
		return nil, errors.New("there is an argument that is no flag, or a subcommand that is not the first word")
	}
	flags.Visit(func(f *flag.Flag) { onLine[f.Name] = "-" + f.Name })

	all := given{}
	if onLine.has("config") {
		if err := o.applyFile(keys, onLine, all); err != nil {
			return nil, err
		}
	}
	for _, a := range assignments {
		if err := apply(keys, a.key, a.value); err != nil {
			return nil, fmt.Errorf("-%s %w", a.key, err)
		}
	}
	maps.Copy(all, onLine)
	if (o.dryRun || o.command != commandRun) && !all.has("log-level") {
		o.logLevel = slog.LevelWarn // they print the rest
	}
	return all, nil
}

// applyFile sets what the file says and the command line does not. For safe-state
// only the lines matter: whatever else somebody wrote wrongly since the alarm was
// started must not keep the buzzer on.
func (o *options) applyFile(keys []key, onLine, all given) error {
	var skip func(error)
	if o.command == commandSafeState {
		skip = func(err error) { o.skipped = append(o.skipped, err.Error()) }
	}
	entries, err := readConfig(o.config, keyNames(), skip)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if onLine.has(e.key) || skip != nil && !slices.Contains(lineKeys, e.key) {
			continue
		}
		where := fmt.Sprintf("%s:%d: %s", o.config, e.line, e.key)
		err := apply(keys, e.key, e.value)
		switch {
		case err == nil:
			all[e.key] = where
		case skip == nil:
			return fmt.Errorf("%s %w", where, err)
		default:
			skip(fmt.Errorf("%s %w", where, err))
		}
	}
	return nil
}

// lineKeys are the settings that safe-state needs.
var lineKeys = []string{"led", "buzzer", "mute", "active-low", "gpio"}

func apply(keys []key, name, value string) error {
	i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
	return keys[i].set(value)
}

// flagError adds the flag that was probably meant.
func flagError(err error, flags *flag.FlagSet) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err
	}
	if name == "token" {
		return errors.New(tokenNotHere)
	}
	var names []string
	flags.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	if near := nearest(name, names); near != "" {
		return fmt.Errorf("there is no such flag; did you mean -%s?", near)
	}
	return errors.New("there is no such flag")
}

func speed(into *float64) func(string) error {
	return func(value string) (err error) {
		*into, err = strconv.ParseFloat(value, 64)
		if err != nil || *into < minSpeed || *into > maxSpeed || *into != *into {
			return fmt.Errorf("must be a number from %v to %v", minSpeed, maxSpeed)
		}
		return nil
	}
}

// checkAll finds what does not go together.
func (o *options) checkAll(g given) error {
	forRun := []string{"dry-run", "demo", "speed"}
	switch {
	case o.command != commandRun:
		for _, name := range forRun {
			if g.has(name) {
				return fmt.Errorf("-%s is for run only", name)
			}
		}
	case g.has("speed") && !o.demo:
		return errors.New("-speed is for -demo only")
	case o.dryRun && o.demo:
		return errors.New("-dry-run and -demo exclude each other")
	case o.demo:
		return checkDemo(g)
	}
	if o.command == commandBeginAnew && o.state == "" {
		return errors.New("name the folder whose checkpoint is to be dropped: -state DIR, or -config FILE where that has it")
	}
	if o.command == commandSafeState {
		return nil
	}
	return o.check(g)
}

// checkDemo finds settings that mean nothing in the demo.
func checkDemo(g given) error {
	for _, name := range slices.Sorted(maps.Keys(g)) {
		if name != "demo" && name != "speed" {
			return fmt.Errorf("-%s means nothing in the -demo, which has settings of its own; leave it out", name)
		}
	}
	return nil
}
