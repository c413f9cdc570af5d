package network_test

import (
	"crypto/tls"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/https"
	"github.com/workato-go/sdk/examples/picow/network/networktest"
	"github.com/workato-go/sdk/examples/picow/watch"
	"github.com/workato-go/sdk/workato/workatotest"
)

// tlsServer serves HTTPS on the lab's host, and gives a Dialer that checks it.
func (l *lab) tlsServer(handler http.Handler) (dial https.Dialer, dials *int) {
	server := httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close()
	server.Listener = l
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // connections that end in a handshake
	server.StartTLS()
	transport, _ := server.Client().Transport.(*http.Transport)
	config := &tls.Config{RootCAs: transport.TLSClientConfig.RootCAs, ServerName: networktest.Host}
	dials = new(int)
	return func(deadline time.Time) (net.Conn, error) {
		*dials++
		conn, err := l.net.Dial(networktest.Host, 443, deadline)
		if err != nil {
			return nil, err
		}
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, err
		}
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(l.t.Context()); err != nil {
			_ = conn.Close()
			return nil, err
		}
		return secure, nil
	}, dials
}

// The whole board but its pins and its flash: watch, HTTPS, TLS, TCP/IP, and a
// wire with bad weather. The server closes connections when it likes, and sends
// bodies in small pieces.
func TestTheAlarmOverTheNetwork(t *testing.T) {
	t.Parallel()
	inStorms(t, func(t *testing.T, l *lab) {
		activity := workatotest.NewServer(workatotest.WithQuota(0))
		defer activity.Close()
		var served atomic.Int32
		random := rand.New(rand.NewPCG(9, 9))
		dial, dials := l.tlsServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n := served.Add(1)
			if n%4 == 0 {
				w.Header().Set("Connection", "close")
			}
			if n%5 == 0 {
				w = bytewise{w}
			}
			activity.ServeHTTP(w, r)
		}))
		shown, err := alarm.New(alarm.Config{}, output{}, output{})
		if err != nil {
			t.Fatal(err)
		}
		client := https.New(dial, networktest.Host)
		defer client.Close()
		w, err := watch.New(watch.Config{
			Client: client, Host: networktest.Host, Token: activity.Token(), Store: new(store), Alarm: shown,
			Now: time.Now, Sleep: time.Sleep, Random: random.Uint32,
		})
		if err != nil {
			t.Fatal(err)
		}
		good := func() {
			t.Helper()
			var err error
			for range 20 {
				var wait time.Duration
				if wait, err = w.Poll(); err == nil {
					return
				}
				w.Wait(wait)
			}
			t.Fatalf("no answer in 20 tries: %v", err)
		}
		good()
		happened := 0
		for round := range 5 {
			activity.Own().AddEvents(make([]workatotest.Event, 7*round)...)
			happened += 7 * round
			good()
			w.Wait(10 * time.Second)
		}
		if got := w.State().Open; got != happened {
			t.Errorf("%d events told of %d", got, happened)
		}
		if *dials >= int(served.Load()) {
			t.Errorf("%d dials for %d requests: no connection is kept", *dials, served.Load())
		}
	})
}

// Large bodies, chunked and not, and one of chunks of a byte, whole at the other end.
func TestBodiesOverTheNetwork(t *testing.T) {
	t.Parallel()
	inStorms(t, func(t *testing.T, l *lab) {
		whole := pattern(20_000, 5)
		dial, _ := l.tlsServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, size := whole, 1000
			switch r.URL.Path {
			case "/bytes":
				body, size = whole[:300], 1
			case "/length":
				w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			}
			for rest := body; len(rest) > 0; rest = rest[size:] {
				_, _ = w.Write(rest[:size])
				_ = http.NewResponseController(w).Flush()
			}
		}))
		client := https.New(dial, networktest.Host)
		defer client.Close()
		for _, path := range []string{"/length", "/chunked", "/bytes"} {
			body := whole
			if path == "/bytes" {
				body = body[:300]
			}
			var got []byte
			for range 5 {
				got = got[:0]
				_, err := client.Get(https.Request{Path: path, Deadline: time.Now().Add(time.Hour)}, func(p []byte) error {
					got = append(got, p...)
					return nil
				})
				if err == nil {
					break
				}
				t.Logf("%s: %v", path, err)
			}
			if string(got) != string(body) {
				t.Errorf("%s: %d bytes, equal %v", path, len(got), string(got) == string(body))
			}
		}
	})
}

// bytewise writes each byte by itself, and sends what there is after fifty.
type bytewise struct{ http.ResponseWriter }

func (b bytewise) Write(p []byte) (int, error) {
	for i := range p {
		if _, err := b.ResponseWriter.Write(p[i : i+1]); err != nil {
			return i, err
		}
		if i%50 == 0 {
			_ = http.NewResponseController(b.ResponseWriter).Flush()
		}
	}
	return len(p), nil
}

type output struct{}

func (output) Set(bool) error { return nil }

type store struct{ state []byte }

func (s *store) Load() ([]byte, error) { return s.state, nil }

func (s *store) Save(state []byte) error {
	s.state = append(s.state[:0], state...)
	return nil
}
