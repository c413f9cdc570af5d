// Package networktest is the other end of a board's network, for tests: a router
// that grants addresses and answers for names and for the time, and behind it a host
// with a TCP server. It has neither clock nor wire: who uses it says what time it is
// and carries the frames.
package networktest

import (
	"encoding/binary"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/soypat/lneto/tcp"
	"github.com/soypat/lneto/x/xnet"
)

// BoardMAC is the hardware address that the board's radio must have.
var BoardMAC = [6]byte{2, 0, 0, 0, 0, 1}

var (
	routerMAC = [6]byte{2, 0, 0, 0, 0, 2}
	boardIP   = netip.MustParseAddr("192.168.7.20")
	routerIP  = netip.MustParseAddr("192.168.7.1")
	hostIP    = netip.MustParseAddr("203.0.113.5")
	clockIPs  = []netip.Addr{netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("198.51.100.2"), netip.MustParseAddr("198.51.100.3"), netip.MustParseAddr("198.51.100.4")}
)

const (
	// Host is the name of the host.
	Host = "app.example.com"
	// TimeHost is the name of four time servers.
	TimeHost = "pool.ntp.org"
	// Port is where the host serves.
	Port = 443
)

// Router is a router, with what is behind it. Receive and Step are for one goroutine
// at a time.
type Router struct {
	now      func() time.Time
	send     func(frame []byte)
	random   *rand.Rand
	host     xnet.StackAsync
	listener tcp.Listener
	out      [1600]byte

	Mu     sync.Mutex                 // of what follows
	Clock  func(server int) time.Time // what one of the time servers says; zero: nothing
	Lease  uint32                     // of an address, in seconds
	Assign netip.Addr                 // the address that is granted
	Silent map[uint16]bool            // ports of UDP that do not answer
	Asked  int                        // how often DHCP was asked for an address
	// Names answers for names otherwise than the router would.
	Names map[string]func(id uint16, question []byte) []byte
	// Last is the last TCP segment that came from the board; nil: none.
	Last []byte

	lastAt   time.Time // when Last came, or a probe after it was sent
	accepted []*Conn
}

// New makes a router, which takes the time from now and gives frames to send. A
// frame is send's during the call.
func New(seed uint64, now func() time.Time, send func(frame []byte)) (*Router, error) {
	r := &Router{
		now: now, send: send, random: rand.New(rand.NewPCG(seed, 1)),
		Clock: func(int) time.Time { return now() },
		Lease: 3600, Assign: boardIP, Silent: map[uint16]bool{}, Names: map[string]func(uint16, []byte) []byte{},
	}
	if err := r.host.Reset(xnet.StackConfig{
		HardwareAddress: routerMAC, StaticAddress4: hostIP.As4(), Hostname: "host", RandSeed: 7, MTU: 1500, MaxActiveTCPPorts: 4,
	}); err != nil {
		return nil, err
	}
	r.host.SetGatewayHardwareAddr(BoardMAC)
	if err := r.listener.Reset(Port, pool{r}); err != nil {
		return nil, err
	}
	return r, r.host.RegisterListenerTCP(&r.listener)
}

// Step sends what router and host have to send, and says whether there was
// anything.
func (r *Router) Step() (moved bool) {
	r.Mu.Lock()
	for _, c := range r.accepted {
		now := r.now()
		// A window that stays closed is probed, as every server does.
		if r.Last != nil && now.Sub(r.lastAt) > time.Second && c.State() == tcp.StateEstablished && c.BufferedUnsent() > 0 {
			r.lastAt = now
			r.send(Probe(r.Last))
		}
		// A first answer that is lost is sent again, as every server does.
		if c.State() == tcp.StateSynRcvd && now.Sub(c.asked) > time.Second {
			c.asked = now
			c.RequeueControl()
		}
	}
	r.Mu.Unlock()
	for {
		n, _ := r.host.EgressEthernet(r.out[:])
		if n <= 0 {
			return moved
		}
		moved = true
		r.send(r.out[:n])
	}
}

// Receive takes a frame of the board.
func (r *Router) Receive(frame []byte) {
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
			r.send(reply)
		}
	case frame[23] == 17:
		header := 14 + int(frame[14]&15)*4
		to := binary.BigEndian.Uint16(frame[header+2:])
		from := binary.BigEndian.Uint16(frame[header:])
		addr := netip.AddrFrom4([4]byte(frame[30:]))
		payload := frame[header+8 : header+int(binary.BigEndian.Uint16(frame[header+4:]))]
		r.Mu.Lock()
		silent := r.Silent[to]
		r.Mu.Unlock()
		if silent {
			return
		}
		var answer []byte
		target := netip.AddrFrom4([4]byte(frame[26:]))
		switch to {
		case 67:
			answer, addr, target = r.grant(payload), routerIP, netip.AddrFrom4([4]byte{255, 255, 255, 255})
		case 53:
			answer = r.name(payload)
		case 123:
			answer = r.clock(slices.Index(clockIPs, addr), payload)
		}
		if answer != nil {
			r.send(datagram(addr, target, to, from, answer))
		}
	default:
		r.Mu.Lock()
		r.Last, r.lastAt = slices.Clone(frame), r.now()
		over := slices.ContainsFunc(r.accepted, func(c *Conn) bool {
			return c.State() == tcp.StateTimeWait && c.RemotePort() == binary.BigEndian.Uint16(frame[34:])
		})
		r.Mu.Unlock()
		if over {
			return // the stack would panic
		}
		_ = r.host.IngressEthernet(frame)
	}
}

// Probe is an empty segment from the host, one before what the board acknowledged
// in its last segment.
func Probe(last []byte) []byte {
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
	binary.BigEndian.PutUint16(p[24:], ^Checksum(p[14:34]))
	pseudo := append(slices.Clone(p[26:34]), 0, 6, 0, 20)
	binary.BigEndian.PutUint16(p[50:], ^Checksum(append(pseudo, p[34:]...)))
	return p
}

// datagram is a frame with UDP for the board.
func datagram(from, to netip.Addr, fromPort, toPort uint16, payload []byte) []byte {
	f := make([]byte, 14, 14+28+len(payload))
	copy(f, BoardMAC[:])
	if to == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		copy(f, []byte{255, 255, 255, 255, 255, 255})
	}
	copy(f[6:], routerMAC[:])
	f[12] = 8
	ip := []byte{0x45, 0, 0, 0, 0, 1, 0, 0, 64, 17, 0, 0}
	binary.BigEndian.PutUint16(ip[2:], uint16(28+len(payload)))
	ip = append(append(ip, from.AsSlice()...), to.AsSlice()...)
	binary.BigEndian.PutUint16(ip[10:], ^Checksum(ip))
	f = append(f, ip...)
	f = binary.BigEndian.AppendUint16(f, fromPort)
	f = binary.BigEndian.AppendUint16(f, toPort)
	f = binary.BigEndian.AppendUint16(f, uint16(8+len(payload)))
	f = append(f, 0, 0) // no checksum
	f = append(f, payload...)
	if fromPort == 123 {
		pseudo := append(slices.Clone(f[26:34]), 0, 17)
		pseudo = append(pseudo, f[38:40]...)
		binary.BigEndian.PutUint16(f[40:], ^Checksum(append(pseudo, f[34:]...)))
	}
	return f
}

// Checksum is the one of IP, TCP and UDP, before it is inverted. An odd byte at the end
// does not count.
func Checksum(b []byte) uint16 {
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
func (r *Router) grant(m []byte) []byte {
	r.Mu.Lock()
	defer r.Mu.Unlock()
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
		r.Asked++
	}
	reply := slices.Clone(m[:240])
	clear(reply[44:])
	reply[0] = 2
	copy(reply[16:], r.Assign.AsSlice())
	copy(reply[20:], routerIP.AsSlice())
	copy(reply[236:], []byte{99, 130, 83, 99})
	reply = append(reply, 53, 1, answer, 54, 4)
	reply = append(append(reply, routerIP.AsSlice()...), 1, 4, 255, 255, 255, 0, 3, 4)
	reply = append(append(reply, routerIP.AsSlice()...), 6, 4)
	reply = append(append(reply, routerIP.AsSlice()...), 51, 4)
	reply = binary.BigEndian.AppendUint32(reply, r.Lease)
	return append(reply, 255)
}

// name answers DNS: with an alias first, as hosts of clouds have.
func (r *Router) name(m []byte) []byte {
	var labels []string
	at := 12
	for m[at] != 0 {
		labels = append(labels, string(m[at+1:at+1+int(m[at])]))
		at += 1 + int(m[at])
	}
	host := strings.Join(labels, ".")
	r.Mu.Lock()
	other := r.Names[host]
	r.Mu.Unlock()
	question := m[12 : at+5]
	if other != nil {
		return other(binary.BigEndian.Uint16(m), question)
	}
	var addrs []netip.Addr
	switch host {
	case Host:
		addrs = []netip.Addr{hostIP}
	case TimeHost:
		addrs = clockIPs
	default:
		return append([]byte{m[0], m[1], 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0}, question...)
	}
	reply := append([]byte{m[0], m[1], 0x81, 0x80, 0, 1, 0, byte(1 + len(addrs)), 0, 0, 0, 0}, question...)
	alias := len(reply) + 12
	reply = append(reply, 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, 'x', 0xc0, 12)
	for _, a := range addrs {
		reply = append(reply, 0xc0, byte(alias), 0, 1, 0, 1, 0, 0, 0, 60, 0, 4)
		reply = append(reply, a.AsSlice()...)
	}
	return reply
}

// clock answers NTP.
func (r *Router) clock(server int, m []byte) []byte {
	r.Mu.Lock()
	at := r.Clock(server)
	r.Mu.Unlock()
	if at.IsZero() {
		return nil
	}
	reply := make([]byte, 48)
	reply[0], reply[1] = 4<<3|4, 2
	copy(reply[24:], m[40:48])
	for _, to := range []int{16, 32, 40} {
		binary.BigEndian.PutUint32(reply[to:], uint32(at.Unix()+2_208_988_800))
		binary.BigEndian.PutUint32(reply[to+4:], uint32(uint64(at.Nanosecond())<<32/1e9))
	}
	return reply
}

// pool makes the host's connections, with loss recovery.
type pool struct{ router *Router }

func (p pool) GetTCP() (*tcp.Conn, any, tcp.Value) {
	r := p.router
	c := &Conn{asked: r.now()}
	if err := c.Configure(tcp.ConnConfig{
		RxBuf: make([]byte, 16<<10), TxBuf: make([]byte, 16<<10), TxPacketQueueSize: 16,
		RWBackoff:    func(uint) time.Duration { return 3 * time.Millisecond },
		LossRecovery: new(tcp.RTO), Nanotime: func() int64 { return r.now().UnixNano() },
	}); err != nil {
		panic(err)
	}
	r.Mu.Lock()
	defer r.Mu.Unlock()
	r.accepted = append(r.accepted, c)
	return &c.Conn, c, tcp.Value(r.random.Uint32())
}

func (pool) PutTCP(*tcp.Conn) {}

// Accept is a connection that the board made to the host and that was not given
// before; nil: there is none.
func (r *Router) Accept() *Conn {
	if _, c, err := r.listener.TryAccept(); err == nil {
		conn, _ := c.(*Conn)
		return conn
	}
	return nil
}

// Abort ends all connections, and says nothing to the board.
func (r *Router) Abort() {
	r.Mu.Lock()
	defer r.Mu.Unlock()
	for _, c := range r.accepted {
		c.Abort()
	}
}

// Conn is a connection of the host. As a [net.Conn], it waits for the board.
type Conn struct {
	tcp.Conn
	asked time.Time
}

var _ net.Conn = (*Conn)(nil)

// LocalAddr is where the host serves.
func (*Conn) LocalAddr() net.Addr { return Addr() }

// RemoteAddr is not the board's: who asks only wants a text.
func (*Conn) RemoteAddr() net.Addr { return Addr() }

// Addr is where the host serves.
func Addr() net.Addr { return net.TCPAddrFromAddrPort(netip.AddrPortFrom(hostIP, Port)) }
