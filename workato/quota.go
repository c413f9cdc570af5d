package workato

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Quota names a bucket of requests that the server counts together.
type Quota int

const (
	// QuotaEnvironment is the environment-management API: 60 requests a minute,
	// counted by the server over all customers and all tokens of a partner's
	// admin workspace.
	// Source: the API's page on limits.
	QuotaEnvironment Quota = iota
	// QuotaAssignments is the assignment of tags: 1,000 requests a minute for
	// customers, 60 for one's own workspace.
	// Source: the API's page on tag assignments.
	QuotaAssignments
)

// String is the quota's name in logs.
func (q Quota) String() string {
	switch q {
	case QuotaEnvironment:
		return "environment"
	case QuotaAssignments:
		return "assignments"
	default:
		return fmt.Sprintf("Quota(%d)", int(q))
	}
}

// Limiter paces requests: Wait returns when the next one may go, or an error
// when it may not. *rate.Limiter is one. It is asked once for each attempt.
type Limiter interface {
	Wait(ctx context.Context) error
}

// The way to the server varies, by up to a second in ordinary times: a burst that
// opens connections takes longer than the requests that follow on them. What is
// sent within this time may arrive within a minute.
const minuteAsSent = 61 * time.Second

// perMinute is a limiter for a server that allows so many requests in any
// minute. A token bucket sends its burst at once and then at its rate, so it is
// the two together that must not pass the quota: the request that would be one
// too many is the one whose turn comes after minuteAsSent.
func perMinute(requests, burst int) Limiter {
	return rate.NewLimiter(rate.Limit(float64(requests+1-burst)/minuteAsSent.Seconds()), burst)
}

// buckets are the quotas as one client sees them.
type buckets struct {
	environment, ownAssignments, customerAssignments *bucket
}

func newBuckets(given map[Quota]Limiter) buckets {
	limiterFor := func(q Quota, byDefault Limiter) Limiter {
		if l, ok := given[q]; ok {
			return l
		}
		return byDefault
	}
	return buckets{
		environment:         &bucket{limiter: limiterFor(QuotaEnvironment, perMinute(60, 5))},
		ownAssignments:      &bucket{limiter: limiterFor(QuotaAssignments, perMinute(60, 5))},
		customerAssignments: &bucket{limiter: limiterFor(QuotaAssignments, perMinute(1000, 20))},
	}
}

// bucketFor is nil for a quota that does not exist.
func (b buckets) bucketFor(q Quota, own bool) *bucket {
	switch {
	case q == QuotaEnvironment:
		return b.environment
	case q == QuotaAssignments && own:
		return b.ownAssignments
	case q == QuotaAssignments:
		return b.customerAssignments
	default:
		return nil
	}
}

// bucket holds back the requests of one quota: by its limiter, and after a 429
// until the time that the server named.
type bucket struct {
	limiter Limiter

	mu    sync.Mutex
	until time.Time // the pause's end; zero or past: none
}

// A Retry-After gone wrong must not silence a client for the rest of its life.
const maxPause = time.Hour

// pause holds back every request of the bucket for d from now on.
func (b *bucket) pause(d time.Duration) {
	until := time.Now().Add(min(d, maxPause))
	b.mu.Lock()
	defer b.mu.Unlock()
	if until.After(b.until) {
		b.until = until
	}
}

// paused is how long the pause still lasts; 0 or less: there is none.
func (b *bucket) paused() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Until(b.until)
}

// pausedError says that a pause outlasts what the caller may wait.
type pausedError struct{ left time.Duration }

func (e *pausedError) Error() string {
	return fmt.Sprintf("paused by the server for another %v", e.left.Round(time.Millisecond))
}

// wait returns when a request may go: the pause is over and the limiter agrees.
// A pause that began while the limiter was waiting counts too, and then the
// limiter is asked again: what it granted before belongs to another minute.
func (b *bucket) wait(ctx context.Context, maxWait time.Duration) error {
	for {
		for left := b.paused(); left > 0; left = b.paused() {
			if left > maxWait || passesDeadline(ctx, left) {
				return &pausedError{left}
			}
			if err := sleep(ctx, left); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if b.limiter == nil {
			return nil
		}
		if err := b.limiter.Wait(ctx); err != nil {
			return limiterError(ctx, err)
		}
		if b.paused() <= 0 {
			return nil
		}
	}
}

// limiterError makes a refusal match context.DeadlineExceeded where that is its
// reason: rate.Limiter says so in words only (https://go.dev/issue/54541).
func limiterError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if strings.Contains(err.Error(), "would exceed context deadline") {
		return fmt.Errorf("limiter: %w (%w)", context.DeadlineExceeded, err)
	}
	return fmt.Errorf("limiter: %w", err)
}

func passesDeadline(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Now().Add(wait).After(deadline)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
