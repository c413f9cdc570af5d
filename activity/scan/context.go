package scan

// context is which container the scanner is in.
type context uint8

const (
	skipped  context = iota // one that nothing is taken from
	inAnswer                // the top object
	inData                  // the list of rows
	inRow
	inWorkspace
	inUser
	inResource
)

// contextDepth is the depth of the innermost contexts.
const contextDepth = 4

// leaf is what a value is taken for.
type leaf uint8

const (
	leafAnswer leaf = iota // the top value
	leafNone
	leafData
	leafTotal
	leafSuccess
	leafRow
	leafID
	leafTime
	leafType
	leafWorkspace
	leafWorkspaceID
	leafEnvironment
	leafUser
	leafUserID
	leafResource
	leafResourceType
)

// inside is the context of an object in the place of each leaf.
var inside = [...]context{
	leafAnswer:       inAnswer,
	leafRow:          inRow,
	leafWorkspace:    inWorkspace,
	leafUser:         inUser,
	leafResource:     inResource,
	leafResourceType: skipped,
}

// tell gives a complete row away. A row that is no object is all zero.
func (s *Scanner) tell() {
	if s.item != nil {
		s.err = s.item(&s.row)
	}
	s.row, s.had = Item{}, 0
}

// text takes a string or a number.
func (s *Scanner) text(raw []byte) {
	switch s.leaf {
	case leafID:
		s.row.ID, _ = whole(raw)
	case leafTime:
		s.row.TimeMs = unixMs(raw)
	case leafType:
		s.row.Type.set(raw)
	case leafWorkspaceID:
		s.row.WorkspaceID, _ = whole(raw)
	case leafEnvironment:
		s.row.Environment.set(raw)
	case leafUserID:
		s.row.UserID, _ = whole(raw)
	case leafResourceType:
		s.row.ResourceType.set(raw)
	case leafTotal:
		s.total, s.hasTotal = 0, false
		if n, ok := whole(raw); ok && n >= 0 && int64(int(n)) == n {
			s.total, s.hasTotal = int(n), true
		}
	case leafRow:
		s.tell()
	default:
		s.clear()
	}
}

// word takes true, false or null.
func (s *Scanner) word() {
	switch {
	case s.leaf == leafSuccess:
		s.refused = s.literal == "false"
	case s.leaf == leafData && s.literal == "null":
		s.data = dataNull
	case s.leaf != leafRow && s.literal == "null":
		s.clear()
	default:
		s.kept.n = copy(s.kept.b[:], s.literal)
		s.text(s.kept.bytes())
	}
}

// clear is for null, an object or a list in the place of something else: what
// an earlier field of the same name said no longer holds.
func (s *Scanner) clear() {
	switch s.leaf { //nolint:exhaustive // the others have nothing to clear
	case leafID:
		s.row.ID = 0
	case leafTime:
		s.row.TimeMs = 0
	case leafType:
		s.row.Type = Text{}
	case leafWorkspaceID:
		s.row.WorkspaceID = 0
	case leafEnvironment:
		s.row.Environment = Text{}
	case leafUserID:
		s.row.UserID = 0
	case leafResourceType:
		s.row.ResourceType = Text{}
	case leafTotal:
		s.total, s.hasTotal = 0, false
	case leafSuccess:
		s.refused = false
	case leafData:
		s.data = dataOther
	}
}
