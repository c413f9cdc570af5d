package sim

import (
	"encoding/binary"
	"errors"
	"slices"
)

func reversed(rows []Row) []Row {
	slices.Reverse(rows)
	return rows
}

func ids(rows []Row) []int64 {
	out := make([]int64, len(rows))
	for i, row := range rows {
		out[i] = row.ID
	}
	return out
}

// pack and unpack are how the simple readers save their numbers.
func pack(numbers ...int64) []byte {
	var out []byte
	for _, n := range numbers {
		out = binary.LittleEndian.AppendUint64(out, uint64(n)) //nolint:gosec // the bits are kept
	}
	return out
}

var errState = errors.New("what was saved has another length")

func unpack(state []byte, into ...*int64) error {
	if len(state) != 8*len(into) {
		return errState
	}
	for i, n := range into {
		*n = int64(binary.LittleEndian.Uint64(state[8*i:])) //nolint:gosec // the bits are kept
	}
	return nil
}

// deliverAndSave is the order that at-least-once needs.
func deliverAndSave(h *Host, rows []Row, state []byte) error {
	if err := h.Deliver(ids(rows)); err != nil {
		return err
	}
	return h.Save(state)
}
