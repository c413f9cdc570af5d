package diff

// small is how many bytes of a slice are allocated at once; a larger one
// begins with a few items and doubles. A board's slices are all small: nothing
// is allocated after New. A quiet log on a server pays for what it uses.
const small = 1024

func sized[T any](max, bytes, first int) []T {
	if max*bytes <= small {
		return make([]T, 0, max)
	}
	return make([]T, 0, first)
}

func grown[T any](s []T, max int) []T {
	g := make([]T, len(s), min(max, max8(2*cap(s))))
	copy(g, s)
	return g
}

func max8(n int) int { return max(n, 8) }
