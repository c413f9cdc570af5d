package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/workato-go/sdk/internal/bench"
	"github.com/workato-go/sdk/internal/pages"
)

// tables gives all tables by the names of their places in the page.
func (m *measured) tables() []struct{ name, text string } {
	return []struct{ name, text string }{
		{"machine", m.machine()},
		{"decode", m.costTable("decode", busy, bench.Standard, "event")},
		{"decode shapes", m.shapeTable("decode", bench.Standard)},
		{"decode sizes", m.sizeTable("decode")},
		{"scan", m.costTable("scan", busy, bench.Valid, "event")},
		{"scan shapes", m.shapeTable("scan", bench.Valid)},
		{"scan sizes", m.sizeTable("scan")},
		{"list", m.costTable("list", busyLog, bench.ListByHand, "event")},
		{"list overhead", m.overhead("list", busyLog, bench.ListSDK, bench.ListDecoded)},
		{"watch", m.costTable("watch", known, bench.WatchDecoded, "poll")},
	}
}

// machine says where the figures are from, and how far they can be trusted.
func (m *measured) machine() string {
	text := fmt.Sprintf("%s on %s/%s, %d shared cores, %d rounds.", strings.Replace(runtime.Version(), "go", "Go ", 1),
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), m.rounds)
	one, ok := m.find("yardstick", "FNV-1a", standard)
	other, there := m.find("yardstick", "FNV-1a, jsonv2", standard)
	if ok && there {
		ratios := m.ratios(other, one)
		text += fmt.Sprintf(" The same loop took %.2f times as long in the process with jsonv2 as in the other (half of the rounds: %.2f to %.2f).",
			quantile(ratios, 0.5), quantile(ratios, 0.25), quantile(ratios, 0.75))
	}
	if bench.SonicCompiles() {
		return text + " bytedance/sonic ran with its own compiler.\n"
	}
	return text + " bytedance/sonic fell back to encoding/json.\n"
}

// costTable compares all contestants of a task in one input, the fastest first.
// The speed is that of the base: 2× takes half as long.
func (m *measured) costTable(task string, input bench.Input, base, unit string) string {
	b, ok := m.find(task, base, input)
	if !ok {
		return ""
	}
	names := m.names(task, input)
	speed := map[string]float64{}
	for _, name := range names {
		e, _ := m.find(task, name, input)
		speed[name] = quantile(m.ratios(b, e), 0.5)
	}
	slices.SortStableFunc(names, func(x, y string) int { return cmp.Compare(speed[y], speed[x]) })

	var t table
	t.head("", "speed", "half of the rounds", "ns/"+unit, "allocations/"+unit, "bytes/"+unit, lacking)
	for _, name := range names {
		e, _ := m.find(task, name, input)
		ratios := m.ratios(b, e)
		t.row(bold(name), times(speed[name]), times(quantile(ratios, 0.25))+" to "+times(quantile(ratios, 0.75)),
			fmt.Sprintf("%.0f", m.median(e, nanoseconds)), fmt.Sprintf("%.2f", m.median(e, allocations)), fmt.Sprintf("%.0f", m.median(e, octets)),
			cmp.Or(e.lacks, "–"))
	}
	return t.text.String()
}

// shapeTable has the speeds for a page of each shape, against the base with a
// page of the same shape.
func (m *measured) shapeTable(task, base string) string {
	names := m.names(task, standard)
	if len(names) == 0 {
		return ""
	}
	head := []string{""}
	for _, shape := range pages.Shapes() {
		head = append(head, string(shape))
	}
	var t table
	t.head(head...)
	for _, name := range names {
		cells := []string{bold(name)}
		for _, shape := range pages.Shapes() {
			input := bench.Input{Shape: shape, Events: standard.Events}
			e, _ := m.find(task, name, input)
			b, _ := m.find(task, base, input)
			cells = append(cells, times(quantile(m.ratios(b, e), 0.5)))
		}
		t.row(cells...)
	}
	return t.text.String()
}

// sizeTable has how much longer an event takes in a longer page.
func (m *measured) sizeTable(task string) string {
	names := m.names(task, standard)
	if len(names) == 0 {
		return ""
	}
	var t table
	t.head("an event in a page of", "100", "1,000", "10,000")
	for _, name := range names {
		first, _ := m.find(task, name, standard)
		cells := []string{bold(name)}
		for _, input := range []bench.Input{standard, long, longest} {
			e, _ := m.find(task, name, input)
			cells = append(cells, fmt.Sprintf("%.2f", m.median(e, nanoseconds)/m.median(first, nanoseconds)))
		}
		t.row(cells...)
	}
	return t.text.String()
}

// overhead says in words what one contestant takes against another.
func (m *measured) overhead(task string, input bench.Input, one, other string) string {
	e, ok := m.find(task, one, input)
	b, there := m.find(task, other, input)
	if !ok || !there {
		return ""
	}
	ratios := m.ratios(e, b)
	return fmt.Sprintf("`All` takes %.2f times as long as the bare exchange and the decoding (half of the rounds: %.2f to %.2f).\n",
		quantile(ratios, 0.5), quantile(ratios, 0.25), quantile(ratios, 0.75))
}

// table is one in Markdown, under way.
type table struct{ text strings.Builder }

// head begins the table. The first column is text, and so is the last one where
// it says what is not given; between them are numbers.
func (t *table) head(cells ...string) {
	t.row(cells...)
	line := []string{"---"}
	for _, cell := range cells[1:] {
		if cell == lacking {
			line = append(line, "---")
		} else {
			line = append(line, "--:")
		}
	}
	t.row(line...)
}

func (t *table) row(cells ...string) {
	t.text.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

const lacking = "does not give"

// times is a speed with two digits that count.
func times(x float64) string {
	if x >= 9.95 {
		return fmt.Sprintf("%.0f×", x)
	}
	if x < 0.995 {
		return fmt.Sprintf("%.2f×", x)
	}
	return fmt.Sprintf("%.1f×", x)
}

// bold marks what is ours.
func bold(name string) string {
	if strings.HasPrefix(name, bench.SDK) {
		return "**" + name + "**"
	}
	return name
}

func (m *measured) print(out io.Writer) error {
	for _, table := range m.tables() {
		if table.text == "" {
			continue
		}
		if _, err := fmt.Fprintf(out, "### %s\n\n%s\n", table.name, table.text); err != nil {
			return err
		}
	}
	return nil
}

// fillFile puts the tables into a page.
func (m *measured) fillFile(path string) error {
	page, err := os.ReadFile(path) //nolint:gosec // the page that the caller names
	if err != nil {
		return err
	}
	text, err := fill(string(page), m.tables())
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644) //nolint:gosec // everybody may read it
}

// fill puts texts between the lines
//
//	<!-- compare: NAME -->
//	<!-- compare: end -->
//
// of a page.
func fill(page string, texts []struct{ name, text string }) (string, error) {
	const end = "<!-- compare: end -->"
	for _, t := range texts {
		begin := "<!-- compare: " + t.name + " -->\n"
		before, rest, found := strings.Cut(page, begin)
		_, after, closed := strings.Cut(rest, end)
		if !found || !closed {
			return "", fmt.Errorf("the page has no place for %s", t.name)
		}
		page = before + begin + "\n" + t.text + "\n" + end + after
	}
	return page, nil
}
