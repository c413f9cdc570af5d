package scan_test

import (
	"strings"
	"testing"

	"github.com/workato-go/sdk/activity/scan"
)

// FuzzScan holds the scanner against encoding/json, however the page is cut.
func FuzzScan(f *testing.F) {
	for _, page := range samples(f) {
		f.Add(page, uint16(7), uint16(100))
	}
	for _, page := range append(oddPages(), bounded()...) {
		f.Add([]byte(page), uint16(len(page)/2), uint16(3))
	}
	f.Fuzz(func(t *testing.T, page []byte, a, b uint16) {
		want := expected(page)
		compare(t, page, "the whole", scanned(page), want)
		if len(page) == 0 {
			return
		}
		first := int(a) % len(page)
		second := first + int(b)%(len(page)-first)
		compare(t, page, "three pieces", scanned(page[:first], page[first:second], page[second:]), want)
		compare(t, page, "pieces of 16 and fewer", scanned(pieces(page, 1+int(b)%16)...), want)
		compare(t, page, "single bytes", scanned(pieces(page, 1)...), want)
	})
}

// FuzzTimestamp holds the reader of timestamps against package timestamp.
func FuzzTimestamp(f *testing.F) {
	for _, text := range timestamps {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { compareTime(t, text) })
}

// FuzzWhole holds the reader of IDs against package strconv.
func FuzzWhole(f *testing.F) {
	for _, text := range wholes {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { compareWhole(t, text) })
}

func compareTime(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(text, "ſ") {
		return // strings.ToUpper makes an S of it; no server writes pſt
	}
	if got, want := scan.UnixMs([]byte(text)), unixMs(text); got != want {
		t.Errorf("the time of %q is %d, want %d", text, got, want)
	}
}

func compareWhole(t *testing.T, text string) {
	t.Helper()
	n, ok := scan.Whole([]byte(text))
	if want, wantOK := wholeOf(text); n != want || ok != wantOK {
		t.Errorf("the number %q is %d, %v, want %d, %v", text, n, ok, want, wantOK)
	}
}
