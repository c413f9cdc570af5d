package diff_test

import (
	"fmt"

	"github.com/workato-go/sdk/activity/diff"
)

// A log that is read in pages of two, and a watcher that can hold four events.
func Example() {
	log := []diff.Item{{ID: 7, TimeMs: 1_000_007_000}} // newest first
	now := int64(1_000_010_000)

	config := diff.BoardConfig()
	config.MaxPageSize, config.PageSize, config.Hold = 2, 2, 4
	tracker, err := diff.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}

	// poll is one round: it asks until the tracker has all it wants.
	poll := func() {
		var held []int64
		for {
			query, _ := tracker.Next(now)
			fmt.Printf("  asked for %d below %d\n", query.Size, query.After)

			tracker.Begin(now)
			rows := 0
			for _, item := range log {
				if rows < query.Size && (query.After == 0 || item.ID < query.After) {
					rows++
					if keep, _ := tracker.Offer(item); keep == diff.Hold {
						held = append([]int64{item.ID}, held...)
					}
				}
			}
			switch tracker.End(diff.Tail{Total: len(log)}) {
			case diff.Deliver:
				fmt.Println("delivered", held)
				tracker.Ack(held) // now they are told; save a checkpoint here
				return
			case diff.Idle:
				fmt.Println("nothing new")
				return
			case diff.More: // ask at once
			}
		}
	}

	poll() // what is there at the first run is not told

	// Three events arrive: more than a page.
	log = append([]diff.Item{
		{ID: 12, TimeMs: 1_000_012_000},
		{ID: 11, TimeMs: 1_000_012_000},
		{ID: 9, TimeMs: 1_000_011_000},
	}, log...)
	now += 30_000
	poll()

	// Another one becomes visible late, below those that are delivered.
	log = append(log[:2:2], append([]diff.Item{{ID: 10, TimeMs: 1_000_011_500}}, log[2:]...)...)
	now += 30_000
	poll()

	// Output:
	//   asked for 1 below 0
	//   asked for 2 below 0
	// nothing new
	//   asked for 2 below 0
	//   asked for 2 below 11
	// delivered [9 11 12]
	//   asked for 2 below 0
	//   asked for 2 below 11
	// delivered [10]
}
