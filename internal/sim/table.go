package sim

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Comparison is every reader in some scenarios.
type Comparison struct {
	Scenarios  []Scenario
	Strategies []Strategy
	Results    [][]Result // by scenario, then by strategy
}

// Compare plays the runs 1 to runs of every scenario with every reader, on all
// processors: each run is a world of its own, so their order does not matter.
func Compare(scenarios []Scenario, strategies []Strategy, runs int, length time.Duration) (*Comparison, error) {
	c := &Comparison{Scenarios: scenarios, Strategies: strategies, Results: make([][]Result, len(scenarios))}
	failures := make([]error, len(scenarios))
	tickets := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i := range scenarios {
		all.Go(func() {
			tickets <- struct{}{}
			defer func() { <-tickets }()
			c.Results[i], failures[i] = compareIn(&scenarios[i], strategies, runs, length)
		})
	}
	all.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

func compareIn(s *Scenario, strategies []Strategy, runs int, length time.Duration) ([]Result, error) {
	out := make([]Result, len(strategies))
	for run := range uint64(runs) { //nolint:gosec // a small number
		w := NewWorld(s, run+1, length)
		for i, strategy := range strategies {
			result, err := runIn(w, s, strategy, run+1)
			if err != nil {
				return nil, err
			}
			out[i].Add(result)
		}
	}
	return out, nil
}

// Losses is the table of what was missed, duplicated and reported, in Markdown.
func (c *Comparison) Losses() string {
	return c.table("Events", func(row []Result) string { return number(row[0].Events) }, (*Result).losses)
}

// Costs is the table of delays, requests, bytes and state, in Markdown.
func (c *Comparison) Costs() string {
	return c.table("", nil, (*Result).costs)
}

func (c *Comparison) table(extra string, column func([]Result) string, cell func(*Result) string) string {
	var b strings.Builder
	heads := []string{"Scenario"}
	if column != nil {
		heads = append(heads, extra)
	}
	for _, s := range c.Strategies {
		heads = append(heads, s.Name)
	}
	line(&b, heads)
	line(&b, append([]string{"---"}, repeat("--:", len(heads)-1)...))
	for i, s := range c.Scenarios {
		cells := []string{s.Name + " " + s.Title}
		if column != nil {
			cells = append(cells, column(c.Results[i]))
		}
		for j := range c.Results[i] {
			cells = append(cells, cell(&c.Results[i][j]))
		}
		line(&b, cells)
	}
	return b.String()
}

func line(b *strings.Builder, cells []string) {
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

func repeat(text string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = text
	}
	return out
}

// losses reads "12, 3 d, 4 r": missed, duplicated, reported missing.
func (r *Result) losses() string {
	parts := []string{number(r.Missed)}
	if r.Duplicated > 0 {
		parts = append(parts, number(r.Duplicated)+" d")
	}
	if r.Reported > 0 {
		parts = append(parts, number(r.Reported)+" r")
	}
	if r.Unknown > 0 {
		parts = append(parts, number(r.Unknown)+" u")
	}
	return strings.Join(parts, ", ")
}

// costs reads "15/30 s, 120, 562, 8": delays of the median and of 99 %, requests
// an hour, KB an hour, bytes of state.
func (r *Result) costs() string {
	const thousand = 1000
	return fmt.Sprintf("%s/%s s, %s, %s, %s", seconds(r.Delay(0.5)), seconds(r.Delay(0.99)),
		number(r.PerHour(r.Requests)), number((r.PerHour(r.Bytes)+thousand/2)/thousand), number(r.State))
}

func seconds(ms int64) string { return number(int((ms + 500) / 1000)) }

// number writes thousands with commas.
func number(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
