//go:build hardware

package hardware_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// mutant is the program with a fault. The check must notice it, for the reason
// that it says: a check that no fault can fail proves nothing.
type mutant struct {
	name   string
	edits  []edit
	check  string // part of its name
	reason string // part of what it says
}

// edit replaces a text that is in a file exactly once.
type edit struct{ file, from, to string }

var mutants = []mutant{
	{
		"SIGTERM leaves the lines as they are",
		[]edit{
			{"gpio_linux.go", "failures = append(failures, l.held.SetValue(0), l.held.Reconfigure(gpiocdev.AsInput))", ""},
			{"../internal/alarm/step.go", "return errors.Join(a.buzzer.set(false), a.led.set(false))", "return errors.Join()"},
		},
		"SIGTERM while", "did not go low",
	},
	{
		"SIGTERM leaves the lines outputs",
		[]edit{{"gpio_linux.go", ", l.held.Reconfigure(gpiocdev.AsInput))", ")"}},
		"SIGTERM while", "is still an output",
	},
	{
		"the buzzer starts high",
		[]edit{{"gpio_linux.go", "const inactive = 0", "const inactive = 1"}},
		"before the first start", "went high",
	},
	{
		"the buzzer never stops",
		[]edit{{"../internal/alarm/buzzer.go", "b.set(want && !b.spent)", "b.set(want || b.on)"}},
		"sounds once", "did not go low",
	},
	{
		"safe-state does nothing",
		[]edit{{"commands.go", "range []role{buzzer, led} {", "range []role{} {"}},
		"SIGKILL", "is still an output",
	},
	{
		"the button is not heeded",
		[]edit{{"../internal/alarm/alarm.go", "a.button.tell(a.elapsed, pressed)", "a.button.tell(a.elapsed, false)"}},
		"spikes", "the button is not heeded",
	},
	{
		"spikes are presses",
		[]edit{
			{"pins.go", "const debounce = 30 * time.Millisecond", "const debounce = 0 * time.Millisecond"},
			{"app.go", "if board.button.debounced {", "if true {"},
		},
		"spikes", "spikes passed for a press",
	},
	{
		"the first start tells what is there",
		[]edit{{"app.go", "activity.WatchOptions{Store: store,", "activity.WatchOptions{Filter: activity.Filter{From: time.Now().Add(-time.Hour)}, Store: store,"}},
		"before the first start", "went high",
	},
	{
		"active-low is ignored",
		[]edit{{"gpio_linux.go", "if r.activeLow {", "if false {"}},
		"active-low", "while all is quiet",
	},
	{
		"stale looks like quiet",
		[]edit{{"../internal/alarm/alarm.go", "case !a.stale():", "case true:"}},
		"stale pattern", "stale looks like quiet",
	},
	{
		"everybody's events count",
		[]edit{{"reader.go", "p.UserID = e.User.ID", "p.UserID = 0"}},
		"ignored user", "went high",
	},
	{
		"every event sounds",
		[]edit{{"../internal/alarm/pattern.go", `normalSound:  "███",`, `normalSound:  "███__███__███__███",`}},
		"burst", "sounds instead of one",
	},
	{
		"nothing is remembered over a restart",
		[]edit{{"app.go", "activity.FileStore(a.settings.state)", "activity.MemoryStore()"}},
		"while it was off", "0 sounds instead of one",
	},
	{
		"a high event is like any other",
		[]edit{{"../internal/alarm/alarm.go", "case s == Normal:", "case s >= Normal:"}},
		"high event", "bursts instead of three",
	},
	{
		"the holder of a busy line has no name",
		[]edit{{"pins.go", `at.line.consumer != "":`, "false:"}},
		"busy line", `no "another program"`,
	},
	{
		"a missing permission looks like a missing line",
		[]edit{{"resolve.go", "errors.Is(c.err, fs.ErrPermission):", "errors.Is(c.err, fs.ErrPermission) && false:"}},
		"without the group", `no "group"`,
	},
	{
		"a refused token looks like a refused certificate",
		[]edit{{"../internal/alarm/pattern.go", `Token:       "████████____██__██__██____________",`, `Token:       "████████____██__██____________",`}},
		"refused token", "did not show",
	},
	{
		"new activity is lit and does not blink",
		[]edit{{"../internal/alarm/pattern.go", `Normal: "████____",`, `Normal: "████████",`}},
		"sounds once", "did not show",
	},
	{
		"a long press is like a short one",
		[]edit{{"../internal/alarm/button.go", "elapsed-b.downSince >= b.long {", "false {"}},
		"long press", "it sounds while muted",
	},
	{
		"a button that is held at the start counts",
		[]edit{{"../internal/alarm/button.go", "b.down, b.useless = level, level", "b.down, b.useless = level, false"}},
		"held at the start", "did not go high",
	},
	{
		"the end waits for the API",
		[]edit{{"app.go", "case <-time.After(farewell):", "case <-time.After(time.Hour):"}, {"reader.go", "r.watcher.Poll(ctx)", "r.watcher.Poll(context.WithoutCancel(ctx))"}},
		"hangs", "did not end",
	},
	{
		"the watchdog is not fed",
		[]edit{{"notify.go", `n.send("WATCHDOG=1")`, ""}},
		"service manager", "datagrams",
	},
}

// overlay writes the edited files, and returns what tells the go command to take
// them: the program's own are not touched.
func (m mutant) overlay(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for i, e := range m.edits {
		original, err := filepath.Abs(filepath.Join("..", e.file))
		if err != nil {
			t.Fatal(err)
		}
		if _, again := overlay.Replace[original]; again {
			t.Fatalf("%q edits %s twice: make one edit of it", m.name, e.file)
		}
		text, err := os.ReadFile(original)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), e.from); n != 1 {
			t.Errorf("%s has %d times %q instead of once; the mutant %q has to follow the program", e.file, n, e.from, m.name)
		}
		changed := filepath.Join(dir, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(changed, []byte(strings.Replace(string(text), e.from, e.to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[original] = changed
	}
	content, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestMutantsFollow wants each mutant to be possible still, and its check to be
// there.
func TestMutantsFollow(t *testing.T) {
	t.Parallel()
	for _, m := range mutants {
		m.overlay(t)
		find(t, m.check)
	}
}

// TestMutants wants each mutant noticed, and the program itself to pass where
// they fail.
func TestMutants(t *testing.T) {
	t.Parallel()
	if os.Getenv("MUTANTS") == "" {
		t.Skip("with MUTANTS=1 only: it tests the checks and not the program")
	}
	const boards = 2
	for n := range boards {
		var share []mutant
		for i := n; i < len(mutants); i += boards {
			share = append(share, mutants[i])
		}
		t.Run(strconv.Itoa(n+1), func(t *testing.T) {
			t.Parallel()
			expose(t, share)
		})
	}
}

// expose runs mutants on a board of their own.
func expose(t *testing.T, share []mutant) {
	t.Helper()
	programs := map[string][]byte{"control": build(t, module, arm64)}
	var controls []string
	for i, m := range share {
		programs[fmt.Sprintf("mutant%d", i)] = build(t, module, arm64, "-overlay", m.overlay(t))
		if !slices.Contains(controls, m.check) {
			controls = append(controls, m.check)
		}
	}
	board := virt(t, programs)
	ps := newPlaces(virtPlace, append(slices.Clone(virtPlaces), [3]string{"GPIO19", "GPIO26", ""}), virtLines)
	for i, m := range share {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			c := find(t, m.check)
			began, _, trace, err := perform(t.Context(), board, ps, fmt.Sprintf("mutant%d", i), c)
			r := row{board: "mutant", check: m.name, order: i, took: time.Since(began)}
			if m.noticed(err) {
				r.measured = "noticed: " + err.Error()
			} else {
				says := "nothing"
				if err != nil {
					says = err.Error()
				}
				r.err = fmt.Errorf("the check that %q says %s, and not %q", c.name, says, m.reason)
				t.Errorf("%v\n%s", r.err, trace)
			}
			results.add(r)
		})
	}
	t.Run("control", func(t *testing.T) {
		t.Parallel()
		all(t, board, ps, "control", "control", controls)
	})
}

// noticed tells whether a check failed because of the mutant.
func (m mutant) noticed(err error) bool {
	return err != nil && !errors.Is(err, errBench) && strings.Contains(err.Error(), m.reason)
}
