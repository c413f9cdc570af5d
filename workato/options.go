package workato

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Option sets something at a client's making. The order of options does not
// matter; of two of the same kind the last counts.
type Option func(*config)

// config is what the options say, before anything of it is checked.
type config struct {
	region     *Region
	baseURL    *string
	httpClient **http.Client
	userAgent  *string
	retry      RetryPolicy
	limiters   map[Quota]Limiter
	logger     *slog.Logger
	observe    func(context.Context, Attempt)
}

// WithRegion chooses the data center. The default is [US].
func WithRegion(r Region) Option {
	return func(c *config) { c.region = &r }
}

// WithBaseURL sends requests to an installation with a host of its own, or to
// a test server. The URL is https, or http on a loopback address; it may end
// in "/api", in a slash or in neither, and may have a path before it. User
// information, a query and a fragment are refused. It excludes [WithRegion].
func WithBaseURL(rawURL string) Option {
	return func(c *config) { c.baseURL = &rawURL }
}

// WithHTTPClient sends through a copy of the given client; its own fields are
// never changed and its idle connections never closed. Its Timeout holds for
// each attempt: 0 stands for 45 s, because the server gives up after 40. The
// whole call is bounded by its context. Redirects are followed by the rules of
// this package, and then by the client's CheckRedirect.
//
// Anything that must see each attempt, such as tracing, belongs in the
// client's Transport.
func WithHTTPClient(h *http.Client) Option {
	return func(c *config) { c.httpClient = &h }
}

// WithUserAgent puts a program's name and version, such as "auditor/1.2",
// before the SDK's own in the User-Agent header.
func WithUserAgent(product string) Option {
	return func(c *config) { c.userAgent = &product }
}

// WithRetry sets how often and how long failed requests are retried. Which
// failures are is said in the package comment.
func WithRetry(p RetryPolicy) Option {
	return func(c *config) { c.retry = p }
}

// WithLimiter replaces the limiter of a quota; nil means none. Clients that
// share a quota, as those of one workspace do, should share a limiter.
func WithLimiter(q Quota, l Limiter) Option {
	return func(c *config) {
		if c.limiters == nil {
			c.limiters = make(map[Quota]Limiter)
		}
		c.limiters[q] = l
	}
}

// WithLogger logs each attempt at the level debug and each retry at the level
// warn. No line holds a token, a query, a path or a body. The default logs
// nothing.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) { c.logger = l }
}

// WithObserver calls a function after each attempt, for metrics and progress.
// It gets the call's context, runs on the calling goroutine, and should be
// quick; concurrent calls observe concurrently.
func WithObserver(f func(context.Context, Attempt)) Option {
	return func(c *config) { c.observe = f }
}

// client checks what was given, in one fixed order, and applies it.
func (c *config) client() (*Client, error) {
	client := &Client{logger: c.logger, observe: c.observe}
	steps := []func(*Client) error{c.applyBaseURL, c.applyHTTPClient, c.applyUserAgent, c.applyRetry, c.applyLimiters}
	for _, apply := range steps {
		if err := apply(client); err != nil {
			return nil, err
		}
	}
	return client, nil
}

func (c *config) applyBaseURL(client *Client) (err error) {
	switch {
	case c.region != nil && c.baseURL != nil:
		return &ArgumentError{Field: "region", Reason: "is given together with a base URL; give one of the two"}
	case c.baseURL != nil:
		client.base, err = parseBaseURL(*c.baseURL)
		return err
	case c.region != nil:
		region, err := ParseRegion(string(*c.region))
		client.base = region.baseURL()
		return err
	default:
		client.base = US.baseURL()
		return nil
	}
}

// The server gives up after 40 s; its own answer is worth waiting for.
const defaultAttemptTimeout = 45 * time.Second

func (c *config) applyHTTPClient(client *Client) error {
	copied := http.Client{}
	if c.httpClient != nil {
		if *c.httpClient == nil {
			return &ArgumentError{Field: "HTTP client", Reason: "is nil; leave the option out for the default"}
		}
		copied = **c.httpClient
	}
	if copied.Timeout < 0 {
		return &ArgumentError{Field: "HTTP client", Reason: "has a negative Timeout; use 0 for 45 s"}
	}
	if copied.Timeout == 0 {
		copied.Timeout = defaultAttemptTimeout
	}
	copied.Transport = keepIdle{transportOrDefault(copied.Transport)}
	copied.CheckRedirect = checkRedirect(copied.CheckRedirect)
	client.http = &copied
	return nil
}

func (c *config) applyUserAgent(client *Client) error {
	client.userAgent = sdkProduct()
	if c.userAgent == nil {
		return nil
	}
	product := strings.TrimSpace(*c.userAgent)
	if product == "" {
		return &ArgumentError{Field: "user agent", Reason: `is empty; use a name and a version, like "auditor/1.2"`}
	}
	for i := range len(product) {
		if product[i] < ' ' || product[i] >= 0x7f {
			return &ArgumentError{Field: "user agent", Reason: "has a control or non-ASCII character; use printable ASCII"}
		}
	}
	client.userAgent = product + " " + client.userAgent
	return nil
}

func (c *config) applyRetry(client *Client) (err error) {
	client.retry, err = c.retry.withDefaults()
	return err
}

func (c *config) applyLimiters(client *Client) error {
	for quota, limiter := range c.limiters {
		if quota != QuotaEnvironment && quota != QuotaAssignments {
			return &ArgumentError{Field: "quota", Reason: "is not known; use QuotaEnvironment or QuotaAssignments"}
		}
		if l, ok := limiter.(*rate.Limiter); ok && (l == nil || l.Burst() < 1 && l.Limit() != rate.Inf) {
			return &ArgumentError{Field: "limiter", Reason: "is a nil *rate.Limiter or has no burst, so it would refuse every request; use a burst of 1 or more, or no limiter"}
		}
	}
	client.buckets = newBuckets(c.limiters)
	return nil
}
