package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/workato-go/sdk/internal/bench"
	"github.com/workato-go/sdk/internal/pages"
)

// entry is a contestant in one build, with one input.
type entry struct {
	task  string
	name  string // in the tables
	as    string // among the contestants of the build
	build string
	input bench.Input
	lacks string
}

// The standard page, longer ones of the same kind, and what a busy workspace has.
var (
	standard = bench.Input{Shape: pages.Logins, Events: 100}
	long     = bench.Input{Shape: pages.Logins, Events: 1000}
	longest  = bench.Input{Shape: pages.Logins, Events: 10_000}
	busy     = bench.Input{Shape: pages.Mixed, Events: 100}
	busyLog  = bench.Input{Shape: pages.Mixed, Events: 10_000}
	known    = bench.Input{Shape: pages.Logins, Events: 20} // the events that a watcher knows
)

// plan lists what is measured: of one task, or of all.
func plan(only string) []entry {
	shapes := []bench.Input{standard}
	for _, shape := range pages.Shapes()[1:] {
		shapes = append(shapes, bench.Input{Shape: shape, Events: standard.Events})
	}
	inputs := map[string][]bench.Input{
		"decode":    append(slices.Clone(shapes), long, longest),
		"scan":      append(slices.Clone(shapes), long, longest),
		"list":      {busyLog},
		"watch":     {known},
		"yardstick": {standard},
	}
	var all []entry
	for _, task := range bench.Tasks() {
		if only != "" && task.Name != only && task.Name != "yardstick" {
			continue
		}
		for _, input := range inputs[task.Name] {
			for _, c := range task.Contestants {
				all = append(all, entry{task.Name, c.Name, c.Name, plain, input, c.Lacks})
			}
			all = append(all, experimental(task.Name, input)...)
		}
	}
	return all
}

// experimental lists who works in the second process.
func experimental(task string, input bench.Input) []entry {
	in := func(name, as, lacks string) entry { return entry{task, name, as, experiment, input, lacks} }
	switch task {
	case "yardstick":
		return []entry{in("FNV-1a, jsonv2", "FNV-1a", "")}
	case "decode":
		return []entry{
			in(bench.Standard+", built with jsonv2", bench.Standard, bench.Strict),
			in(bench.V2, bench.V2, bench.Strict),
			in(bench.V2+bench.WithRaw, bench.V2+bench.WithRaw, bench.StrictRaw),
		}
	}
	return nil
}

// measured is what came out: the costs of each entry, by round.
type measured struct {
	rounds  int
	entries []entry
	costs   map[entry][]bench.Cost
}

func compare(all workers, entries []entry, rounds int, slice time.Duration, progress io.Writer) (*measured, error) {
	m := &measured{rounds: rounds, entries: entries, costs: map[entry][]bench.Cost{}}
	groups := group(entries)
	for round := range rounds {
		_, _ = fmt.Fprintf(progress, "round %d of %d\n", round+1, rounds)
		for _, group := range groups {
			for _, i := range rand.Perm(len(group)) { //nolint:gosec // an order is no secret
				e := group[i]
				cost, err := all[e.build].do(job{e.task, e.as, e.input, slice})
				if err != nil {
					return nil, err
				}
				m.costs[e] = append(m.costs[e], cost)
			}
		}
	}
	return m, nil
}

// group puts together what is compared with one another, and so measured close
// together.
func group(entries []entry) [][]entry {
	var groups [][]entry
	for _, e := range entries {
		last := len(groups) - 1
		if last >= 0 && groups[last][0].task == e.task && groups[last][0].input == e.input {
			groups[last] = append(groups[last], e)
		} else {
			groups = append(groups, []entry{e})
		}
	}
	return groups
}

// find gives the entry of a name.
func (m *measured) find(task, name string, input bench.Input) (entry, bool) {
	i := slices.IndexFunc(m.entries, func(e entry) bool { return e.task == task && e.name == name && e.input == input })
	if i < 0 {
		return entry{}, false
	}
	return m.entries[i], true
}

// names gives the contestants of a task that did something with an input.
func (m *measured) names(task string, input bench.Input) []string {
	var names []string
	for _, e := range m.entries {
		if e.task == task && e.input == input {
			names = append(names, e.name)
		}
	}
	return names
}

// ratios gives how many times as long one entry took as another, by round,
// sorted.
func (m *measured) ratios(one, other entry) []float64 {
	ratios := make([]float64, m.rounds)
	for i := range ratios {
		ratios[i] = m.costs[one][i].Nanoseconds / m.costs[other][i].Nanoseconds
	}
	slices.Sort(ratios)
	return ratios
}

// median gives the middle of one part of the costs.
func (m *measured) median(e entry, part func(bench.Cost) float64) float64 {
	var all []float64
	for _, cost := range m.costs[e] {
		all = append(all, part(cost))
	}
	slices.Sort(all)
	return quantile(all, 0.5)
}

// quantile of sorted numbers: a half is the median.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

func nanoseconds(c bench.Cost) float64 { return c.Nanoseconds }
func allocations(c bench.Cost) float64 { return c.Allocations }
func octets(c bench.Cost) float64      { return c.Bytes }
