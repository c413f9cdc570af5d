//go:build tinygo

// Command both reads pages and tells what is new on them, as a firmware does.
package main

import (
	"github.com/workato-go/sdk/activity/diff"
	"github.com/workato-go/sdk/activity/scan"
)

var page = []byte(`{"data":[{"id":2234501,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"user_login"}],"total":1}`)

func main() {
	t, err := diff.New(diff.BoardConfig())
	if err != nil {
		panic(err.Error())
	}
	rows := 0
	s := scan.New(func(item *scan.Item) error {
		rows++
		_, err := t.Offer(diff.Item{ID: item.ID, TimeMs: item.TimeMs, Source: uint64(item.WorkspaceID)})
		return err
	})
	for ms := int64(1718738251000); ms < 1718738551000; ms += 60_000 {
		if _, ok := t.Next(ms); !ok {
			panic("no question")
		}
		s.Reset()
		t.Begin(ms)
		if _, err := s.Write(page); err != nil {
			panic(err.Error())
		}
		if err := s.Close(); err != nil {
			panic(err.Error())
		}
		total, _ := s.Total()
		if t.End(diff.Tail{Total: total}) == diff.Deliver {
			if gap, ok := t.Gap(); ok {
				println("missing", gap.Missing)
			}
			t.Ack([]int64{2234501})
		}
	}
	saved, err := t.AppendBinary(make([]byte, 0, 1024))
	if err == nil {
		err = t.UnmarshalBinary(saved)
	}
	if err != nil {
		panic(err.Error())
	}
	println("rows", rows)
}
