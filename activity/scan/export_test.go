package scan

// The parts that the tests hold against other implementations directly.
var (
	UnixMs = unixMs
	Whole  = whole
)

// Skip makes the scanner count as if n bytes had come before.
func (s *Scanner) Skip(n int64) { s.off += n }

// The bound of keys, IDs and timestamps.
const MaxKept = maxKept
