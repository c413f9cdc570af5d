package watch_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/cursor"
	"github.com/workato-go/sdk/examples/picow/https"
	"github.com/workato-go/sdk/examples/picow/watch"
	"github.com/workato-go/sdk/workato/workatotest"
)

const host = "app.example.com"

// The store of the board has room for the largest checkpoint: else this does not
// compile.
const _ = uint(cursor.MaxState - watch.MaxState)

// world is a server in memory, what survives a board's start, and the board.
type world struct {
	t      *testing.T
	server *workatotest.Server
	wire   *wire
	store  *flash
	random *rand.Rand

	watch  *watch.Watch
	lines  []string
	told   int // events of earlier lives
	opened int // events that were open when this life began
	sleeps func(time.Duration)
	steps  int // calls of Progress
}

// inWorld runs f with a world in a bubble, where an hour takes no time.
func inWorld(t *testing.T, f func(*testing.T, *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := workatotest.NewServer(workatotest.WithQuota(0))
		w := &world{t: t, server: server, store: &flash{}, random: rand.New(rand.NewPCG(1, 2)), sleeps: time.Sleep}
		w.wire = newWire(server)
		defer func() {
			w.wire.close()
			server.Close()
		}()
		f(t, w)
	})
}

type output struct{}

func (output) Set(bool) error { return nil }

// start is the board's start, with the store as it is.
func (w *world) start(change ...func(*watch.Config)) {
	w.t.Helper()
	if w.watch != nil {
		w.told = w.sum()
	}
	shown, err := alarm.New(alarm.Config{}, output{}, output{})
	if err != nil {
		w.t.Fatal(err)
	}
	c := watch.Config{
		Client: https.New(w.wire.dial, host), Host: host, Token: w.server.Token(), Store: w.store, Alarm: shown,
		Now: time.Now, Sleep: func(d time.Duration) { w.sleeps(d) }, Progress: func() { w.steps++ },
		Log: func(line string) { w.lines = append(w.lines, line) }, Random: w.random.Uint32,
	}
	for _, f := range change {
		f(&c)
	}
	if w.watch, err = watch.New(c); err != nil {
		w.t.Fatal(err)
	}
	w.opened = w.store.open()
}

// poll polls once and waits as long as it says.
func (w *world) poll() {
	w.t.Helper()
	wait, err := w.watch.Poll()
	if err != nil {
		w.t.Fatal(err)
	}
	w.watch.Wait(wait)
}

// sum is the number of events that were told, in all lives. Nobody presses a
// button, so what is open when a life begins was told in the ones before.
func (w *world) sum() int { return w.told + max(0, w.watch.State().Open-w.opened) }

// happen adds events of a type.
func (w *world) happen(n int, kind string, user int64) {
	for range n {
		event := workatotest.Event{Type: kind, Resource: workatotest.Resource{ID: 1, Type: "Flow"}}
		if user != 0 {
			event.User = &workatotest.User{ID: user, Name: "Ada Example", Email: "ada@example.com"}
		}
		w.server.Own().AddEvents(event)
	}
}

// wire serves HTTP over pipes: the real thing without a socket.
type wire struct {
	mu      sync.Mutex
	down    error // of the next dials
	dials   int
	conns   chan net.Conn
	open    []net.Conn
	server  *http.Server
	end     sync.Once
	stopped sync.WaitGroup
}

func newWire(handler http.Handler) *wire {
	w := &wire{conns: make(chan net.Conn), server: &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Minute}}
	w.stopped.Go(func() { _ = w.server.Serve(w) })
	return w
}

func (w *wire) dial(time.Time) (net.Conn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down != nil {
		return nil, w.down
	}
	w.dials++
	here, there := net.Pipe()
	w.open = append(w.open, here)
	w.conns <- there
	return here, nil
}

// fail makes dials fail and ends what is open; nil: all is well again.
func (w *wire) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = err
	for _, conn := range w.open {
		_ = conn.Close()
	}
	w.open = nil
}

func (w *wire) close() {
	w.fail(net.ErrClosed)
	_ = w.server.Close()
	w.stopped.Wait()
}

func (w *wire) Accept() (net.Conn, error) {
	conn, ok := <-w.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (w *wire) Close() error {
	w.end.Do(func() { close(w.conns) })
	return nil
}

func (w *wire) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// flash is a store that can fail.
type flash struct {
	state    []byte
	damaged  bool
	full     bool
	onSave   func() // before it is saved
	onSaved  func()
	saves    int
	biggest  int
	attempts int
}

var errFlash = errors.New("the flash says no")

// open is how many events the checkpoint says nobody acknowledged.
func (f *flash) open() int {
	if len(f.state) < 5 {
		return 0
	}
	return int(binary.LittleEndian.Uint32(f.state[1:]))
}

func (f *flash) Load() ([]byte, error) {
	if f.damaged {
		return nil, errFlash
	}
	return slices.Clone(f.state), nil
}

func (f *flash) Save(state []byte) error {
	f.attempts++
	if f.onSave != nil {
		f.onSave()
	}
	if f.full {
		return errFlash
	}
	f.saves++
	f.biggest = max(f.biggest, len(state))
	f.state = slices.Clone(state)
	if f.onSaved != nil {
		f.onSaved()
	}
	return nil
}
