package workato

import (
	"crypto/tls"
	"errors"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RetryPolicy bounds the retries of a call. Zero fields stand for the defaults.
type RetryPolicy struct {
	MaxAttempts int           // attempts in all, the first included; default 5; 1: no retry
	MinWait     time.Duration // before the first retry; it doubles with each further one; default 500 ms
	MaxWait     time.Duration // the longest wait for anything; default 30 s
}

func (p RetryPolicy) withDefaults() (RetryPolicy, error) {
	refuse := func(field, reason string) (RetryPolicy, error) {
		return RetryPolicy{}, &ArgumentError{Field: "RetryPolicy." + field, Reason: reason}
	}
	if p.MaxAttempts == 0 {
		p.MaxAttempts = 5
	}
	if p.MinWait == 0 {
		p.MinWait = 500 * time.Millisecond
		if p.MaxWait > 0 {
			p.MinWait = min(p.MinWait, p.MaxWait)
		}
	}
	if p.MaxWait == 0 {
		p.MaxWait = max(30*time.Second, p.MinWait)
	}
	switch {
	case p.MaxAttempts < 0:
		return refuse("MaxAttempts", "is negative; use 1 for no retry, 0 for the default")
	case p.MinWait < 0:
		return refuse("MinWait", "is negative; use 0 for the default")
	case p.MaxWait < p.MinWait:
		return refuse("MaxWait", "is less than MinWait; use 0 for the default")
	}
	return p, nil
}

// verdict is what an attempt's outcome means for a retry.
type verdict int

const (
	final      verdict = iota // a retry would meet the same, or could do harm
	notRun                    // the server did nothing: retry whatever the operation is
	mayHaveRun                // the server may have done it: retry if that does no harm
	mayBeOurs                 // the same, but the cause can be the request itself: retry less
)

// judgeStatus says what a status means. Retrying on 500 is kept short because
// the API answers 500 to bad dates, too.
func judgeStatus(status int) verdict {
	switch status {
	case http.StatusTooManyRequests:
		return notRun
	case http.StatusInternalServerError:
		return mayBeOurs
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return mayHaveRun
	default:
		return final
	}
}

// judgeTransport says what a failure without an answer means.
func judgeTransport(err error) verdict {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return final
	}
	op, ok := errors.AsType[*net.OpError](err)
	if ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return notRun
	}
	return mayHaveRun
}

// A 500 is retried so often at most.
const maxRetriesOf500 = 2

// allows tells whether attempt number n, judged v, may be followed by another.
func (p RetryPolicy) allows(v verdict, idempotent bool, n int) bool {
	if n >= p.MaxAttempts {
		return false
	}
	switch v {
	case final:
		return false
	case notRun:
		return true
	case mayHaveRun:
		return idempotent
	case mayBeOurs:
		return idempotent && n <= maxRetriesOf500
	}
	return false
}

// The server's window is a minute: with these waits, the default five attempts
// outlast it.
const minWaitAfter429 = 5 * time.Second

// waitAfter is how long to wait after attempt number n. The server's own word
// counts as it is; what we choose doubles, is spread over a fifth so that
// callers do not return in step, and ends at MaxWait.
func (p RetryPolicy) waitAfter(n, status int, said time.Duration, ok bool) time.Duration {
	if ok {
		return said
	}
	wait := p.MinWait
	if status == http.StatusTooManyRequests {
		wait = max(wait, minWaitAfter429)
	}
	for range n - 1 {
		wait = min(2*wait, p.MaxWait)
	}
	return min(wait+rand.N(wait/5+1), p.MaxWait) //nolint:gosec // a spread of waits is no secret
}

// retryAfter reads the header of that name: seconds, also fractions of them, or
// an HTTP date, which is taken from the answer's own Date so that a clock gone
// wrong here does no harm. It counts where the server asks to come back later:
// with 429 and 503. A date in the past asks for no wait.
func retryAfter(status int, header http.Header) (time.Duration, bool) {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if text == "" || status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
		return 0, false
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if math.IsNaN(seconds) || seconds < 0 {
			return 0, false
		}
		const longest = 100 * 365 * 24 * 3600 // far below what a Duration holds
		return time.Duration(min(seconds, longest) * float64(time.Second)), true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(at.Sub(now), 0), true
}
