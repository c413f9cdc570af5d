package network_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/picow/network"
	"github.com/workato-go/sdk/examples/picow/network/networktest"
)

var fair = weather{delay: 2 * time.Millisecond}

// storms is bad weather of all sorts, each on a few seeds.
var storms = []weather{
	fair,
	{delay: 5 * time.Millisecond, lose: 0.05},
	{delay: 5 * time.Millisecond, jitter: 8 * time.Millisecond},
	{delay: 5 * time.Millisecond, late: 400 * time.Millisecond}, // longer than the board waits before it sends again
	{delay: 5 * time.Millisecond, double: 0.2, jitter: 5 * time.Millisecond},
	{delay: 20 * time.Millisecond, lose: 0.1, double: 0.1, jitter: 8 * time.Millisecond},
}

func inStorms(t *testing.T, f func(*testing.T, *lab)) {
	t.Helper()
	for i, sky := range storms {
		for seed := range uint64(2) {
			t.Run(fmt.Sprint("storm ", i, " seed ", seed), func(t *testing.T) {
				t.Parallel()
				inLab(t, sky, seed, f)
			})
		}
	}
}

func TestUp(t *testing.T) {
	t.Parallel()
	inStorms(t, func(t *testing.T, l *lab) {
		if l.net.Ready() {
			t.Error("ready before anything")
		}
		l.up()
		if !l.net.Ready() || l.radio.joinedAs != "home/secret" {
			t.Errorf("ready %v, joined %q", l.net.Ready(), l.radio.joinedAs)
		}
		if !slices.Contains(l.logs, "network: address 192.168.7.20") {
			t.Errorf("log %q", l.logs)
		}
	})
}

func TestJoinsAreTriedAnewAndTheRadioRestarted(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.radio.failing = 12
		if err := l.net.Up(time.Time{}); err != nil {
			t.Fatal(err)
		}
		if len(l.radio.joins) != 13 || l.radio.inits != 3 {
			t.Errorf("%d joins and %d starts of the radio, want 13 and 3", len(l.radio.joins), l.radio.inits)
		}
		for i, wait := range l.waits {
			most := min(time.Second<<i, time.Minute)
			if wait > most || wait < most*3/4 {
				t.Errorf("wait %d: %v, want %v to %v", i, wait, most*3/4, most)
			}
		}
	})
}

func TestWhatFailsIsNamed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(*lab)
		do    func(*lab) error
		want  error
	}{
		{"radio dead", func(l *lab) { l.radio.dead = true }, dial, network.ErrWiFi},
		{"wrong password", func(l *lab) { l.radio.failing = -1 }, dial, network.ErrWiFi},
		{"no DHCP", func(l *lab) { l.Silent[67] = true }, dial, network.ErrAddress},
		{"no name server", func(l *lab) { l.Silent[53] = true }, dial, network.ErrAddress},
		{"no such host", func(*lab) {}, func(l *lab) error { _, err := l.net.Dial("nowhere.example.com", 443, time.Time{}); return err }, network.ErrAddress},
		{"no name", func(*lab) {}, func(l *lab) error { _, err := l.net.Dial("a..b", 443, time.Time{}); return err }, network.ErrAddress},
		{"nobody listens", func(*lab) {}, func(l *lab) error { _, err := l.net.Dial(networktest.Host, 444, time.Time{}); return err }, network.ErrUnreachable},
		{"nobody there", func(*lab) {}, func(l *lab) error { _, err := l.net.Dial("203.0.113.99", 443, time.Time{}); return err }, network.ErrUnreachable},
		{"no gateway", func(l *lab) {
			l.toRouter.cut = func(frame []byte) bool { return binary.BigEndian.Uint16(frame[12:]) == 0x0806 }
		}, dial, network.ErrUnreachable},
		{"no time servers", func(l *lab) { l.Silent[123] = true }, askTime, network.ErrTime},
		{"no name of a time server", func(l *lab) { l.Silent[53] = true }, askTime, network.ErrTime},
		{"time before the program", func(l *lab) { l.Clock = func(int) time.Time { return time.Now().AddDate(-3, 0, 0) } }, askTime, network.ErrTime},
		{"time far ahead", func(l *lab) { l.Clock = func(int) time.Time { return time.Now().AddDate(40, 0, 0) } }, askTime, network.ErrTime},
		{"two clocks only", func(l *lab) {
			l.Clock = func(server int) time.Time { return time.Now().Add(time.Duration(server) * time.Hour) }
		}, askTime, network.ErrTime},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inLab(t, fair, 1, func(t *testing.T, l *lab) {
				test.spoil(l)
				if err := test.do(l); !errors.Is(err, test.want) {
					t.Errorf("error %v, want %v", err, test.want)
				}
			})
		})
	}
}

// A time server that has no name must not hide that those that have one are silent:
// somebody would look for the fault in the wrong place.
func TestSilentTimeServersAreNamedFirst(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.config.TimeServers = []string{networktest.TimeHost, "nowhere.example.com"}
		l.net = network.New(l.radio, l.config)
		l.pump(l.net)
		l.Silent[123] = true
		if err := askTime(l); !errors.Is(err, network.ErrTime) || errors.Is(err, network.ErrAddress) {
			t.Errorf("error %v, want one of the time only", err)
		}
	})
}

func dial(l *lab) error {
	_, err := l.net.Dial(networktest.Host, 443, time.Time{})
	return err
}

func askTime(l *lab) error {
	_, err := l.net.Time(time.Time{})
	return err
}

func TestTime(t *testing.T) {
	t.Parallel()
	inStorms(t, func(t *testing.T, l *lab) {
		ahead := 17*time.Hour + 123*time.Millisecond
		l.Clock = func(server int) time.Time {
			if server == 2 {
				return time.Now().Add(-2000 * time.Hour) // one of them is wrong
			}
			return time.Now().Add(ahead)
		}
		got, err := l.net.Time(time.Now().Add(2 * time.Minute))
		if off := time.Until(got) - ahead; err != nil || off.Abs() > 100*time.Millisecond {
			t.Errorf("off by %v, error %v", off, err)
		}
	})
}

// In 2036 the seconds of NTP begin at 0 again.
func TestTimeOfTheNextCentury(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		at := time.Date(2036, 2, 7, 6, 28, 20, 0, time.UTC)
		began := time.Now()
		l.config.Floor = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		l.net = network.New(l.radio, l.config)
		l.pump(l.net)
		l.Clock = func(int) time.Time { return at.Add(time.Since(began)) }
		got, err := l.net.Time(time.Time{})
		if off := got.Sub(at) - time.Since(began); err != nil || off.Abs() > 100*time.Millisecond {
			t.Errorf("%v, off by %v, error %v", got, off, err)
		}
	})
}

// serve accepts connections and echoes lines, until the lab ends.
func (l *lab) echo() {
	l.running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			l.running.Go(func() {
				buf := make([]byte, 4096)
				for {
					n, err := c.Read(buf)
					if n > 0 {
						_, _ = c.Write(buf[:n])
					}
					if err != nil {
						_ = c.Close()
						return
					}
				}
			})
		}
	})
}

// Each side speaks in its turn, as in HTTP.
func TestBytesArriveWholeAndInOrder(t *testing.T) {
	t.Parallel()
	inStorms(t, func(t *testing.T, l *lab) {
		l.up()
		question, answer := pattern(5_000, 3), pattern(30_000, 7)
		l.running.Go(func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			for range 3 {
				got := make([]byte, len(question))
				if _, err := io.ReadFull(c, got); err != nil || !slices.Equal(got, question) {
					t.Errorf("the question: error %v, equal %v", err, slices.Equal(got, question))
					return
				}
				if _, err := c.Write(answer); err != nil {
					t.Errorf("answering: %v", err)
					return
				}
			}
		})
		c, err := l.net.Dial(networktest.Host, 443, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(3 * time.Hour)) // the host is no quick sender
		for round := range 3 {
			for rest := question; len(rest) > 0; {
				n := min(len(rest), 1+l.random.IntN(3000))
				if _, err := c.Write(rest[:n]); err != nil {
					t.Fatalf("round %d: asking: %v", round, err)
				}
				rest = rest[n:]
			}
			got := make([]byte, len(answer))
			if n, err := io.ReadFull(c, got); err != nil || !slices.Equal(got, answer) {
				t.Fatalf("round %d: %d bytes of the answer, error %v, equal %v", round, n, err, slices.Equal(got, answer))
			}
		}
	})
}

// pattern is n bytes that do not repeat soon.
func pattern(n, step int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * i * step >> 8)
	}
	return b
}

func TestDeadlinesAndClosing(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.up()
		l.echo()
		c, err := l.net.Dial(networktest.Host, 443, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if c.RemoteAddr().String() != "203.0.113.5:443" || !strings.HasPrefix(c.LocalAddr().String(), "192.168.7.20:") || c.LocalAddr().Network() != "tcp" {
			t.Errorf("addresses %v and %v", c.LocalAddr(), c.RemoteAddr())
		}
		began := time.Now()
		_ = c.SetDeadline(began.Add(7 * time.Second))
		var timeout net.Error
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() || time.Since(began) < 7*time.Second {
			t.Errorf("read: %v after %v", err, time.Since(began))
		}
		if _, err := c.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("write: %v", err)
		}
		_ = c.SetDeadline(time.Time{})
		if _, err := c.Write([]byte("x")); err != nil {
			t.Errorf("write after that: %v", err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read after Close: %v", err)
		}
		if _, err := c.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("write after Close: %v", err)
		}
	})
}

func TestDialingAnewEndsTheConnectionBefore(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.up()
		l.echo()
		first, err := l.net.Dial(networktest.Host, 443, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			second, err := l.net.Dial(networktest.Host, 443, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := first.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
				t.Errorf("the first takes bytes for the second: %v", err)
			}
			if err := first.Close(); !errors.Is(err, net.ErrClosed) {
				t.Errorf("closing the first: %v", err)
			}
			if _, err := second.Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, 5)
			_ = second.SetReadDeadline(time.Now().Add(10 * time.Second))
			if _, err := io.ReadFull(second, got); err != nil || string(got) != "hello" {
				t.Fatalf("%q, %v", got, err)
			}
			first = second
		}
	})
}

func TestTheServerEndsTheConnection(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.up()
		l.running.Go(func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("bye"))
			_ = c.Close()
		})
		c, err := l.net.Dial(networktest.Host, 443, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		got, err := io.ReadAll(c)
		if string(got) != "bye" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// What came before the end is there to be read, however late.
func TestTheEndDoesNotOvertakeTheBytes(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.up()
		sent := pattern(8000, 3)
		l.running.Go(func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write(sent)
			_ = c.Close()
		})
		c, err := l.net.Dial(networktest.Host, 443, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		got := make([]byte, len(sent))
		for n := 0; n < len(got); {
			if err := c.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
				t.Fatal(err)
			}
			k, err := c.Read(got[n:min(n+500, len(got))])
			if err != nil {
				t.Fatalf("after %d bytes: %v", n, err)
			}
			n += k
		}
		if !slices.Equal(got, sent) {
			t.Error("other bytes")
		}
	})
}

func TestALostLinkEndsTheConnectionAndIsJoinedAnew(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.up()
		l.echo()
		c, err := l.net.Dial(networktest.Host, 443, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		l.radio.set(false)
		began := time.Now()
		_ = c.SetReadDeadline(began.Add(time.Minute))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) || time.Since(began) > 5*time.Second {
			t.Errorf("read: %v after %v", err, time.Since(began))
		}
		if l.net.Ready() {
			t.Error("ready without a link")
		}
		if c, err = l.net.Dial(networktest.Host, 443, time.Time{}); err != nil || len(l.radio.joins) != 2 {
			t.Fatalf("dialing anew: %v, %d joins", err, len(l.radio.joins))
		}
		_ = c.Close()
	})
}

func TestALinkThatIsOfNoUseIsJoinedAnew(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.up()
		l.toRouter.cut = func([]byte) bool { return true }
		for range 5 {
			if err := dial(l); err == nil {
				t.Fatal("dialed without a wire")
			}
		}
		l.toRouter.cut = nil
		l.echo()
		if err := dial(l); err != nil || len(l.radio.joins) != 2 {
			t.Errorf("%v, %d joins", err, len(l.radio.joins))
		}
	})
}

func TestTheAddressIsRenewed(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.Lease = 60
		l.up()
		l.echo()
		c, err := l.net.Dial(networktest.Host, 443, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Minute)
		l.Mu.Lock()
		asked := l.Asked
		l.Mu.Unlock()
		if asked < 5 || asked > 8 {
			t.Errorf("asked %d times in three minutes with a lease of one", asked)
		}
		if _, err := c.Write([]byte("x")); err != nil || !l.net.Ready() {
			t.Errorf("a connection over renewals: %v", err)
		}
		// Another address takes the ground from under the connection.
		l.Mu.Lock()
		l.Assign = netip.MustParseAddr("192.168.7.21")
		l.Mu.Unlock()
		time.Sleep(time.Minute)
		if _, err := c.Write([]byte("x")); !errors.Is(err, net.ErrClosed) || l.net.Ready() {
			t.Errorf("a connection of an address that is gone: %v", err)
		}
		l.up()
		if c, err = l.net.Dial(networktest.Host, 443, time.Time{}); err != nil || !strings.HasPrefix(c.LocalAddr().String(), "192.168.7.21:") {
			t.Errorf("%v", err)
		}
	})
}

func TestALeaseThatIsNotRenewedEnds(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.Lease = 60
		l.up()
		l.Mu.Lock()
		l.Silent[67] = true
		l.Mu.Unlock()
		time.Sleep(50 * time.Second)
		if !l.net.Ready() {
			t.Error("the lease ended early")
		}
		time.Sleep(20 * time.Second)
		if l.net.Ready() {
			t.Error("an address that is over is used")
		}
	})
}

// A peer probes a connection with an empty segment before what was acknowledged.
func TestProbesAreAnswered(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.up()
		l.echo()
		c, err := l.net.Dial(networktest.Host, 443, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte("hello")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		l.Mu.Lock()
		last := l.Last
		l.Mu.Unlock()
		var answers [][]byte
		l.toRouter.mu.Lock()
		l.toRouter.cut = func(frame []byte) bool { answers = append(answers, slices.Clone(frame)); return false }
		l.toRouter.mu.Unlock()
		l.toBoard.send(networktest.Probe(last))
		time.Sleep(time.Second)
		if len(answers) != 1 {
			t.Fatalf("%d answers to a probe", len(answers))
		}
		a := answers[0]
		if a[47] != 16 || binary.BigEndian.Uint32(a[42:]) != binary.BigEndian.Uint32(last[42:]) || binary.BigEndian.Uint16(a[48:]) == 0 {
			t.Errorf("the answer % x", a)
		}
		pseudo := append(slices.Clone(a[26:34]), 0, 6, 0, 20)
		if networktest.Checksum(a[14:34]) != 0xffff || networktest.Checksum(append(pseudo, a[34:54]...)) != 0xffff {
			t.Error("the answer has wrong checksums")
		}
		got := make([]byte, 5)
		_ = c.SetDeadline(time.Now().Add(time.Minute))
		if _, err := c.Write([]byte("again")); err != nil {
			t.Errorf("after the probe: %v", err)
		}
		if _, err := io.ReadFull(c, got); err != nil || string(got) != "hello" {
			t.Errorf("after the probe: %q, %v", got, err)
		}
	})
}

func TestNothingElseComesOut(t *testing.T) {
	t.Parallel()
	inLab(t, fair, 1, func(t *testing.T, l *lab) {
		l.radio.failing = 3
		l.up()
		for _, line := range l.logs {
			if strings.Contains(line, "secret") || strings.Contains(line, "home") {
				t.Errorf("logged: %q", line)
			}
		}
	})
}
