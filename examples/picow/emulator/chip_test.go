//go:build hardware

package emulator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The tests of packages that the firmware is made of pass on the chip.
func TestOnChip(t *testing.T) {
	t.Parallel()
	images := strings.Fields(os.Getenv("PICOW_TESTS"))
	if len(images) == 0 {
		t.Skip("PICOW_TESTS names no images; emulator/run makes them")
	}
	for _, file := range images {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			b := newBoard(t, file)
			b.power()
			b.wait("verdict", map[string]any{"lines": []string{"PASS", "FAIL"}}, 10*time.Minute)
			lines := b.lines(0)
			passed := 0
			for _, line := range lines {
				if strings.HasPrefix(line, "--- PASS") {
					passed++
				}
				if strings.Contains(line, "cycles a byte") {
					t.Log(strings.TrimSpace(line))
				}
			}
			if lines[len(lines)-1] != "PASS" || passed == 0 {
				t.Error(strings.Join(lines, "\n"))
			}
			t.Logf("%d tests passed within %v", passed, b.now.Round(time.Millisecond))
		})
	}
}
