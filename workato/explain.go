package workato

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// explanation is what a body says about a failure.
type explanation struct {
	message string
	id      string
	fields  map[string][]string
}

const maxSnippet = 300

// explain reads every form of failure that the platform is known to answer
// with, and makes a one-line snippet of everything else. The forms:
//
//	{"message": "…", "id": "…"}
//	{"error": "…", "error_type": "…"}
//	{"errors": ["…"]}, {"errors": {"title": ["…"]}}, {"errors": [{"code": 400, "title": "…"}]}
//	{"success": false, "errors": {…}, "code_errors": […]}
func explain(body []byte) explanation {
	var said struct {
		Message      json.RawMessage `json:"message"`
		ID           json.RawMessage `json:"id"`
		Error        json.RawMessage `json:"error"`
		ErrorType    json.RawMessage `json:"error_type"`
		Errors       json.RawMessage `json:"errors"`
		CodeErrors   json.RawMessage `json:"code_errors"`
		ConfigErrors json.RawMessage `json:"config_errors"`
	}
	if json.Unmarshal(body, &said) != nil {
		return explanation{message: snippet(string(body), maxSnippet)}
	}
	e := explanation{id: snippet(text(said.ID), 128), fields: fieldErrors(said.Errors)}
	failure := text(said.Error)
	if kind := text(said.ErrorType); failure != "" && kind != "" {
		failure += " (" + kind + ")"
	}
	for _, candidate := range []string{text(said.Message), failure, allErrors(said.Errors), text(said.CodeErrors), text(said.ConfigErrors)} {
		if candidate != "" {
			e.message = snippet(candidate, maxSnippet)
			return e
		}
	}
	e.message = snippet(string(body), maxSnippet)
	if e.message == "{}" {
		e.message = ""
	}
	return e
}

// text makes a sentence of a JSON value: strings and numbers as they are, the
// items of lists joined, objects as "field reason" or by the text they carry.
func text(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '"':
		var s string
		_ = json.Unmarshal(raw, &s) // raw was read as JSON before
		return s
	case '[':
		var list []json.RawMessage
		_ = json.Unmarshal(raw, &list)
		return joinTexts(list)
	case '{':
		var object map[string]json.RawMessage
		_ = json.Unmarshal(raw, &object)
		for _, key := range []string{"title", "message", "detail", "error"} {
			// A list here is about a field of that name, not the sentence itself.
			if value := object[key]; len(value) > 0 && value[0] == '"' {
				return text(value)
			}
		}
		return fieldTexts(object)
	default:
		if s := string(raw); s != "null" {
			return s
		}
		return ""
	}
}

// allErrors is text, but where "errors" is an object its keys are fields, also
// one that is called "title".
func allErrors(raw json.RawMessage) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil {
		return fieldTexts(object)
	}
	return text(raw)
}

func fieldTexts(object map[string]json.RawMessage) string {
	parts := make([]string, 0, len(object))
	for _, key := range slices.Sorted(maps.Keys(object)) {
		parts = append(parts, strings.TrimSpace(key+" "+text(object[key])))
	}
	return strings.Join(parts, "; ")
}

func joinTexts(list []json.RawMessage) string {
	var parts []string
	for _, item := range list {
		if s := text(item); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "; ")
}

// fieldErrors reads {"title": ["…", …]} and {"title": "…"}.
func fieldErrors(raw json.RawMessage) map[string][]string {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || len(object) == 0 {
		return nil
	}
	fields := make(map[string][]string, len(object))
	for field, value := range object {
		var list []json.RawMessage
		if json.Unmarshal(value, &list) != nil {
			list = []json.RawMessage{value}
		}
		for _, item := range list {
			fields[snippet(field, maxSnippet)] = append(fields[snippet(field, maxSnippet)], snippet(text(item), maxSnippet))
		}
	}
	return fields
}

// snippet makes one line of at most limit bytes: what is white space or
// cannot be printed becomes one space, and the cut is between characters.
func snippet(s string, limit int) string {
	var line []byte
	gap := func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) || r == utf8.RuneError }
	for _, word := range strings.FieldsFunc(s[:min(len(s), 4*limit)], gap) {
		if len(line) > 0 {
			line = append(line, ' ')
		}
		line = append(line, word...)
		if len(line) > limit {
			const mark = "…"
			end := limit - len(mark)
			for !utf8.RuneStart(line[end]) {
				end--
			}
			return string(line[:end]) + mark
		}
	}
	return string(line)
}
