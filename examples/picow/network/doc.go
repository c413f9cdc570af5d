// Package network brings a board to the Internet: it joins a Wi-Fi network, gets
// an address by DHCP, finds hosts by DNS and the time by NTP, and dials TCP. It
// stands on a TCP/IP stack in Go (lneto) and on a [Radio], which on a Pico W is
// the CYW43439.
//
// It gives plain TCP connections and nothing else. There is no TLS here, and
// nothing that could be taken for it: whoever talks to an API wraps what
// [Network.Dial] gives, and sends nothing before that.
//
// Everything but the radio's driver is tested on the host, frame by frame, over a
// wire that loses, doubles and reorders them; and on an emulated chip, with the
// whole firmware above it. Package networktest is the other end of both.
//
// # Running it
//
//	n := network.New(radio, network.Config{...})
//	go n.Run()                             // moves frames; renews the address; watches the link
//	if err := n.Up(deadline); err != nil   // ErrWiFi, ErrAddress or ErrUnreachable
//	now, err := n.Time(deadline)           // ErrTime
//	conn, err := n.Dial("app.eu.workato.com", 443, deadline)
//
// Waiting is cooperative: each wait sleeps a few milliseconds at a time, so that
// other goroutines run on a scheduler that does not preempt. There is one TCP
// connection at a time; to dial again ends the one before.
//
// # When something fails
//
// A join that failed is asked for anew, with waits of 1, 2, 4 … 60 seconds that
// vary by chance; after [InitAfter] failures in a row the radio is started from
// scratch. A link that is lost ends the connection at once. The address is
// renewed after half its time. Lost segments are sent again, and peers that probe
// the connection are answered, which the stack leaves to its user.
package network
