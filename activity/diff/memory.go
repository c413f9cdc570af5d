package diff

// small is how many bytes of a slice are allocated at once; a larger one
// begins with a few items and doubles. A board's slices are all small: nothing
// is allocated after New. A quiet log on a server pays for what it uses.
const small = 1024

func sized[T any](most, bytes, first int) []T {
	if most*bytes <= small {
		first = most
	}
	return make([]T, 0, first)
}

func grown[T any](s []T, most int) []T {
	g := make([]T, len(s), min(most, max(2*cap(s), 8)))
	copy(g, s)
	return g
}
