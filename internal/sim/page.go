package sim

import (
	"fmt"
	"slices"
	"strings"
)

// What the tables of the published page are made with.
const (
	TableHours = 12
	TableRuns  = 3
)

// PageCosts is the table of costs as far as the page shows it: what is telling
// about readers that mean to lose nothing.
func (c *Comparison) PageCosts() string {
	part := &Comparison{}
	shown := []string{"S0", "S1", "S3", "S5", "S8", "S11", "S12"}
	readers := []string{"maximum ID, all pages", "overlap 60 s + LRU", "tracker, server size", "tracker, 192 IDs"}
	for j, strategy := range c.Strategies {
		if slices.Contains(readers, strategy.Name) {
			part.Strategies = append(part.Strategies, c.Strategies[j])
		}
	}
	for i, s := range c.Scenarios {
		if !slices.Contains(shown, s.Name) {
			continue
		}
		var row []Result
		for j, strategy := range c.Strategies {
			if slices.Contains(readers, strategy.Name) {
				row = append(row, c.Results[i][j])
			}
		}
		part.Scenarios, part.Results = append(part.Scenarios, s), append(part.Results, row)
	}
	return part.Costs()
}

// Fill puts the tables into a page, between the lines
//
//	<!-- simtable: losses -->
//	<!-- simtable: end -->
//
// and the same with costs.
func (c *Comparison) Fill(page string) (string, error) {
	var err error
	for name, table := range map[string]string{"losses": c.Losses(), "costs": c.PageCosts()} {
		if page, err = fill(page, name, table); err != nil {
			return "", err
		}
	}
	return page, nil
}

func fill(page, name, table string) (string, error) {
	const end = "<!-- simtable: end -->"
	begin := "<!-- simtable: " + name + " -->\n"
	before, rest, found := strings.Cut(page, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("there is no place for the table of %s", name)
	}
	return before + begin + "\n" + table + "\n" + end + after, nil
}
