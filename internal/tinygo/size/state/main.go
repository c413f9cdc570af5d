//go:build tinygo

// Command state says what the packages need of the RAM that is not in a
// program's static data, and how large a checkpoint is.
package main

import (
	"runtime"
	"unsafe"

	"github.com/workato-go/sdk/activity/diff"
	"github.com/workato-go/sdk/activity/scan"
)

var before, after runtime.MemStats

func main() {
	println("a scanner:", int(unsafe.Sizeof(scan.Scanner{})), "bytes")

	c := diff.BoardConfig()
	runtime.ReadMemStats(&before)
	t, err := diff.New(c)
	runtime.ReadMemStats(&after)
	if err != nil {
		panic(err.Error())
	}
	println("a tracker of", c.RingSize, "IDs:", int(after.TotalAlloc-before.TotalAlloc), "bytes in", int(after.Mallocs-before.Mallocs), "pieces")

	// More events than the ring holds, all new.
	const first = 5_000_000_000
	now := int64(1718738251000)
	start, held := now, make([]int64, 0, c.MaxPageSize)
	t.Start(start)
	for last := int64(first); last < first+3*int64(c.RingSize); last++ {
		now += 1000
		for step := diff.More; step != diff.Idle; {
			q, ok := t.Next(now)
			if !ok {
				panic("no question")
			}
			t.Begin(now)
			id := last
			if q.After != 0 {
				id = q.After - 1
			}
			at := func(id int64) int64 { return start + 1000*(id-first) }
			for n := 0; n < q.Size && id >= first && at(id) >= q.FromMs; n++ {
				keep, err := t.Offer(diff.Item{ID: id, TimeMs: at(id), Source: 1})
				if err != nil {
					panic(err.Error())
				}
				if keep == diff.Hold {
					held = append(held, id)
				}
				id--
			}
			step = t.End(diff.Tail{Total: int(min(last-first, (now-q.FromMs)/1000) + 1)})
			if step == diff.Deliver {
				step = t.Ack(held)
				held = held[:0]
			}
		}
	}
	saved, err := t.AppendBinary(nil)
	if err != nil {
		panic(err.Error())
	}
	println("its checkpoint with a full ring:", len(saved), "bytes")
	if lag := t.Lag(); lag.Unseen != 0 || len(saved) < 4*c.RingSize {
		panic("events were not told")
	}
}
