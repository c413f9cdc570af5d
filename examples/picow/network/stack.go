package network

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/soypat/lneto/tcp"
	"github.com/soypat/lneto/udp"
	"github.com/soypat/lneto/x/xnet"
)

const (
	mtu         = 1500
	frameSize   = 14 + mtu + 4
	receiveSize = 8 << 10 // of the TCP connection: what a peer may send before it is answered
	sendSize    = 2 << 10
	// resend is how often a question is asked again that nobody answered.
	resend = time.Second
)

// stack is the TCP/IP stack of one interface, with room for one TCP connection and
// one UDP exchange. All its memory is allocated at once.
type stack struct {
	radio  Radio
	random func() uint32
	began  time.Time
	net    xnet.StackAsync
	ingest func([]byte) // made once: a closure costs memory
	came   bool         // a frame, since it was last asked

	sending sync.Mutex // of the way of the frames
	out     [frameSize]byte
	guard   guard

	tcp     tcp.Conn
	rto     tcp.RTO
	current atomic.Pointer[conn] // the one that uses tcp
	udp     udp.Conn
	message [1472]byte // of a UDP exchange

	mu      sync.Mutex // of what follows
	gateway netip.Addr
	subnet  netip.Prefix
	dns     []netip.Addr
}

func newStack(radio Radio, hardware [6]byte, hostname string, random func() uint32) (*stack, error) {
	s := &stack{radio: radio, random: random, began: time.Now()}
	err := s.net.Reset(xnet.StackConfig{
		HardwareAddress: hardware, Hostname: hostname, RandSeed: int64(random()) | 1,
		MTU: mtu, MaxActiveTCPPorts: 2, MaxActiveUDPPorts: 2, PassivePeers: 4,
		AcceptIPv4Broadcast: true, // some servers answer a renewal that way
	})
	if err != nil {
		return nil, err
	}
	if err := s.tcp.Configure(tcp.ConnConfig{
		RxBuf: make([]byte, receiveSize), TxBuf: make([]byte, sendSize), TxPacketQueueSize: 8, RWBackoff: backoff,
		LossRecovery: &s.rto, Nanotime: s.nanotime,
	}); err != nil {
		return nil, err
	}
	if err := s.udp.Configure(udp.ConnConfig{
		RxBuf: make([]byte, 2048), TxBuf: make([]byte, 512), RxQueueSize: 4, TxQueueSize: 2, RWBackoff: backoff,
	}); err != nil {
		return nil, err
	}
	s.ingest = s.receive
	return s, nil
}

// backoff is the pause of a read or write that has to wait.
func backoff(consecutive uint) time.Duration {
	return min(time.Millisecond<<min(consecutive, 4), 2*idle)
}

// nanotime is a clock that nobody sets. 0 has a meaning of its own.
func (s *stack) nanotime() int64 { return int64(time.Since(s.began)) + 1 }

func (s *stack) receive(frame []byte) {
	s.came = true
	switch s.tcp.State() {
	case tcp.StateEstablished:
		if !s.guard.pass(frame, s.tcp.FreeInput()) {
			return
		}
	case tcp.StateTimeWait:
		s.tcp.Abort() // the connection is over, and the stack would panic over a late segment
	default:
	}
	addChecksum(frame)
	_ = s.net.IngressEthernet(frame) // most of what is refused is for others
}

// move takes the frames that came in and sends those that wait, and says whether
// there were any.
func (s *stack) move() bool {
	s.sending.Lock()
	defer s.sending.Unlock()
	s.came = false
	_ = s.radio.Receive(s.ingest) // what is lost comes again
	moved := s.came
	if answer := s.guard.take(); answer != nil {
		_ = s.radio.Send(answer)
	}
	// What came in order is acknowledged before the next frame is taken: the guard
	// goes by that.
	for range 8 {
		size, _ := s.net.EgressEthernet(s.out[:])
		if size <= 0 {
			break
		}
		moved = true
		s.guard.sent(s.out[:size])
		_ = s.radio.Send(s.out[:size])
	}
	return moved
}

// still changes what the stack knows while no frame is on its way through it.
func (s *stack) still(change func()) {
	s.sending.Lock()
	defer s.sending.Unlock()
	change()
}

// port is one that the system gives out, at random.
func (s *stack) port() uint16 { return 49152 + uint16(s.random()&0x3fff) }

// findGateway asks for the hardware address of the gateway, whatever it was
// before.
func (s *stack) findGateway(until time.Time) error {
	s.mu.Lock()
	gateway := s.gateway
	s.mu.Unlock()
	_ = s.net.DiscardResolveHardwareAddress6(gateway)
	hardware, err := s.find(gateway, until)
	if err == nil {
		s.net.SetGatewayHardwareAddr(hardware)
	}
	return err
}

// reach sees to it that the stack knows where to send what is for addr. It would
// ask by itself, but once only.
func (s *stack) reach(addr netip.Addr, until time.Time) error {
	s.mu.Lock()
	near := s.subnet.Contains(addr)
	s.mu.Unlock()
	if !near {
		return nil
	}
	_, err := s.find(addr, until)
	return err
}

// find asks for a hardware address in the own network, until there is an answer.
func (s *stack) find(addr netip.Addr, until time.Time) (hardware [6]byte, err error) {
	var asked time.Time
	found := waitFor(until, func() bool {
		if hardware, err = s.net.ResultResolveHardwareAddress6(addr); err == nil {
			return true
		}
		if now := time.Now(); now.Sub(asked) >= resend {
			asked = now
			_ = s.net.DiscardResolveHardwareAddress6(addr)
			_ = s.net.StartResolveHardwareAddress6(addr)
		}
		return false
	})
	if !found {
		_ = s.net.DiscardResolveHardwareAddress6(addr)
		return hardware, errNoAnswer
	}
	return hardware, nil
}
