package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/workato-go/sdk/internal/bench"
)

// job is one contestant at work for a moment.
type job struct {
	Task       string        `json:"task"`
	Contestant string        `json:"contestant"`
	Input      bench.Input   `json:"input"`
	Long       time.Duration `json:"long"`
}

type outcome struct {
	Cost  bench.Cost `json:"cost"`
	Error string     `json:"error,omitempty"`
}

// serve does the jobs that come in, one after another, until there are no more.
func serve(in io.Reader, out io.Writer) error {
	jobs, outcomes := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var j job
		if err := jobs.Decode(&j); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		var done outcome
		task, err := bench.Find(j.Task)
		if err == nil {
			done.Cost, err = task.Measure(j.Contestant, j.Input, j.Long)
		}
		if err != nil {
			done.Error = err.Error()
		}
		if err := outcomes.Encode(done); err != nil {
			return err
		}
	}
}

// worker is a process that serves.
type worker struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func (w *worker) do(j job) (bench.Cost, error) {
	if err := json.NewEncoder(w.in).Encode(j); err != nil {
		return bench.Cost{}, err
	}
	line, err := w.out.ReadBytes('\n')
	if err != nil {
		return bench.Cost{}, fmt.Errorf("the process that measures is gone: %w", err)
	}
	var done outcome
	if err := json.Unmarshal(line, &done); err != nil {
		return bench.Cost{}, err
	}
	if done.Error != "" {
		return bench.Cost{}, fmt.Errorf("%s, %s: %s", j.Task, j.Contestant, done.Error)
	}
	return done.Cost, nil
}

// The builds of this program, each with what GOEXPERIMENT is for it.
const (
	plain      = ""
	experiment = "jsonv2"
)

// workers are the processes by their builds.
type workers map[string]*worker

func startWorkers() (workers, error) {
	dir, err := os.MkdirTemp("", "compare-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a program that runs needs its file no more; where it does, the file stays
	all := workers{}
	for _, build := range []string{plain, experiment} {
		w, err := startWorker(filepath.Join(dir, "compare-"+build+".exe"), build)
		if err != nil {
			all.stop()
			return nil, err
		}
		all[build] = w
	}
	return all, nil
}

func startWorker(path, build string) (*worker, error) {
	//nolint:gosec,noctx // both run what this program itself is made of, and end with it
	compile := exec.Command("go", "build", "-o", path, "github.com/workato-go/sdk/internal/bench/cmd/compare")
	compile.Env = append(os.Environ(), "GOEXPERIMENT="+build)
	if text, err := compile.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(compile.Args, " "), err, text)
	}
	process := exec.Command(path, "-work") //nolint:noctx // see above
	process.Env = append(os.Environ(), "GOMAXPROCS=1")
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	return &worker{process: process, in: in, out: bufio.NewReader(out)}, nil
}

// stop ends the processes: there are no more jobs.
func (all workers) stop() {
	for _, w := range all {
		_ = w.in.Close()
		_ = w.process.Wait()
	}
}
