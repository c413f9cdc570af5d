package timestamp

// The two ways to read a time, for the tests to hold against each other.
var (
	ParseUsual = parseUsual
	ParseAny   = parseAny
)
