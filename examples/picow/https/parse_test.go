package https_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/picow/https"
)

func tlsDialer(transport *http.Transport) *tls.Dialer {
	config := transport.TLSClientConfig.Clone()
	config.ServerName, config.NextProtos = "example.com", nil
	return &tls.Dialer{Config: config}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	const start = "HTTP/1.1 200 OK\r\n"
	const chunked = start + "Transfer-Encoding: chunked\r\n\r\n"
	const big = "HTTP/1.1 200 OK\r\nX: "
	for _, test := range []struct {
		name, text, body string
		err              error
	}{
		{"length", start + "Content-Length: 5\r\n\r\nhello", "hello", nil},
		{"the same length twice", start + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "hello", nil},
		{"spaces around the length", start + "Content-Length: \t 5 \r\n\r\nhello", "hello", nil},
		{"no space before the length", start + "CONTENT-LENGTH:5\r\n\r\nhello", "hello", nil},
		{"bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "hello", nil},
		{"no reason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", "x", nil},
		{"until the end", start + "\r\nhello", "hello", nil},
		{"until the end, nothing", start + "\r\n", "", nil},
		{"chunks", chunked + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", "hello!", nil},
		{"chunks with everything", chunked + "5 ; a=\"b\"\r\nhello\r\n0A\t\r\n0123456789\r\n000;x\r\nTrailer: x\r\n folded\r\nY:\r\n\r\n", "hello0123456789", nil},
		{"folded field that does not matter", start + "X: a\r\n b\r\nContent-Length: 1\r\n\r\nx", "x", nil},
		{"early answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + start + "Content-Length: 1\r\n\r\nx", "x", nil},
		{"identity", start + "Content-Encoding: identity\r\nContent-Length: 1\r\n\r\nx", "x", nil},
		{"long field that does not matter", big + strings.Repeat("y", 10_000) + "\r\nContent-Length: 1\r\n\r\nx", "x", nil},

		{"nothing", "", "", https.ErrNoAnswer},
		{"half a status line", "HTTP/1.1 2", "", https.ErrCut},
		{"half a header", start + "Content-Length: 5\r\n", "", https.ErrCut},
		{"half a body", start + "Content-Length: 5\r\n\r\nhell", "hell", https.ErrCut},
		{"no chunk", chunked, "", https.ErrCut},
		{"half a chunk", chunked + "5\r\nhell", "hell", https.ErrCut},
		{"no last chunk", chunked + "5\r\nhello\r\n", "hello", https.ErrCut},
		{"no end of the trailer", chunked + "0\r\nX: y\r\n", "", https.ErrCut},

		{"length and chunks", start + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "", https.ErrConflict},
		{"chunks and length", start + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", "", https.ErrConflict},
		{"two lengths", start + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "", https.ErrConflict},
		{"one length in two ways", start + "Content-Length: 5\r\nContent-Length: 05\r\n\r\nhello", "", https.ErrConflict},
		{"chunks twice", start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "", https.ErrConflict},
		{"chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", https.ErrConflict},
		{"list of lengths", start + "Content-Length: 5, 5\r\n\r\nhello", "", https.ErrMalformed},
		{"no length", start + "Content-Length:\r\n\r\n", "", https.ErrMalformed},
		{"sign", start + "Content-Length: +5\r\n\r\nhello", "", https.ErrMalformed},
		{"length beyond 63 bits", start + "Content-Length: 9223372036854775808\r\n\r\n", "", https.ErrMalformed},
		{"folded length", start + "Content-Length: 5\r\n 5\r\n\r\n", "", https.ErrMalformed},
		{"space in a name", start + "Content-Length : 5\r\n\r\nhello", "", https.ErrMalformed},
		{"no name", start + ": 5\r\n\r\n", "", https.ErrMalformed},
		{"no colon", start + "Content-Length 5\r\n\r\n", "", https.ErrMalformed},
		{"fold at the start", start + " X: y\r\n\r\n", "", https.ErrMalformed},
		{"return in the middle", start + "X: a\rb\r\n\r\n", "", https.ErrMalformed},
		{"zero byte", start + "X: a\x00b\r\n\r\n", "", https.ErrMalformed},
		{"protocol", "HTTP/2.0 200 OK\r\n\r\n", "", https.ErrMalformed},
		{"not HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "", https.ErrMalformed},
		{"two digits", "HTTP/1.1 20 OK\r\n\r\n", "", https.ErrMalformed},
		{"four digits", "HTTP/1.1 2000 OK\r\n\r\n", "", https.ErrMalformed},
		{"status below 100", "HTTP/1.1 099 OK\r\n\r\n", "", https.ErrMalformed},
		{"another protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n", "", https.ErrMalformed},
		{"endless early answers", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 7) + ok, "", https.ErrMalformed},
		{"gzip", start + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "", https.ErrEncoding},
		{"gzip in transfer", start + "Transfer-Encoding: gzip, chunked\r\n\r\n", "", https.ErrEncoding},
		{"endless header", big + strings.Repeat("y", https.MaxHeader) + "\r\n\r\n", "", https.ErrHeader},
		{"endless name", start + strings.Repeat("y", 1000) + ": z\r\n\r\n", "", https.ErrHeader},
		{"long field that matters", start + "Connection: " + strings.Repeat("y", 1000) + "\r\n\r\n", "", https.ErrHeader},
		{"chunk with bare line feed", chunked + "5\nhello\r\n0\r\n\r\n", "", https.ErrMalformed},
		{"chunk without size", chunked + ";x\r\n", "", https.ErrMalformed},
		{"chunk with sign", chunked + "-5\r\n", "", https.ErrMalformed},
		{"chunk of many digits", chunked + "0000000000000000005\r\nhello\r\n", "", https.ErrMalformed},
		{"chunk too long for its size", chunked + "4\r\nhello\r\n", "hell", https.ErrMalformed},
		{"endless extensions", chunked + strings.Repeat("1;"+strings.Repeat("x", 1000)+"\r\ny\r\n", 100), strings.Repeat("y", 16), https.ErrMalformed},
		{"endless trailer", chunked + "0\r\n" + strings.Repeat("X: y\r\n", 10_000), "", https.ErrHeader},
		{"trailer without colon", chunked + "0\r\nX\r\n\r\n", "", https.ErrMalformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for name, pieces := range map[string][]string{"at once": {test.text}, "byte by byte": bytewise(test.text)} {
				if test.text == "" {
					pieces = nil
				}
				_, body, conn, err := get(pieces...)
				if !errors.Is(err, test.err) || body != test.body {
					t.Errorf("%s: %q, error %v; want %q, %v", name, body, err, test.body, test.err)
				}
				if err != nil && !conn.closed {
					t.Errorf("%s: the connection is kept", name)
				}
			}
		})
	}
}

func TestABodyUntilTheEndOfABrokenConnectionIsCut(t *testing.T) {
	t.Parallel()
	d := &dialer{conns: []*script{{pieces: []string{"HTTP/1.1 200 OK\r\n\r\nhel"}, end: io.ErrUnexpectedEOF}}}
	if _, err := https.New(d.dial, host).Get(https.Request{Path: "/"}, discard); !errors.Is(err, https.ErrCut) {
		t.Errorf("error %v, want ErrCut", err)
	}
}

func TestWhatTheHeaderSays(t *testing.T) {
	t.Parallel()
	const date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	at := time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC)
	for _, test := range []struct {
		name, header string
		want         https.Answer
	}{
		{"nothing", "", https.Answer{}},
		{"date", date, https.Answer{Date: at}},
		{"date of RFC 850", "Date: Sunday, 06-Nov-94 08:49:37 GMT\r\n", https.Answer{Date: at}},
		{"date of C", "Date: Sun Nov  6 08:49:37 1994\r\n", https.Answer{Date: at}},
		{"no date", "Date: yesterday\r\n", https.Answer{}},
		{"type", "Content-Type: text/html; charset=utf-8\r\n", https.Answer{ContentType: "text/html; charset=utf-8"}},
		{"seconds", "Retry-After: 30\r\n", https.Answer{RetryAfter: 30 * time.Second}},
		{"a fraction", "Retry-After: 1.25\r\n", https.Answer{RetryAfter: 1250 * time.Millisecond}},
		{"finer than a nanosecond", "Retry-After: 0.0000000019\r\n", https.Answer{RetryAfter: time.Nanosecond}},
		{"negative", "Retry-After: -5\r\n", https.Answer{}},
		{"words", "Retry-After: soon\r\n", https.Answer{}},
		{"only a point", "Retry-After: .\r\n", https.Answer{}},
		{"centuries", "Retry-After: 99999999999999999999999\r\n", https.Answer{RetryAfter: math.MaxInt64}},
		{"until a date", "Retry-After: Sun, 06 Nov 1994 08:51:37 GMT\r\n" + date, https.Answer{Date: at, RetryAfter: 2 * time.Minute}},
		{"until a date in the past", date + "Retry-After: Sun, 06 Nov 1994 08:00:00 GMT\r\n", https.Answer{Date: at}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.want.Status = 429
			answer, _, _, err := get("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n" + test.header + "\r\n")
			if err != nil || answer != test.want {
				t.Errorf("%+v, error %v; want %+v", answer, err, test.want)
			}
		})
	}
}

func TestAnswersWithoutBody(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		kept       bool
	}{
		{"204", "HTTP/1.1 204 No Content\r\n\r\n", true},
		{"304", "HTTP/1.1 304 Not Modified\r\n\r\n", true},
		{"204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", false},
		{"204 with chunks", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, body, conn, err := get(test.text)
			if err != nil || body != "" || conn.closed == test.kept {
				t.Errorf("%q, closed %v, error %v", body, conn.closed, err)
			}
		})
	}
}

// reference is what net/http reads: the status and body of the first answer that
// is not informational.
func reference(text []byte) (status int, body string, err error) {
	r := bufio.NewReader(bytes.NewReader(text))
	for range 6 {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return 0, "", err
		}
		if resp.StatusCode >= 200 {
			b, err := io.ReadAll(resp.Body)
			return resp.StatusCode, string(b), err
		}
	}
	return 0, "", errors.New("too many")
}

// FuzzAgainstNetHTTP holds that what this package takes, net/http takes for the
// same; and that what it refuses beyond that is what the package comment names.
func FuzzAgainstNetHTTP(f *testing.F) {
	for _, seed := range []string{
		ok, "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\nA: b\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\nrest", "HTTP/1.0 200 OK\r\n\r\nx",
		"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx",
	} {
		f.Add([]byte(seed), uint8(0))
		f.Add([]byte(seed), uint8(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, cut uint8) {
		pieces := []string{string(text)}
		if len(text) == 0 {
			pieces = nil
		}
		if cut > 0 {
			pieces = nil
			for rest := string(text); rest != ""; {
				n := min(int(cut), len(rest))
				pieces, rest = append(pieces, rest[:n]), rest[n:]
			}
		}
		answer, body, _, err := get(pieces...)
		status, want, wantErr := reference(text)
		switch {
		case err == nil && wantErr != nil:
			t.Fatalf("%q is taken, status %d; net/http: %v", text, answer.Status, wantErr)
		case err == nil && (answer.Status != status || answer.Status < 300 && body != want):
			t.Fatalf("%q is %d %q; net/http: %d %q", text, answer.Status, body, status, want)
		case err != nil && wantErr == nil && !stricter(text, err):
			t.Fatalf("%q is refused: %v; net/http: %d %q", text, err, status, want)
		}
	})
}

// stricter says whether an answer may be refused although net/http takes it.
func stricter(text []byte, err error) bool {
	if errors.Is(err, https.ErrConflict) || errors.Is(err, https.ErrEncoding) || errors.Is(err, https.ErrHeader) {
		return true
	}
	control := func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' && r != '\n' || r == 0x7f }
	lower := strings.ToLower(string(text))
	switch {
	case !errors.Is(err, https.ErrMalformed):
		return false // nothing else is stricter
	case strings.ContainsFunc(lower, control), strings.Contains(strings.ReplaceAll(lower, "\r\n", ""), "\r"):
		return true // control characters in the status line or a chunk's extension
	case !strings.HasPrefix(lower, "http/1."), strings.Contains(lower, "http/"):
		return versionOrStatus(text) || folded(lower) || oddName(lower)
	}
	return false
}

// versionOrStatus finds a status line that is not "HTTP/1.x NNN": another
// version, "+12" or "012" as a status, spaces, 101.
func versionOrStatus(text []byte) bool {
	rest := text
	for range 6 {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.")) || line[8] != ' ' || line[9] < '1' || line[9] > '9' ||
			bytes.ContainsFunc(line[9:12], func(r rune) bool { return r < '0' || r > '9' }) ||
			len(line) > 12 && line[12] != ' ' || bytes.HasPrefix(line[9:], []byte("101")) {
			return true
		}
		if line[9] != '1' {
			return false
		}
		end := bytes.Index(after, []byte("\n\r\n"))
		if bare := bytes.Index(after, []byte("\n\n")); bare >= 0 && (end < 0 || bare < end) {
			end = bare
		}
		switch {
		case bytes.HasPrefix(after, []byte("\r\n")):
			rest = after[2:]
		case bytes.HasPrefix(after, []byte("\n")):
			rest = after[1:]
		case end < 0:
			return false
		default:
			_, rest, _ = bytes.Cut(after[end+1:], []byte("\n"))
		}
	}
	return true
}

func folded(text string) bool {
	return strings.Contains(text, "\n ") || strings.Contains(text, "\n\t")
}

// oddName finds a field without a name, or with a space in it.
func oddName(text string) bool {
	for line := range strings.Lines(text) {
		name, _, found := strings.Cut(line, ":")
		if found && (name == "" || strings.ContainsAny(name, " \t")) {
			return true
		}
	}
	return false
}
