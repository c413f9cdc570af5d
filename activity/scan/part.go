package scan

// part is an object of a row. The parts of a log repeat themselves: the workspace
// is the same in all rows of a page, and users and their browsers come in runs. A
// part that is byte for byte what it was in an earlier row says what it said then,
// so that one comparison stands for all its tokens. The earlier one is still there
// where both came in one write.
type part uint8

const (
	partOther part = iota // one that nothing is taken from
	partWorkspace
	partUser
	partResource
	parts
)

// partOf is the part that begins in the place of a leaf in a row.
var partOf = [...]part{
	leafWorkspace:    partWorkspace,
	leafUser:         partUser,
	leafResource:     partResource,
	leafResourceType: partOther,
}

// span is a piece of what is written.
type span struct{ start, end int }

// closed notes where the part that is open ends, and what it says. A part that
// comes a second time in its row is not opened: it adds to what the first one said.
func (s *Scanner) closed(end int) {
	p := s.open - 1
	s.open = 0
	s.parts[p] = span{s.opened, end}
	switch p { //nolint:exhaustive // the other says nothing
	case partWorkspace:
		s.last.WorkspaceID, s.last.Environment = s.row.WorkspaceID, s.row.Environment
	case partUser:
		s.last.UserID = s.row.UserID
	case partResource:
		s.last.ResourceType = s.row.ResourceType
	}
}

// again takes a part that is what it was.
func (s *Scanner) again(p part) {
	switch p { //nolint:exhaustive // the other says nothing
	case partWorkspace:
		s.row.WorkspaceID, s.row.Environment = s.last.WorkspaceID, s.last.Environment
	case partUser:
		s.row.UserID = s.last.UserID
	case partResource:
		s.row.ResourceType = s.last.ResourceType
	}
}
