package https_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/examples/picow/https"
)

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

func discard([]byte) error { return nil }

func TestTheRequestAsItIsSent(t *testing.T) {
	t.Parallel()
	conn := &script{pieces: []string{ok}}
	client := https.New((&dialer{conns: []*script{conn}}).dial, host)
	if _, err := client.Get(https.Request{Path: "/api/x?page%5Bsize%5D=5", Authorization: "Bearer secret"}, discard); err != nil {
		t.Fatal(err)
	}
	want := "GET /api/x?page%5Bsize%5D=5 HTTP/1.1\r\nHost: app.example.com\r\nAuthorization: Bearer secret\r\n" +
		"Accept: application/json\r\nAccept-Encoding: identity\r\nUser-Agent: workato-picow\r\n\r\n"
	if string(conn.sent) != want {
		t.Errorf("sent %q, want %q", conn.sent, want)
	}
}

func TestRequestsThatCannotBeSent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, host string
		req        https.Request
	}{
		{"no path", host, https.Request{}},
		{"path without slash", host, https.Request{Path: "api"}},
		{"space in path", host, https.Request{Path: "/a b"}},
		{"line end in path", host, https.Request{Path: "/a\r\nX: y"}},
		{"umlaut in path", host, https.Request{Path: "/ä"}},
		{"no host", "", https.Request{Path: "/"}},
		{"line end in host", "a\nb", https.Request{Path: "/"}},
		{"line end in token", host, https.Request{Path: "/", Authorization: "Bearer x\r\nY: z"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := &dialer{}
			_, err := https.New(d.dial, test.host).Get(test.req, discard)
			if !errors.Is(err, https.ErrRequest) || d.dials > 0 {
				t.Errorf("error %v after %d dials, want ErrRequest before any", err, d.dials)
			}
		})
	}
}

func TestOneConnectionServesManyRequests(t *testing.T) {
	t.Parallel()
	served := map[string]int{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served[r.RemoteAddr]++
		switch r.URL.Path {
		case "/chunked":
			for i := range 1000 {
				_, _ = w.Write([]byte(strconv.Itoa(i)))
				_ = http.NewResponseController(w).Flush()
			}
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/early":
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusOK)
		case "/failed":
			http.Error(w, "no", http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	dials := 0
	client := https.New(func(time.Time) (net.Conn, error) {
		dials++
		return dialTLS(t.Context(), server)
	}, host)
	defer client.Close()
	for round := range 3 {
		for path, want := range map[string]int{"/chunked": 2890, "/empty": 0, "/early": 0, "/failed": 0} {
			n := 0
			answer, err := client.Get(https.Request{Path: path}, func(piece []byte) error {
				if len(piece) == 0 || len(piece) > https.MaxPiece {
					t.Errorf("a piece of %d bytes", len(piece))
				}
				n += len(piece)
				return nil
			})
			if err != nil || n != want {
				t.Errorf("round %d, %s: %d bytes, status %d, error %v", round, path, n, answer.Status, err)
			}
		}
	}
	if dials != 1 || len(served) != 1 {
		t.Errorf("%d dials for 12 requests, want one", dials)
	}
}

func TestWhenTheConnectionIsDialedAnew(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	for _, test := range []struct {
		name  string
		first *script // serves one request and then fails this way
		dials int     // for two requests
		err   error   // of the second
	}{
		{"kept", &script{pieces: []string{ok, ok}}, 1, nil},
		{"closed while idle", &script{pieces: []string{ok}}, 2, nil},
		{"reset while idle", &script{pieces: []string{ok}, end: broken}, 2, nil},
		{"told to go while idle", &script{pieces: []string{ok, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"}}, 2, nil},
		{"closed by word", &script{pieces: []string{strings.Replace(ok, "\r\n", "\r\nConnection: keep-alive, Close\r\n", 1)}}, 2, nil},
		{"HTTP/1.0", &script{pieces: []string{strings.Replace(ok, "1.1", "1.0", 1)}}, 2, nil},
		{"more than the answer", &script{pieces: []string{ok + "HTTP/1.1 200 OK\r\n\r\n"}}, 2, nil},
		{"silent", &script{pieces: []string{ok}, end: os.ErrDeadlineExceeded}, 1, https.ErrTimeout},
		{"cut after the first byte", &script{pieces: []string{ok, "H"}}, 1, https.ErrCut},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := &dialer{conns: []*script{test.first, {pieces: []string{ok}}}}
			client := https.New(d.dial, host)
			if _, err := client.Get(https.Request{Path: "/"}, discard); err != nil {
				t.Fatal(err)
			}
			_, err := client.Get(https.Request{Path: "/"}, discard)
			if !errors.Is(err, test.err) || d.dials != test.dials {
				t.Errorf("second request: error %v, %d dials; want %v, %d", err, d.dials, test.err, test.dials)
			}
			if (test.dials > 1 || test.err != nil) && !test.first.closed {
				t.Error("the first connection is left open")
			}
		})
	}
}

func TestAKeptConnectionIsDialedAnewOnlyOnce(t *testing.T) {
	t.Parallel()
	d := &dialer{conns: []*script{{pieces: []string{ok}}, {}, {pieces: []string{ok}}}}
	client := https.New(d.dial, host)
	if _, err := client.Get(https.Request{Path: "/"}, discard); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Get(https.Request{Path: "/"}, discard); !errors.Is(err, https.ErrNoAnswer) || d.dials != 2 {
		t.Errorf("error %v after %d dials, want ErrNoAnswer after 2", err, d.dials)
	}
	if _, err := client.Get(https.Request{Path: "/"}, discard); err != nil {
		t.Errorf("the request after that: %v", err)
	}
}

func TestAKeptConnectionThatTakesNothingIsDialedAnew(t *testing.T) {
	t.Parallel()
	first := &script{pieces: []string{ok}}
	d := &dialer{conns: []*script{first, {pieces: []string{ok}}}}
	client := https.New(d.dial, host)
	if _, err := client.Get(https.Request{Path: "/"}, discard); err != nil {
		t.Fatal(err)
	}
	first.refuse = errors.New("broken pipe")
	if _, err := client.Get(https.Request{Path: "/"}, discard); err != nil || d.dials != 2 {
		t.Errorf("error %v after %d dials, want none after 2", err, d.dials)
	}
}

func TestErrorsOfOthersComeBackAsTheyAre(t *testing.T) {
	t.Parallel()
	stop := errors.New("enough")
	fail := func([]byte) error { return stop }
	for _, test := range []struct {
		name string
		d    *dialer
		req  https.Request
		body func([]byte) error
		want error
	}{
		{"dialer", &dialer{}, https.Request{Path: "/"}, discard, errNoMore},
		{"body", &dialer{conns: []*script{{pieces: []string{ok}}}}, https.Request{Path: "/"}, fail, stop},
		{"begin", &dialer{conns: []*script{{pieces: []string{ok}}}}, https.Request{Path: "/", Begin: func(https.Answer) error { return stop }}, discard, stop},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := https.New(test.d.dial, host).Get(test.req, test.body); err != test.want { //nolint:errorlint // the very error is what is tested
				t.Errorf("error %v, want %v itself", err, test.want)
			}
			if len(test.d.conns) > 0 && !test.d.conns[0].closed {
				t.Error("the rest of an answer is left on an open connection")
			}
		})
	}
}

func TestBeginComesOnceAndBeforeTheBody(t *testing.T) {
	t.Parallel()
	order := ""
	d := &dialer{conns: []*script{{pieces: []string{"HTTP/1.1 103 Early Hints\r\n\r\n", ok}}}}
	_, err := https.New(d.dial, host).Get(https.Request{Path: "/", Begin: func(a https.Answer) error {
		order += "begin " + strconv.Itoa(a.Status) + ","
		return nil
	}}, func([]byte) error { order += "body"; return nil })
	if err != nil || order != "begin 200,body" {
		t.Errorf("%q, error %v", order, err)
	}
}

func TestOnlyASuccessHasABodyForTheCaller(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		length int
		kept   bool
	}{{"short", 100, true}, {"as much as is read", https.MaxDropped, true}, {"long", https.MaxDropped + 1, false}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			answer, body, conn, err := get("HTTP/1.1 503 Service Unavailable\r\nContent-Length: " + strconv.Itoa(test.length) + "\r\n\r\n" +
				strings.Repeat("x", test.length))
			if err != nil || answer.Status != 503 || body != "" || conn.closed == test.kept {
				t.Errorf("status %d, %d bytes of body, closed %v, error %v", answer.Status, len(body), conn.closed, err)
			}
		})
	}
}

// In a bubble a minute of silence takes no time.
func TestSilenceEndsARequest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		says     []string // with 50 seconds before each
		deadline time.Duration
		after    time.Duration
	}{
		{"no answer", nil, 0, https.Patience},
		{"no answer, deadline first", nil, 20 * time.Second, 20 * time.Second},
		{"in the header", []string{"HTTP/1.1 200 OK\r\n"}, 0, 50*time.Second + https.Patience},
		{"in the body", []string{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "12"}, 0, 100*time.Second + https.Patience},
		{"slow for ever", []string{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "1", "2", "3", "4"}, 3 * time.Minute, 3 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				here, there := net.Pipe()
				var server sync.WaitGroup
				server.Go(func() {
					buf := make([]byte, 4096)
					_, _ = there.Read(buf)
					for _, piece := range test.says {
						time.Sleep(50 * time.Second)
						_, _ = there.Write([]byte(piece))
					}
				})
				began := time.Now()
				req := https.Request{Path: "/"}
				if test.deadline > 0 {
					req.Deadline = began.Add(test.deadline)
				}
				_, err := https.New(func(time.Time) (net.Conn, error) { return here, nil }, host).Get(req, discard)
				if after := time.Since(began); !errors.Is(err, https.ErrTimeout) || after != test.after {
					t.Errorf("%v after %v, want ErrTimeout after %v", err, after, test.after)
				}
				_ = there.Close()
				server.Wait()
			})
		})
	}
}

func TestAServerThatTakesNoRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		defer func() { _ = there.Close() }()
		began := time.Now()
		_, err := https.New(func(time.Time) (net.Conn, error) { return here, nil }, host).Get(https.Request{Path: "/"}, discard)
		if !errors.Is(err, https.ErrTimeout) || time.Since(began) != https.Patience {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestMessagesHoldNothingThatWasSent(t *testing.T) {
	t.Parallel()
	const secret = "wrk-secret"
	for _, pieces := range [][]string{
		{"HTTP/1.1 200 " + secret + "\r\nContent-Length: " + secret + "\r\n\r\n"},
		{secret + "\r\n\r\n"},
		{"HTTP/1.1 200 OK\r\nContent-Encoding: " + secret + "\r\n\r\n"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + secret},
	} {
		d := &dialer{conns: []*script{{pieces: pieces}}}
		_, err := https.New(d.dial, host).Get(https.Request{Path: "/" + secret, Authorization: "Bearer " + secret}, discard)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("error %v", err)
		}
	}
}

//nolint:paralleltest // AllocsPerRun counts those of all goroutines
func TestManyRequestsTakeNoMoreMemory(t *testing.T) {
	text := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n" +
		"Content-Length: 2000\r\n\r\n" + strings.Repeat("x", 2000)
	conn := &script{pieces: []string{text}}
	client := https.New((&dialer{conns: []*script{conn}}).dial, host)
	request := https.Request{Path: "/", Authorization: "Bearer x"}
	pieces := make([]string, 1)
	allocations := testing.AllocsPerRun(100, func() {
		pieces[0] = text
		conn.pieces, conn.sent = pieces, conn.sent[:0]
		if _, err := client.Get(request, discard); err != nil {
			t.Fatal(err)
		}
	})
	if allocations > 2 { // the text of the date; and what the race detector adds
		t.Errorf("%v allocations for a request", allocations)
	}
}

// dialTLS connects to a server of httptest, as a Dialer does.
func dialTLS(ctx context.Context, server *httptest.Server) (net.Conn, error) {
	transport, _ := server.Client().Transport.(*http.Transport)
	d := tlsDialer(transport)
	return d.DialContext(ctx, "tcp", server.Listener.Addr().String())
}
