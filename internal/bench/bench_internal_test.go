package bench

import (
	"testing"

	"github.com/workato-go/sdk/internal/pages"
)

// The contestants, for benchstat: `go test -bench . -count 10`. Where the
// machine has other things to do, too, cmd/compare gives steadier ratios.

func BenchmarkDecode(b *testing.B) {
	for _, shape := range pages.Shapes() {
		benchmark(b, decodeTask(), Input{shape, 100})
	}
	benchmark(b, decodeTask(), Input{pages.Logins, 1000})
	benchmark(b, decodeTask(), Input{pages.Logins, 10_000})
}

func BenchmarkScan(b *testing.B) {
	for _, shape := range pages.Shapes() {
		benchmark(b, scanTask(), Input{shape, 100})
	}
	benchmark(b, scanTask(), Input{pages.Logins, 1000})
	benchmark(b, scanTask(), Input{pages.Logins, 10_000})
}

func BenchmarkList(b *testing.B) { benchmark(b, listTask(), Input{pages.Mixed, 10_000}) }

func BenchmarkWatch(b *testing.B) { benchmark(b, watchTask(), Input{pages.Logins, 20}) }

func benchmark(b *testing.B, task Task, in Input) {
	for _, c := range task.Contestants {
		b.Run(in.String()+"/"+c.Name, func(b *testing.B) {
			run, err := c.Prepare(in)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*in.Events), "ns/event")
		})
	}
}
