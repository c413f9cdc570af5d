//go:build tinygo

// Command diff makes a first run, meets an event and takes a checkpoint. What
// it needs more than empty is the price of the package.
package main

import "github.com/workato-go/sdk/activity/diff"

func main() {
	t, err := diff.New(diff.BoardConfig())
	if err != nil {
		panic(err.Error())
	}
	rows := 0
	for ms := int64(1718738251000); ms < 1718738551000; ms += 60_000 {
		if _, ok := t.Next(ms); !ok {
			panic("no question")
		}
		t.Begin(ms)
		keep, err := t.Offer(diff.Item{ID: ms, TimeMs: ms, Source: 1})
		if err != nil {
			panic(err.Error())
		}
		if keep == diff.Hold {
			rows++
		}
		if t.End(diff.Tail{Total: 1}) == diff.Deliver {
			if gap, ok := t.Gap(); ok {
				println("missing", gap.Missing)
			}
			t.Ack([]int64{ms})
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
