package workato

import (
	"log/slog"
	"time"
)

// Attempt is one sending of a request, as an observer sees it.
type Attempt struct {
	Op        string        // the operation, such as "activity.List"
	Method    string        // "GET", …
	RequestID string        // the server's, if it gave one
	Number    int           // 1 for the first
	Status    int           // 0: no answer
	Waited    time.Duration // before this attempt: for the quota, a pause, or between retries
	Took      time.Duration // from sending to the last byte of the answer
	Err       error         // why there is no answer, without the URL
}

// report tells the observer and the log about the attempt that just ended.
func (c *call) report(again bool) {
	client := c.workspace.client
	if client.observe == nil && client.logger == nil {
		return
	}
	ended := c.last.endedAt
	if ended.IsZero() {
		ended = time.Now()
	}
	attempt := Attempt{
		Op: c.request.Op, Method: c.request.Method, RequestID: c.clean(c.last.requestID),
		Number: c.attempts, Status: c.last.status,
		Waited: c.started.Sub(c.idleSince), Took: ended.Sub(c.started),
	}
	if c.last.err != nil {
		attempt.Err = c.withoutURL(c.last.err)
	}
	if client.logger != nil {
		attempt.log(c, again)
	}
	if client.observe != nil {
		client.observe(c.ctx, attempt)
	}
}

func (a Attempt) log(c *call, again bool) {
	attrs := []slog.Attr{
		slog.String("op", a.Op), slog.String("method", a.Method), slog.Int("attempt", a.Number),
		slog.Int("status", a.Status), slog.String("request_id", a.RequestID),
		slog.Duration("waited", a.Waited), slog.Duration("took", a.Took),
	}
	if a.Err != nil {
		attrs = append(attrs, slog.String("error", a.Err.Error()))
	}
	logger := c.workspace.client.logger
	logger.LogAttrs(c.ctx, slog.LevelDebug, "workato: attempt", attrs...)
	if again {
		logger.LogAttrs(c.ctx, slog.LevelWarn, "workato: retry", append(attrs, slog.Duration("wait", c.wait))...)
	}
}
