package activity_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Random pages mean what the oracle says: rows with their fields in any order,
// with parts that repeat those of other rows or come twice, values of any kind,
// white space anywhere, in pieces of any size; and what becomes of them when some
// bytes change.
func TestRandomPages(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 7))}
		body := []byte(g.page())
		for range 3 {
			want := expectedAnswer(body)
			comparePage(t, body, want)
			compareList(t, body, bytes.NewReader(body), want)
			compareList(t, body, &piecewise{body, 1 + g.IntN(300)}, want)
			body[g.IntN(len(body))] = noise[g.IntN(len(noise))]
		}
	}
}

// A part that is written as in the rows before means what it did there, and adds
// to another one of its row.
func TestRepeatedParts(t *testing.T) {
	t.Parallel()
	for _, field := range []string{`"workspace":%s`, `"user":%s`, `"resource":%s`, `"details":{"request":%s}`} {
		const one, other = `{"id":1,"name":"a","ip_address":"b"}`, `{"email":"c","user_agent":"d"}`
		put := func(parts ...string) string {
			for i, part := range parts {
				parts[i] = fmt.Sprintf(field, part)
			}
			return "{" + strings.Join(parts, ",") + "}"
		}
		rows := []string{
			put(one), put(one), put(one), put(other, one), put(one, other), put(one), put(one, one), put(other), put(other), put(other), put(one, other),
			put(other, one), put(one), put(one), put("null", one), put(one, "null"), put(one, `"x"`), put(one), put(`{}`), put(`{}`), put(`{}`), put(one, `{}`), put(one),
			put(one), put(`{"authorized":true,"role":"e"}`, one), put(one),
		}
		body := []byte(`{"data":[` + strings.Join(rows, ",") + `]}`)
		comparePage(t, body, expectedAnswer(body))
		compareList(t, body, &piecewise{body, 100}, expectedAnswer(body))
	}
}

// An event's parts are its own, however often the log repeats them.
func TestPartsAreNotShared(t *testing.T) {
	t.Parallel()
	page := list(t, `{"data":[`+strings.Repeat(`{"id":1,"user":{"id":2},"details":{"force":true,"request":{"ip_address":"a"}},"resource":{"authorized":true}},`, 5)+`{}]}`)
	for i, event := range page.Events[:5] {
		if event.User.ID != 2 || event.Details.Request.IPAddress != "a" || !*event.Details.Force || !*event.Resource.Authorized {
			t.Errorf("a change of an event before changes event %d: %+v", i, event)
		}
		event.User.ID, event.Details.Request.IPAddress, *event.Details.Force, *event.Resource.Authorized = 3, "b", false, false
	}
}

// noise are bytes that change what a page says.
const noise = "\"\\{}[]:,0-.eu \x00\x80\xe2at"

// generator writes random pages.
type generator struct {
	*rand.Rand
	parts []string // those that were written, to be written again
}

func (g *generator) page() string {
	rows := make([]string, g.IntN(8))
	for i := range rows {
		rows[i] = g.row()
	}
	return g.space() + g.object(
		`"data"`+g.space()+`:`+g.space()+`[`+g.space()+strings.Join(rows, g.space()+`,`+g.space())+g.space()+`]`,
		`"total":`+g.value(), `"meta":`+g.value())
}

func (g *generator) row() string {
	if g.IntN(20) == 0 {
		return g.value()
	}
	fields := []string{g.field("id"), g.field("timestamp"), g.field("event_type"), g.field("x"), `"details":` + g.object(
		g.field("activity"), g.field("stop_reason"), g.field("run_once"), g.field("force"), g.field("error"), `"request":`+g.part("ip_address", "user_agent"))}
	for range 1 + g.IntN(2) { // at times there are two of them
		fields = append(fields,
			`"workspace":`+g.part("id", "name", "email", "environment"), `"user":`+g.part("id", "name", "email"),
			`"resource":`+g.part("id", "name", "type", "path", "folder_id", "folder_path", "file_name", "parent_id", "provider", "identity",
				"authorized", "role", "email", "email_confirmed_at"))
	}
	if g.IntN(2) == 0 {
		g.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	}
	return g.object(fields...)
}

// part is an object that other rows may have as well.
func (g *generator) part(keys ...string) string {
	if len(g.parts) > 0 && g.IntN(3) > 0 {
		return g.parts[g.IntN(len(g.parts))]
	}
	var fields []string
	for _, key := range keys {
		fields = append(fields, g.field(key))
	}
	if g.IntN(4) == 0 {
		g.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	}
	g.parts = append(g.parts, g.object(fields...))
	return g.parts[len(g.parts)-1]
}

// object has most of the fields.
func (g *generator) object(fields ...string) string {
	if g.IntN(30) == 0 {
		return g.value()
	}
	var some []string
	for _, field := range fields {
		if g.IntN(5) > 0 {
			some = append(some, g.space()+field+g.space())
		}
	}
	return "{" + strings.Join(some, ",") + g.space() + "}"
}

func (g *generator) field(key string) string {
	at := g.IntN(len(key))
	switch g.IntN(20) {
	case 0:
		key = key[:at] + fmt.Sprintf(`\u%04x`, key[at]) + key[at+1:]
	case 1:
		key = key[:at] + strings.ToUpper(key[at:])
	}
	return `"` + key + `"` + g.space() + ":" + g.space() + g.value()
}

func (g *generator) value() string {
	values := []string{
		`1`, `12345678`, `123456789012345678`, `1234567890123456789`, `-5`, `0`, `1.50`, `2e3`, `"7"`, `" 8 "`, `"x"`, `""`, `true`, `false`, `null`, `[]`, `{}`,
		`[1,{"a":"b"},[[]]]`, `{"id":1,"name":["x"]}`, `"2024-06-18 19:17:31 UTC"`, `"2024-06-18T12:17:31.693-07:00"`, `"2024-06-18 9:17:31 UTC"`, `"true"`, `"no"`,
		`"a text of more than sixteen bytes"`, `"山田 太郎"`, `"\u5c71 \ud83d\ude80 \n"`, `"\ud83d"`, "\"\xff\"", `"user_login"`, `"` + strings.Repeat("long ", 40) + `"`,
	}
	return values[g.IntN(len(values))]
}

func (g *generator) space() string {
	if g.IntN(4) > 0 {
		return ""
	}
	return []string{" ", "\n", "\t", "\r\n", "\n            "}[g.IntN(5)]
}
