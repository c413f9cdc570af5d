package bench

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/buger/jsonparser"
	"github.com/valyala/fastjson"

	"github.com/workato-go/sdk/activity/scan"
	"github.com/workato-go/sdk/internal/pages"
)

// Sighting is what identifies a row: what a program needs that only counts or
// forwards.
type Sighting struct {
	ID, TimeMs, UserID int64
	Type               []byte // valid until the next one
}

// looker tells the sightings of a page, in its order.
type looker struct {
	name, lacks string
	start       func(page []byte, tell func(Sighting)) (look func() error)
}

// Valid is the name of the contestant that only checks.
const Valid = "json.Valid"

func lookers() []looker {
	return []looker{
		{SDK + ", activity/scan", "", startScanner},
		{Valid, "values", startValid},
		{Standard, "streaming", startStandardLook},
		{"valyala/fastjson", "a check of texts and numbers, streaming", startFastjson},
		{"buger/jsonparser", "a check of the page, streaming", startJSONParser},
	}
}

func startScanner(page []byte, tell func(Sighting)) func() error {
	s := scan.New(func(item *scan.Item) error {
		tell(Sighting{item.ID, item.TimeMs, item.UserID, item.Type.Bytes()})
		return nil
	})
	return func() error {
		s.Reset()
		if _, err := s.Write(page); err != nil {
			return err
		}
		return s.Close()
	}
}

func startValid(page []byte, _ func(Sighting)) func() error {
	return func() error {
		if !json.Valid(page) {
			return errCount
		}
		return nil
	}
}

func startStandardLook(page []byte, tell func(Sighting)) func() error {
	return func() error {
		var answer struct {
			Data []struct {
				ID        int64     `json:"id"`
				Timestamp Timestamp `json:"timestamp"`
				EventType string    `json:"event_type"`
				User      struct {
					ID int64 `json:"id"`
				} `json:"user"`
			} `json:"data"`
		}
		if err := json.Unmarshal(page, &answer); err != nil {
			return err
		}
		for _, row := range answer.Data {
			tell(Sighting{row.ID, row.Timestamp.UnixMilli(), row.User.ID, []byte(row.EventType)})
		}
		return nil
	}
}

func startFastjson(page []byte, tell func(Sighting)) func() error {
	var parser fastjson.Parser
	return func() error {
		answer, err := parser.ParseBytes(page)
		if err != nil {
			return err
		}
		for _, row := range answer.GetArray("data") {
			at, err := parseTimestamp(row.GetStringBytes("timestamp"))
			if err != nil {
				return err
			}
			tell(Sighting{row.GetInt64("id"), at.UnixMilli(), row.GetInt64("user", "id"), row.GetStringBytes("event_type")})
		}
		return nil
	}
}

func startJSONParser(page []byte, tell func(Sighting)) func() error {
	paths := [][]string{{"id"}, {"timestamp"}, {"event_type"}, {"user", "id"}}
	var buffer [64]byte
	return func() error {
		var failed error
		_, err := jsonparser.ArrayEach(page, func(row []byte, _ jsonparser.ValueType, _ int, _ error) {
			var s Sighting
			jsonparser.EachKey(row, func(path int, value []byte, _ jsonparser.ValueType, err error) {
				switch path {
				case 0:
					s.ID, err = jsonparser.ParseInt(value)
				case 1:
					at, timeErr := parseTimestamp(value)
					s.TimeMs, err = at.UnixMilli(), timeErr
				case 2:
					s.Type = value
					if bytes.IndexByte(value, '\\') >= 0 {
						s.Type, err = jsonparser.Unescape(value, buffer[:])
					}
				case 3:
					s.UserID, err = jsonparser.ParseInt(value)
				}
				if err != nil {
					failed = err
				}
			}, paths...)
			tell(s)
		}, "data")
		if err == nil {
			err = failed
		}
		return err
	}
}

func scanTask() Task {
	task := Task{Name: "scan"}
	for _, l := range lookers() {
		task.Contestants = append(task.Contestants, Contestant{
			Name: l.name, Lacks: l.lacks,
			Prepare: func(in Input) (func() error, error) {
				n := 0
				look := l.start(pages.Page(in.Shape, in.Events), func(s Sighting) {
					if s.ID != 0 && s.TimeMs != 0 && len(s.Type) > 0 {
						n++
					}
				})
				return func() error {
					n = 0
					if err := look(); err != nil {
						return fmt.Errorf("%s: %w", l.name, err)
					}
					if n != in.Events && l.name != Valid {
						return errCount
					}
					return nil
				}, nil
			},
		})
	}
	return task
}
