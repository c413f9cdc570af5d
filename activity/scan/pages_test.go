package scan_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// oddPages are answers in shapes that the platform does not document, and some
// that are broken.
func oddPages() []string {
	pages := []string{
		``, ` `, `{}`, `[]`, `null`, `1`, `12.50e3`, `-`, `"data"`, `true`, `[{"data":[]}]`, `{"data":null}`, `{"data":null,"total":0}`, `{"data":[]}`,
		`{"data":{}}`, `{"data":"x"}`, `{"data":1,"total":2}`, `{"data":false}`, `{"Data":[]}`, `{"x":{"data":[{"id":1}]}}`, `{"data":[[[{"id":1}]]]}`,
		`{"data":5,"data":[{"id":1}]}`, `{"data":null,"data":[{"id":1}]}`, `{"data":[{"id":1}],"data":null}`, `{"data":[],"data":[]}`, `{"data":{"data":[]},"data":[]}`, `{"data":[],"data":6`, `{"data":[],"d\u0061ta":x`, `{"data":[],"data" x`, `{"data":[],"x":{"data":[]},"data\"":1}`,
		`{"success":false}`, `{"data":[],"success":false}`, `{"Success":false,"data":[]}`, `{"success":true,"data":[]}`, `{"success":"false","data":[]}`,
		`{"success":false,"success":true,"data":[]}`, `{"success":false,"success":{},"data":[]}`, `{"data":[{"success":false}]}`, `{"SUCCESS":false,"data":[]}`,
		`{"success":false,"success":null,"data":[]}`, `{"success":false,"errors":{"running":["x"]}}`, `{"data":[],"success":0}`,
		`{"total":"12","data":[]}`, `{"data":[],"total":" 12 "}`, `{"data":[],"total":12.0}`, `{"data":[],"total":1e2}`, `{"data":[],"total":-1}`,
		`{"data":[],"total":null}`, `{"data":[],"total":[1]}`, `{"data":[],"total":{"total":1}}`, `{"data":[],"total":1,"total":"x"}`, `{"data":[],"total":1,"total":2}`,
		`{"data":[],"total":9223372036854775807}`, `{"data":[],"total":3000000000}`, `{"data":[],"total":1,"total":null}`, `{"data":[],"total":0}`,
		`{"\u0064\u0061ta":[{"\u0069d":7}],"t\u006ftal":1}`, `{"data":[{"id\u0000":7,"id\"":8,"\ud83d":9,"i\u0064\"":10}]}`, `{"data\u0022":[]}`,
		"{\"data\":[{\"id\xff\":1,\"\xffid\":2,\"id\":3}]}", `{"data":[{"":1,"i":2,"idx":3,"timestampx":4,"workspacex":{"id":5},"event_typ":6}]}`,
		" \t\r\n{ \"data\" : [ { \"id\" : 1 , \"user\" : { \"id\" : 2 } } , { } , [ ] ] , \"total\" : 3 } \n ",
		`{"data":[{"id":1}],"total":1}{`, `{"data":[]}}`, `{"data":[]]`, `{"data":[},]`, `{"data":[1,]}`, `{"data":[{"id":1,}]}`, `{"data":[{"id"}]}`, `{"data":[{1:2}]}`,
		`{"data":[],}`, `{"data" []}`, `{"data"::[]}`, `{data:[]}`, `{'data':[]}`, `{"data":[]} x`, `{"data":[]},"a":1`, `{"data":[] "total":1}`, "\ufeff{\"data\":[]}",
		"{\"data\":[\"a\tb\"]}", "{\"data\":[\"\x7f\x80\xfe\"]}", `{"data":["\u00e9\u","x"]}`, `{"data":["\a"]}`, `{"data":["\U0041"]}`, `{"data":["\u004`, `{"data":["\`,
		`{"data":[tru]}`, `{"data":[trues]}`, `{"data":[nulL]}`, `{"data":[NaN]}`, `{"data":[falſe]}`, `{"data":[true,false,null,true]}`,
		`{"data":[{"workspace":{"id":1,"environment":"a"},"workspace":{"environment":"b"},"workspace":null,"workspace":"x"}]}`,
		`{"data":[{"workspace":[{"id":1}],"user":[{"id":2}],"resource":[{"type":"x"}]}]}`, `{"data":[{"workspace":{"id":{"id":1}},"user":{"user":{"id":3}},"resource":{"resource":{"type":"y"}}}]}`,
		`{"data":[{"details":{"id":1,"timestamp":"2024-06-18 19:17:31 UTC","user":{"id":2},"request":{"id":3,"workspace":{"id":4}}},"x":[{"id":5}],"id":6}]}`,
		`{"data":[{"id":1,"id":null},{"id":1,"id":[]},{"id":1,"id":{}},{"id":1,"id":"x"},{"id":1,"id":true},{"event_type":"a","event_type":null},{"timestamp":"2024-06-18 19:17:31 UTC","timestamp":{}}]}`,
		`{"data":[{"user":{"id":1,"id":null}},{"user":null},{"user":7},{"workspace":{"id":1,"environment":"x","id":[],"environment":[]}},{"resource":{"type":"a","type":{}}}]}`,
		`{"data":[{"event_type":12.50},{"event_type":true},{"event_type":-0},{"event_type":1E+2},{"event_type":false},{"event_type":"true"},{"event_type":["a"]}]}`,
		`{"data":[{"timestamp":1718738251},{"timestamp":"2024-06-18T12:17:31.693-07:00"},{"timestamp":"2024-06-18 12:17:31 PDT"},{"timestamp":" 2024-06-18 19:17:31\u0020UTC\n"}]}`,
		`{"data":[null,1,"x",true,[],[{"id":1}],{"id":2},-1.5e-3,"\u0041",0,false]}`,
		`{"data":[{"a":[],"b":{},"c":[[],[{}],{}],"d":"","id":1},{"e":[1,"2",[3,{"f":4}]],"id":2}],"total":2,"meta":{"data":[1,2],"total":9,"success":false},"x":[[{"total":8}]]}`,
		`{"data":[{"id":1}` + strings.Repeat(" ", 40) + `,` + strings.Repeat("\n", 9) + `{"id":2}]` + strings.Repeat("\t ", 20) + `}`,
		`{"` + strings.Repeat("x", 200) + `":1,"data":[{"` + strings.Repeat("y", 71) + `":2,"event_type":"` + strings.Repeat("z", 90) + `","id":"` + strings.Repeat(" ", 71) + `4"}]}`,
		strings.Repeat("[", 256) + strings.Repeat("]", 256), strings.Repeat("[", 257) + strings.Repeat("]", 257),
		strings.Repeat(`{"a":`, 256) + "1" + strings.Repeat("}", 256), strings.Repeat(`[{"a":`, 128) + "1" + strings.Repeat("}]", 128), strings.Repeat(`[{"a":`, 128) + "1" + strings.Repeat("]}", 128),
		strings.Repeat("[", 256) + strings.Repeat("]", 255) + "}", strings.Repeat(`{"a":[`, 33) + strings.Repeat("]}", 33) + "}",
	}
	// Parts that repeat those of other rows, and some that only seem to.
	pages = append(pages,
		`{"data":[{"workspace":{"id":1,"environment":"a"},"workspace":{"environment":"b"}},{"workspace":{"environment":"b"}},{"workspace":{"environment":"b"},"workspace":{"environment":"b"}},{"workspace":{"id":1,"environment":"a"}}]}`,
		`{"data":[{"user":{"id":11},"user":{"x":12}},{"user":{"x":12}},{"user":{"id":11},"user":{"x":12}},{"user":"x","user":{"x":12}}]}`,
		`{"data":[{"resource":{"id":111}},{"resource":{"id":111}},{"resource":{"id":112}},{"resource":{"id":11}},{"resource":{"id":1113}},{"resource":{"id":111},"id":1}]}`,
		`{"data":[{"resource":{"type":"Flow"}},{"user":{"type":"Flow"}},{"workspace":{"type":"Flow"}},{"resource":{"type":"Flow"}},{"details":{"type":"Flow"}},{"x":{"type":"Flow"},"y":{"type":"Flow"}}]}`,
		`{"data":[{"workspace":{"id":123456789}},{"workspace":{"id":123456789}},{"workspace":{"id":12345678}},{"workspace":{"id":12345678`, `{"data":[{"user":{"id":1234}},{"user":{"id":1234}x}]}`,
		`{"data":[{"details":{"a":{"b":[{}]}}},{"details":{"a":{"b":[{}]}}},[{"details":{"a":{"b":[{}]}}}]],"user":{"id":1},"user":{"id":1}}`,
	)
	for _, number := range []string{
		"0", "-0", "1", "10", "-10", "0.5", "-0.5e+5", "1e5", "1E-5", "100.001", "01", "-01", "00", "1.", ".5", "+1", "-", "--1", "1e", "1e+", "1.e1", "1.5.5", "1e5e5", "0x1", "1a", "1-", "1+1",
		"9999999999", "123456789012345678", "1234567890123456789", "9223372036854775807", "9223372036854775808", "12.0", "1e6", "4.5", "1_0",
	} {
		pages = append(pages, `{"data":[{"id":`+number+`,"user":{"id":`+number+` },"x":`+number+`}],"total":`+number+`}`, number, `[`+number+`]`)
	}
	return pages
}

// bounded are pages with IDs that go beyond what is read here.
func bounded() []string {
	pages := []string{
		`{"data":[{"id":"` + strings.Repeat(" ", 72) + `4"},{"id":"` + strings.Repeat("0", 71) + `4"},{"id":"` + strings.Repeat("0", 72) + `4"},{"id":4` + strings.Repeat("0", 72) + `}]}`,
	}
	for _, text := range wholes {
		pages = append(pages, fmt.Sprintf(`{"data":[{"id":%s,"workspace":{"id":%[1]s}}],"total":%[1]s}`, quoted(text)))
	}
	return pages
}

// quoted is a text as JSON has it.
func quoted(text string) string {
	quoted, err := json.Marshal(strings.ToValidUTF8(text, ""))
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

// generator writes random pages: all JSON, mostly in the shapes that are read.
type generator struct {
	*rand.Rand
	said *[]string // objects so far: rows repeat what was in others
}

func (g generator) page() string {
	keys := map[string]func() string{
		"data": g.rows, "total": g.total, "success": g.pick(`true`, `null`, `"false"`, `{}`), "meta": g.anything,
	}
	return g.space() + g.object(keys, "data", "total", "success", "meta") + g.space()
}

func (g generator) rows() string {
	if g.IntN(20) == 0 {
		return g.pick(`null`, `{}`, `"x"`, `1`)()
	}
	return g.list(g.row)
}

func (g generator) row() string {
	if g.IntN(20) == 0 {
		return g.anything()
	}
	keys := map[string]func() string{
		"id": g.id, "timestamp": g.timestamp, "event_type": g.text, "details": g.anything, "name": g.anything,
		"workspace": func() string {
			return g.either(map[string]func() string{"id": g.id, "environment": g.text, "name": g.text, "x": g.anything})
		},
		"user":     func() string { return g.either(map[string]func() string{"id": g.id, "email": g.text, "x": g.anything}) },
		"resource": func() string { return g.either(map[string]func() string{"id": g.id, "type": g.text, "x": g.anything}) },
	}
	return g.object(keys, "id", "timestamp", "event_type", "workspace", "user", "details", "resource", "name", "id", "workspace")
}

// either is an object, or something in its place.
func (g generator) either(keys map[string]func() string) string {
	if said := *g.said; g.IntN(3) == 0 && len(said) > 0 {
		return said[g.IntN(len(said))]
	}
	if g.IntN(10) == 0 {
		return g.anything()
	}
	*g.said = append(*g.said, g.object(keys, slices.Sorted(maps.Keys(keys))...))
	return (*g.said)[len(*g.said)-1]
}

func (g generator) object(keys map[string]func() string, order ...string) string {
	if g.IntN(2) == 0 {
		g.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	fields, last := []string{}, ""
	for _, key := range order {
		// A second field "data" after rows is beyond what is read.
		if g.IntN(8) > 0 && (key != "data" || last != "data") {
			fields = append(fields, g.space()+g.key(key)+g.space()+":"+g.space()+keys[key]()+g.space())
			last = key
		}
	}
	return "{" + strings.Join(fields, ",") + g.space() + "}"
}

func (g generator) list(element func() string) string {
	elements := make([]string, g.IntN(5))
	for i := range elements {
		elements[i] = g.space() + element() + g.space()
	}
	return "[" + strings.Join(elements, ",") + g.space() + "]"
}

func (g generator) anything() string {
	switch g.IntN(8) {
	case 0:
		return g.list(g.anything)
	case 1, 2:
		return g.object(map[string]func() string{"id": g.anything, "data": g.anything, "x": g.text, "total": g.id}, "id", "data", "x", "total")
	case 3:
		return g.text()
	case 4:
		return g.timestamp()
	default:
		return g.id()
	}
}

func (g generator) id() string {
	return g.pick(`12`, `"12"`, `" 12 "`, `12.0`, `1e3`, `-7`, `0`, `null`, `true`, `"x"`, `4.5`, `9223372036854775807`, `9223372036854775808`, `"\u0031"`, `{}`, `[1]`,
		strconv.FormatInt(g.Int64(), 10), strconv.Itoa(g.IntN(10_000_000)), fmt.Sprintf(`"%d.0"`, g.IntN(10_000_000)))()
}

func (g generator) total() string {
	return g.pick(`0`, `12`, `"12"`, `12.0`, strconv.Itoa(g.IntN(1<<30)))()
}

func (g generator) timestamp() string {
	if g.IntN(10) == 0 {
		return g.text()
	}
	return quoted(timestamps[g.IntN(len(timestamps))])
}

// text is a string of any bytes and escapes, or something in its place.
func (g generator) text() string {
	if g.IntN(10) == 0 {
		return g.pick(`null`, `true`, `false`, `1.50`, `-0`, `[]`, `{"a":"b"}`)()
	}
	var b strings.Builder
	b.WriteByte('"')
	for range g.IntN(20) {
		b.WriteString(g.pick("a", "user_", "login ", "é", "語", "🚀", `\n`, `\"`, `\\`, `\/`, `\u00e9`, `\u8a9e`, `\ud83d\ude80`, `\ud83d`, `\ude80`, `\u0000`, "\xff", "\xe8\xaa", "\x7f", "{", "]", ",")())
	}
	b.WriteByte('"')
	return b.String()
}

// key is a key, at times with an escape.
func (g generator) key(key string) string {
	if g.IntN(10) == 0 {
		i := g.IntN(len(key))
		key = key[:i] + fmt.Sprintf(`\u%04x`, key[i]) + key[i+1:]
	}
	return `"` + key + `"`
}

func (g generator) space() string {
	if g.IntN(3) > 0 {
		return ""
	}
	return g.pick(" ", "\n", "\t", "\r\n", "  \n        ", strings.Repeat(" ", g.IntN(40)))()
}

func (g generator) pick(of ...string) func() string {
	return func() string { return of[g.IntN(len(of))] }
}
