package diff

// ring is what decides: the registered IDs above a floor, exactly, in
// ascending order. A plain highest ID would lose each row that becomes visible
// after a higher one, which happens wherever IDs are given out before commit.
//
// Only the low 32 bits of an ID are kept. They are unambiguous while all IDs
// are less than 1<<32 apart, and the ring lets go of the oldest before that
// ends.
type ring struct {
	ids       []uint32
	lowest    int64 // the ID of ids[0]; 0 when the ring is empty
	floor     int64 // each ID at or below it counts as registered
	max       int
	fromStart bool // the floor is the one that the first run set
}

const span32 = 1<<32 - 1

// id is the whole ID at index i.
func (r *ring) id(i int) int64 { return r.lowest + int64(r.ids[i]-uint32(r.lowest)) }

// highest is the highest ID in the ring; 0 when it is empty.
func (r *ring) highest() int64 {
	if len(r.ids) == 0 {
		return 0
	}
	return r.id(len(r.ids) - 1)
}

// seen tells whether an ID is registered. At or below the floor the answer is
// always yes: what is lost that way shows in the server's count, and what
// would be told twice is not.
func (r *ring) seen(id int64) bool {
	if id <= r.floor {
		return true
	}
	i := r.find(id)
	return i < len(r.ids) && r.id(i) == id
}

// find is the index of the first ID at or above id.
func (r *ring) find(id int64) int {
	if len(r.ids) == 0 || id > r.highest() {
		return len(r.ids) // rows come in ascending order: the usual case
	}
	low, high := 0, len(r.ids)
	for low < high {
		if mid := int(uint(low+high) >> 1); r.id(mid) < id {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// add registers an ID. Before the ring grows it lets go of the IDs up to
// expendable: a quiet log then stays small for ever.
func (r *ring) add(id, expendable int64) {
	if r.seen(id) {
		return
	}
	r.evict(r.find(id - span32))
	if len(r.ids) > 0 && id < r.lowest && (len(r.ids) == r.max || r.highest()-id > span32) {
		r.raise(id) // it would be the first to go
		return
	}
	r.makeRoom(expendable)
	if id <= r.floor {
		return // expendable itself
	}
	i := r.find(id)
	r.ids = append(r.ids, 0)
	copy(r.ids[i+1:], r.ids[i:])
	r.ids[i] = uint32(id)
	if i == 0 {
		r.lowest = id
	}
}

// makeRoom leaves room for one more ID.
func (r *ring) makeRoom(expendable int64) {
	if len(r.ids) < cap(r.ids) {
		return
	}
	if len(r.ids) == r.max {
		r.evict(1)
		return
	}
	r.evict(r.find(expendable + 1))
	if len(r.ids) == cap(r.ids) {
		r.ids = grown(r.ids, r.max)
	}
}

// evict lets go of the n lowest IDs.
func (r *ring) evict(n int) {
	if n == 0 {
		return
	}
	r.raise(r.id(n - 1))
	lowest := int64(0)
	if n < len(r.ids) {
		lowest = r.id(n)
	}
	r.ids = r.ids[:copy(r.ids, r.ids[n:])]
	r.lowest = lowest
}

func (r *ring) raise(floor int64) {
	if floor > r.floor {
		r.floor, r.fromStart = floor, false
	}
}

func (r *ring) clear() { *r = ring{ids: r.ids[:0], max: r.max} }
