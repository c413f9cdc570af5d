//go:build !tinygo

package ontarget_test

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/workato-go/sdk/activity/scan"
)

// What the target must read was computed once; here by other means.
func TestExpectationsAreRight(t *testing.T) {
	t.Parallel()
	for _, p := range pages {
		var answer struct {
			Data  []map[string]json.RawMessage
			Total int
		}
		if err := json.Unmarshal([]byte(p.json), &answer); err != nil {
			t.Fatal(p.name, err)
		}
		rows := []row{}
		for _, fields := range answer.Data {
			r := row{
				ID: number(fields["id"]), UserID: number(inside(fields["user"], "id")), WorkspaceID: number(inside(fields["workspace"], "id")),
				TimeMs: millis(fields["timestamp"]),
			}
			for text, raw := range map[*string]json.RawMessage{
				&r.Type: fields["event_type"], &r.ResourceType: inside(fields["resource"], "type"), &r.Environment: inside(fields["workspace"], "environment"),
			} {
				*text = plain(raw)
				if len(*text) > scan.MaxText {
					n := scan.MaxText
					for !utf8.RuneStart((*text)[n]) {
						n--
					}
					*text, r.Cut = (*text)[:n], true
				}
			}
			rows = append(rows, r)
		}
		if !slices.Equal(rows, p.rows) || answer.Total != p.total {
			t.Errorf("%s: is %+v of %d, the tests want %+v of %d", p.name, rows, answer.Total, p.rows, p.total)
		}
	}
}

func TestDocumentedPage(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("../../../activity/testdata/response1.json")
	if err != nil || pages[0].json != string(want) {
		t.Errorf("the page is not the documented one; %v", err)
	}
}

func inside(raw json.RawMessage, key string) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	return fields[key]
}

func plain(raw json.RawMessage) (s string) {
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// number reads a number or a text of one.
func number(raw json.RawMessage) int64 {
	text := string(raw)
	if s := plain(raw); s != "" {
		text = s
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func millis(raw json.RawMessage) int64 {
	for _, layout := range []string{"2006-01-02 15:04:05 MST", "2006-01-02 15:04:05 -0700", time.RFC3339} {
		if when, err := time.Parse(layout, plain(raw)); err == nil {
			return when.UnixMilli()
		}
	}
	return 0
}

func mallocs(f func()) int { return int(testing.AllocsPerRun(10, f)) }
