package sim

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// The published page says what the simulator says: all of it where there is
// time, and some rows always.
func TestPageIsUpToDate(t *testing.T) {
	t.Parallel()
	if raceDetector {
		t.Skip("played without the race detector, which has nothing to find here: see the Makefile")
	}
	text, err := os.ReadFile("../../docs/tailing.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for _, s := range Scenarios() {
		if !strings.Contains(page, "| "+s.Name+" "+s.Title+" |") {
			t.Errorf("the page lacks scenario %s", s.Name)
		}
	}
	scenarios := Scenarios()
	if !long() {
		quick := []string{"S0", "S2", "S18"}
		scenarios = slices.DeleteFunc(scenarios, func(s Scenario) bool { return !slices.Contains(quick, s.Name) })
	}
	c, err := Compare(scenarios, Strategies(), TableRuns, TableHours*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(c.Losses() + c.PageCosts()) {
		if !strings.Contains(page, line) {
			t.Errorf("docs/tailing.md is out of date: go run ./internal/sim/simtable -update docs/tailing.md\nit lacks %s", line)
		}
	}
}
