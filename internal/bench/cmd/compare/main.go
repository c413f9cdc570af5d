// Compare measures the SDK against other ways to the same result, and prints
// tables in Markdown:
//
//	go -C internal/bench run ./cmd/compare                # some minutes
//	go -C internal/bench run ./cmd/compare -rounds 3      # a quick look
//	go -C internal/bench run ./cmd/compare -task scan     # one task
//	go -C internal/bench run ./cmd/compare -update FILE   # put the tables into a page, between its marks
//
// On a shared machine the same work takes another time from minute to minute.
// So all contestants work in turn, each for a moment, in many rounds and another
// order each time; what is compared was measured within a round, and the median
// of the rounds counts. Two processes do the work, one built as usual and one
// with the experiment jsonv2, and both on one processor: what a contestant
// leaves to the collector is part of its cost.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/workato-go/sdk/internal/bench"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	rounds := flags.Int("rounds", 15, "how often each contestant is measured")
	slice := flags.Duration("slice", 30*time.Millisecond, "how long each time")
	only := flags.String("task", "", "decode, scan, list or watch; empty: all")
	update := flags.String("update", "", "the page to put the tables into, instead of printing them")
	work := flags.Bool("work", false, "be one of the processes that measure")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case *work:
		return serve(stdin, stdout)
	case *rounds < 1 || *slice <= 0 || flags.NArg() > 0:
		return errors.New("-rounds and -slice must be above 0, and there are no arguments")
	case *update != "" && *only != "":
		return errors.New("-update takes no -task: the page shows everything")
	case *only != "":
		if _, err := bench.Find(*only); err != nil {
			return err
		}
	}
	workers, err := startWorkers()
	if err != nil {
		return err
	}
	defer workers.stop()
	measured, err := compare(workers, plan(*only), *rounds, *slice, stderr)
	if err != nil {
		return err
	}
	if *update != "" {
		return measured.fillFile(*update)
	}
	return measured.print(stdout)
}
