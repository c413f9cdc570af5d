package workatotest

import "time"

// Token is the bearer token a [Server] expects unless [WithToken] names
// another. It opens nothing anywhere else.
const Token = "workatotest-no-real-token"

const (
	defaultSeed  = 1
	defaultQuota = 60

	// The documented quotas of tags_assignments, in requests a minute.
	defaultCustomerAssignments = 1000
	defaultOwnAssignments      = 60
)

// An Option changes what [NewServer] makes. The order of options does not
// matter; of two that say the same thing the last one counts.
type Option func(*config)

type config struct {
	token               string
	now                 func() time.Time
	seed                uint64
	perMinute           int
	customerAssignments int
	ownAssignments      int
	retryAfter          bool
}

// WithToken sets the bearer token that requests must carry. It panics on an
// empty token.
func WithToken(token string) Option {
	if token == "" {
		panic("workatotest: WithToken: the token is empty")
	}
	return func(c *config) { c.token = token }
}

// WithClock sets the clock that stamps events, tags and answers, makes late
// events visible and measures the quota's minute. The default is [time.Now],
// which inside a testing/synctest bubble is the bubble's clock.
//
// now must be safe for concurrent use. WithClock panics on a nil clock. The
// Latency of a [Fault] is waited out on the real clock (or the bubble's),
// whatever this one says.
func WithClock(now func() time.Time) Option {
	if now == nil {
		panic("workatotest: WithClock: the clock is nil")
	}
	return func(c *config) { c.now = now }
}

// WithSeed sets what everything random is drawn from: tag handles and
// colors, request IDs, the gaps between event IDs, days of events. The same
// calls in the same order on the same seed give the same output.
func WithSeed(seed uint64) Option {
	return func(c *config) { c.seed = seed }
}

// WithQuota sets how many environment-management requests (activity logs,
// tags, the secrets cache) the server answers in a rolling minute, over all
// workspaces together. The default is the documented 60; 0 or less lifts the
// limit. The list of customers has a quota of its own of the same size.
func WithQuota(perMinute int) Option {
	return func(c *config) { c.perMinute = perMinute }
}

// WithAssignmentsQuota sets how many tags_assignments requests the server
// answers in a rolling minute. It replaces both documented defaults, 1,000
// for all customers together and 60 for one's own workspace; 0 or less lifts
// both.
func WithAssignmentsQuota(perMinute int) Option {
	return func(c *config) { c.customerAssignments, c.ownAssignments = perMinute, perMinute }
}

// WithRetryAfter lets an answer that a quota refuses say in Retry-After after
// how many whole seconds one more request fits. The API's documents do not
// mention the header, so the default is to leave it out.
func WithRetryAfter() Option {
	return func(c *config) { c.retryAfter = true }
}
