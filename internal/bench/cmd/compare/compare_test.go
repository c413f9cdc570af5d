package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/internal/bench"
)

// made is a comparison whose contestants took what is said here, a value for
// each round.
func made(costs map[string][]float64) *measured {
	m := &measured{costs: map[entry][]bench.Cost{}}
	for _, e := range plan("") {
		took, ok := costs[e.name]
		if !ok {
			took = []float64{100, 100, 100}
		}
		m.rounds = len(took)
		m.entries = append(m.entries, e)
		for _, ns := range took {
			m.costs[e] = append(m.costs[e], bench.Cost{Nanoseconds: ns, Allocations: 2, Bytes: 300})
		}
	}
	return m
}

// A round that was slow for everybody changes nothing.
func TestSpeedsAreOfTheSameRound(t *testing.T) {
	t.Parallel()
	m := made(map[string][]float64{
		bench.Standard:  {1000, 4000, 1000},
		bench.SDK:       {200, 800, 200},
		"goccy/go-json": {250, 4000, 500},
	})
	table := m.costTable("decode", standard, bench.Standard, "event")
	for _, want := range []string{
		"| **" + bench.SDK + "** | 5.0× | 5.0× to 5.0× | 200 | 2.00 | 300 | – |\n",
		"| goccy/go-json | 2.0× | 1.5× to 3.0× | 500 | 2.00 | 300 | " + bench.Strict + " |\n",
		"| encoding/json | 1.0× | 1.0× to 1.0× | 1000 | 2.00 | 300 | " + bench.Strict + " |\n",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("no line %q in\n%s", want, table)
		}
	}
	if strings.Index(table, bench.SDK) > strings.Index(table, "| goccy/go-json |") {
		t.Error("the fastest is not the first")
	}
}

func TestEveryTableHasItsContestants(t *testing.T) {
	t.Parallel()
	for _, table := range made(nil).tables() {
		if !strings.HasSuffix(table.text, "\n") || strings.Contains(table.text, "NaN") {
			t.Errorf("%s: %q", table.name, table.text)
		}
		for line := range strings.Lines(table.text) {
			if head, _, _ := strings.Cut(table.text, "\n"); strings.Count(line, "|") != strings.Count(head, "|") && strings.HasPrefix(line, "|") {
				t.Errorf("%s: another number of cells in %q", table.name, line)
			}
		}
	}
}

func TestOverhead(t *testing.T) {
	t.Parallel()
	m := made(map[string][]float64{bench.ListSDK: {103, 206, 104}, bench.ListDecoded: {100, 200, 100}})
	if got := m.overhead("list", busyLog, bench.ListSDK, bench.ListDecoded); !strings.Contains(got, "takes 1.03 times as long") {
		t.Error(got)
	}
}

func TestQuantile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		of      []float64
		q, want float64
	}{
		{[]float64{7}, 0.5, 7},
		{[]float64{1, 2, 3}, 0.5, 2},
		{[]float64{1, 2, 3, 4}, 0.5, 2.5},
		{[]float64{0, 10, 20, 30, 40}, 0.25, 10},
		{[]float64{0, 10}, 1, 10},
	} {
		if got := quantile(test.of, test.q); got != test.want {
			t.Errorf("%v at %v: %v, want %v", test.of, test.q, got, test.want)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]string{0.434: "0.43×", 0.999: "1.0×", 1: "1.0×", 5.54: "5.5×", 9.97: "10×", 21.4: "21×"} {
		if got := times(x); got != want {
			t.Errorf("%v: %s, want %s", x, got, want)
		}
	}
}

// The page is filled as a whole or not at all, and can be filled again.
func TestFill(t *testing.T) {
	t.Parallel()
	var empty strings.Builder
	for _, table := range made(nil).tables() {
		empty.WriteString("\ntext before\n<!-- compare: " + table.name + " -->\nold\n<!-- compare: end -->\ntext after\n")
	}
	page := empty.String()
	path := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	m := made(nil)
	var filled [2][]byte
	for i := range filled {
		if err := m.fillFile(path); err != nil {
			t.Fatal(err)
		}
		var err error
		if filled[i], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(filled[0], filled[1]) || bytes.Contains(filled[0], []byte("old")) || !bytes.Contains(filled[0], []byte(bench.SDK)) {
		t.Errorf("filled: %s", filled[0])
	}
	for _, missing := range []string{"<!-- compare: scan -->\n", "<!-- compare: end -->"} {
		broken := strings.ReplaceAll(page, missing, "")
		if _, err := fill(broken, m.tables()); err == nil {
			t.Errorf("a page without %q was filled", missing)
		}
	}
}

// The page of this repository has a place for every table.
func TestThePageHasAPlaceForEveryTable(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fill(string(page), made(nil).tables()); err != nil {
		t.Error(err)
	}
}

// connect gives a worker in this process.
func connect(t *testing.T) *worker {
	t.Helper()
	jobs, in := io.Pipe()
	out, outcomes := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- serve(jobs, outcomes) }()
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return &worker{in: in, out: bufio.NewReader(out)}
}

func TestWorkersDoWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	w := connect(t)
	cost, err := w.do(job{"decode", bench.SDK, standard, time.Microsecond})
	if err != nil || cost.Nanoseconds <= 0 {
		t.Errorf("%+v, %v", cost, err)
	}
	for _, wrong := range []job{{Task: "nothing"}, {Task: "decode", Contestant: "nobody"}} {
		if _, err := w.do(wrong); err == nil || !strings.Contains(err.Error(), "there is no") {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

func TestEveryEntryIsMeasuredInEveryRound(t *testing.T) {
	t.Parallel()
	w := connect(t)
	entries := plan("watch")
	m, err := compare(workers{plain: w, experiment: w}, entries, 3, time.Microsecond, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if len(m.costs[e]) != 3 {
			t.Errorf("%+v was measured %d times, want 3", e, len(m.costs[e]))
		}
	}
	var out bytes.Buffer
	if err := m.print(&out); err != nil || strings.Contains(out.String(), "### list") || !strings.Contains(out.String(), "### watch") {
		t.Errorf("%v, %s", err, &out)
	}
}

func TestWrongFlags(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-rounds 0":               "above 0",
		"-slice -1s":              "above 0",
		"page.md":                 "no arguments",
		"-task nothing":           "there is no task",
		"-task scan -update page": "the page shows everything",
	} {
		err := run(strings.Fields(args), strings.NewReader(""), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", args, err, want)
		}
	}
}

func TestServeEndsAtNonsense(t *testing.T) {
	t.Parallel()
	for _, nonsense := range []string{"{", "no job"} {
		if err := serve(strings.NewReader(nonsense), io.Discard); err == nil {
			t.Errorf("%q was taken for jobs", nonsense)
		}
	}
}
