package network_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soypat/lneto/tcp"
	"github.com/soypat/lneto/x/xnet"

	"github.com/workato-go/sdk/examples/picow/network"
)

var (
	boardMAC  = [6]byte{2, 0, 0, 0, 0, 1}
	routerMAC = [6]byte{2, 0, 0, 0, 0, 2}
	boardIP   = netip.MustParseAddr("192.168.7.20")
	routerIP  = netip.MustParseAddr("192.168.7.1")
	serverIP  = netip.MustParseAddr("203.0.113.5")
	clockIPs  = []netip.Addr{netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("198.51.100.2"), netip.MustParseAddr("198.51.100.3"), netip.MustParseAddr("198.51.100.4")}
)

const (
	apiHost  = "example.com"
	timeHost = "pool.ntp.org"
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

func (r *radio) HardwareAddr() ([6]byte, error) { return boardMAC, nil }

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

// lab is a board, a router that answers by itself, and behind it a host with a
// TCP server: the stack again, and written by hand what is not TCP.
type lab struct {
	t      *testing.T
	radio  *radio
	net    *network.Network
	config network.Config
	logs   []string
	waits  []time.Duration

	toBoard, toRouter *wire
	host              xnet.StackAsync
	listener          tcp.Listener
	random            *rand.Rand

	mu       sync.Mutex
	now      func(server int) time.Time // of the time servers
	lease    uint32
	assign   netip.Addr
	silent   map[uint16]bool // ports of UDP that do not answer
	dhcp     int             // discovers
	names    map[string]func(id uint16, question []byte) []byte
	stopped  bool
	pumps    sync.WaitGroup // what moves frames
	running  sync.WaitGroup
	accepted []*served

	last   []byte    // the board's last TCP segment
	lastAt time.Time // and when it came; or a probe after it
}

// inLab runs f with a lab in a bubble.
func inLab(t *testing.T, sky weather, seed uint64, f func(*testing.T, *lab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &lab{
			t: t, random: rand.New(rand.NewPCG(seed, 1)), now: func(int) time.Time { return time.Now() },
			lease: 3600, assign: boardIP, silent: map[uint16]bool{}, names: map[string]func(uint16, []byte) []byte{},
		}
		l.toBoard = &wire{random: rand.New(rand.NewPCG(seed, 2)), sky: sky}
		l.toRouter = &wire{random: rand.New(rand.NewPCG(seed, 3)), sky: sky}
		l.radio = &radio{out: l.toRouter, in: l.toBoard}
		if err := l.host.Reset(xnet.StackConfig{
			HardwareAddress: routerMAC, StaticAddress4: serverIP.As4(), Hostname: "host", RandSeed: 7, MTU: 1500, MaxActiveTCPPorts: 4,
		}); err != nil {
			t.Fatal(err)
		}
		l.host.SetGatewayHardwareAddr(boardMAC)
		if err := l.listener.Reset(443, pool{l}); err != nil {
			t.Fatal(err)
		}
		if err := l.host.RegisterListenerTCP(&l.listener); err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(seed, 4))
		l.config = network.Config{
			SSID: "home", Password: "secret", Floor: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), TimeServers: []string{timeHost},
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
			for _, s := range l.accepted {
				s.conn.Abort()
			}
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
		l.serve(frame)
	}
	l.mu.Lock()
	for _, s := range l.accepted {
		// A window that stays closed is probed, as every server does.
		if l.last != nil && time.Since(l.lastAt) > time.Second && s.conn.State() == tcp.StateEstablished && s.conn.BufferedUnsent() > 0 {
			l.lastAt = time.Now()
			l.toBoard.send(probe(l.last))
		}
		// A first answer that is lost is sent again, as every server does.
		if now := time.Now(); s.conn.State() == tcp.StateSynRcvd && now.Sub(s.asked) > time.Second {
			s.asked = now
			s.conn.RequeueControl()
		}
	}
	l.mu.Unlock()
	buf := make([]byte, 1600)
	for {
		n, _ := l.host.EgressEthernet(buf)
		if n <= 0 {
			break
		}
		moved = true
		l.toBoard.send(buf[:n])
	}
	if moved {
		return 0
	}
	return 4 * time.Millisecond
}

func (l *lab) serve(frame []byte) {
	switch {
	case len(frame) < 42:
	case binary.BigEndian.Uint16(frame[12:]) == 0x0806:
		if netip.AddrFrom4([4]byte(frame[38:])) == routerIP && binary.BigEndian.Uint16(frame[20:]) == 1 {
			reply := slices.Clone(frame[:42])
			copy(reply, frame[6:12])
			copy(reply[6:], routerMAC[:])
			reply[21] = 2
			copy(reply[22:], routerMAC[:])
			copy(reply[28:], frame[38:42])
			copy(reply[32:], frame[22:32])
			l.toBoard.send(reply)
		}
	case frame[23] == 17:
		header := 14 + int(frame[14]&15)*4
		to := binary.BigEndian.Uint16(frame[header+2:])
		from := binary.BigEndian.Uint16(frame[header:])
		addr := netip.AddrFrom4([4]byte(frame[30:]))
		payload := frame[header+8 : header+int(binary.BigEndian.Uint16(frame[header+4:]))]
		l.mu.Lock()
		silent := l.silent[to]
		l.mu.Unlock()
		if silent {
			return
		}
		var answer []byte
		target := netip.AddrFrom4([4]byte(frame[26:]))
		switch to {
		case 67:
			answer, addr, target = l.grant(payload), routerIP, netip.AddrFrom4([4]byte{255, 255, 255, 255})
		case 53:
			answer = l.name(payload)
		case 123:
			answer = l.clock(slices.Index(clockIPs, addr), payload)
		}
		if answer != nil {
			l.toBoard.send(datagram(addr, target, to, from, answer))
		}
	default:
		l.mu.Lock()
		l.last, l.lastAt = slices.Clone(frame), time.Now()
		over := slices.ContainsFunc(l.accepted, func(s *served) bool {
			return s.conn.State() == tcp.StateTimeWait && s.conn.RemotePort() == binary.BigEndian.Uint16(frame[34:])
		})
		l.mu.Unlock()
		if over {
			return // the stack would panic
		}
		_ = l.host.IngressEthernet(frame)
	}
}

// probe is an empty segment from the host, one before what the board acknowledged
// in its last segment.
func probe(last []byte) []byte {
	p := slices.Clone(last[:54])
	copy(p, last[6:12])
	copy(p[6:], last[:6])
	copy(p[26:], last[30:34])
	copy(p[30:], last[26:30])
	copy(p[34:], last[36:38])
	copy(p[36:], last[34:36])
	size := int(binary.BigEndian.Uint16(last[16:])) - 20 - int(last[46]>>4)*4
	binary.BigEndian.PutUint32(p[38:], binary.BigEndian.Uint32(last[42:])-1)
	binary.BigEndian.PutUint32(p[42:], binary.BigEndian.Uint32(last[38:])+uint32(size))
	binary.BigEndian.PutUint16(p[16:], 40)
	p[46], p[47], p[50], p[51] = 5<<4, 16, 0, 0
	p[24], p[25] = 0, 0
	binary.BigEndian.PutUint16(p[24:], ^checksum(p[14:34]))
	pseudo := append(slices.Clone(p[26:34]), 0, 6, 0, 20)
	binary.BigEndian.PutUint16(p[50:], ^checksum(append(pseudo, p[34:]...)))
	return p
}

// datagram is a frame with UDP for the board.
func datagram(from, to netip.Addr, fromPort, toPort uint16, payload []byte) []byte {
	f := make([]byte, 14, 14+28+len(payload))
	copy(f, boardMAC[:])
	if to == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		copy(f, []byte{255, 255, 255, 255, 255, 255})
	}
	copy(f[6:], routerMAC[:])
	f[12] = 8
	ip := []byte{0x45, 0, 0, 0, 0, 1, 0, 0, 64, 17, 0, 0}
	binary.BigEndian.PutUint16(ip[2:], uint16(28+len(payload)))
	ip = append(append(ip, from.AsSlice()...), to.AsSlice()...)
	binary.BigEndian.PutUint16(ip[10:], ^checksum(ip))
	f = append(f, ip...)
	f = binary.BigEndian.AppendUint16(f, fromPort)
	f = binary.BigEndian.AppendUint16(f, toPort)
	f = binary.BigEndian.AppendUint16(f, uint16(8+len(payload)))
	f = append(f, 0, 0) // no checksum
	f = append(f, payload...)
	if fromPort == 123 {
		pseudo := append(slices.Clone(f[26:34]), 0, 17)
		pseudo = append(pseudo, f[38:40]...)
		binary.BigEndian.PutUint16(f[40:], ^checksum(append(pseudo, f[34:]...)))
	}
	return f
}

func checksum(b []byte) uint16 {
	sum := uint32(0)
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(b[i])<<8 | uint32(b[i+1])
	}
	for sum > 0xffff {
		sum = sum&0xffff + sum>>16
	}
	return uint16(sum)
}

// grant answers DHCP.
func (l *lab) grant(m []byte) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	kind := byte(0)
	for at := 240; at+1 < len(m) && m[at] != 255; at += 2 + int(m[at+1]) {
		if m[at] == 53 {
			kind = m[at+2]
		}
	}
	answer := map[byte]byte{1: 2, 3: 5}[kind] // offer, acknowledge
	if answer == 0 {
		return nil
	}
	if kind == 1 {
		l.dhcp++
	}
	r := slices.Clone(m[:240])
	clear(r[44:])
	r[0] = 2
	copy(r[16:], l.assign.AsSlice())
	copy(r[20:], routerIP.AsSlice())
	copy(r[236:], []byte{99, 130, 83, 99})
	r = append(r, 53, 1, answer, 54, 4)
	r = append(append(r, routerIP.AsSlice()...), 1, 4, 255, 255, 255, 0, 3, 4)
	r = append(append(r, routerIP.AsSlice()...), 6, 4)
	r = append(append(r, routerIP.AsSlice()...), 51, 4)
	r = binary.BigEndian.AppendUint32(r, l.lease)
	return append(r, 255)
}

// name answers DNS: with an alias first, as hosts of clouds have.
func (l *lab) name(m []byte) []byte {
	var labels []string
	at := 12
	for m[at] != 0 {
		labels = append(labels, string(m[at+1:at+1+int(m[at])]))
		at += 1 + int(m[at])
	}
	host := strings.Join(labels, ".")
	l.mu.Lock()
	other := l.names[host]
	l.mu.Unlock()
	question := m[12 : at+5]
	if other != nil {
		return other(binary.BigEndian.Uint16(m), question)
	}
	var addrs []netip.Addr
	switch host {
	case apiHost:
		addrs = []netip.Addr{serverIP}
	case timeHost:
		addrs = clockIPs
	default:
		return append([]byte{m[0], m[1], 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0}, question...)
	}
	r := append([]byte{m[0], m[1], 0x81, 0x80, 0, 1, 0, byte(1 + len(addrs)), 0, 0, 0, 0}, question...)
	alias := len(r) + 12
	r = append(r, 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, 'x', 0xc0, 12)
	for _, a := range addrs {
		r = append(r, 0xc0, byte(alias), 0, 1, 0, 1, 0, 0, 0, 60, 0, 4)
		r = append(r, a.AsSlice()...)
	}
	return r
}

// clock answers NTP.
func (l *lab) clock(server int, m []byte) []byte {
	l.mu.Lock()
	at := l.now(server)
	l.mu.Unlock()
	if at.IsZero() {
		return nil
	}
	r := make([]byte, 48)
	r[0], r[1] = 4<<3|4, 2
	copy(r[24:], m[40:48])
	for _, to := range []int{16, 32, 40} {
		binary.BigEndian.PutUint32(r[to:], uint32(at.Unix()+2_208_988_800))
		binary.BigEndian.PutUint32(r[to+4:], uint32(uint64(at.Nanosecond())<<32/1e9))
	}
	return r
}

// pool makes the host's connections, with loss recovery.
type pool struct{ lab *lab }

func (p pool) GetTCP() (*tcp.Conn, any, tcp.Value) {
	s := &served{lab: p.lab, conn: new(tcp.Conn), asked: time.Now()}
	if err := s.conn.Configure(tcp.ConnConfig{
		RxBuf: make([]byte, 16<<10), TxBuf: make([]byte, 16<<10), TxPacketQueueSize: 16,
		RWBackoff:    func(uint) time.Duration { return 3 * time.Millisecond },
		LossRecovery: new(tcp.RTO), Nanotime: func() int64 { return time.Now().UnixNano() },
	}); err != nil {
		panic(err)
	}
	p.lab.mu.Lock()
	defer p.lab.mu.Unlock()
	p.lab.accepted = append(p.lab.accepted, s)
	return s.conn, s, tcp.Value(p.lab.random.Uint32())
}

func (p pool) PutTCP(*tcp.Conn) {}

// Accept, Close and Addr make the lab a net.Listener.
func (l *lab) Accept() (net.Conn, error) {
	for {
		l.mu.Lock()
		stopped := l.stopped
		l.mu.Unlock()
		if stopped {
			return nil, net.ErrClosed
		}
		if _, s, err := l.listener.TryAccept(); err == nil {
			c, _ := s.(*served)
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

func (l *lab) Addr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(serverIP, 443))
}

// served is a connection of the host.
type served struct {
	lab   *lab
	conn  *tcp.Conn
	asked time.Time
}

func (s *served) Read(p []byte) (int, error)         { return s.conn.Read(p) }
func (s *served) Write(p []byte) (int, error)        { return s.conn.Write(p) }
func (s *served) Close() error                       { return s.conn.Close() }
func (s *served) LocalAddr() net.Addr                { return s.lab.Addr() }
func (s *served) RemoteAddr() net.Addr               { return s.lab.Addr() }
func (s *served) SetDeadline(t time.Time) error      { return s.conn.SetDeadline(t) }
func (s *served) SetReadDeadline(t time.Time) error  { return s.conn.SetReadDeadline(t) }
func (s *served) SetWriteDeadline(t time.Time) error { return s.conn.SetWriteDeadline(t) }
