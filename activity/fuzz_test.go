package activity_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/internal/pages"
	"github.com/workato-go/sdk/workato"
)

// oddRows are records in shapes that the platform does not document.
var oddRows = []string{
	`{}`, `null`, `7`, `"x"`, `[{}]`, `{"id":"12"}`, `{"id":1e2,"user":{}}`, `{"id":-1,"timestamp":"2024-06-18 19:17:31 UTC"}`,
	`{"user":"x","workspace":[],"resource":null,"details":{"request":[],"error":"no"}}`, `{"resource":{"id":true,"folder_id":"9"}}`,
	"{\"event_type\":\"\\ud83d\\ude80\xff\"}", `{"id":9223372036854775808}`, `{"ID":1,"Id":2,"id":3}`,
}

// odderRows are more of them, for the decoder alone.
var odderRows = []string{
	// Keys in other spellings, fields that come again, parts that come again.
	`{"EVENT_TYPE":"a","Workspace":{"NAME":"b"},"u\u0073er":{"\u0069d":1},"reſource":{"Kind":1,"name":"x"},"wor` + "\u212a" + `space":{"id":5}}`,
	`{"event_type":"a","event_type":null}`, `{"id":1,"id":"x"}`, `{"timestamp":"2024-06-18 19:17:31 UTC","timestamp":{}}`,
	`{"workspace":{"id":1,"name":"a"},"workspace":{"name":"b"},"workspace":null,"workspace":7}`,
	`{"user":{"id":1},"user":{"name":"b"},"user":{"id":null}}`, `{"resource":{"authorized":true,"role":"a"},"resource":{"authorized":"no","name":"b"}}`,
	`{"details":{"request":{"ip_address":"a"},"force":true},"details":{"request":{"user_agent":"b"},"force":null},"details":[]}`,
	`{"resource":{"authorized":true}} `, "\t{ \"id\" :\n 1 , \"user\" : { \"id\" : \"7\" } }\r\n", `{"id":1 ,"user":{"name":"x" }}`,
	`{"` + "\xff" + `id":1,"id` + "\xff" + `":2,"":3,"i":4}`,

	// Leaves of all kinds.
	`{"id":0,"user":{"id":-0},"workspace":{"id":0.0},"resource":{"id":1.50,"folder_id":1E3,"parent_id":12.0}}`,
	`{"id":123456789012345678,"user":{"id":1234567890123456789},"workspace":{"id":12345678},"resource":{"folder_id":123456789,"parent_id":1.5}}`,
	`{"details":{"force":true,"error":false,"run_once":null}}`, `{"details":{"force":"true","error":1,"run_once":"F"}}`, `{"details":{"force":{},"error":[],"run_once":2}}`,
	`{"event_type":"","workspace":{"name":"\"\\\/\b\f\n\r\t"},"user":{"name":"\u00e9\u8a9e\uD83D\uDE80\ud83d\ude80"}}`,
	`{"event_type":"\ud83d","workspace":{"name":"\ude80\ud83d"},"user":{"name":"\ud83d\u0041\ud83dx\ud83d\n\ud83d\ud83d\ude80"}}`,
	"{\"event_type\":\"\xff\xfe\xc3\",\"workspace\":{\"name\":\"\xe8\xaa\",\"email\":\"\xed\xa0\x80\"},\"user\":{\"name\":\"\x7f\u2028é\\u0000\"}}",
	`{"event_type":["a"],"timestamp":12,"workspace":{"name":{},"email":true,"environment":false},"user":{"id":{"id":1},"name":[[]]}}`,
	`{"timestamp":"2024-06-18T12:17:31.693-07:00","resource":{"email_confirmed_at":"2024-04-24 14:23:03 -0700"}}`,
	`{"timestamp":"soon","resource":{"email_confirmed_at":7}}`, `{"x":{"id":[1,{"y":"\u00e9"}]}}`,
}

// noRows are no JSON.
var noRows = []string{
	`{"x":{"id":[1,{"y":"\u00zz"}]}}`,
	``, ` `, `{`, `}`, `{"id"`, `{"id":`, `{"id":1`, `{"id":1,`, `{"id":1,}`, `{"id" 1}`, `{id:1}`, `{"id":01}`, `{"id":1.}`, `{"id":-}`, `{"id":1e}`, `{"id":+1}`, `{"id":.5}`,
	`{"id":tru}`, `{"id":truex}`, `{"details":{"force":truth,"x":1}}`, `{"details":{"force":fals}}`, `{"id":nul`, `{"user":{"name":"a}`, `{"user":{"name":"\`, `{"user":{"name":"\u12"}}`, `{"user":{"name":"\x"}}`,
	"{\"user\":{\"name\":\"a\nb\"}}", "{\"user\":{\"name\":\"a\x00b\"}}", "{\"i\nd\":1}", "{\"id\":1}\x00", `{"id":1}{`, `{"id":1]`, `[1,]`, `[1 2]`, `{"id":1,,"x":2}`, `{"a":[}`, "\ufeff{}", "{\"id\":\x001}",
}

// oddBodies are answers in shapes that the platform does not document.
var oddBodies = []string{
	`{"data":null}`, `{"data":[{"id":1}],"DATA":[]}`, `{"data":[{"id":1}],"data":[{"id":3},{"id":2}]}`, `{"data":[{"id":1}],"data":null}`, `{"data":[],"data":{}}`, `{"data":{},"data":[{"id":1}]}`,
	`{"success":false,"data":[]}`, `{"data":[{"id":1}],"success":false}`, `{"Success":false}`, `{"success":true,"data":[]}`, `{"success":"false","data":[]}`, `{"success":false,"success":0,"data":[]}`,
	`{"data":[],"total":1,"total":null}`, `{"data":[],"total":null,"total":"7"}`, `{"TOTAL":7.0,"data":[]}`, `{"total":{},"data":[]}`, `{"total":-5,"data":[]}`,
	" \n{ \"total\" : 3 , \"data\" : [ {\"id\":2} , 7 , null ] , \"x\" : {\"data\":[1]} } \t", `{"x":[1],"data":[[],{},"",0]}`,
	`{"data":[{"id":1},{"id":2}`, `{"data":[1 2]}`, `{"data":[],}`, `{"data":[,]}`, `{"data":[1,]}`, `{"data":[]}x`, `{"data":[]}}`, `{"data":[{]}}`, `[]`, `7`, `"x"`, `null`, `{}`, ``, `{`, `{"data`, `{"data":`, `{"data":[`, `{"data":[12`, `{"data":[12]`,
	`{"data":[` + strings.Repeat("[", 9998) + strings.Repeat("]", 9998) + `]}`, `{"data":[` + strings.Repeat("[", 9999) + strings.Repeat("]", 9999) + `]}`,
	`{"data":[{"x":` + strings.Repeat(`{"a":`, 9997) + `1` + strings.Repeat("}", 9997) + `}]}`, `{"data":[{"user":` + strings.Repeat("[", 9998) + strings.Repeat("]", 9998) + `}]}`,
	`{"x":` + strings.Repeat("[", 9999) + strings.Repeat("]", 9999) + `,"data":[]}`, `{"x":` + strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + `,"data":[]}`,
}

// FuzzEvent holds the decoder against the oracle, record by record.
func FuzzEvent(f *testing.F) {
	for _, row := range slices.Concat(oddRows, odderRows, noRows) {
		f.Add([]byte(row))
	}
	for _, shape := range pages.Shapes() {
		for _, row := range expectedAnswer(pages.Page(shape, 5)).rows {
			f.Add([]byte(row))
		}
	}
	f.Fuzz(func(t *testing.T, row []byte) {
		got := activity.Event{ID: 42}
		given := bytes.Clone(row)
		err := got.UnmarshalJSON(given)
		want, wantErr := expectedEvent(row)
		if message(err) != message(wantErr) {
			t.Fatalf("got %v, want %v", err, wantErr)
		}
		if err != nil {
			if got.ID != 42 {
				t.Fatal("a failure changes the event")
			}
			return
		}
		clear(given) // the event has what is in it for itself
		compareEvent(t, &got, &want, row)
	})
}

func compareEvent(t *testing.T, got, want *activity.Event, raw []byte) {
	t.Helper()
	if !reflect.DeepEqual(exported(*got), exported(*want)) {
		t.Fatalf("%.300s\ngives %+v\nwant  %+v", raw, exported(*got), exported(*want))
	}
	if !bytes.Equal(got.Raw(), raw) {
		t.Fatalf("Raw is %.300q, was %.300q", got.Raw(), raw)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// FuzzPage holds the decoder against the oracle, answer by answer, and however
// an answer arrives.
func FuzzPage(f *testing.F) {
	for i := range documented {
		f.Add(fixture(f, i+1), uint16(100))
	}
	f.Add([]byte(`{"data":[`+strings.Join(slices.Concat(oddRows, odderRows), ", ")+`],"total":"3"}`), uint16(7))
	for _, row := range noRows {
		f.Add([]byte(`{"data":[`+row+`]}`), uint16(7))
	}
	for _, body := range oddBodies {
		f.Add([]byte(body), uint16(3))
	}
	for _, shape := range pages.Shapes() {
		f.Add(pages.Page(shape, 3), uint16(150))
	}
	f.Fuzz(func(t *testing.T, body []byte, size uint16) {
		want := expectedAnswer(body)
		comparePage(t, body, want)
		compareList(t, body, bytes.NewReader(body), want)
		compareList(t, body, iotest.DataErrReader(&piecewise{body, 1 + int(size)}), want)
		if len(body) < 3000 {
			compareList(t, body, iotest.OneByteReader(bytes.NewReader(body)), want)
		}
	})
}

// piecewise is a body that comes in pieces of so many bytes.
type piecewise struct {
	rest []byte
	size int
}

func (p *piecewise) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.rest[:min(p.size, len(p.rest))])
	p.rest = p.rest[n:]
	return n, nil
}

// comparePage reads an answer that is there as a whole.
func comparePage(t *testing.T, body []byte, want expectation) {
	t.Helper()
	page := activity.Page{Next: 42}
	given := bytes.Clone(body)
	err := page.UnmarshalJSON(given)
	if (err == nil) != (want.err == nil) {
		t.Fatalf("%.300q gives %v, want %v", body, err, want.err)
	}
	if _, ok := errors.AsType[*json.SyntaxError](want.err); ok && err.Error() != want.err.Error() {
		t.Fatalf("%.300q gives %v, want %v", body, err, want.err)
	}
	if err != nil {
		if page.Next != 42 {
			t.Fatal("a failure changes the page")
		}
		return
	}
	clear(given)
	compareRows(t, body, &page, want)
}

// compareList reads an answer that arrives.
func compareList(t *testing.T, body []byte, arriving io.Reader, want expectation) {
	t.Helper()
	client, err := workato.NewClient("wrk-token", workato.WithLimiter(workato.QuotaEnvironment, nil), workato.WithHTTPClient(&http.Client{
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(arriving), ContentLength: -1, Request: r}, nil
		}),
	}))
	if err != nil {
		t.Fatal(err)
	}
	page, err := activity.New(client.Own()).List(context.Background(), activity.ListOptions{})
	_, isSyntax := errors.AsType[*json.SyntaxError](want.err)
	if (err == nil) != (want.err == nil && !want.refused) {
		t.Fatalf("%.300q gives %v, want %v, refused %v", body, err, want.err, want.refused)
	}
	if errors.Is(err, workato.ErrInvalid) != (want.refused && !isSyntax) {
		t.Fatalf("%.300q gives %v, want ErrInvalid: %v", body, err, want.refused)
	}
	if err == nil {
		compareRows(t, body, page, want)
	}
}

func compareRows(t *testing.T, body []byte, page *activity.Page, want expectation) {
	t.Helper()
	if len(page.Events) != len(want.rows) || page.Total != want.total || page.Next != want.next {
		t.Fatalf("%.300q gives %d events of %d, next %d, want %d of %d, next %d", body, len(page.Events), page.Total, page.Next, len(want.rows), want.total, want.next)
	}
	for i, row := range want.rows {
		event, err := expectedEvent(row)
		if err != nil {
			t.Fatal(err)
		}
		compareEvent(t, page.Events[i], &event, row)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
