package bench

import (
	"encoding/json"
	"fmt"
	"slices"

	goccy "github.com/goccy/go-json"
	segmentio "github.com/segmentio/encoding/json"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/internal/pages"
)

// decoder reads a page into typed events.
type decoder struct {
	name, lacks string
	// start gives a function that decodes the page, and one that gives what was
	// decoded last; nil: this one makes no values.
	start func(page []byte) (decode func() (events int, err error), rows func() ([]Row, error))
}

// What strict structs do not give.
const (
	Strict    = "Raw, leniency"
	StrictRaw = "leniency"
)

// The names of contestants that others speak of. Those of V2 are there in a
// build with the experiment jsonv2 only.
const (
	SDK      = "this SDK"
	Standard = "encoding/json"
	V2       = "encoding/json/v2"
	WithRaw  = ", with Raw"
)

func decoders() []decoder {
	all := []decoder{
		{SDK, "", startSDK},
		{Standard, Strict, whole(json.Unmarshal)},
		{Standard + WithRaw, StrictRaw, rowByRow(json.Unmarshal)},
		{"goccy/go-json", Strict, whole(goccy.Unmarshal)},
		{"goccy/go-json" + WithRaw, StrictRaw, rowByRow(goccy.Unmarshal)},
		{"segmentio/encoding", Strict, whole(segmentio.Unmarshal)},
		{"segmentio/encoding, zero copy", Strict + "; the page must not change", whole(segmentioZeroCopy)},
		{"segmentio/encoding" + WithRaw, StrictRaw, rowByRow(segmentio.Unmarshal)},
	}
	return slices.Concat(all, sonicDecoders(), simdDecoders(), experimental())
}

func segmentioZeroCopy(data []byte, v any) error {
	_, err := segmentio.Parse(data, v, segmentio.ZeroCopy)
	return err
}

func startSDK(page []byte) (func() (int, error), func() ([]Row, error)) {
	var last activity.Page
	decode := func() (int, error) {
		last = activity.Page{}
		err := last.UnmarshalJSON(page)
		return len(last.Events), err
	}
	rows := func() ([]Row, error) {
		rows := make([]Row, len(last.Events))
		for i, event := range last.Events {
			var err error
			if rows[i], err = rowOf(event); err != nil {
				return nil, err
			}
		}
		return rows, nil
	}
	return decode, rows
}

// whole decodes a page in one call.
func whole(unmarshal func([]byte, any) error) func([]byte) (func() (int, error), func() ([]Row, error)) {
	return func(page []byte) (func() (int, error), func() ([]Row, error)) {
		var last Page
		decode := func() (int, error) {
			last = Page{}
			err := unmarshal(page, &last)
			return len(last.Data), err
		}
		return decode, func() ([]Row, error) { return last.Data, nil }
	}
}

// rowByRow decodes a page so that each row keeps its bytes.
func rowByRow(unmarshal func([]byte, any) error) func([]byte) (func() (int, error), func() ([]Row, error)) {
	return func(page []byte) (func() (int, error), func() ([]Row, error)) {
		var last []Row
		decode := func() (int, error) {
			var answer struct {
				Data  []json.RawMessage `json:"data"`
				Total int               `json:"total"`
			}
			if err := unmarshal(page, &answer); err != nil {
				return 0, err
			}
			last = make([]Row, len(answer.Data))
			for i, raw := range answer.Data {
				if err := unmarshal(raw, &last[i]); err != nil {
					return 0, err
				}
				last[i].Raw = raw
			}
			return len(last), nil
		}
		return decode, func() ([]Row, error) { return last, nil }
	}
}

func decodeTask() Task {
	task := Task{Name: "decode"}
	for _, d := range decoders() {
		task.Contestants = append(task.Contestants, Contestant{
			Name: d.name, Lacks: d.lacks,
			Prepare: func(in Input) (func() error, error) {
				decode, _ := d.start(pages.Page(in.Shape, in.Events))
				return func() error {
					switch n, err := decode(); {
					case err != nil:
						return fmt.Errorf("%s: %w", d.name, err)
					case n != in.Events:
						return errCount
					}
					return nil
				}, nil
			},
		})
	}
	return task
}
