package watch

import (
	"hash/crc32"
	"strings"
	"sync"
	"time"

	"github.com/workato-go/sdk/activity/diff"
	"github.com/workato-go/sdk/activity/scan"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/https"
)

// MaxState is how many bytes a checkpoint has at most.
const MaxState = openedSize + 1024

// Store keeps the checkpoint, of at most [MaxState] bytes.
type Store interface {
	Load() ([]byte, error) // nothing: there is none yet; an error: there was one
	Save(state []byte) error
}

// Config says what to watch, and with what. All fields without another word in
// their comment are required.
type Config struct {
	Client *https.Client
	Host   string // of the API, as in the settings: a checkpoint belongs to it

	// Customer is "" for the workspace of the token, a number for a customer by
	// ID, "E" and the external ID for one by that.
	Customer string
	Token    string
	Policy   alarm.Policy
	Interval time.Duration // from one round to the next, at least a second; 0: 30 s

	Store Store
	Alarm *alarm.Alarm // from now on only through the Watch

	// Fault says what an error of the Client's Dialer is; where it gives 0 or is
	// nil, nobody answers (Unreachable).
	Fault func(error) alarm.Fault

	Now   func() time.Time // in the zone in which quiet hours are meant
	Sleep func(time.Duration)
	// Progress is called when something went on: bytes came in, a page was read, a
	// slice of a wait is over. It is not called while a server is waited for: a
	// watchdog fed by it must grant https.Patience, and the time to dial. nil:
	// nobody asks.
	Progress func()
	// Log takes short lines without personal data; nil: nobody reads.
	Log func(line string)
	// Random spreads the waits after a failure, so that many boards do not come
	// back at once. Any source will do.
	Random func() uint32
}

// FieldError is a Config that cannot work.
type FieldError struct {
	Field  string // such as "Interval"
	Reason string // what the field must be
}

// Error names the field and says what it must be.
func (e *FieldError) Error() string { return "watch: Config." + e.Field + " " + e.Reason }

func (c *Config) check() error {
	refuse := func(field, reason string) error { return &FieldError{field, reason} }
	switch {
	case c.Client == nil:
		return refuse("Client", "is nil; use https.New")
	case c.Host == "":
		return refuse("Host", `is empty; use a host such as "app.eu.workato.com"`)
	case !validCustomer(c.Customer):
		return refuse("Customer", `must be empty, a number such as "19029", or E and an external ID such as "EA2300"`)
	case c.Token == "":
		return refuse("Token", "is empty")
	case c.Interval < time.Second:
		return refuse("Interval", "must be at least a second; use 0 for 30 s")
	case c.Store == nil, c.Alarm == nil:
		return refuse("Store, Alarm", "must not be nil")
	case c.Now == nil, c.Sleep == nil, c.Random == nil:
		return refuse("Now, Sleep, Random", "must not be nil")
	}
	return c.Policy.Validate()
}

// Watch follows one log. Poll and Wait are for one goroutine; Tick, Enter, Fail
// and State for any.
type Watch struct {
	config        Config
	authorization string
	tracker       *diff.Tracker
	scanner       *scan.Scanner

	begin func(https.Answer) error // made once: a closure costs memory
	body  func([]byte) error

	offered bool // the answer that comes in brought rows

	held  []held  // what the tracker asked to keep, in descending order of ID
	ids   []int64 // of a batch, to acknowledge it
	path  []byte
	state []byte // a checkpoint

	loaded    bool
	lost      error      // ends polling
	fresh     bool       // the beginning is in no checkpoint yet
	unsaved   bool       // something was acknowledged since
	saved     time.Time  // when
	savedOpen openEvents // in the checkpoint
	failures  int        // rounds in a row

	mu    sync.Mutex // of the alarm
	alarm *alarm.Alarm
}

// held is what is kept of an event until it is told.
type held struct {
	id       int64
	severity alarm.Severity
}

// New makes a Watch. It does no I/O; the first Poll reads the checkpoint. A Config
// that cannot work is a *FieldError, or an error of the Policy.
func New(c Config) (*Watch, error) {
	if c.Interval == 0 {
		c.Interval = 30 * time.Second
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Fault == nil {
		c.Fault = func(error) alarm.Fault { return 0 }
	}
	if c.Progress == nil {
		c.Progress = func() {}
	}
	if c.Log == nil {
		c.Log = func(string) {}
	}
	board := diff.BoardConfig()
	board.Filter = fingerprint(c.Host, c.Customer)
	tracker, err := diff.New(board)
	if err != nil {
		return nil, err
	}
	w := &Watch{
		config: c, authorization: "Bearer " + c.Token, tracker: tracker, alarm: c.Alarm,
		held: make([]held, 0, board.MaxPageSize+1), ids: make([]int64, 0, board.MaxPageSize),
		path: make([]byte, 0, 160), state: make([]byte, 0, MaxState),
	}
	w.scanner = scan.New(w.row)
	w.begin, w.body = w.answered, w.piece
	return w, nil
}

// fingerprint tells the logs of hosts and customers apart. The tracker keeps it
// in the checkpoint as the fingerprint of a filter, and refuses another.
func fingerprint(host, customer string) uint32 {
	return max(crc32.ChecksumIEEE([]byte(strings.ToLower(host)+"\n"+customer)), 1)
}

// slice is how long a wait may keep the board from anything else.
const slice = 250 * time.Millisecond

// Wait waits, and reports Progress as it goes.
func (w *Watch) Wait(d time.Duration) {
	for d > 0 {
		step := min(d, slice)
		w.config.Sleep(step)
		w.config.Progress()
		d -= step
	}
}
