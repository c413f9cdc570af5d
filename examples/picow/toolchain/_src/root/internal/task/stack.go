package task

// lesser is the stack of all goroutines but main's, in bytes.
const lesser = 8 << 10

var begun bool

// stackFor is how large the stack of the next goroutine is. The first one is main's.
func stackFor(size uintptr) uintptr {
	if begun {
		return min(size, lesser)
	}
	begun = true
	return size
}
