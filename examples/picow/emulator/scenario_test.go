//go:build hardware

// The firmware on an emulated Pico W, from power-on to the LED, the buzzer and the
// button, with an API behind real TLS. All times are the board's own.
package emulator_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/picow/flash"
	"github.com/workato-go/sdk/examples/picow/secure/securetest"
	"github.com/workato-go/sdk/examples/picow/settings"
	"github.com/workato-go/sdk/workato/workatotest"
)

// interval is how often the boards ask.
const interval = 10 * time.Second

// From power-on to quiet: solid while it starts, and then only winks.
func TestStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.log.Own().AddDay(w.epoch.AddDate(0, 0, -1))
	w.power()
	w.untilPin(led, true, time.Second)
	first := w.now
	w.until("log: connected", 10*time.Second)
	t.Logf("LED on after %v, %s after %v", first.Round(time.Millisecond), "connected", w.now.Round(time.Millisecond))
	w.run(interval)
	w.wantWinks()
	w.run(5 * interval)
	w.wantWinks()
	if w.heard(buzzer, 0) {
		t.Error("the buzzer sounds about what was there before")
	}
	t.Logf("highest heap use %d bytes", w.heap(0))
}

func TestNews(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *settings.Settings) {
		s.IgnoreUsers = []int64{4711}
		s.HighEvents = []string{"token_leaked"}
	})
	w.log.Own().AddDay(w.epoch.AddDate(0, 0, -1))
	w.start()

	// Somebody who does not matter.
	w.add("recipe_stopped", 4711)
	since := w.now
	w.run(interval + 2*time.Second)
	if w.heard(buzzer, since) {
		t.Error("an ignored user sounds")
	}
	w.wantWinks()

	// Somebody who does.
	w.add("recipe_stopped", 12)
	since = w.now
	w.untilPin(buzzer, true, interval+2*time.Second)
	t.Logf("heard %v after it happened, with a question each %v", (w.now - since).Round(time.Millisecond), interval)
	began := w.now
	w.untilPin(buzzer, false, time.Second)
	if d := w.now - began; d < 280*time.Millisecond || d > 340*time.Millisecond {
		t.Errorf("it sounds for %v, want 300 ms", d)
	}
	w.wantLook("new activity")
	w.press(100 * time.Millisecond)
	w.wantWinks()

	// The button stops the sound at once.
	w.add("token_leaked", 12)
	w.untilPin(buzzer, true, interval+2*time.Second)
	w.run(50 * time.Millisecond)
	w.hold(true)
	began = w.now
	w.untilPin(buzzer, false, 200*time.Millisecond)
	if d := w.now - began; d > 60*time.Millisecond {
		t.Errorf("the sound ends %v after the button", d)
	}
	w.hold(false)
	w.wantWinks()

	w.add("token_leaked", 12)
	w.untilPin(buzzer, true, interval+2*time.Second)
	w.wantLook("new activity, high")
}

// More than fits into memory by far.
func TestBursts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.run(2 * interval)
	before := w.heap(0)

	// 20 rows of 3 KB: the largest page that is asked for, and larger than any row.
	events := make([]workatotest.Event, 20)
	for i := range events {
		events[i] = w.event("recipe_updated", 12)
		events[i].Details.Extra = map[string]any{"comment": strings.Repeat("long ", 600)}
	}
	w.log.Own().AddEvents(events...)
	since := w.now
	w.wantTold(20, since, 3*interval)
	page := w.heap(since)

	var many []workatotest.Event
	for range 1000 {
		many = append(many, w.event("recipe_started", 12))
	}
	w.log.Own().AddEvents(many...)
	since = w.now
	w.wantTold(1000, since, 10*time.Minute)
	t.Logf("1,000 events told within %v", (w.now - since).Round(time.Second))
	burst := w.heap(since)
	w.run(2 * interval)
	t.Logf("heap use: %d bytes before, %d with a page of 60 KB, %d with 1,000 events, %d after", before, page, burst, w.heap(w.now-2*interval))
	if most := before + 8<<10; page > most || burst > most {
		t.Errorf("memory grows from %d to %d and %d bytes", before, page, burst)
	}
	if sounds := w.sounds(since); sounds > 20 {
		t.Errorf("1,000 events are %d sounds", sounds)
	}
	w.wantLook("new activity")
}

// Certificates that are good.
func TestTrusted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		key     securetest.Key
		version uint16
	}{
		{securetest.RSA2048, tls.VersionTLS12},
		{securetest.P256, tls.VersionTLS12},
		{securetest.P256, tls.VersionTLS13},
		{securetest.P384, tls.VersionTLS13},
	} {
		t.Run(string(test.key)+", "+tls.VersionName(test.version), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			a := securetest.New(t, test.key, w.epoch)
			w.serve(&tls.Config{
				Certificates: []tls.Certificate{a.Server(t, host, w.epoch.Add(-time.Hour), w.epoch.Add(time.Hour))},
				MinVersion:   test.version, MaxVersion: test.version,
			})
			w.trust(a.Roots())
			w.power()
			w.until("log: connected", 30*time.Second)
			t.Log(w.lines(0)[len(w.lines(0))-1])
			w.run(3 * time.Second)
			if w.asked.Load() == 0 {
				t.Error("nothing was asked")
			}
			// While it computes, for longer than the watchdog waits, the other goroutine
			// feeds it and blinks on.
			if w.resets > 0 {
				t.Error("the board was reset")
			}
			if longest := w.longest(led, 0); longest > 2500*time.Millisecond {
				t.Errorf("the LED stands still for %v", longest)
			}
		})
	}
}

// Certificates that are not: the LED says so, and no request was ever sent.
func TestUntrusted(t *testing.T) {
	t.Parallel()
	stranger := securetest.New(t, securetest.RSA2048, epoch())
	for _, test := range []struct {
		name string
		cert func(w *world) tls.Certificate
	}{
		{"unknown authority", func(w *world) tls.Certificate {
			return stranger.Server(w.t, host, w.epoch.Add(-time.Hour), w.epoch.Add(time.Hour))
		}},
		{"another name", func(w *world) tls.Certificate {
			return authority().Server(w.t, "app.example.org", w.epoch.Add(-time.Hour), w.epoch.Add(time.Hour))
		}},
		{"expired", func(w *world) tls.Certificate {
			return authority().Server(w.t, host, w.epoch.Add(-2*time.Hour), w.epoch.Add(-time.Hour))
		}},
		{"not yet valid", func(w *world) tls.Certificate {
			return authority().Server(w.t, host, w.epoch.Add(time.Hour), w.epoch.Add(2*time.Hour))
		}},
		{"self-signed", func(w *world) tls.Certificate {
			return securetest.SelfSigned(w.t, host, w.epoch.Add(-time.Hour), w.epoch.Add(time.Hour))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.serve(&tls.Config{Certificates: []tls.Certificate{test.cert(w)}})
			w.power()
			w.until("log: poll: certificate refused", 20*time.Second)
			w.wantLook("fault: certificate refused")
			w.run(20 * time.Second)
			if n := w.asked.Load(); n > 0 {
				t.Errorf("the server was asked %d times", n)
			}
			if w.wire.contains(token) {
				t.Error("the token was on the wire")
			}
			if w.resets > 0 {
				t.Error("the board was reset")
			}

			// The right server, and all is well without a reset.
			w.serve(&tls.Config{Certificates: []tls.Certificate{authority().Server(t, host, w.epoch.Add(-time.Hour), w.epoch.Add(time.Hour))}})
			w.wantRecovery(6 * time.Minute)
		})
	}
}

// A handshake that ends in the middle is no connection: in the server's first
// message, or among its certificates.
func TestHandshakeEndsInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, after := range []int{40, 900} {
		t.Run(fmt.Sprint(after, " bytes"), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			address := w.air.dial
			w.air.dial = func() (net.Conn, error) {
				conn, err := address()
				if err != nil {
					return nil, err
				}
				return &ending{conn, after}, nil
			}
			w.power()
			w.until("log: poll: nobody answers", 20*time.Second)
			w.wantLook("fault: nobody answers")
			if w.asked.Load() > 0 || w.wire.contains(token) || w.resets > 0 {
				t.Errorf("%d questions, %d resets, the token on the wire: %v", w.asked.Load(), w.resets, w.wire.contains(token))
			}
			w.air.dial = address
			w.wantRecovery(3 * time.Minute)
		})
	}
}

// A server that sends more certificates than the memory holds is refused, and the
// board lives on.
func TestTooManyCertificates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	right := w.air.dial
	w.serve(&tls.Config{Certificates: []tls.Certificate{
		authority().ServerWithRetinue(t, host, w.epoch.Add(-time.Hour), w.epoch.Add(time.Hour), 60000),
	}})
	w.power()
	w.until("log: poll: answer cannot be used: no TLS with the server", 20*time.Second)
	w.wantLook("fault: answer cannot be used")
	if w.asked.Load() > 0 || w.resets > 0 {
		t.Errorf("%d questions, %d resets", w.asked.Load(), w.resets)
	}
	w.air.dial = right
	w.wantRecovery(3 * time.Minute)
}

// A network that does not work shows where, and a board that could not get through
// does once the network is well.
func TestNetworkFaults(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		shows string
		fault func(a *air)
		mend  func(a *air)
	}{
		{"another password", "fault: network cannot be joined", func(a *air) { a.password = "another" }, func(a *air) { a.password = password }},
		{"no address", "fault: no address", func(a *air) { a.silence(67, true) }, func(a *air) { a.silence(67, false) }},
		{"no name server", "fault: no address", func(a *air) { a.silence(53, true) }, func(a *air) { a.silence(53, false) }},
		{"no time", "fault: no time", func(a *air) { a.silence(123, true) }, func(a *air) { a.silence(123, false) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.power()
			test.fault(w.air)
			w.until("log: poll:", 4*time.Minute)
			w.wantLook(test.shows)
			if w.asked.Load() > 0 || w.resets > 0 {
				t.Errorf("%d questions, %d resets", w.asked.Load(), w.resets)
			}
			test.mend(w.air)
			w.wantRecovery(4 * time.Minute)
		})
	}
}

// A link that is lost comes back with a new join, and with it all that happened in
// between; bad air is no news.
func TestBadAir(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.air.password = "another" // so that it cannot come back yet
	w.do(map[string]any{"do": "unlink"})
	since := w.now
	w.add("recipe_stopped", 12)
	w.run(interval)
	w.air.password = password
	w.wantTold(1, since, 3*time.Minute)

	w.air.lose = 7 // each seventh frame
	since = w.now
	for range 3 {
		w.add("recipe_stopped", 12)
		w.run(interval)
	}
	w.wantTold(3, since, 2*time.Minute)
	if w.resets > 0 {
		t.Errorf("the board was reset\n%s", w.transcript())
	}
}

// ending is a connection that ends after so many bytes.
type ending struct {
	net.Conn
	left int
}

func (c *ending) Read(p []byte) (int, error) {
	if c.left == 0 {
		_ = c.Close() // what the board sends now goes nowhere
		return 0, io.EOF
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

// What an API may answer. Before the first answer, the LED shows it at once.
func TestAnswers(t *testing.T) {
	t.Parallel()
	page := func(status int, text string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(text)) // the board may be gone
			return true
		}
	}
	for _, test := range []struct {
		name    string
		answer  func(http.ResponseWriter, *http.Request) bool
		shows   string
		recover time.Duration // at most, once the API is well
	}{
		{"401", page(401, `{"message":"Unauthorized"}`), "fault: token refused", 6 * time.Minute},
		{"403", page(403, `{"message":"Forbidden"}`), "fault: token refused", 6 * time.Minute},
		{"429", page(429, `{"message":"Too many requests"}`), "fault: answer cannot be used", 2 * time.Minute},
		{"429 with Retry-After", func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Retry-After", "90")
			return page(429, "")(w, r)
		}, "fault: answer cannot be used", 2 * time.Minute},
		{"500", page(500, ""), "fault: answer cannot be used", 2 * time.Minute},
		{"HTML", page(200, "<!DOCTYPE html><title>Log in to this network</title>"), "fault: answer cannot be used", 2 * time.Minute},
		{"half a body", func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Length", "5000")
			_, _ = w.Write([]byte(`{"data":[{"id":5,"event_type":"user_lo`))
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, "fault: answer cannot be used", 2 * time.Minute},
		{"the end", func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }, "fault: nobody answers", 2 * time.Minute},
		{"silence", func(_ http.ResponseWriter, r *http.Request) bool {
			<-r.Context().Done()
			return true
		}, "fault: nobody answers", 3 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.before = test.answer
			w.power()
			w.untilAsked(1, 20*time.Second)
			w.untilSaid("log: poll:", 80*time.Second)
			w.wantLook(test.shows)
			if test.name == "429 with Retry-After" {
				before := w.asked.Load()
				w.run(70 * time.Second)
				if n := w.asked.Load() - before; n > 0 {
					t.Errorf("asked %d times within the 90 s that the server wants to be left alone", n)
				}
			}
			w.restore()
			w.untilAsked(2, test.recover)
			w.run(2 * time.Second)
			w.wantWinks()
			w.add("recipe_stopped", 12)
			w.untilPin(buzzer, true, interval+2*time.Second)
			if w.resets > 0 {
				t.Error("the board was reset")
			}
		})
	}
}

// Connections that end between two questions are no news; a log that is away for
// long is.
func TestAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	for range 3 {
		w.server.CloseClientConnections()
		w.untilAsked(1, 2*interval)
	}
	w.run(2 * time.Second)
	w.wantWinks()
	if said := strings.Join(w.lines(0), "\n"); strings.Contains(said, "poll:") {
		t.Errorf("a connection that ended is a failure:\n%s", said)
	}

	address := w.air.dial
	w.air.dial = nowhere
	w.server.CloseClientConnections()
	w.run(4 * time.Minute)
	w.wantWinks()
	w.run(90 * time.Second)
	w.wantLook("fault: nobody answers")
	w.air.dial = address
	w.wantRecovery(2 * time.Minute)
	if w.resets > 0 {
		t.Error("the board was reset")
	}
}

// However often the connection ends, memory stays as it was; also with a chain as
// long as well-known servers have, and where much of the memory is missing.
func TestConnectionsComeAndGo(t *testing.T) {
	t.Parallel()
	const without = 20 // KB
	for _, chain := range []int{6000, 11000} {
		t.Run(fmt.Sprint("a chain of ", chain, " bytes"), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.serve(&tls.Config{Certificates: []tls.Certificate{
				authority().ServerWithRetinue(t, host, w.epoch.AddDate(0, -1, 0), w.epoch.AddDate(0, 1, 0), chain),
			}})
			w.do(map[string]any{"do": "memory", "without": without})
			w.start()
			for range 15 {
				w.server.CloseClientConnections()
				w.untilAsked(1, 2*interval)
			}
			w.run(2 * time.Second)
			if w.resets > 0 {
				t.Errorf("the board was reset\n%s", w.transcript())
			}
			// What looks like an address may keep a connection that is over, for a while.
			heaps := w.heaps(0)
			first, last := slices.Min(heaps[:5]), slices.Min(heaps[len(heaps)-5:])
			t.Logf("heap use: %d bytes after the first connections, %d after the last, %d at most; %d of them were taken away",
				first, last, slices.Max(heaps), without<<10)
			if last > first+2<<10 {
				t.Errorf("memory grows from %d to %d bytes", first, last)
			}
		})
	}
}

// No goroutine comes near the end of its stack, where it would write over something
// else.
func TestStacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := securetest.New(t, securetest.P384, w.epoch) // what needs most
	w.trust(a.Roots())
	w.serve(&tls.Config{Certificates: []tls.Certificate{
		a.ServerWithRetinue(t, host, w.epoch.AddDate(0, -1, 0), w.epoch.AddDate(0, 1, 0), 3000),
	}})
	w.start()
	w.add("recipe_stopped", 12)
	w.wantTold(1, w.now, 2*interval)
	w.press(100 * time.Millisecond)
	for _, line := range []string{"help", "show", "status", "set interval 20s", "nonsense"} {
		w.enter(line)
		w.run(time.Second)
	}
	unused := w.do(map[string]any{"do": "stacks"}).Unused
	t.Logf("unused of the stacks: %d bytes", unused)
	if len(unused) != 3 {
		t.Errorf("%d stacks, want 3", len(unused))
	}
	for _, n := range unused {
		if n < 3<<10 {
			t.Errorf("%d bytes of a stack are left, want 3 KB at least", n)
		}
	}
}

// A program that hangs is started again, and the buzzer does not sound on.
func TestStuck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.add("recipe_stopped", 12)
	w.untilPin(buzzer, true, interval+2*time.Second)
	began := w.now
	w.hang()
	for w.resets == 0 {
		w.run(100 * time.Millisecond)
		if w.now-began > 10*time.Second {
			t.Fatalf("the watchdog did not start the board again\n%s", w.transcript())
		}
	}
	t.Logf("started again %v after it hung", (w.now - began).Round(100*time.Millisecond))
	if w.on[buzzer] {
		t.Error("the buzzer is still on")
	}
	w.untilAsked(1, 20*time.Second)
	if said := strings.Join(w.lines(began), "\n"); !strings.Contains(said, "start: by the watchdog") {
		t.Errorf("the board does not say why it started:\n%s", said)
	}
	// The event was told; it may be told again, but the next is told for sure.
	since := w.now
	w.run(2 * interval)
	w.add("recipe_stopped", 12)
	w.run(interval + 3*time.Second)
	if n := w.told(since); n < 1 || n > 2 {
		t.Errorf("%d events told, want 1 or 2", n)
	}
}

// The power goes off at any moment, also while the flash is written: nothing is
// lost, and nothing is told twice but what was told and not yet saved.
func TestPowerCuts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *settings.Settings) { s.Interval = 5 * time.Second })
	w.start()
	random := rand.New(rand.NewPCG(1, 2))
	added, again := 0, 0
	since := w.now
	for cut := range 30 {
		n := 1 + random.IntN(3)
		for range n {
			w.add("recipe_started", 12)
		}
		added += n
		if cut%2 == 0 {
			w.run(time.Duration(random.Int64N(int64(7 * time.Second))))
		} else { // within one of the next operations of the flash, or at the latest then
			w.do(map[string]any{
				"do": "run", "ms": 7000,
				"cut": map[string]any{"operation": 1 + random.IntN(4), "part": random.Float64()},
			})
		}
		again += w.unsaved()
		w.power()
		if random.IntN(3) == 0 { // again at once, before it could ask
			w.run(time.Duration(random.Int64N(int64(2 * time.Second))))
			w.power()
		}
		w.until("log: connected", 20*time.Second)
	}
	w.run(30 * time.Second)
	told := w.told(since)
	t.Logf("30 power cuts: %d events, %d told, of which up to %d may be told twice", added, told, again)
	if told < added || told > added+again {
		t.Errorf("%d events told, want %d to %d\n%s", told, added, added+again, w.transcript())
	}
	// What is open is saved together with what is told: it is right to the event.
	asked := w.now
	w.enter("status")
	w.until("nobody acknowledged: ", 5*time.Second)
	if said := strings.Join(w.lines(asked), "\n"); !strings.HasSuffix(said, fmt.Sprintf("nobody acknowledged: %d", added)) {
		t.Errorf("the board says\n%s\nwant %d events", said, added)
	}
	if said := strings.Join(w.lines(0), "\n"); strings.Contains(said, "gap:") || strings.Contains(said, "checkpoint") {
		t.Errorf("there is a gap, or a checkpoint that cannot be used:\n%s", said)
	}
}

// Flash that is damaged says so, and is not taken for nothing.
func TestDamaged(t *testing.T) {
	t.Parallel()
	sectors := func(before, n int64) (at int64, size int) {
		return flashSize - before*flash.SectorSize, int(n * flash.SectorSize)
	}
	t.Run("settings", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		at, size := sectors(2, 2)
		w.damage(at, size)
		w.power()
		w.run(3 * time.Second)
		w.wantLook("fault: settings missing or damaged")
		if n := w.asked.Load(); n > 0 {
			t.Error("the server was asked")
		}
	})
	t.Run("checkpoint", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.start()
		w.run(interval)
		at, size := sectors(6, 4)
		w.damage(at, size)
		w.power()
		w.run(5 * time.Second)
		w.wantLook("fault: checkpoint damaged or foreign")

		// Somebody who knows what that means begins anew.
		w.enter("begin-anew yes")
		w.untilAsked(2, 30*time.Second)
		w.run(2 * time.Second)
		w.wantWinks()
	})
	t.Run("nothing at all", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		at, size := sectors(8, 8)
		w.poke(at, []byte(strings.Repeat("\xff", size)))
		w.power()
		w.run(3 * time.Second)
		w.wantLook("fault: settings missing or damaged")
		if w.resets > 0 {
			t.Error("the board was reset")
		}
	})
}

// The board is set up over its serial port, with nothing on it before.
func TestSetup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.poke(flashSize-flash.Reserved, []byte(strings.Repeat("\xff", flash.Reserved)))
	w.power()
	w.run(2 * time.Second)
	w.setUp("set interval 10s")
	w.enter("reboot")
	w.untilAsked(1, 20*time.Second)
	w.run(3 * time.Second)
	w.wantWinks()
	since := w.now
	w.enter("status")
	w.run(time.Second)
	if said := strings.Join(w.lines(since), "\n"); !strings.Contains(said, "shows: quiet") {
		t.Errorf("status says %s", said)
	}
}

// setUp is somebody who sets the board up.
func (w *world) setUp(more ...string) {
	w.t.Helper()
	lines := []string{"set ssid " + wifi, "set password", password, "set token", token, "set host " + host}
	for _, line := range append(append(lines, more...), "save") {
		since := w.now
		w.enter(line)
		w.run(2 * time.Second)
		said := strings.Join(w.lines(since), "\n")
		if !strings.Contains(said, "ok") && !strings.Contains(said, "ready: ") || strings.Contains(said, "error: ") {
			w.t.Fatalf("%q: %s", line, said)
		}
	}
}

// The image that is flashed, on a board that lacks the radio: it is set up over USB,
// remembers that, and tries to join, for longer than the watchdog would wait if it
// were stuck.
func TestProduct(t *testing.T) {
	t.Parallel()
	w := &world{board: newBoard(t, image(t, "PICOW_PRODUCT")), t: t}
	t.Cleanup(w.wantNoSecrets)
	w.usb = true
	w.hold(false)
	w.power()
	w.wantLook("fault: settings missing or damaged")
	w.setUp()
	if w.resets > 0 {
		t.Fatal("the board was reset before it was set up")
	}
	w.enter("reboot")
	w.run(10 * time.Second) // the watchdog waits 8.4 s at most
	since := w.now
	w.enter("show")
	w.run(2 * time.Second)
	said := strings.Join(w.lines(since), "\n")
	for _, want := range []string{"ssid: " + wifi, "password: set, ", "token: set, ", "host: " + host} {
		if !strings.Contains(said, want) {
			t.Errorf("the settings are\n%s\nwant %q in them", said, want)
		}
	}
	w.wantLook("joining the network")
	if w.resets != 1 {
		t.Errorf("the board was reset %d times, want once, as it was asked to", w.resets)
	}
}

// What a poll costs, in the board's own time.
func TestCost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.untilAsked(1, 2*interval)
	w.run(2 * time.Second)
	beside := w.busy(5*time.Second) / 5 // a second without a poll
	poll := func() (busy time.Duration, bytes int64) {
		w.untilAsked(1, 2*interval)
		w.run(interval - 1500*time.Millisecond) // the next is near
		bytes = w.received.Load()
		busy = w.busy(3*time.Second) - 3*beside
		return busy, w.received.Load() - bytes
	}
	empty, emptyBytes := poll()
	events := make([]workatotest.Event, 5) // what a quiet poll asks for
	for i := range events {
		events[i] = w.event("recipe_updated", 12)
		events[i].Details.Extra = map[string]any{"comment": strings.Repeat("long ", 600)}
	}
	w.log.Own().AddEvents(events...)
	w.wantTold(len(events), w.now, 3*interval)
	full, fullBytes := poll()
	t.Logf("beside polls, the processor is busy for %.2f %% of the time", 100*beside.Seconds())
	t.Logf("a poll keeps it busy for %v with %d bytes on the wire, for %v with %d", empty, emptyBytes, full, fullBytes)
	t.Logf("TLS, HTTP, scan and diff together: %.0f cycles a byte", float64(full-empty)/8/float64(fullBytes-emptyBytes))
	if full > time.Second || fullBytes < 15000 {
		t.Error("that cannot be")
	}
}
