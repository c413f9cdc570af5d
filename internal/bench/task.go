package bench

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/workato-go/sdk/internal/pages"
)

// Input is what a task is done with.
type Input struct {
	Shape  pages.Shape `json:"shape"`
	Events int         `json:"events"`
}

func (i Input) String() string { return fmt.Sprintf("%s/%d", i.Shape, i.Events) }

// Contestant is one way to do a task.
type Contestant struct {
	Name string
	// Lacks says what the SDK gives in the same task and this one does not.
	Lacks string
	// Prepare makes a function that does the task once, and can do it again.
	Prepare func(Input) (run func() error, err error)
}

// Task is something to be done, in several ways.
type Task struct {
	Name        string
	Contestants []Contestant
	// WholeRun counts the cost of a run and not of each of its input's events.
	WholeRun bool
}

// Tasks gives all tasks. Which contestants there are depends on how the program
// was built: package json/v2 of the standard library is an experiment that has
// to be asked for.
func Tasks() []Task {
	return []Task{decodeTask(), scanTask(), listTask(), watchTask(), yardstickTask()}
}

// Find gives a task.
func Find(name string) (Task, error) {
	for _, task := range Tasks() {
		if task.Name == name {
			return task, nil
		}
	}
	return Task{}, fmt.Errorf("there is no task %q", name)
}

// Measure lets a contestant do the task for about so long.
func (t Task) Measure(contestant string, in Input, long time.Duration) (Cost, error) {
	i := slices.IndexFunc(t.Contestants, func(c Contestant) bool { return c.Name == contestant })
	if i < 0 {
		return Cost{}, fmt.Errorf("there is no contestant %q in the task %q", contestant, t.Name)
	}
	run, err := t.Contestants[i].Prepare(in)
	if err != nil {
		return Cost{}, err
	}
	each := in.Events
	if t.WholeRun {
		each = 1
	}
	return measure(run, each, long)
}

// Cost is what one event took, or one run.
type Cost struct {
	Nanoseconds float64 `json:"nanoseconds"`
	Allocations float64 `json:"allocations"`
	Bytes       float64 `json:"bytes"`
}

// measure repeats run until it took so long, and gives its mean cost, divided by
// each. The collector begins with a clean heap, so that nobody pays for somebody
// else's garbage, and everybody for his own.
func measure(run func() error, each int, long time.Duration) (Cost, error) {
	if err := run(); err != nil { // and caches are warm
		return Cost{}, err
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	runs, began := 0, processorTime()
	took := time.Duration(0)
	for batch := 1; took < long; batch *= 2 { // asking for the time takes time, so it is done less and less
		for range batch {
			if err := run(); err != nil {
				return Cost{}, err
			}
		}
		runs += batch
		took = processorTime() - began
	}
	runtime.ReadMemStats(&after)
	n := float64(runs * each)
	return Cost{
		Nanoseconds: float64(took.Nanoseconds()) / n,
		Allocations: float64(after.Mallocs-before.Mallocs) / n,
		Bytes:       float64(after.TotalAlloc-before.TotalAlloc) / n,
	}, nil
}

var errCount = errors.New("bench: the number of events is wrong")

// yardstickTask is the same work in every build of this program: a chain of
// multiplications that no compiler shortens.
func yardstickTask() Task {
	return Task{Name: "yardstick", Contestants: []Contestant{{
		Name: "FNV-1a",
		Prepare: func(in Input) (func() error, error) {
			page := pages.Page(in.Shape, in.Events)
			want := fnv1a(page)
			return func() error {
				if fnv1a(page) != want {
					return errors.New("bench: a hash changed")
				}
				return nil
			}, nil
		},
	}}}
}

func fnv1a(data []byte) uint64 {
	hash := uint64(14695981039346656037)
	for _, b := range data {
		hash = (hash ^ uint64(b)) * 1099511628211
	}
	return hash
}
