package watch

import (
	"errors"
	"strconv"
	"time"

	"github.com/workato-go/sdk/activity/diff"
	"github.com/workato-go/sdk/activity/scan"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/https"
)

// StatusError is an answer with another status than 200.
type StatusError struct {
	Status     int
	RetryAfter time.Duration
}

// Error has the status.
func (e *StatusError) Error() string { return "watch: the server answers " + strconv.Itoa(e.Status) }

const (
	firstWait = 2 * time.Second // after a failure, doubled with each
	mostWait  = time.Minute
	// slowWait is for what only a person can mend: it may be mended at any time,
	// and a server need not be told a wrong token often.
	slowWait = 5 * time.Minute
	// mostRetryAfter bounds what a server may ask for: a slip must not silence the
	// alarm for days.
	mostRetryAfter = time.Hour
)

// judge says what the alarm shows of an error, and how long to wait.
func (w *Watch) judge(err error) (alarm.Fault, time.Duration) {
	status, ok := errors.AsType[*StatusError](err)
	switch {
	case ok && (status.Status == 401 || status.Status == 403):
		return alarm.Token, slowWait
	case ok && status.Status == 404: // no such customer, or no such API there
		return alarm.Settings, slowWait
	case ok:
		return alarm.Server, max(w.backoff(), min(status.RetryAfter, mostRetryAfter))
	case isOne(err, ErrCheckpoint, ErrOtherWorkspace):
		return alarm.Checkpoint, mostWait
	case isOne(err, ErrUnsaved):
		return alarm.Checkpoint, w.config.Interval
	case isOne(err, https.ErrRequest):
		return alarm.Settings, slowWait
	case isOne(err, https.ErrTimeout, https.ErrNoAnswer, https.ErrSend):
		return alarm.Unreachable, w.backoff()
	case unusable(err):
		return alarm.Server, w.backoff()
	}
	fault := w.config.Fault(err)
	if fault == 0 {
		fault = alarm.Unreachable
	}
	return fault, w.backoff()
}

func isOne(err error, kinds ...error) bool {
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// unusable says whether there was an answer, and nobody can use it.
func unusable(err error) bool {
	if _, ok := errors.AsType[*scan.SyntaxError](err); ok {
		return true
	}
	return isOne(err, https.ErrCut, https.ErrMalformed, https.ErrHeader, https.ErrConflict, https.ErrEncoding,
		scan.ErrTruncated, scan.ErrNoData, scan.ErrRepeated, scan.ErrRefused, scan.ErrDepth, diff.ErrOrder, diff.ErrNoAnswer)
}

// backoff is the wait after a failure: twice as long after each, up to a minute,
// of which up to half is taken off by chance.
func (w *Watch) backoff() time.Duration {
	wait := mostWait
	if w.failures < 5 {
		wait = firstWait << w.failures
	}
	w.failures++
	return wait - wait/2*time.Duration(w.config.Random()&0xff)/0xff
}
