package workato

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Do sends a request and decodes the JSON of a successful answer into out: nil
// ignores what it says, an empty body leaves out as it is, and a [BodyReader] reads
// the body itself. It is the way to endpoints that this SDK does not cover yet, and
// what its services are built on.
//
// A failure is an [*ArgumentError] before anything was sent, an [*Error] where
// the server answered, and else an error that names the operation and wraps
// its cause; a call that its context ended matches both ctx.Err() and
// context.Cause(ctx). The response is nil then.
func (w *Workspace) Do(ctx context.Context, req *Request, out any) (*Response, error) {
	c, err := newCall(ctx, w, req)
	if err != nil {
		return nil, err
	}
	request, err := c.build()
	if err != nil {
		return nil, err
	}
	c.reader, _ = out.(BodyReader)
	// The limiter is asked before the first attempt here, and then by the sender,
	// which attempts, decides and waits until it is decided.
	if err := c.admit(); err != nil {
		return nil, c.failed(err)
	}
	_, err = c.sender().Do(request) //nolint:bodyclose // decide closes every body
	if err != nil {
		return nil, c.failed(err)
	}
	return c.decode(out)
}

// call is one Do under way. It belongs to one goroutine.
type call struct {
	ctx       context.Context
	workspace *Workspace
	request   *Request
	path      string
	bucket    *bucket
	reader    BodyReader // nil: the body is read as a whole

	idleSince  time.Time // when the last attempt ended, or the call began
	started    time.Time // when the present attempt began
	attempts   int
	mayHaveRun bool          // an attempt failed so that the server may have done its work
	wait       time.Duration // before the next attempt
	last       answer        // what the last attempt brought
}

func newCall(ctx context.Context, w *Workspace, req *Request) (*call, error) {
	if ctx == nil {
		return nil, &ArgumentError{Field: "ctx", Reason: "is nil; use context.Background()"}
	}
	if err := w.check(); err != nil {
		return nil, err
	}
	if err := req.check(); err != nil {
		return nil, err
	}
	bucket := w.client.buckets.bucketFor(req.Quota, w.own)
	if bucket == nil {
		return nil, &ArgumentError{Field: "Request.Quota", Reason: "is not known; use QuotaEnvironment or QuotaAssignments"}
	}
	return &call{
		ctx: ctx, workspace: w, request: req, path: w.path(req.Version, req.Path), bucket: bucket,
		idleSince: time.Now(),
	}, nil
}

// sender is go-retryablehttp with every decision taken here: it keeps the loop,
// rewinds the body and waits.
func (c *call) sender() *retryablehttp.Client {
	client := c.workspace.client
	return &retryablehttp.Client{
		HTTPClient:   client.http,
		RetryMax:     client.retry.MaxAttempts - 1,
		CheckRetry:   func(_ context.Context, resp *http.Response, err error) (bool, error) { return c.decide(resp, err), nil },
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return c.wait },
		PrepareRetry: func(*http.Request) error { return c.admit() },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// admit waits until an attempt may go. go-retryablehttp asks before each retry,
// so a storm of them is paced like everything else.
func (c *call) admit() error {
	if err := c.bucket.wait(c.ctx, c.workspace.client.retry.MaxWait); err != nil {
		return err
	}
	c.started = time.Now()
	return nil
}

// decide takes in what an attempt brought, and says whether there is another.
func (c *call) decide(resp *http.Response, err error) (again bool) {
	c.attempts++
	c.last = receive(resp, err, c.reader)
	policy := c.workspace.client.retry

	v := c.last.verdict()
	c.mayHaveRun = c.mayHaveRun || v == mayHaveRun || v == mayBeOurs
	c.wait = policy.waitAfter(c.attempts, c.last.status, c.last.retryAfter, c.last.saysWhen)
	if c.last.status == http.StatusTooManyRequests {
		c.bucket.pause(c.wait)
	}
	again = policy.allows(v, c.request.Idempotent, c.attempts) &&
		c.wait <= policy.MaxWait && !passesDeadline(c.ctx, c.wait) && c.ctx.Err() == nil

	c.report(again)
	c.idleSince = time.Now()
	return again
}

// failed explains an error that kept the last attempt from being sent or
// answered.
func (c *call) failed(err error) error {
	if c.ctx.Err() != nil {
		return canceledError(c.ctx, c.request.Op)
	}
	if paused, ok := errors.AsType[*pausedError](err); ok {
		return c.pausedError(paused.left)
	}
	e := c.withoutURL(err)
	if c.attempts > 1 {
		e.text += fmt.Sprintf(" (%d attempts)", c.attempts)
	}
	return e
}

// withoutURL names the operation in an error of the transport, takes off the
// URL that net/http puts before it, and takes out of its text what must not be
// shown. The chain of causes stays.
func (c *call) withoutURL(err error) *callError {
	if withURL, ok := errors.AsType[*url.Error](err); ok {
		err = withURL.Err
	}
	return &callError{op: c.request.Op, text: c.clean(err.Error()), cause: err}
}

// pausedError is the 429 of a call that will not wait for the pause to end: the
// one it met itself, or else one that says that nothing was sent.
func (c *call) pausedError(left time.Duration) error {
	e := c.newError(answer{status: http.StatusTooManyRequests})
	if c.last.status == http.StatusTooManyRequests {
		e = c.newError(c.last)
	} else {
		e.Message = "an earlier 429 pauses this quota"
	}
	e.RetryAfter = left
	return e
}
