package diff

// Tracker decides what is new in one log. It has no clock and does no I/O; it
// is not safe for concurrent use.
type Tracker struct {
	state
	ring ring
	gaps gaps

	walk    walk
	page    page
	held    []row   // what the driver holds, newest first
	cursors []int64 // pages to ask for again, the deepest last

	asked   bool // a question is out
	waiting bool // for Ack
	clean   bool // the last near look explained everything
	again   bool // the round is a second look of the poll

	localMs   int64  // the driver's clock
	unseen    int64  // see Lag
	oldestMs  int64  // see Lag
	likely    int32  // new rows per poll, in eighths
	guess     anchor // a shorter window's total, to be proven by the next look
	recountMs int64  // a window to recount next
	triedMs   int64  // when that was tried last
	sweptMs   int64  // when the window was swept last
	laggedMs  int64  // when the count was last seen to lag behind the rows
	sliceMs   int64  // the begin of a slice of slackMs
	lately    uint32 // events registered in it
	before    uint32 // and in the one before

	lateMs, retentionMs int64
	maxHeld, maxCursors int
	filter              uint32
	pageSize, maxPage   uint8
	audit               bool
}

// state is what a checkpoint holds beside the ring, the gaps and the walk.
type state struct {
	begun   bool // the first run is over
	counted bool // the server's count is used
	lapsed  bool // longer than retentionMs without an explained instant, and told

	source  uint64
	highest int64 // registered ID

	near anchor // of the polls
	mark anchor // the next far
	far  anchor // of the audit

	nearDev, farDev deviation

	clockMs     int64 // the last answer's Date
	explainedMs int64 // see Lag
	auditedMs   int64 // the last audit
	turnMs      int64 // the time of turnID
	turnID      int64 // the highest registered ID then
	expendable  int64 // the turnID before: the ring may let go of it
}

// New is a Tracker that has seen nothing. A Config that cannot work is a
// [*ConfigError].
func New(c Config) (*Tracker, error) {
	c, err := c.filled()
	if err != nil {
		return nil, err
	}
	return &Tracker{
		ring:        ring{ids: sized[uint32](c.RingSize, 4, 32), max: c.RingSize},
		held:        sized[row](c.Hold, 16, 4),
		cursors:     sized[int64](c.Cursors, 8, 0),
		lateMs:      c.LatenessMs,
		retentionMs: c.RetentionMs,
		maxHeld:     c.Hold,
		maxCursors:  c.Cursors,
		filter:      c.Filter,
		pageSize:    uint8(c.PageSize),
		maxPage:     uint8(c.MaxPageSize),
		audit:       c.Audit,
	}, nil
}

// Start makes a Tracker that has seen nothing begin at a time, in UTC
// milliseconds: events from then on are delivered. Without it, the events that
// are there at the first run are silent. Once the Tracker has begun, or with a
// time that is not positive, Start does nothing; so it may be called before a
// checkpoint is loaded or after.
func (t *Tracker) Start(fromMs int64) {
	if t.begun || fromMs <= 0 {
		return
	}
	t.abandon()
	t.begun, t.counted = true, true
	t.near = anchor{fromMs: min(fromMs, maxTimeMs)}
	t.mark, t.far = t.near, t.near
}

// Restart forgets everything but the gaps, and says so as a gap of unknown size
// with the given reason. It is the one way to go on after another source,
// another filter or a lost checkpoint. The Tracker then begins at a time, in
// UTC milliseconds; 0: now.
func (t *Tracker) Restart(reason Reason, fromMs int64) {
	if reason < Late || reason > lastReason {
		reason = CheckpointLost
	}
	// Also what was explained may still have a late event, back to the anchor.
	waitedMs := t.near.fromMs
	if t.audit {
		waitedMs = min(waitedMs, t.far.fromMs)
	}
	t.gaps.add(gap{min(waitedMs, t.explainedMs), max(fromMs, 0), unknown, reason})
	t.state = state{}
	t.ring.clear()
	t.relearn()
	t.abandon()
	t.Start(fromMs)
}

// relearn forgets what is not worth a place in a checkpoint.
func (t *Tracker) relearn() {
	t.unseen, t.likely, t.clean = 0, 0, false
	t.triedMs, t.sweptMs, t.laggedMs, t.sliceMs, t.lately, t.before = 0, 0, 0, 0, 0, 0
}

// abandon ends the round, without a trace.
func (t *Tracker) abandon() {
	t.walk, t.page, t.guess = walk{}, page{}, anchor{}
	t.held, t.cursors = t.held[:0], t.cursors[:0]
	t.asked, t.waiting, t.recountMs, t.oldestMs = false, false, 0, 0
}

// Lag tells how far behind delivery is.
func (t *Tracker) Lag() Lag {
	lag := Lag{Unseen: int(max(t.unseen, 0)), OldestUnseenMs: t.oldestMs, LastExplainedMs: t.explainedMs}
	if !t.counted {
		lag.Unseen = unknown
	}
	return lag
}
