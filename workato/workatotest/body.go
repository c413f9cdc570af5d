package workatotest

import (
	"encoding/json"
	"mime"
	"unicode/utf8"
)

// fields is the JSON object in a request's body. Unlike a struct of
// encoding/json it takes a key in its exact spelling only.
type fields map[string]json.RawMessage

// readObject reads the body, which must be one JSON object and say so.
func readObject(c *call) (fields, bool) {
	kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || len(c.body) > maxBody || !utf8.Valid(c.body) {
		return nil, false
	}
	var f fields
	return f, json.Unmarshal(c.body, &f) == nil && f != nil
}

// read decodes one field and says whether it could. A field that is absent or
// null leaves into as it is.
func (f fields) read(key string, into any) bool {
	value, ok := f[key]
	return !ok || json.Unmarshal(value, into) == nil
}
