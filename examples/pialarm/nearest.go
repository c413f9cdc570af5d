package main

import "strings"

// nearest is the word that was probably meant; "": none is near.
func nearest(typed string, words []string) string {
	best, least := "", len(typed)/3+1
	for _, word := range words {
		if d := distance(strings.ToLower(typed), strings.ToLower(word)); d <= least && (best == "" || d < least) {
			best, least = word, d
		}
	}
	return best
}

// distance is how many letters must be added, taken away, changed or exchanged
// with their neighbor to make one word of another.
func distance(a, b string) int {
	var before, previous, row []int
	for j := range len(b) + 1 {
		previous = append(previous, j)
	}
	for i := range len(a) {
		row = append(make([]int, 0, len(b)+1), i+1)
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			d := min(previous[j+1]+1, row[j]+1, previous[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d = min(d, before[j-1]+1)
			}
			row = append(row, d)
		}
		before, previous = previous, row
	}
	return previous[len(b)]
}
