//go:build unix

package activity_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
	"github.com/workato-go/sdk/workato/workatotest"
)

const (
	childURL = "ACTIVITY_TEST_CHILD_URL" // set: this process is the child
	childDir = "ACTIVITY_TEST_CHILD_DIR"
)

// TestKilled kills a watching process 50 times, at any moment, while events
// arrive. At the end none is missing from the file to which it appends their
// keys. Its processes are real and so is their time.
func TestKilled(t *testing.T) {
	if os.Getenv(childURL) != "" {
		t.Skip("this is the child")
	}
	t.Parallel()
	dir := t.TempDir()
	server := workatotest.NewServer(workatotest.WithQuota(0))
	t.Cleanup(server.Close)
	server.Own().AddEvents(make([]workatotest.Event, 30)...) // before the start: untold
	random := rand.New(rand.NewPCG(1, 2))

	run := func(until func(elapsed time.Duration) bool) {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestKilledChild$")
		child.Env = append(os.Environ(), childURL+"="+server.URL(), childDir+"="+dir)
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for began := time.Now(); !until(time.Since(began)); {
			time.Sleep(time.Millisecond)
		}
		_ = child.Process.Kill() // kill -9: nothing of the child runs any more
		_ = child.Wait()
	}
	file := filepath.Join(dir, "told")
	run(func(elapsed time.Duration) bool { // the beginning must be on the disk first
		found, _ := filepath.Glob(filepath.Join(dir, "*.checkpoint"))
		return len(found) > 0 || elapsed > time.Minute
	})
	var happened []int64
	for range 50 {
		life := time.Duration(30+random.IntN(90)) * time.Millisecond
		run(func(elapsed time.Duration) bool {
			if random.IntN(8) == 0 {
				happened = append(happened, server.Own().AddEvents(make([]workatotest.Event, 1+random.IntN(3))...)...)
			}
			return elapsed > life
		})
	}
	var told map[string]int
	run(func(elapsed time.Duration) bool {
		told = lines(t, file)
		return len(told) >= len(happened) || elapsed > time.Minute
	})

	missing, again := 0, 0
	for _, id := range happened {
		times := told[strconv.FormatInt(id, 10)]
		if times == 0 {
			missing++
		}
		again += max(0, times-1)
	}
	if missing > 0 || len(told) != len(happened) {
		t.Errorf("%d of %d events are missing, and %d were told that did not happen", missing, len(happened), len(told)-len(happened)+missing)
	}
	t.Logf("%d events, %d of them told again after a kill", len(happened), again)
}

// lines counts the whole lines of a file: the last one may be half written.
func lines(t *testing.T, path string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	file, err := os.Open(path)
	if err != nil {
		return counts
	}
	defer func() { _ = file.Close() }()
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		counts[scanner.Text()]++
	}
	return counts
}

// TestKilledChild is what TestKilled runs in a process of its own.
func TestKilledChild(t *testing.T) { //nolint:paralleltest // runs until it is killed
	url, dir := os.Getenv(childURL), os.Getenv(childDir)
	if url == "" {
		t.Skip("only within TestKilled")
	}
	client, err := workato.NewClient(workatotest.Token, workato.WithBaseURL(url), workato.WithLimiter(workato.QuotaEnvironment, nil))
	if err != nil {
		t.Fatal(err)
	}
	told, err := os.OpenFile(filepath.Join(dir, "told"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	watcher, err := activity.New(client.Own()).NewWatcher(activity.WatchOptions{
		Interval: time.Millisecond, MaxInterval: 5 * time.Millisecond,
		Store: activity.FileStore(dir),
		OnGap: func(g activity.Gap) { t.Error(g) },
	})
	if err != nil {
		t.Fatal(err)
	}
	err = watcher.Run(context.Background(), func(_ context.Context, events []*activity.Event) error {
		for _, event := range events {
			if _, err := fmt.Fprintln(told, event.ID); err != nil {
				return err
			}
		}
		return told.Sync()
	})
	t.Fatal(err)
}
