package main

import (
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// keyboard is where the demo reads keys from.
type keyboard struct {
	io.Reader
	raw func() (restore func(), err error) // lets single keys through; nil: no terminal
}

func keyboardOf(f *os.File) keyboard {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return keyboard{}
	}
	return keyboard{Reader: f, raw: func() (func(), error) {
		before, err := term.MakeRaw(fd)
		if err != nil {
			return nil, err
		}
		return func() { _ = term.Restore(fd, before) }, nil
	}}
}

// listen tells of each key, and gives a function that ends what it changed.
// Without a terminal there are no keys.
func (k keyboard) listen(key func(byte)) (restore func(), err error) {
	if k.raw == nil {
		return func() {}, nil
	}
	restore, err = k.raw()
	if err != nil {
		return func() {}, err
	}
	go func() {
		var one [1]byte
		for {
			n, err := k.Read(one[:])
			if n == 1 {
				key(one[0])
			}
			if err != nil {
				return
			}
		}
	}()
	return restore, nil
}

// pressing is a mute button that is no more than a key.
type pressing struct {
	mu      sync.Mutex
	changed func(bool)
	down    bool
}

func (p *pressing) holdButton(changed func(bool)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed = changed
}

func (p *pressing) pressed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.down
}

// set moves the button. It is told as an edge, as by the kernel.
func (p *pressing) set(down bool) {
	p.mu.Lock()
	p.down = down
	changed := p.changed
	p.mu.Unlock()
	if changed != nil {
		changed(down)
	}
}

// press holds the button down for d.
func (p *pressing) press(d time.Duration) {
	p.set(true)
	time.AfterFunc(d, func() { p.set(false) })
}
