//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"os"
	"sync"

	"github.com/warthog618/go-gpiocdev"

	"github.com/workato-go/sdk/examples/pialarm/hardware/talk"
)

// board is what the host can give orders for.
type board struct {
	console *os.File
	saying  sync.Mutex // one report at a time

	mu       sync.Mutex
	programs map[string]*os.Process
	apis     map[string]*api
	held     map[string]*gpiocdev.Line
}

func newBoard(console *os.File) *board {
	return &board{
		console:  console,
		programs: make(map[string]*os.Process),
		apis:     make(map[string]*api),
		held:     make(map[string]*gpiocdev.Line),
	}
}

// report says something to the host. A console that takes nothing any more is one
// that nobody reads.
func (b *board) report(r talk.Report) {
	line, err := json.Marshal(r)
	if err != nil {
		panic(err) // only texts and numbers
	}
	b.saying.Lock()
	defer b.saying.Unlock()
	// A line of its own, whatever the kernel has written.
	_, _ = b.console.WriteString("\n" + talk.Prefix + string(line) + "\n")
}

var errNoOrder = errors.New("an order of an unknown kind")

func (b *board) carryOut(o talk.Order) (talk.Report, error) {
	switch {
	case o.Clock != nil:
		return talk.Report{}, setClock(*o.Clock)
	case o.Start != nil:
		return talk.Report{}, b.start(*o.Start)
	case o.Signal != nil:
		return talk.Report{}, b.signal(*o.Signal)
	case o.Serve != nil:
		return b.serve(*o.Serve)
	case o.Events != nil:
		return talk.Report{}, b.happen(*o.Events)
	case o.Lines != nil:
		return b.lines(*o.Lines)
	case o.Hold != nil:
		return talk.Report{}, b.hold(*o.Hold)
	}
	return talk.Report{}, errNoOrder
}
