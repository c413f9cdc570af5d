package scan_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/workato-go/sdk/activity/scan"
	"github.com/workato-go/sdk/internal/lenient"
	"github.com/workato-go/sdk/internal/pages"
)

// BenchmarkScan reads the standard page, a hundred logins, as a whole and in
// pieces.
func BenchmarkScan(b *testing.B) {
	page := pages.Page(pages.Logins, 100)
	for _, size := range []int{len(page), 512, 7, 1} {
		name := strconv.Itoa(size)
		if size == len(page) {
			name = "whole"
		}
		b.Run(name, func(b *testing.B) { benchmarkScan(b, page, size) })
	}
}

// BenchmarkJSONValid only checks the standard page.
func BenchmarkJSONValid(b *testing.B) { benchmarkValid(b, pages.Page(pages.Logins, 100)) }

// BenchmarkEncodingJSON reads the same fields of the standard page.
func BenchmarkEncodingJSON(b *testing.B) { benchmarkJSON(b, pages.Page(pages.Logins, 100)) }

// BenchmarkPages compares the three over shapes and sizes of pages.
func BenchmarkPages(b *testing.B) {
	for _, shape := range pages.Shapes() {
		for _, rows := range []int{100, 1000, 10_000} {
			name := fmt.Sprintf("%s/%d/", shape, rows)
			b.Run(name+"scan", func(b *testing.B) {
				page := pages.Page(shape, rows)
				benchmarkScan(b, page, len(page))
			})
			b.Run(name+"valid", func(b *testing.B) { benchmarkValid(b, pages.Page(shape, rows)) })
			b.Run(name+"json", func(b *testing.B) { benchmarkJSON(b, pages.Page(shape, rows)) })
		}
	}
}

func benchmarkScan(b *testing.B, page []byte, size int) {
	pieces := slices.Collect(slices.Chunk(page, size))
	rows := 0
	s := scan.New(func(item *scan.Item) error {
		if item.ID != 0 && item.TimeMs != 0 {
			rows++
		}
		return nil
	})
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	runs := 0
	for b.Loop() {
		s.Reset()
		for _, piece := range pieces {
			if _, err := s.Write(piece); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		runs++
	}
	if total, _ := s.Total(); rows != runs*total {
		b.Fatalf("%d rows in %d runs, want %d each", rows, runs, total)
	}
}

func benchmarkValid(b *testing.B, page []byte) {
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if !json.Valid(page) {
			b.Fatal("no JSON")
		}
	}
}

// decoded has the fields of an Item for encoding/json.
type decoded struct {
	Data []struct {
		ID        lenient.ID   `json:"id"`
		Timestamp lenient.Text `json:"timestamp"`
		EventType lenient.Text `json:"event_type"`
		Workspace struct {
			ID          lenient.ID   `json:"id"`
			Environment lenient.Text `json:"environment"`
		} `json:"workspace"`
		User struct {
			ID lenient.ID `json:"id"`
		} `json:"user"`
		Resource struct {
			Type lenient.Text `json:"type"`
		} `json:"resource"`
	} `json:"data"`
	Total lenient.ID `json:"total"`
}

func benchmarkJSON(b *testing.B, page []byte) {
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		var answer decoded
		if err := json.Unmarshal(page, &answer); err != nil {
			b.Fatal(err)
		}
		for i := range answer.Data {
			if unixMs(string(answer.Data[i].Timestamp)) == 0 {
				b.Fatal("no time")
			}
		}
	}
}
