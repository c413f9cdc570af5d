package activity

import "strings"

// key is the name of a field as it stands in a page, with quotes and colon:
// `"event_type":`. Its first 16 bytes are there as two words: comparing those
// takes a few instructions, and then the place behind the key is known without a
// search for its end.
type key struct {
	low, high         uint64
	lowMask, highMask uint64 // which of their bits count
	size              int
	rest              string // what is behind the first 16 bytes
	name              string
}

// maxKeys bounds the keys of an object, so that an index needs no check.
const maxKeys = 16

// keys are the keys of an object, numbered from 1 on.
type keys [maxKeys]key

func keysOf(names ...string) *keys {
	all := new(keys)
	for n := range all {
		all[n].low = 1 // with no bit that counts, no text has it
	}
	for n, name := range names {
		quoted := `"` + name + `":`
		k := &all[n+1]
		*k = key{name: name, size: len(quoted)}
		for i := range min(len(quoted), 8) {
			k.low |= uint64(quoted[i]) << (8 * i)
			k.lowMask |= 0xff << (8 * i)
		}
		for i := 8; i < min(len(quoted), 16); i++ {
			k.high |= uint64(quoted[i]) << (8 * (i - 8))
			k.highMask |= 0xff << (8 * (i - 8))
		}
		k.rest = quoted[min(len(quoted), 16):]
	}
	return all
}

// is says whether the key stands at i.
func (k *key) is(text string, i int) bool {
	b := text[i : i+16]
	return low(b)&k.lowMask == k.low && high(b)&k.highMask == k.high && (k.rest == "" || strings.HasPrefix(text[i+16:], k.rest))
}

// order is what a reader knows of an object's keys: which there are, and what it
// has learned about their order. A platform writes the fields of an object in one
// order, or in a few, so the first guess is what came after the present key the
// last time: a key, or the end of the object. In a page it is nearly always right.
type order struct {
	keys  *keys
	after [maxKeys]uint8 // by the number of a key; 0: the end
}

// What first and next give where it is no key of the object.
const (
	noMore   = -1 // the end of the object
	otherKey = 0  // another key
)

// first is at the brace of an object, and reads it and the first key with its
// colon.
func (r *reader) first(i int, o *order) (number, next int) {
	if r.level++; r.level > maxDepth {
		return noMore, r.fail(i)
	}
	if r.text[i+1] == '"' {
		if k := &o.keys[1]; k.is(r.text, i+1) {
			return 1, i + 1 + k.size
		}
	}
	if i = r.space(i + 1); r.text[i] == '}' {
		r.level--
		return noMore, i + 1
	}
	return r.key(i, o, otherKey)
}

// next is behind a value in an object, and reads the comma and the next key with
// its colon, or the end of the object. last is the key before.
func (r *reader) next(i int, o *order, last int) (number, next int) {
	guess := o.after[last%maxKeys] % maxKeys
	if guess == 0 {
		if r.text[i] == '}' {
			r.level--
			return noMore, i + 1
		}
		return r.nextUnforeseen(i, o, last)
	}
	k := &o.keys[guess]
	b := r.text[i : i+17]
	if b[0] == ',' && low(b[1:])&k.lowMask == k.low && high(b[1:])&k.highMask == k.high && k.rest == "" {
		return int(guess), i + 1 + k.size
	}
	return r.nextUnforeseen(i, o, last)
}

func (r *reader) nextUnforeseen(i int, o *order, last int) (number, next int) {
	i, another := r.more(i, '}')
	if !another {
		r.level--
		o.after[last%maxKeys] = 0
		return noMore, i
	}
	return r.key(r.space(i), o, last)
}

// key reads a key and its colon.
func (r *reader) key(i int, o *order, last int) (number, next int) {
	if k := &o.keys[o.after[last%maxKeys]%maxKeys]; k.is(r.text, i) {
		return int(o.after[last%maxKeys]), i + k.size // behind white space, or a long key
	}
	for n := range o.keys {
		if k := &o.keys[n]; k.is(r.text, i) {
			o.after[last%maxKeys] = uint8(n)
			return n, i + k.size
		}
	}
	name, next, ok := r.quoted(i)
	if !ok {
		return otherKey, r.fail(i)
	}
	next = r.colon(next)
	// encoding/json takes keys in any case, and so does this.
	for n := range o.keys {
		if n > 0 && strings.EqualFold(o.keys[n].name, name) {
			return n, next
		}
	}
	return otherKey, next
}
