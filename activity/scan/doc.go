// Package scan reads the activity log as a stream: bytes go in, what identifies
// each row comes out, and nothing is held but one row. A [Scanner] has less than
// 1,024 bytes, never asks for more, and does not mind where the bytes are cut,
// so that a board with a few kilobytes to spare reads pages of any length.
//
//	s := scan.New(func(item *scan.Item) error {
//		println(item.ID, item.TimeMs)
//		return nil
//	})
//	_, err := io.Copy(s, response.Body)
//	if err == nil {
//		err = s.Close()
//	}
//	total, ok := s.Total()
//
// # What is read
//
// An answer of the log is an object with a list of rows and a count:
//
//	{"data": [{"id": 7, "timestamp": "…", …}, …], "total": 65}
//
// Each element of the list gives one [Item]. It has the row's id, timestamp and
// event_type, the workspace's id and environment, the user's id and the
// resource's type. Everything else may have any shape and is checked, but not
// kept. The fields may come in any order; a field that comes again counts from
// then on.
//
// An item says what package activity says of the same row. IDs may be strings
// or whole numbers in any form, timestamps may have any form of the platform,
// texts may be numbers or booleans. What cannot be read is zero, and a row that
// is no object is an item that is all zero: one odd field must not cost the row,
// nor one odd row the page.
//
// # What is refused
//
// A page must be JSON as RFC 8259 has it and encoding/json takes it. What is
// wrong is a [*SyntaxError], [ErrTruncated], [ErrNoData] or [ErrRefused]. Until
// Close has returned nil, the page may still be wrong, and with it the items
// that came: what must not be done twice or too early waits for it.
//
// # Bounds
//
// Where encoding/json has none, there are these:
//
//   - Lists and objects are nested [MaxDepth] deep at most, else [ErrDepth].
//   - A second field "data" after a list of rows is [ErrRepeated], because those
//     rows have been told.
//   - A text is cut after [MaxText] bytes and marked.
//   - An ID or a timestamp of more than 72 bytes is not read.
//   - A number in a form with a point or an exponent is an ID only where it is
//     whole and at most 2⁵³.
//   - Keys count as the platform writes them, in small letters. Package activity
//     takes them in any case.
//
// # Cost
//
// Write, Close and Reset allocate nothing, but for the [*SyntaxError] of a
// broken page. Tokens are read eight bytes at a time where a write has them as a
// whole, and a workspace, a user or a resource that is the same as in an earlier
// row of the write costs one comparison; so larger writes are faster. The package needs errors, math/bits and unicode/utf8 only.
package scan
