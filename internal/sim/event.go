package sim

// Event is one row of a log, with what only the simulator knows of it. Times
// are milliseconds since the Unix epoch.
type Event struct {
	ID      int64
	Time    int64 // as stamped by its writer
	Visible int64 // from then on it is in the log
	Deleted int64 // from then on it is not; 0: never
	Log     int   // which log holds it
	Kind    Kind
}

// Kind is what a filter looks at.
type Kind int

// The kinds of events.
const (
	Ordinary Kind = iota
	Noise
	kinds
)

// Filter is the set of kinds that a request does not want to see.
type Filter uint8

// The filters.
const (
	Unfiltered   Filter = 0
	WithoutNoise Filter = 1 << Noise
)

func (f Filter) hides(k Kind) bool { return f&(1<<k) != 0 }

// second is how the API shows a time: fractions are cut off.
func second(ms int64) int64 { return ms / 1000 }

// Query is a request for a page of the log. After 0 begins at the newest row,
// From and To 0 set no bound; both are inclusive, to the second.
type Query struct {
	After    int64
	Size     int
	From, To int64
	Filter   Filter
}

// Row is a row as an answer shows it: its time has lost the fraction.
type Row struct {
	ID   int64
	Time int64
}

// Page is an answer: rows by descending ID, and how many rows match in all.
type Page struct {
	Rows   []Row
	Total  int    // below 0: the answer says nothing of it
	Date   int64  // the server's clock, to the second
	Source uint64 // which log it was; the rows tell, so 0 without rows
}
