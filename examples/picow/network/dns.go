package network

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// The stack has a DNS client. It reads one record of an answer, and hosts of
// clouds are names of names of names, so the board asks by itself.

const (
	typeA     = 1
	typeCNAME = 5
	classIN   = 1
	// maxAddrs is how many addresses of a host are used.
	maxAddrs = 4
	// maxAliases is how many names of names are followed.
	maxAliases = 8
)

var (
	errName     = errors.New("not a host name")
	errNotFound = errors.New("no such host")
	errServer   = errors.New("the name server cannot answer")
)

// Resolve gives the IPv4 addresses of a host, four at most and at least one. A zero
// deadline means a minute.
func (n *Network) Resolve(host string, deadline time.Time) ([]netip.Addr, error) {
	deadline = orMinute(deadline)
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is4() {
		return []netip.Addr{addr}, nil
	}
	if !n.Ready() {
		return nil, &Error{ErrAddress, errLink}
	}
	addrs, err := n.stack.resolve(host, deadline)
	if err != nil {
		return nil, &Error{ErrAddress, err}
	}
	return addrs, nil
}

// resolve asks each name server, and again, until one has an answer.
func (s *stack) resolve(host string, deadline time.Time) ([]netip.Addr, error) {
	var query [300]byte
	s.mu.Lock()
	servers := slices.Clone(s.dns)
	s.mu.Unlock()
	failure := errNoAnswer
	for attempt := 0; attempt < 3*len(servers) && time.Now().Before(deadline); attempt++ {
		id := uint16(s.random() & 0xffff)
		q, err := appendQuery(query[:0], id, host)
		if err != nil {
			return nil, err
		}
		server := netip.AddrPortFrom(servers[attempt%len(servers)], 53)
		var addrs []netip.Addr
		err = s.exchange(server, q, earlier(deadline, time.Now().Add(2*resend)), func(answer []byte) bool {
			var mine bool
			addrs, mine, failure = readAnswer(answer, id, host)
			return mine
		})
		switch {
		case err != nil:
			failure = err
		case failure == nil:
			return addrs, nil
		case errors.Is(failure, errNotFound):
			return nil, failure
		}
	}
	return nil, failure
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// appendQuery writes a question for the addresses of a host.
func appendQuery(b []byte, id uint16, host string) ([]byte, error) {
	b = binary.BigEndian.AppendUint16(b, id)
	b = append(b, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0) // recursion desired; one question
	host = strings.TrimSuffix(host, ".")
	if len(host) > 253 {
		return nil, errName
	}
	for label := range strings.SplitSeq(host, ".") {
		if len(label) == 0 || len(label) > 63 {
			return nil, errName
		}
		b = append(b, byte(len(label))) //nolint:gosec // at most 63
		b = append(b, label...)
	}
	return append(b, 0, 0, typeA, 0, classIN), nil
}

// readAnswer reads the addresses of a host out of an answer. It is not mine when it
// answers another question, whoever sent it.
func readAnswer(m []byte, id uint16, host string) (addrs []netip.Addr, mine bool, err error) {
	if len(m) < 12 || binary.BigEndian.Uint16(m) != id || m[2]&0x80 == 0 || binary.BigEndian.Uint16(m[4:]) != 1 {
		return nil, false, errServer
	}
	name, at, ok := readName(m, 12)
	if !ok || !sameName(name, strings.TrimSuffix(host, ".")) || len(m) < at+4 ||
		binary.BigEndian.Uint32(m[at:]) != typeA<<16|classIN {
		return nil, false, errServer
	}
	at += 4
	switch m[3] & 15 {
	case 0:
	case 3:
		return nil, true, errNotFound
	default:
		return nil, true, errServer
	}
	// Aliases come in any order: go through the records until no new one is met.
	records := int(binary.BigEndian.Uint16(m[6:]))
	for range maxAliases {
		var alias string
		addrs, alias, ok = readRecords(m, at, records, name)
		switch {
		case !ok && len(addrs) == 0:
			return nil, true, errServer
		case len(addrs) > 0:
			return addrs, true, nil
		case alias == "":
			return nil, true, errNotFound
		}
		name = alias
	}
	return nil, true, errServer
}

// readRecords finds the addresses of a name among the records, or what it is an
// alias of. It is not ok where they end too early: then what is there counts.
func readRecords(m []byte, at, records int, name string) (addrs []netip.Addr, alias string, ok bool) {
	for range records {
		var owner string
		if owner, at, ok = readName(m, at); !ok || len(m) < at+10 {
			return addrs, alias, false
		}
		kind := binary.BigEndian.Uint32(m[at:])
		size := int(binary.BigEndian.Uint16(m[at+8:]))
		at += 10
		if len(m) < at+size {
			return addrs, alias, false
		}
		if sameName(owner, name) {
			switch {
			case kind == typeA<<16|classIN && size == 4 && len(addrs) < maxAddrs:
				addrs = append(addrs, netip.AddrFrom4([4]byte(m[at:])))
			case kind == typeCNAME<<16|classIN:
				if alias, _, ok = readName(m, at); !ok {
					return addrs, "", false
				}
			}
		}
		at += size
	}
	return addrs, alias, true
}

// readName reads a name, whose parts may stand earlier in the message, and says
// where it ends.
func readName(m []byte, at int) (name string, end int, ok bool) {
	var text []byte
	for end = -1; ; {
		if at >= len(m) || len(text) > 255 {
			return "", 0, false
		}
		size := int(m[at])
		switch {
		case size == 0:
			if end < 0 {
				end = at + 1
			}
			return string(text), end, true
		case size >= 0xc0:
			if at+1 >= len(m) {
				return "", 0, false
			}
			to := size&0x3f<<8 | int(m[at+1])
			if end < 0 {
				end = at + 2
			}
			if to >= at { // only backwards, or it never ends
				return "", 0, false
			}
			at = to
		case size > 63 || at+1+size > len(m):
			return "", 0, false
		default:
			if len(text) > 0 {
				text = append(text, '.')
			}
			text = append(text, m[at+1:at+1+size]...)
			at += 1 + size
		}
	}
}

// sameName compares names as DNS does, without regard to the case of ASCII
// letters.
func sameName(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		x, y := a[i], b[i]
		if x >= 'A' && x <= 'Z' {
			x += 'a' - 'A'
		}
		if y >= 'A' && y <= 'Z' {
			y += 'a' - 'A'
		}
		if x != y {
			return false
		}
	}
	return true
}
