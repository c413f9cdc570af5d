package diff

// Config sizes a Tracker. Start from [ServerConfig] or [BoardConfig].
type Config struct {
	// RingSize is how many IDs are remembered exactly: at least the events of
	// two latenesses and a page. MaxPageSize to 1,048,576.
	RingSize int
	// PageSize is how many rows a quiet poll asks for: 1 to MaxPageSize.
	PageSize int
	// MaxPageSize is the largest page to ask for: 1 to 100.
	MaxPageSize int
	// Hold is how many events the driver can hold until they are delivered:
	// MaxPageSize to 65,536. 0: MaxPageSize.
	Hold int
	// Cursors is how many pages a walk can find again: 16 to 4,096.
	Cursors int
	// LatenessMs is how many milliseconds after its own time an event may
	// become visible and still be found in the normal round: one second to a
	// day. Later ones are left to the audit.
	LatenessMs int64
	// RetentionMs is how many milliseconds the server keeps events: at least
	// 350 latenesses. 0: 365 days.
	RetentionMs int64
	// Filter is a fingerprint of the filter that the driver asks with; 0: no
	// filter. A checkpoint of another filter is refused.
	Filter uint32
	// Audit counts the last day again each hour (at a lateness of ten minutes;
	// both grow with it), so that an event up to a day late is delivered or
	// reported.
	Audit bool
}

const (
	tenMinutesMs = 10 * 60 * 1000
	dayMs        = 24 * 60 * 60 * 1000
	yearMs       = 365 * dayMs
)

// ServerConfig suits a process that watches up to thousands of logs: see the
// package comment for what a Tracker costs.
func ServerConfig() Config {
	return Config{
		RingSize: 16384, PageSize: 5, MaxPageSize: 100, Hold: 1000, Cursors: 256,
		LatenessMs: tenMinutesMs, Audit: true,
	}
}

// BoardConfig suits a microcontroller: a page of 20 events is all that the
// driver must hold, and New allocates everything.
func BoardConfig() Config {
	return Config{
		RingSize: 192, PageSize: 5, MaxPageSize: 20, Cursors: 16,
		LatenessMs: tenMinutesMs, Audit: true,
	}
}

// ConfigError is a Config that cannot work.
type ConfigError struct {
	Field  string // such as "RingSize"
	Reason string // what the field must be
}

// Error names the field and says what it must be.
func (e *ConfigError) Error() string { return "diff: Config." + e.Field + " " + e.Reason }

// filled is c with its defaults, or what is wrong with it.
func (c Config) filled() (Config, error) {
	if c.Hold == 0 {
		c.Hold = c.MaxPageSize
	}
	if c.RetentionMs == 0 {
		c.RetentionMs = yearMs
	}
	switch {
	case c.MaxPageSize < 1 || c.MaxPageSize > 100:
		return c, &ConfigError{"MaxPageSize", "must be 1 to 100"}
	case c.PageSize < 1 || c.PageSize > c.MaxPageSize:
		return c, &ConfigError{"PageSize", "must be 1 to MaxPageSize"}
	case c.RingSize < c.MaxPageSize || c.RingSize > 1<<20:
		return c, &ConfigError{"RingSize", "must be MaxPageSize to 1,048,576"}
	case c.Hold < c.MaxPageSize || c.Hold > 1<<16:
		return c, &ConfigError{"Hold", "must be MaxPageSize to 65,536, or 0"}
	case c.Cursors < 16 || c.Cursors > 4096:
		return c, &ConfigError{"Cursors", "must be 16 to 4,096"}
	case c.LatenessMs < 1000 || c.LatenessMs > dayMs:
		return c, &ConfigError{"LatenessMs", "must be one second to a day"}
	case c.RetentionMs < 350*c.LatenessMs || c.RetentionMs >= maxTimeMs:
		return c, &ConfigError{"RetentionMs", "must be at least 350 latenesses, or 0"}
	}
	return c, nil
}
