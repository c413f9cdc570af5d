package sim

// fenwick counts marked places and finds how many lie before a place, both in
// logarithmic time: a log of a day is counted at every request.
type fenwick []int32

func newFenwick(n int) fenwick { return make(fenwick, n+1) }

func (f fenwick) add(place int, n int32) {
	for i := place + 1; i < len(f); i += i & -i {
		f[i] += n
	}
}

// before counts the marks at places 0 to place-1.
func (f fenwick) before(place int) int {
	n := int32(0)
	for i := place; i > 0; i -= i & -i {
		n += f[i]
	}
	return int(n)
}
