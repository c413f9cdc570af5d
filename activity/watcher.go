package activity

import (
	"cmp"
	"hash/crc32"
	"slices"
	"sync"
	"time"

	"github.com/workato-go/sdk/activity/diff"
	"github.com/workato-go/sdk/workato"
)

// WatchOptions says what a [Watcher] watches, and how.
type WatchOptions struct {
	// Filter chooses the events on the server. Leave it empty where you can, and
	// choose in the handler: an unfiltered log costs the same requests, and a
	// changed filter needs a Restart. From is where the first start begins; zero
	// is now, so that the events that are there already stay untold. To is
	// refused: a Watcher has no end.
	Filter

	// Name names the checkpoint in the Store; "" stands for the workspace's Key.
	// Two Watchers of one workspace need two names.
	Name string

	// Interval is the time from one round to the next after something new; 0:
	// 30 s. While it is quiet the time grows to MaxInterval; 0: 1 min, or
	// Interval where that is longer.
	Interval, MaxInterval time.Duration

	// Lateness is how long after its own time an event may become visible and
	// still be told in the normal round, from a second to a day; 0: 10 min.
	Lateness time.Duration

	// NoAudit leaves out the second count, one request every six latenesses, by
	// which events that came later than the lateness are told or reported.
	NoAudit bool

	// Store keeps the checkpoint; nil: it ends with the Watcher.
	Store Store

	// OnGap is told what exists and cannot be told as events. Who keeps a
	// checkpoint means to lose nothing, so it is required with a Store. It is
	// called by Poll and Restart, at least once for each gap.
	OnGap func(Gap)

	// OnRetry is told of each failure that Run and Events wait out, and for how
	// long.
	OnRetry func(err error, wait time.Duration)
}

// Watcher tells what is new in a log: every event once, oldest first. See the
// package comment for what that rests on. Poll, Ack, Run, Events and Restart
// are for one goroutine at a time; Lag is for any.
type Watcher struct {
	service *Service
	options WatchOptions
	key     string
	tracker *diff.Tracker
	maxHeld int // events that may wait in memory, as the tracker counts on it

	mu       sync.Mutex // of everything but lag
	loaded   bool
	revision uint64    // of the checkpoint
	state    []byte    // its last encoding, to be written over
	saved    time.Time // when
	unsaved  bool      // something was acknowledged since
	fresh    bool      // the beginning is not in a checkpoint yet
	failure  error     // what keeps the Watcher from going on: see Restart
	held     []*Event  // what the tracker asked to keep, in descending order of ID
	batch    []*Event  // what Poll gave and nobody acknowledged, oldest first
	more     bool      // a catch-up goes on: no pause

	polls, requests int64

	lagMu sync.Mutex
	lag   Lag // as of the last request, so that Lag need not wait for one
}

// Lag tells how far a [Watcher] is behind, as of its last request.
type Lag struct {
	Unseen        int       // events that the server has and nobody acknowledged; -1: unknown, its count cannot be used
	OldestUnseen  time.Time // the time of the oldest of them met so far; zero: none
	LastExplained time.Time // everything visible until then is told or reported; zero: never yet
	Polls         int64     // rounds since the Watcher was made
	Requests      int64     // answers that took
}

func trackerConfig(o WatchOptions) diff.Config {
	config := diff.ServerConfig()
	config.LatenessMs = o.Lateness.Milliseconds()
	config.Filter = o.fingerprint()
	config.Audit = !o.NoAudit
	return config
}

// NewWatcher makes a Watcher. It does no I/O; the checkpoint is read by the
// first Poll. An option that cannot work is a [*workato.ArgumentError].
func (s *Service) NewWatcher(opts WatchOptions) (*Watcher, error) {
	opts.Filter = opts.clone()
	opts = opts.withDefaults()
	if err := opts.check(); err != nil {
		return nil, err
	}
	config := trackerConfig(opts)
	tracker, err := diff.New(config)
	if err != nil {
		return nil, &workato.ArgumentError{Field: "WatchOptions.Lateness", Reason: "must be from one second to a day; use 0 for 10 minutes"}
	}
	return &Watcher{
		service: s, options: opts, tracker: tracker, maxHeld: config.Hold,
		key: cmp.Or(opts.Name, s.workspace.Key()),
	}, nil
}

func (o WatchOptions) withDefaults() WatchOptions {
	o.Interval = cmp.Or(o.Interval, 30*time.Second)
	if o.MaxInterval == 0 {
		o.MaxInterval = max(time.Minute, o.Interval)
	}
	o.Lateness = cmp.Or(o.Lateness, 10*time.Minute)
	if o.Store == nil {
		o.Store = MemoryStore()
		if o.OnGap == nil {
			o.OnGap = func(Gap) {}
		}
	}
	return o
}

func (o WatchOptions) check() error {
	refuse := func(field, reason string) error {
		return &workato.ArgumentError{Field: "WatchOptions." + field, Reason: reason}
	}
	switch {
	case !o.To.IsZero():
		return refuse("To", "is set, but a Watcher has no end; use All for a range of time")
	case o.Interval < 0:
		return refuse("Interval", "is negative; use 0 for 30 s")
	case o.MaxInterval < o.Interval:
		return refuse("MaxInterval", "is less than Interval; use 0 for the default")
	case o.OnGap == nil:
		return refuse("OnGap", "is nil although there is a Store; tell somebody what could not be told")
	}
	return ListOptions{Filter: o.Filter}.check()
}

// fingerprint tells filters apart, so that a checkpoint is not used with
// another one: 0 for none. From is a beginning, not a part of what is chosen, and
// the order of values chooses nothing.
func (o WatchOptions) fingerprint() uint32 {
	o.From = time.Time{}
	values, err := ListOptions{Filter: o.Filter}.values()
	if err != nil || len(values) == 0 {
		return 0
	}
	for key, list := range values {
		slices.Sort(list)
		values[key] = slices.Compact(list)
	}
	return max(crc32.ChecksumIEEE([]byte(values.Encode())), 1)
}
