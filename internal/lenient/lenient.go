// Package lenient has JSON types that take what a server means, in whatever
// form it comes: a number as a string, a string as a number. What cannot be
// read becomes the zero value and never an error, because one odd field must
// not cost the record that it stands in.
package lenient

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ID is a whole number, also where it comes as a string or in a floating-point
// form. Everything else is 0.
type ID int64

// UnmarshalJSON never fails.
func (id *ID) UnmarshalJSON(data []byte) error {
	*id = 0
	text := strings.TrimSpace(scalar(data))
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		*id = ID(n)
		return nil
	}
	// 1e6 and 12.0 are whole; beyond 2^53 a float no longer says which number.
	if f, err := strconv.ParseFloat(text, 64); err == nil && f == math.Trunc(f) && math.Abs(f) <= 1<<53 {
		*id = ID(f)
	}
	return nil
}

// Text is a string, also where it comes as a number or a boolean. Lists,
// objects and null are "".
type Text string

// UnmarshalJSON never fails.
func (t *Text) UnmarshalJSON(data []byte) error {
	*t = Text(scalar(data))
	return nil
}

// Bool is a boolean, also where it comes as "true" or 1. Everything else is
// neither: Known is false.
type Bool struct{ Value, Known bool }

// UnmarshalJSON never fails.
func (b *Bool) UnmarshalJSON(data []byte) error {
	value, err := strconv.ParseBool(strings.TrimSpace(scalar(data)))
	*b = Bool{Value: value, Known: err == nil}
	return nil
}

// Pointer is nil where the value is not known.
func (b Bool) Pointer() *bool {
	if !b.Known {
		return nil
	}
	return &b.Value
}

// scalar is the text of a string, a number or a boolean.
func scalar(data []byte) string {
	if len(data) == 0 {
		return ""
	}
	switch {
	case data[0] == '"' && len(data) > 1:
		// Most strings hold what they are, and a decoder for each is dear.
		if inner := data[1 : len(data)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
			return string(inner)
		}
		var s string
		if json.Unmarshal(data, &s) != nil {
			return ""
		}
		return s
	case strings.IndexByte("{[n\"", data[0]) >= 0:
		return ""
	default:
		return string(data)
	}
}
