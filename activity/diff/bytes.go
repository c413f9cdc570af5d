package diff

import "encoding/binary"

// appendBelow writes an ID as its distance below another. One that is too far
// away becomes none, which is safe for each.
func appendBelow(b []byte, id, than int64) []byte {
	distance := than - id
	if id == 0 || distance >= span32 {
		distance = span32
	}
	return binary.LittleEndian.AppendUint32(b, uint32(distance))
}

func append64(b []byte, v int64) []byte { return binary.LittleEndian.AppendUint64(b, uint64(v)) }

func append48(b []byte, ms int64) []byte {
	v := uint64(min(max(ms, 0), maxTimeMs))
	return append(b, byte(v), byte(v>>8), byte(v>>16), byte(v>>24), byte(v>>32), byte(v>>40))
}

func append32(b []byte, v int64) []byte {
	return binary.LittleEndian.AppendUint32(b, uint32(clamp32(v)))
}

func clamp32(v int64) int32 { return int32(min(max(v, minInt32), maxInt32)) }

// reader takes little-endian numbers from a checkpoint of checked length.
type reader []byte

func (r *reader) uint(bytes int) int64 {
	var v int64
	for i, b := range (*r)[:bytes] {
		v |= int64(b) << (8 * i)
	}
	*r = (*r)[bytes:]
	return v
}

// below reads what appendBelow wrote; negative when that cannot have been.
func (r *reader) below(than int64) int64 {
	switch distance := r.uint(4); {
	case distance == span32:
		return 0
	case distance >= than:
		return -1
	default:
		return than - distance
	}
}

func (r *reader) int64() int64 { return r.uint(8) }
func (r *reader) int32() int64 { return int64(int32(r.uint(4))) }

// checksum is CRC-32 (IEEE), four bits at a time: the tables of hash/crc32
// would take 8 KB of a board's memory.
func checksum(b []byte) uint32 {
	crc := ^uint32(0)
	for _, v := range b {
		crc = nibbles[(crc^uint32(v))&15] ^ crc>>4
		crc = nibbles[(crc^uint32(v>>4))&15] ^ crc>>4
	}
	return ^crc
}

var nibbles = [16]uint32{
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
	0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
}
