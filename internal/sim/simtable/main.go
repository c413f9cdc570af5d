// Simtable prints how different ways to tail the activity log fare in the
// simulator: two tables in Markdown, the same at every call.
//
//	simtable                     # all scenarios, 12 hours, 3 runs each
//	simtable -scenario S4,S9     # some of them
//	simtable -hours 3 -runs 1    # a quick look
//	simtable -update FILE        # put the tables of the page into it, between its marks
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/workato-go/sdk/internal/sim"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "simtable:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("simtable", flag.ContinueOnError)
	hours := flags.Int("hours", sim.TableHours, "how long each run is")
	runs := flags.Int("runs", sim.TableRuns, "how many runs of each scenario, each with another world")
	only := flags.String("scenario", "", "comma-separated names; empty: all")
	update := flags.String("update", "", "the page to put the tables into, instead of printing them")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *hours < 1 || *runs < 1 || flags.NArg() > 0 {
		return errors.New("-hours and -runs must be above 0, and there are no arguments")
	}
	if *update != "" && flags.NFlag() > 1 {
		return errors.New("-update takes no other flag: the page shows everything")
	}
	scenarios, err := choose(*only)
	if err != nil {
		return err
	}
	c, err := sim.Compare(scenarios, sim.Strategies(), *runs, time.Duration(*hours)*time.Hour)
	if err != nil {
		return err
	}
	if *update != "" {
		return rewrite(*update, c)
	}
	_, err = fmt.Printf("%s\n%s", c.Losses(), c.Costs())
	return err
}

func choose(names string) ([]sim.Scenario, error) {
	all := sim.Scenarios()
	if names == "" {
		return all, nil
	}
	var out []sim.Scenario
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(all, func(s sim.Scenario) bool { return s.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no scenario %q", name)
		}
		out = append(out, all[i])
	}
	return out, nil
}

func rewrite(path string, c *sim.Comparison) error {
	page, err := os.ReadFile(path) //nolint:gosec // the page that the caller names
	if err != nil {
		return err
	}
	text, err := c.Fill(string(page))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(text), 0o644) //nolint:gosec // a page of the documents is for everybody
}
