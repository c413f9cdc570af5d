package secure_test

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/picow/secure"
	"github.com/workato-go/sdk/examples/picow/secure/securetest"
)

const (
	host   = "api.example.com"
	secret = "Authorization: Bearer nobody-may-see-this"
)

var now = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func hours(n int) time.Time { return now.Add(time.Duration(n) * time.Hour) }

// A server notes what it was told.
type server struct {
	heard  bytes.Buffer
	state  tls.ConnectionState
	sealed atomic.Int64 // bytes on the wire from the client
	done   chan struct{}
}

// serve does TLS with one client, reads a line from it and answers.
func serve(t *testing.T, config *tls.Config) (*server, net.Conn) {
	t.Helper()
	s := &server{done: make(chan struct{})}
	near, far := connect(t)
	config.Time = func() time.Time { return now }
	go func() {
		defer close(s.done)
		conn := tls.Server(counted{far, &s.sealed}, config)
		defer func() { _ = conn.Close() }()
		line := make([]byte, len(secret))
		if n, err := io.ReadFull(conn, line); err == nil {
			s.heard.Write(line[:n])
			_, _ = conn.Write([]byte("welcome")) // the client may be gone
		}
		s.state = conn.ConnectionState()
	}()
	return s, near
}

type counted struct {
	net.Conn
	n *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.n.Add(int64(n))
	return n, err
}

func config(roots string) secure.Config {
	return secure.Config{
		Host: host, Roots: roots,
		Now:       func() time.Time { return now },
		NotBefore: hours(-1000),
		Deadline:  time.Now().Add(20 * time.Second),
	}
}

// connect gives both ends of a connection. One without buffers, such as net.Pipe,
// would hang where both sides send at once, as TLS may.
func connect(t *testing.T) (near, far net.Conn) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	if near, err = new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if far, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = near.Close(); _ = far.Close() })
	return near, far
}

// say sends the secret over a secured connection and wants an answer.
func say(conn net.Conn) error {
	if _, err := conn.Write([]byte(secret)); err != nil {
		return err
	}
	answer, err := io.ReadAll(conn)
	if err == nil && string(answer) != "welcome" {
		err = errors.New("the answer is " + string(answer))
	}
	return err
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	for _, key := range []securetest.Key{securetest.RSA2048, securetest.P256, securetest.P384} {
		authority := securetest.New(t, key, now)
		for _, test := range []struct {
			name   string
			config *tls.Config
		}{
			{"TLS 1.3", &tls.Config{MinVersion: tls.VersionTLS13}},
			{"TLS 1.2", &tls.Config{MaxVersion: tls.VersionTLS12}},
			{"a server without X25519", &tls.Config{CurvePreferences: []tls.CurveID{tls.CurveP256}}},
			{"TLS 1.2 without X25519", &tls.Config{MaxVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.CurveP384}}},
		} {
			t.Run(string(key)+", "+test.name, func(t *testing.T) {
				t.Parallel()
				test.config.Certificates = []tls.Certificate{authority.Server(t, host, hours(-1), hours(1))}
				s, conn := serve(t, test.config)
				// Other authorities, before and after the right one, do not matter.
				other := securetest.New(t, securetest.P256, now).Roots()
				secured, err := secure.Client(conn, config(other+authority.Roots()+other))
				if err != nil {
					t.Fatal(err)
				}
				if err := say(secured); err != nil {
					t.Error(err)
				}
				<-s.done
				if s.heard.String() != secret {
					t.Errorf("the server heard %q", s.heard.String())
				}
			})
		}
	}
}

// The library prefers what is cheap for the chip.
func TestCheap(t *testing.T) {
	t.Parallel()
	authority := securetest.New(t, securetest.RSA2048, now)
	s, conn := serve(t, &tls.Config{Certificates: []tls.Certificate{authority.Server(t, host, hours(-1), hours(1))}})
	secured, err := secure.Client(conn, config(authority.Roots()))
	if err != nil {
		t.Fatal(err)
	}
	if err := say(secured); err != nil {
		t.Fatal(err)
	}
	<-s.done
	if s.state.Version != tls.VersionTLS13 || s.state.CurveID != tls.X25519 {
		t.Errorf("version %x, key exchange %v", s.state.Version, s.state.CurveID)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	authority := securetest.New(t, securetest.P256, now)
	good := authority.Server(t, host, hours(-1), hours(1))
	for _, test := range []struct {
		name   string
		cert   tls.Certificate
		roots  string
		reason secure.Reason
	}{
		{"unknown root", good, securetest.New(t, securetest.P256, now).Roots(), secure.UnknownAuthority},
		{"roots that are compiled in", good, "", secure.UnknownAuthority},
		{"root of the same name and another key", good, securetest.New(t, securetest.P256, now).Roots(), secure.UnknownAuthority},
		{"another host", authority.Server(t, "api.example.org", hours(-1), hours(1)), authority.Roots(), secure.WrongName},
		{"a host below it", authority.Server(t, "a."+host, hours(-1), hours(1)), authority.Roots(), secure.WrongName},
		{"expired", authority.Server(t, host, hours(-3), hours(-2)), authority.Roots(), secure.Expired},
		{"not yet valid", authority.Server(t, host, hours(2), hours(3)), authority.Roots(), secure.NotYetValid},
		{"self-signed", securetest.SelfSigned(t, host, hours(-1), hours(1)), authority.Roots(), secure.UnknownAuthority},
		{"intermediate missing", tls.Certificate{Certificate: good.Certificate[:1], PrivateKey: good.PrivateKey}, authority.Roots(), secure.UnknownAuthority},
		{"the authority's own certificate", authorityAsServer(authority, t), authority.Roots(), secure.WrongName},
	} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			t.Run(test.name+", "+tls.VersionName(version), func(t *testing.T) {
				t.Parallel()
				s, conn := serve(t, &tls.Config{Certificates: []tls.Certificate{test.cert}, MinVersion: version, MaxVersion: version})
				_, err := secure.Client(conn, config(test.roots))
				var refused *secure.CertificateError
				if !errors.Is(err, secure.ErrUntrusted) || !errors.As(err, &refused) || refused.Reason != test.reason {
					t.Fatalf("%v, want %v", err, test.reason)
				}
				if !strings.Contains(err.Error(), host) || !strings.Contains(err.Error(), test.reason.String()) {
					t.Errorf("%v does not say what is wrong", err)
				}
				if _, err := conn.Write([]byte(secret)); err == nil {
					t.Error("the connection is still open")
				}
				<-s.done
				if s.heard.Len() > 0 {
					t.Errorf("the server heard %q", s.heard.String())
				}
			})
		}
	}
}

func authorityAsServer(a *securetest.Authority, t *testing.T) tls.Certificate {
	return a.Server(t, "", hours(-1), hours(1))
}

// A clock that was never set judges nobody, and nothing is sent.
func TestClock(t *testing.T) {
	t.Parallel()
	authority := securetest.New(t, securetest.P256, now)
	s, conn := serve(t, &tls.Config{Certificates: []tls.Certificate{authority.Server(t, host, hours(-1), hours(1))}})
	c := config(authority.Roots())
	c.Now = func() time.Time { return time.Unix(12, 0) }
	if _, err := secure.Client(conn, c); !errors.Is(err, secure.ErrClock) {
		t.Errorf("%v, want ErrClock", err)
	}
	<-s.done
	if n := s.sealed.Load(); n > 0 {
		t.Errorf("%d bytes were sent", n)
	}
}

// What is no TLS, or ends too early, is neither trusted nor a certificate's fault.
func TestNoHandshake(t *testing.T) {
	t.Parallel()
	authority := securetest.New(t, securetest.P256, now)
	cert := authority.Server(t, host, hours(-1), hours(1))
	flight := record(t, &tls.Config{Certificates: []tls.Certificate{cert}})
	for _, test := range []struct {
		name string
		far  func(conn net.Conn)
		want error
	}{
		{"an old version", func(conn net.Conn) {
			old := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
			_ = old.HandshakeContext(t.Context())
		}, secure.ErrHandshake},
		{"plain HTTP", func(conn net.Conn) {
			_, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))
			_, _ = io.Copy(io.Discard, conn)
		}, secure.ErrHandshake},
		{"no answer, the end", func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) }, io.ErrUnexpectedEOF},
		{"an answer cut short", func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = conn.Write(flight[:len(flight)/2])
		}, io.ErrUnexpectedEOF},
		{"silence", func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }, os.ErrDeadlineExceeded},
		{"far too much", func(conn net.Conn) {
			many := cert
			for range 60 {
				many.Certificate = append(many.Certificate, cert.Certificate[1])
			}
			_ = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{many}}).HandshakeContext(t.Context())
		}, secure.ErrHandshake},
		{"a certificate without its key", func(conn net.Conn) {
			stolen := tls.Certificate{Certificate: cert.Certificate, PrivateKey: authority.Server(t, host, hours(-1), hours(1)).PrivateKey}
			_ = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{stolen}}).HandshakeContext(t.Context())
		}, secure.ErrHandshake},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			near, far := connect(t)
			go func() {
				defer func() { _ = far.Close() }()
				test.far(far)
			}()
			c := config(authority.Roots())
			if test.name == "silence" {
				c.Deadline = time.Now().Add(-time.Second)
			}
			_, err := secure.Client(near, c)
			if !errors.Is(err, test.want) || errors.Is(err, secure.ErrUntrusted) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
}

// record gives the first bytes that a server sends.
func record(t *testing.T, config *tls.Config) []byte {
	t.Helper()
	near, far := connect(t)
	defer func() { _ = near.Close() }()
	go func() { _ = tls.Server(far, config).HandshakeContext(t.Context()) }()
	heard := &recorder{Conn: near}
	_ = tls.Client(heard, &tls.Config{ServerName: host, RootCAs: nil, InsecureSkipVerify: true}).HandshakeContext(t.Context())
	return heard.bytes
}

type recorder struct {
	net.Conn
	bytes []byte
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	r.bytes = append(r.bytes, p[:n]...)
	return n, err
}

// A damaged list of authorities trusts nobody, and says so.
func TestRoots(t *testing.T) {
	t.Parallel()
	authority := securetest.New(t, securetest.P256, now)
	text := authority.Roots()
	block, _ := pem.Decode([]byte(text))
	for name, roots := range map[string]string{
		"cut":         text[:len(text)/2],
		"no base64":   strings.Replace(text, "MI", "!!", 1),
		"nothing":     "# no certificates",
		"no DER":      string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: block.Bytes[:40]})),
		"another DER": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte{0x30, 0x02, 0x30, 0x00}})),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, conn := serve(t, &tls.Config{Certificates: []tls.Certificate{authority.Server(t, host, hours(-1), hours(1))}})
			_, err := secure.Client(conn, config(roots))
			if err == nil || !strings.Contains(err.Error(), "authorities are damaged") {
				t.Error(err)
			}
			<-s.done
			if s.heard.Len() > 0 {
				t.Error("the server heard something")
			}
		})
	}
}

// The authorities that are compiled in are there, one by one, and none has expired.
func TestAuthorities(t *testing.T) {
	t.Parallel()
	text := secure.Authorities()
	for _, name := range []string{
		"Amazon Root CA 1", "Amazon Root CA 4", "Starfield Services Root Certificate Authority - G2",
		"DigiCert Global Root G2", "DigiCert Global Root G3", "GTS Root R1", "GTS Root R4",
		"ISRG Root X1", "ISRG Root X2", "USERTrust RSA Certification Authority", "GlobalSign Root R46",
	} {
		if !strings.Contains(text, "CN="+name) && !strings.Contains(text, "OU="+name) {
			t.Errorf("%s is missing", name)
		}
	}
	var seen []string
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if slices.Contains(seen, string(block.Bytes)) {
			t.Error("one is there twice")
		}
		seen = append(seen, string(block.Bytes))
	}
	if len(seen) < 20 {
		t.Errorf("only %d", len(seen))
	}
}

func TestHost(t *testing.T) {
	t.Parallel()
	near, far := connect(t)
	defer func() { _ = far.Close() }()
	c := config("")
	c.Host = ""
	if _, err := secure.Client(near, c); err == nil || !strings.Contains(err.Error(), "Config.Host") {
		t.Error(err)
	}
}
