package sim

import (
	"strings"
	"testing"
)

func TestTables(t *testing.T) {
	t.Parallel()
	c := &Comparison{
		Scenarios:  []Scenario{{Name: "S1", Title: "calm"}, {Name: "S2", Title: "storm"}},
		Strategies: []Strategy{{Name: "one"}, {Name: "two"}},
		Results: [][]Result{
			{{Events: 12345}, {Missed: 1234, Duplicated: 5, Reported: 6, Unknown: 1}},
			{{Events: 7, Requests: 240, Bytes: 1_000_000, State: 1024, Length: 7_200_000, Delays: []int64{1000, 2400, 61_500}}, {}},
		},
	}
	losses := `| Scenario | Events | one | two |
| --- | --: | --: | --: |
| S1 calm | 12,345 | 0 | 1,234, 5 d, 6 r, 1 u |
| S2 storm | 7 | 0 | 0 |
`
	if got := c.Losses(); got != losses {
		t.Errorf("losses:\n%s", got)
	}
	if got, want := c.Costs(), "| S2 storm | 2/62 s, 120, 500, 1,024 | 0/0 s, 0, 0, 0 |\n"; !strings.HasSuffix(got, want) {
		t.Errorf("costs:\n%s\nwant at the end\n%s", got, want)
	}
}

func TestFillReplacesTables(t *testing.T) {
	t.Parallel()
	page := "a\n<!-- simtable: losses -->\nold\n<!-- simtable: end -->\nb\n<!-- simtable: costs -->\n<!-- simtable: end -->\nc\n"
	c := &Comparison{}
	once, err := c.Fill(page)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(once, "old") || !strings.Contains(once, "| Scenario | Events |") {
		t.Errorf("got %q", once)
	}
	if twice, err := c.Fill(once); err != nil || twice != once {
		t.Errorf("filled again: %v %q", err, twice)
	}
	if _, err := c.Fill("nothing"); err == nil {
		t.Error("a page without places for the tables is filled")
	}
}
