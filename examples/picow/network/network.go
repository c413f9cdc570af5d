package network

import (
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"
)

// Radio is a Wi-Fi chip. Its methods may be called from different goroutines.
type Radio interface {
	// Init starts the chip from scratch, whatever state it is in.
	Init() error
	// Join joins a network, once; an empty password is an open network. It must
	// yield while it waits.
	Join(ssid, password string) error
	// LinkUp says whether the network is joined.
	LinkUp() bool
	// HardwareAddr is the chip's own address, after Init.
	HardwareAddr() ([6]byte, error)
	// Receive calls deliver for a frame that came in, if there is one. The frame is
	// deliver's during the call.
	Receive(deliver func(frame []byte)) error
	// Send sends a frame.
	Send(frame []byte) error
}

// Config says which network, and with what. Random and SSID are required.
type Config struct {
	SSID, Password string
	Hostname       string   // what the network is told; "": "workato-alarm"
	TimeServers    []string // names of NTP servers; none: a default
	// Floor is a time that has passed for sure, such as that of the build: an
	// earlier one from the network is refused.
	Floor time.Time
	// Random spreads waits, and picks ports and numbers that a stranger should not
	// guess.
	Random func() uint32
	// Wait waits between two tries, which may be a minute: it is there to feed a
	// watchdog. nil: time.Sleep.
	Wait func(time.Duration)
	// Log takes short lines; nil: nobody reads.
	Log func(string)
}

const (
	// InitAfter is how many failures in a row start the radio from scratch.
	InitAfter = 5
	// lostAfter is how many dials in a row fail before a link that says it is up
	// is no longer believed.
	lostAfter = 5
	firstWait = time.Second
	mostWait  = time.Minute
	// idle is the pause of Run when there is nothing to do. It bounds how fast
	// frames are answered.
	idle = 5 * time.Millisecond
	// tick is how often Run looks after the link and the address.
	tick = time.Second
)

// Network is a board's way to the Internet. Up, Dial, Resolve and Time are for one
// goroutine at a time; Run is for another; Ready is for any.
type Network struct {
	radio  Radio
	config Config

	mu       sync.Mutex // of what follows
	ready    bool
	started  bool // the radio
	failures int  // of Up, in a row
	dials    int  // that failed, in a row
	stack    *stack
	lease    lease
	looked   time.Time // when tick was last due
}

// New makes a Network. It does no I/O.
func New(radio Radio, c Config) *Network {
	if c.Hostname == "" {
		c.Hostname = "workato-alarm"
	}
	if len(c.TimeServers) == 0 {
		c.TimeServers = []string{"pool.ntp.org", "time.cloudflare.com"}
	}
	if c.Wait == nil {
		c.Wait = time.Sleep
	}
	if c.Log == nil {
		c.Log = func(string) {}
	}
	return &Network{radio: radio, config: c}
}

// Ready says whether there is a link and an address.
func (n *Network) Ready() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ready
}

// Run moves frames for ever.
func (n *Network) Run() {
	for {
		if pause := n.Step(); pause > 0 {
			time.Sleep(pause)
		} else {
			runtime.Gosched()
		}
	}
}

// Step is one round of Run: it moves the frames that wait, and says how long to
// pause until the next.
func (n *Network) Step() (pause time.Duration) {
	n.mu.Lock()
	stack := n.stack
	n.mu.Unlock()
	if stack == nil {
		return idle
	}
	if stack.move() {
		pause = 0
	} else {
		pause = idle
	}
	n.lookAfter(stack)
	return pause
}

// lookAfter notices a lost link and renews the address.
func (n *Network) lookAfter(s *stack) {
	now := time.Now()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.ready || now.Sub(n.looked) < tick {
		return
	}
	n.looked = now
	switch {
	case !n.radio.LinkUp():
		n.lose("link lost")
	case !n.lease.look(s, now):
		n.lose("address lost")
	}
}

// lose takes the network for gone. n.mu is held.
func (n *Network) lose(why string) {
	n.config.Log("network: " + why)
	n.ready = false
	n.dials = 0
	n.stack.hangUp()
}

// Up joins the network and gets an address, unless that is done. It tries until
// the deadline; zero: for ever. The error is the last try's.
func (n *Network) Up(deadline time.Time) error {
	for {
		err := n.try()
		if err == nil {
			return nil
		}
		n.config.Log(err.Error())
		wait := n.backoff()
		if !deadline.IsZero() && time.Now().Add(wait).After(deadline) {
			return err
		}
		n.config.Wait(wait)
	}
}

// backoff is the wait after a failure: twice as long after each, up to a minute,
// of which up to a quarter is taken off by chance.
func (n *Network) backoff() time.Duration {
	wait := mostWait
	if shift := n.failures - 1; shift < 6 {
		wait = firstWait << shift
	}
	return wait - wait/4*time.Duration(n.config.Random()&0xff)/0xff
}

// try is one try to be ready.
func (n *Network) try() (err error) {
	if n.Ready() {
		return nil
	}
	defer func() {
		if err != nil {
			n.failures++
		} else {
			n.failures = 0
		}
	}()
	if err := n.join(); err != nil {
		return &Error{ErrWiFi, err}
	}
	s := n.stack // only join sets it
	l, err := s.getAddress(time.Now().Add(10 * time.Second))
	if err != nil {
		return &Error{ErrAddress, err}
	}
	if err := s.findGateway(time.Now().Add(3 * time.Second)); err != nil {
		return &Error{ErrUnreachable, err}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ready, n.lease, n.dials, n.looked = true, l, 0, time.Now()
	n.config.Log("network: address " + l.addr.String())
	return nil
}

// join sees to it that the radio works and the link is up. After a failure only a
// new join helps, and after many only a new start of the radio.
func (n *Network) join() error {
	if !n.started || n.failures > 0 && n.failures%InitAfter == 0 {
		n.started = false
		if err := n.radio.Init(); err != nil {
			return err
		}
		n.started = true
		hardware, err := n.radio.HardwareAddr()
		if err != nil {
			return err
		}
		if n.stack == nil {
			s, err := newStack(n.radio, hardware, n.config.Hostname, n.config.Random)
			if err != nil {
				return err
			}
			n.mu.Lock()
			n.stack = s
			n.mu.Unlock()
		}
	} else if n.failures == 0 && n.radio.LinkUp() {
		return nil
	}
	if err := n.radio.Join(n.config.SSID, n.config.Password); err != nil {
		return err
	}
	if !n.radio.LinkUp() {
		return errLink
	}
	return nil
}

// Dial connects to a port of a host, which may be a name or an IPv4 address. If
// the network is not ready it tries once to make it so. The connection before is
// ended. A zero deadline means a minute.
func (n *Network) Dial(host string, port uint16, deadline time.Time) (net.Conn, error) {
	deadline = orMinute(deadline)
	if err := n.try(); err != nil {
		return nil, err
	}
	addrs, err := n.Resolve(host, deadline)
	if err != nil {
		return nil, n.dialed(err)
	}
	err = errNoAnswer
	for i, addr := range addrs {
		// One dead address of several must not take all the time.
		until := time.Now().Add(time.Until(deadline) / time.Duration(len(addrs)-i))
		var c net.Conn
		if c, err = n.stack.dial(netip.AddrPortFrom(addr, port), until); err == nil {
			return c, n.dialed(nil)
		}
	}
	return nil, n.dialed(&Error{ErrUnreachable, err})
}

// dialed counts failures: a link that is up and of no use is as good as down.
func (n *Network) dialed(err error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err == nil {
		n.dials = 0
		return nil
	}
	if n.dials++; n.dials >= lostAfter && n.ready {
		n.lose("link of no use")
		n.failures = 1 // so that it is joined anew
	}
	return err
}

func orMinute(deadline time.Time) time.Time {
	if deadline.IsZero() {
		return time.Now().Add(time.Minute)
	}
	return deadline
}

// waitFor asks done every few milliseconds until it says yes or the time is over.
func waitFor(until time.Time, done func() bool) bool {
	for pause := time.Millisecond; ; pause = min(2*pause, 2*idle) {
		if done() {
			return true
		}
		if !time.Now().Before(until) {
			return false
		}
		time.Sleep(pause)
	}
}
