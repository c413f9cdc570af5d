package network

import (
	"net/netip"
	"time"
)

// lease is an address for some time.
type lease struct {
	addr         netip.Addr
	renew, over  time.Time // when to ask for it again, and when it is no longer ours; zero: never
	asked, until time.Time // when the renewal was last asked for
}

// shortest is the shortest lease that is believed: a server that gives less would
// keep the board busy with nothing else.
const shortest = time.Minute

// startLease reads what the server granted.
func startLease(addr netip.Addr, seconds, renewal uint32, now time.Time) lease {
	l := lease{addr: addr}
	const forever = 1<<32 - 1
	if seconds == 0 || seconds == forever {
		return l
	}
	whole := max(time.Duration(seconds)*time.Second, shortest)
	half := time.Duration(renewal) * time.Second
	if half <= 0 || half >= whole {
		half = whole / 2
	}
	l.renew, l.over = now.Add(half), now.Add(whole)
	return l
}

// getAddress asks a DHCP server for an address, and uses it.
func (s *stack) getAddress(until time.Time) (lease, error) {
	var asked time.Time
	var l lease
	failure := errNoAnswer
	got := waitFor(until, func() bool {
		if now := time.Now(); now.Sub(asked) >= 2*resend {
			asked = now
			if err := s.net.StartDHCPv4Request([4]byte{}); err != nil {
				failure = err
			}
			return false
		}
		var ok bool
		var err error
		l, ok, err = s.address()
		if err != nil {
			failure = err
		}
		return ok
	})
	if !got {
		return lease{}, failure
	}
	return l, nil
}

// address is what the DHCP server granted, if it did. The stack uses it from then
// on.
func (s *stack) address() (l lease, ok bool, err error) {
	s.sending.Lock() // the result is read while frames may change it
	defer s.sending.Unlock()
	result, err := s.net.ResultDHCP()
	if err != nil {
		return lease{}, false, nil // there is none yet, or nothing that can be used
	}
	if err := s.net.AssimilateDHCPResults(result); err != nil {
		return lease{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway, s.subnet = result.Router, result.Subnet
	s.dns = append(s.dns[:0], result.DNSServers...)
	return startLease(netip.AddrFrom4(result.AssignedAddr4), result.TLease, result.TRenewal, time.Now()), true, nil
}

// look renews the lease when it is time. It is false when the lease is over, or
// another address was granted: what hangs on the old one is lost.
func (l *lease) look(s *stack, now time.Time) bool {
	switch {
	case l.renew.IsZero() || now.Before(l.renew):
		return true
	case now.After(l.over):
		return false
	case l.asked.IsZero() || now.After(l.until):
		l.asked, l.until = now, now.Add(10*time.Second)
		_ = s.net.StartDHCPv4Request(l.addr.As4()) // asked again in a moment
		return true
	}
	renewed, ok, _ := s.address()
	if !ok {
		return true
	}
	if renewed.addr != l.addr {
		return false
	}
	*l = renewed
	return true
}
