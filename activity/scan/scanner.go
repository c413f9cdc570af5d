package scan

// MaxDepth is how deep lists and objects may be nested. The log nests 5 deep.
const MaxDepth = 256

// Scanner reads one page of the log after another. The zero value reads pages
// without telling anyone; [New] gives one that tells its items. It is not safe
// for concurrent use, and its callback must not use it.
type Scanner struct {
	item func(*Item) error
	err  error // what ended the scan; every later call returns it
	off  int64 // bytes before this write

	total    int
	hasTotal bool
	refused  bool
	data     dataState

	at      place
	leaf    leaf // what the next value is
	inKey   bool // a string is a key
	num     numberState
	literal string // true, false or null
	matched uint8  // bytes of it that are there
	kept    kept

	depth   uint16
	object  bool // the innermost container is an object
	context context
	outer   [contextDepth + 1]context // of the containers around, by depth
	kinds   [MaxDepth/32 + 1]uint32   // a bit for each container, by depth: an object

	row Item

	parts  [parts]span // where in this write the objects of the last rows are
	had    uint8       // a bit for each part that this row has
	open   part        // that it is in, plus 1
	opened int         // where that begins
	last   Item        // what the parts say
}

// place is where between or in tokens the scanner stands.
type place uint8

const (
	atValue      place = iota // a value comes
	atFirstValue              // a value or the end of the list comes
	atFirstKey                // a key or the end of the object comes
	atKey                     // a key comes
	atColon                   // a colon comes
	atNext                    // after a value: a comma or an end comes
	inString                  // this and all below are inside tokens
	inEscape                  // after a backslash
	inUnit                    // in the four digits of \u
	inNumber
	inLiteral
)

// dataState is what was found at "data".
type dataState uint8

const (
	dataMissing dataState = iota
	dataOther             // no list
	dataNull
	dataList
)

// New gives a scanner that calls item for each row of a page, in the page's
// order; nil: nobody is told. The item is valid during the call only: copy what
// is to stay. An error from it stops the scan: Write returns it. Until Close has
// returned nil, the page may still turn out to be broken.
func New(item func(*Item) error) *Scanner { return &Scanner{item: item} }

// Reset makes the scanner ready for the next page.
func (s *Scanner) Reset() {
	// With the callback in the literal, TinyGo makes it on the heap.
	item := s.item
	*s = Scanner{}
	s.item = item
}

// Write reads the next bytes of the page, which may be cut anywhere. Where it
// fails it says how many of them it read before; from then on every call of
// Write and Close returns the same error.
func (s *Scanner) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n := s.run(p)
	s.off += int64(n)
	return n, s.err
}

// Close says whether the page is complete and what it should be.
func (s *Scanner) Close() error {
	if s.err != nil {
		return s.err
	}
	// Only its end tells that a number on its own is complete.
	ended := s.at == atNext || s.at == inNumber && s.num.complete()
	switch {
	case !ended || s.depth > 0:
		s.err = ErrTruncated
	case s.refused:
		s.err = ErrRefused
	case s.data < dataNull:
		s.err = ErrNoData
	}
	return s.err
}

// Total is the number of rows that match the filter, on this page and others.
// The count follows the rows, so ask after Close. It is false where there is
// none, or none that can be read.
func (s *Scanner) Total() (int, bool) { return s.total, s.hasTotal }
