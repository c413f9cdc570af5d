package network

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"time"
)

const (
	// samples is how many answers are compared, and agree how many of them must
	// say about the same.
	samples = 5
	agree   = 3
	// apart is how far two servers may be apart to say about the same.
	apart = 2 * time.Second
	// maxTrip is the longest way of an answer that is good for a certificate's dates.
	maxTrip = 5 * time.Second
	// maxAge is how long after Floor a time is believed.
	maxAge = 30 * 365 * 24 * time.Hour
)

var (
	errDisagree = errors.New("the servers disagree")
	errFloor    = errors.New("the time is earlier than this program")
)

// sample is a server's time and when it was that, on this machine's clock.
type sample struct{ server, here time.Time }

func (s sample) ahead() time.Duration { return s.server.Sub(s.here.Round(0)) }

// Time asks several time servers what time it is, in UTC, and believes what most
// of them agree on. A zero deadline means a minute. Nobody signs these answers:
// they are good enough for the dates of certificates, and no proof.
func (n *Network) Time(deadline time.Time) (time.Time, error) {
	deadline = orMinute(deadline)
	if err := n.try(); err != nil {
		return time.Time{}, err
	}
	var got []sample
	failure, asked := errNoAnswer, false
	for round := 0; round < 3 && len(got) < samples && time.Now().Before(deadline); round++ {
		for _, host := range n.config.TimeServers {
			addrs, err := n.Resolve(host, deadline)
			if err != nil {
				if !asked { // else some server has a name, and that is not what is wrong
					failure = err
				}
				continue
			}
			for _, addr := range addrs {
				if len(got) == samples || !time.Now().Before(deadline) {
					break
				}
				asked = true
				s, err := n.stack.askTime(addr, n.config.Floor, earlier(deadline, time.Now().Add(2*resend)))
				if err != nil {
					failure = err
					continue
				}
				got = append(got, s)
			}
		}
	}
	s, err := choose(got, n.config.Floor)
	if errors.Is(err, errNoAnswer) {
		err = failure
	}
	if err != nil {
		return time.Time{}, &Error{ErrTime, err}
	}
	return s.server.Add(time.Since(s.here)).UTC(), nil
}

// choose is the sample in the middle, if enough others are near it.
func choose(got []sample, floor time.Time) (sample, error) {
	if len(got) < agree {
		return sample{}, errNoAnswer
	}
	slices.SortFunc(got, func(a, b sample) int { return int(max(min(a.ahead()-b.ahead(), 1), -1)) })
	middle := got[len(got)/2]
	near := 0
	for _, s := range got {
		if d := s.ahead() - middle.ahead(); d <= apart && d >= -apart {
			near++
		}
	}
	switch {
	case near < agree:
		return sample{}, errDisagree
	case middle.server.Before(floor) || middle.server.After(floor.Add(maxAge)) && !floor.IsZero():
		return sample{}, errFloor
	}
	return middle, nil
}

// askTime asks one server once.
func (s *stack) askTime(addr netip.Addr, floor, until time.Time) (sample, error) {
	var question [48]byte
	question[0] = 4<<3 | 3 // version 4, client
	// What the server echoes is chance, not this machine's time: it tells the
	// answer from a stranger's, and says nothing of the board.
	binary.BigEndian.PutUint32(question[40:], s.random())
	binary.BigEndian.PutUint32(question[44:], s.random()|1)
	sent := time.Now()
	var got sample
	err := s.exchange(netip.AddrPortFrom(addr, 123), question[:], until, func(answer []byte) bool {
		now := time.Now()
		server, ok := readTime(answer, [8]byte(question[40:]), now.Sub(sent), floor)
		got = sample{server: server, here: now}
		return ok
	})
	return got, err
}

// readTime reads the time of an answer at the moment it arrived, after a trip of
// the given length.
func readTime(m []byte, echo [8]byte, trip time.Duration, floor time.Time) (time.Time, bool) {
	const unsynchronized, server = 3, 4
	if len(m) < 48 || m[0]>>6 == unsynchronized || m[0]&7 != server || m[1] == 0 || m[1] > 15 || [8]byte(m[24:]) != echo || trip > maxTrip {
		return time.Time{}, false
	}
	received, sent := stamp(m[32:], floor), stamp(m[40:], floor)
	if binary.BigEndian.Uint64(m[40:]) == 0 || sent.Before(received) {
		return time.Time{}, false
	}
	return sent.Add(max(trip-sent.Sub(received), 0) / 2), true
}

// stamp reads a time stamp, which says no century: it is the first such time from
// a year before the floor on.
func stamp(b []byte, floor time.Time) time.Time {
	const to1970 = 2_208_988_800
	seconds := int64(binary.BigEndian.Uint32(b)) - to1970
	for seconds < floor.Unix()-365*24*3600 {
		seconds += 1 << 32
	}
	fraction := int64(binary.BigEndian.Uint32(b[4:])) * int64(time.Second) >> 32
	return time.Unix(seconds, fraction)
}
