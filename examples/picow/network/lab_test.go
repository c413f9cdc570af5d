package network_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/examples/picow/network"
	"github.com/workato-go/sdk/examples/picow/network/networktest"
)

// weather is what a wire does to frames.
type weather struct {
	lose, double float64       // of the frames, 0 to 1
	delay        time.Duration // at least
	jitter       time.Duration // more than that, at most: frames overtake one another
	late         time.Duration // more than that for an acknowledgment that comes alone
}

// wire carries frames one way.
type wire struct {
	mu     sync.Mutex
	random *rand.Rand
	sky    weather
	frames []flight
	cut    func(frame []byte) bool // loses a frame; nil: none
}

type flight struct {
	due   time.Time
	frame []byte
}

func (w *wire) send(frame []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut != nil && w.cut(frame) || w.random.Float64() < w.sky.lose {
		return
	}
	copies := 1
	if w.random.Float64() < w.sky.double {
		copies = 2
	}
	for range copies {
		due := time.Now().Add(w.sky.delay)
		if len(frame) >= 54 && frame[23] == 6 && binary.BigEndian.Uint16(frame[16:]) == 40 && frame[47] == 16 {
			due = due.Add(w.sky.late)
		}
		if w.sky.jitter > 0 {
			due = due.Add(time.Duration(w.random.Int64N(int64(w.sky.jitter))))
		}
		at, _ := slices.BinarySearchFunc(w.frames, due, func(f flight, t time.Time) int { return f.due.Compare(t.Add(1)) })
		w.frames = slices.Insert(w.frames, at, flight{due, slices.Clone(frame)})
	}
}

// take is the next frame that has arrived; nil: none.
func (w *wire) take() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.frames) == 0 || w.frames[0].due.After(time.Now()) {
		return nil
	}
	frame := w.frames[0].frame
	w.frames = w.frames[1:]
	return frame
}

// radio is the board's end of the wires.
type radio struct {
	mu       sync.Mutex
	up       bool
	dead     bool // Init fails
	failing  int  // joins to come that fail
	inits    int
	joins    []time.Time
	out, in  *wire
	joinedAs string
}

var errRadio = errors.New("the radio says no")

func (r *radio) Init() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inits++
	r.up = false
	if r.dead {
		return errRadio
	}
	return nil
}

func (r *radio) Join(ssid, password string) error {
	time.Sleep(3 * time.Second)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.joins = append(r.joins, time.Now())
	r.joinedAs = ssid + "/" + password
	if r.failing != 0 {
		r.failing--
		return errRadio
	}
	r.up = true
	return nil
}

func (r *radio) LinkUp() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.up
}

func (r *radio) set(up bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.up = up
}

func (r *radio) HardwareAddr() ([6]byte, error) { return networktest.BoardMAC, nil }

func (r *radio) Send(frame []byte) error {
	if r.LinkUp() {
		r.out.send(frame)
	}
	return nil
}

func (r *radio) Receive(deliver func([]byte)) error {
	if frame := r.in.take(); frame != nil && r.LinkUp() {
		deliver(frame)
	}
	return nil
}

// lab is a board, with a router and a host at the other end of bad wires.
type lab struct {
	*networktest.Router
	t      *testing.T
	radio  *radio
	net    *network.Network
	config network.Config
	logs   []string
	waits  []time.Duration

	toBoard, toRouter *wire
	random            *rand.Rand

	mu      sync.Mutex // of what follows
	stopped bool
	pumps   sync.WaitGroup // what moves frames
	running sync.WaitGroup
}

// inLab runs f with a lab in a bubble.
func inLab(t *testing.T, sky weather, seed uint64, f func(*testing.T, *lab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &lab{t: t, random: rand.New(rand.NewPCG(seed, 1))}
		l.toBoard = &wire{random: rand.New(rand.NewPCG(seed, 2)), sky: sky}
		l.toRouter = &wire{random: rand.New(rand.NewPCG(seed, 3)), sky: sky}
		l.radio = &radio{out: l.toRouter, in: l.toBoard}
		var err error
		if l.Router, err = networktest.New(seed, time.Now, l.toBoard.send); err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(seed, 4))
		l.config = network.Config{
			SSID: "home", Password: "secret", Floor: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), TimeServers: []string{networktest.TimeHost},
			Random: random.Uint32, Log: func(s string) { l.logs = append(l.logs, s) },
			Wait: func(d time.Duration) { l.waits = append(l.waits, d); time.Sleep(d) },
		}
		l.net = network.New(l.radio, l.config)
		l.pump(l.net)
		l.pumps.Go(func() { l.loop(l.route) })
		defer func() {
			l.mu.Lock()
			l.stopped = true
			l.mu.Unlock()
			l.pumps.Wait()
			l.Abort()
			l.running.Wait()
			time.Sleep(time.Minute) // whoever serves a connection notices
		}()
		f(t, l)
	})
}

// pump runs a board's network until the lab ends.
func (l *lab) pump(n *network.Network) { l.pumps.Go(func() { l.loop(n.Step) }) }

func (l *lab) loop(step func() time.Duration) {
	for {
		l.mu.Lock()
		stopped := l.stopped
		l.mu.Unlock()
		if stopped {
			return
		}
		time.Sleep(max(step(), 100*time.Microsecond))
	}
}

// up brings the board up or fails the test.
func (l *lab) up() {
	l.t.Helper()
	if err := l.net.Up(time.Now().Add(5 * time.Minute)); err != nil {
		l.t.Fatal(err)
	}
}

// route is what router and host do.
func (l *lab) route() time.Duration {
	moved := false
	for frame := l.toRouter.take(); frame != nil; frame = l.toRouter.take() {
		moved = true
		l.Receive(frame)
	}
	if l.Step() || moved {
		return 0
	}
	return 4 * time.Millisecond
}

// Accept, Close and Addr make the lab a net.Listener.
func (l *lab) Accept() (net.Conn, error) {
	for {
		l.mu.Lock()
		stopped := l.stopped
		l.mu.Unlock()
		if stopped {
			return nil, net.ErrClosed
		}
		if c := l.Router.Accept(); c != nil {
			return c, nil
		}
		time.Sleep(3 * time.Millisecond)
	}
}

func (l *lab) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	return nil
}

func (*lab) Addr() net.Addr { return networktest.Addr() }
