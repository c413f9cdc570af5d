//go:build hardware

package emulator_test

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/picow/flash"
	"github.com/workato-go/sdk/examples/picow/flash/flashtest"
	"github.com/workato-go/sdk/examples/picow/network/networktest"
	"github.com/workato-go/sdk/examples/picow/secure/securetest"
	"github.com/workato-go/sdk/examples/picow/settings"
	"github.com/workato-go/sdk/workato/workatotest"
)

const (
	host     = networktest.Host
	wifi     = "somewhere"
	password = "not-a-real-wifi-password"
	token    = workatotest.Token

	flashSize = 2 << 20

	led, buzzer, button = 16, 17, 18
)

// epoch is when boards are switched on first. The image's own time is before it.
func epoch() time.Time { return time.Now().Add(time.Hour).Truncate(time.Second) }

// authority is whom all boards trust. RSA is the fastest on the chip.
var authority = sync.OnceValue(func() *securetest.Authority { return securetest.New(&testing.B{}, securetest.RSA2048, epoch()) })

// world is a board, with what is around it: an API, which lives on the board's
// clock, and a network to it.
type world struct {
	*board
	t     *testing.T
	epoch time.Time
	log   *workatotest.Server
	clock atomic.Int64 // the board's, for the server's goroutines

	server *httptest.Server
	before func(w http.ResponseWriter, r *http.Request) (done bool) // of each request; nil: nothing
	asked  atomic.Int64                                             // requests
	wire   wire                                                     // what the board sent

	received atomic.Int64 // bytes that the board read
}

// wire notes what a server gets to see of a connection, decrypted or not.
type wire struct {
	mu    sync.Mutex
	bytes []byte
}

func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes = append(w.bytes, p...)
	return len(p), nil
}

func (w *wire) contains(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Contains(string(w.bytes), text)
}

// newWorld makes a world with a board that is set up and off.
func newWorld(t *testing.T, change ...func(*settings.Settings)) *world {
	t.Helper()
	w := &world{board: newBoard(t, image(t, "PICOW_IMAGE")), t: t, epoch: epoch()}
	now := func() time.Time { return w.epoch.Add(time.Duration(w.clock.Load())) }
	w.log = workatotest.NewServer(workatotest.WithClock(now), workatotest.WithQuota(0))
	t.Cleanup(w.log.Close)
	w.air = &air{t: t, name: wifi, password: password, now: now}
	t.Cleanup(w.air.hangUp)
	w.serve(&tls.Config{
		Certificates: []tls.Certificate{authority().Server(t, host, w.epoch.AddDate(0, -1, 0), w.epoch.AddDate(0, 1, 0))},
	})
	w.trust(authority().Roots())
	w.moved = func(at time.Duration) { w.clock.Store(int64(at)) }
	s := settings.Default()
	s.SSID, s.Password, s.Token, s.Host = wifi, password, token, host
	s.Interval = interval
	for _, c := range change {
		c(&s)
	}
	w.save(&s)
	w.hold(false)
	t.Cleanup(w.wantNoSecrets)
	return w
}

// serve starts an API with a certificate, in the place of the one before.
func (w *world) serve(config *tls.Config) {
	w.t.Helper()
	w.server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		if before := w.before; before == nil || !before(rw, r) {
			w.log.ServeHTTP(rw, r)
		}
	}))
	w.server.TLS = config
	config.Time = func() time.Time { return w.epoch.Add(time.Duration(w.clock.Load())) }
	w.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	w.server.StartTLS()
	server := w.server
	w.t.Cleanup(server.Close)
	w.air.dial = func() (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(w.t.Context(), "tcp", server.Listener.Addr().String())
		if err != nil {
			return nil, err
		}
		return tapped{conn, w}, nil
	}
}

// tapped is a connection of the board that is listened to.
type tapped struct {
	net.Conn
	world *world
}

func (c tapped) Write(p []byte) (int, error) {
	_, _ = c.world.wire.Write(p) // cannot fail
	return c.Conn.Write(p)
}

func (c tapped) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.world.received.Add(int64(n))
	return n, err
}

// trust says whose certificates are good.
func (w *world) trust(roots string) {
	w.t.Helper()
	w.do(map[string]any{"do": "trust", "roots": roots})
}

// save puts settings into the board's flash.
func (w *world) save(s *settings.Settings) {
	w.t.Helper()
	memory := flashtest.New(flash.Reserved/flash.SectorSize, 1)
	if err := settings.Save(memory, s); err != nil {
		w.t.Fatal(err)
	}
	sector := int64(2 * flash.SectorSize)
	w.poke(flashSize-sector, memory.Bytes()[flash.Reserved-sector:])
}

// start switches the board on and waits until the log answered.
func (w *world) start() {
	w.t.Helper()
	w.power()
	w.untilAsked(1, 40*time.Second)
	w.run(2 * time.Second)
}

// untilAsked lets the board run until the API had so many more requests.
func (w *world) untilAsked(n int64, atMost time.Duration) {
	w.t.Helper()
	want := w.asked.Load() + n
	for end := w.now + atMost; w.asked.Load() < want; {
		if w.now >= end {
			w.t.Fatalf("%d requests fewer than expected within %v\n%s", want-w.asked.Load(), atMost, w.transcript())
		}
		w.run(100 * time.Millisecond)
	}
}

// image is a firmware that the script that starts the tests has made, and named in
// the environment.
func image(t *testing.T, name string) string {
	t.Helper()
	file := os.Getenv(name)
	if file == "" {
		t.Skip(name + " names no image; emulator/run makes them")
	}
	file, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
