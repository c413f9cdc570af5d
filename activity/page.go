package activity

import (
	"encoding/json"
	"errors"
)

// errNoData is a page without rows and without a list that could hold them:
// taking it for an empty page would end a listing early and silently.
var errNoData = errors.New(`the field "data" is missing or is no list`)

// The fields of an answer.
var answerKeys = keysOf("data", "total", "success")

const (
	answerData = iota + 1
	answerTotal
	answerSuccess
)

// answer reads an answer of the log, whole or as it arrives. What it reads at once
// is a field, a row, or the sign between two of them: where the text ends within
// one, it goes wrong at its end, and is read again from the beginning of that part
// once there is more text.
type answer struct {
	decoder
	fields order
	field  int   // the number of the last field
	at     int   // all before is read
	place  place // what is there

	lists   int // fields "data" so far: the last one counts
	data    dataState
	total   int  // -1: none
	refused bool // "success": false

	slots []slot // memory for events to come
	rows  int    // so many were there
	bytes int    // so many bytes they had
	most  int    // so many rows are to be expected
}

// place is what comes next in an answer.
type place uint8

const (
	atAnswer place = iota
	atFirstField
	atField
	atNextField // or the end of the answer
	atFirstRow
	atRow
	atNextRow // or the end of the list
	atEnd
)

// dataState is what the last field "data" is.
type dataState uint8

const (
	dataMissing dataState = iota
	dataOther             // no list
	dataList              // or null
)

func newAnswer(rows int) *answer {
	a := &answer{decoder: newDecoder(), most: rows}
	a.fields.keys = answerKeys
	a.restart()
	return a
}

// restart makes it ready for another answer. What it knows of the rows before
// goes, so that an event holds on to no page but its own.
func (a *answer) restart() {
	a.begin(padding)
	a.workspace, a.user, a.request, a.resource = last[Workspace]{}, last[User]{}, last[Request]{}, last[Resource]{}
	a.field, a.at, a.place = 0, 0, atAnswer
	a.lists, a.data, a.total, a.refused = 0, dataMissing, -1, false
}

// next reads on to the next event. It is nil where there is none in the text any
// more: because the text went wrong or ends in the middle, see reader.bad, or
// because it is read.
func (a *answer) next() *Event {
	for {
		i := a.space(a.at)
		if i == a.end && a.place != atEnd {
			a.fail(i)
			return nil
		}
		switch a.place {
		case atAnswer:
			if a.level = 0; a.text[i] != '{' {
				a.at, a.place = a.skip(i), atEnd
				break
			}
			a.at, a.place = i+1, atFirstField
		case atFirstField:
			if a.place = atField; a.text[i] == '}' {
				a.at, a.place = i+1, atEnd
			}
		case atField:
			a.readField(i)
		case atNextField:
			var another bool
			if a.at, another = a.more(i, '}'); another {
				a.place = atField
			} else {
				a.place = atEnd
			}
		case atFirstRow:
			if a.place = atRow; a.text[i] == ']' {
				a.at, a.place = i+1, atNextField
			}
		case atRow:
			return a.readRow(i)
		case atNextRow:
			var another bool
			if a.at, another = a.more(i, ']'); another {
				a.place = atRow
			} else {
				a.place = atNextField
			}
		case atEnd:
			if a.at = i; i != a.end {
				a.fail(i)
			}
			return nil
		}
		if a.bad >= 0 {
			return nil
		}
	}
}

// readField reads a field of the answer, but of a list of rows no more than the
// bracket that opens it.
func (a *answer) readField(i int) {
	a.level = 1
	field, value := a.key(i, &a.fields, a.field)
	value = a.space(value)
	if field == answerData && a.text[value] == '[' {
		a.level = 2
		a.lists, a.data = a.lists+1, dataList
		a.field, a.at, a.place = field, value+1, atFirstRow
		return
	}
	end := a.whole(value)
	if a.bad >= 0 {
		return
	}
	null := a.text[value] == 'n'
	switch field {
	case answerData:
		a.lists++
		if a.data = dataOther; null {
			a.data = dataList
		}
	case answerTotal:
		if a.total = -1; !null {
			total, _ := a.id(value)
			a.total = int(total)
		}
	case answerSuccess:
		a.refused = a.text[value] == 'f'
	}
	a.field, a.at, a.place = field, end, atNextField
}

// whole skips a value. A number at the end of the text may go on behind it.
func (a *answer) whole(i int) (end int) {
	if end = a.skip(i); end == a.end && isDigit(a.text[end-1]) {
		a.fail(end)
	}
	return end
}

func (a *answer) readRow(i int) *Event {
	a.level = 2
	if a.text[i] != '{' {
		if a.whole(i); a.bad >= 0 {
			return nil
		}
	}
	s := a.slot()
	end := a.row(s, i)
	if a.bad >= 0 {
		*s = slot{}
		return nil
	}
	a.slots = a.slots[1:]
	a.rows++
	a.bytes += end - i
	a.at, a.place = end, atNextRow
	return &s.event
}

// mostSlots is how many slots, of half a KB each, are not yet a large object for
// the runtime: those cost more, and are rounded up to whole pages.
const mostSlots = 63

// slot is the memory for the next event. It comes in pieces for many, because
// each costs: as many as the text will have if it goes on like this.
func (a *answer) slot() *slot {
	if len(a.slots) == 0 {
		n := 1
		if a.bytes > 0 {
			n = (a.end-a.at)*a.rows/a.bytes + 1
		}
		a.slots = make([]slot, max(min(n, a.most, mostSlots), 1))
	}
	return &a.slots[0]
}

// UnmarshalJSON reads an answer of the log.
func (p *Page) UnmarshalJSON(data []byte) error {
	a := newAnswer(maxPageSize)
	a.begin(string(data) + padding)
	page := collector{answer: a}
	for event := a.next(); event != nil; event = a.next() {
		page.event(event)
	}
	if a.bad >= 0 {
		return json.Unmarshal(data, new(json.RawMessage)) // says what is wrong
	}
	if a.data != dataList {
		return errNoData
	}
	*p = page.page()
	return nil
}

// collector makes a page of the events of an answer.
type collector struct {
	answer *answer
	events []*Event
	list   int // of the answer: whose events these are
	next   int64
}

func (c *collector) begin() { c.events, c.list, c.next = nil, 0, 0 }

func (c *collector) event(event *Event) (more bool) {
	c.lastList()
	if c.events == nil {
		c.events = make([]*Event, 0, c.answer.most)
	}
	c.events = append(c.events, event)
	if event.ID != 0 {
		c.next = event.ID
	}
	return true
}

// lastList drops the events of an earlier field "data": the last one counts.
func (c *collector) lastList() {
	if c.list != c.answer.lists {
		c.events, c.list, c.next = nil, c.answer.lists, 0
	}
}

// page is for an answer that is read to its end.
func (c *collector) page() Page {
	c.lastList()
	return Page{Events: c.events, Total: c.answer.total, Next: c.next}
}
