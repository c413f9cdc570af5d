package scan

import "errors"

// What can be wrong with a page, besides a [*SyntaxError].
var (
	// ErrTruncated is a page that ends too early, or that is empty.
	ErrTruncated = errors.New("scan: the page ends in the middle")
	// ErrNoData is an answer without a list of rows. It must not be taken for
	// an empty page: that would end a listing early and silently.
	ErrNoData = errors.New(`scan: the field "data" is missing or is no list`)
	// ErrRepeated is an answer with a second field "data" after a list of rows.
	// The last of them counts in JSON, but the rows of the first are told.
	ErrRepeated = errors.New(`scan: the field "data" comes again`)
	// ErrRefused is an answer that says "success": false, which this platform
	// sends with status 200.
	ErrRefused = errors.New(`scan: the answer says "success": false`)
	// ErrDepth is a page that is nested deeper than [MaxDepth].
	ErrDepth = errors.New("scan: the page is nested too deep")
)

// SyntaxError is a page that is no JSON.
type SyntaxError struct {
	Offset int64  // of the byte that cannot stand there, counted from 0 at the page's start
	Reason string // says what is expected there, or what is wrong
}

// Error has the reason and the offset.
func (e *SyntaxError) Error() string {
	var digits [20]byte
	i, n := len(digits), e.Offset
	for {
		i--
		digits[i] = byte('0' + n%10)
		if n /= 10; n <= 0 {
			break
		}
	}
	return "scan: " + e.Reason + " at byte " + string(digits[i:])
}
