package cursor

import (
	"encoding/binary"
	"errors"

	"github.com/workato-go/sdk/examples/picow/flash"
)

// CountBoot counts this start of the board and returns its number: 1 for the
// first. No number is given out twice, also if the power fails meanwhile or the
// memory was damaged; some may be left out. It has sectors of its own, so that a
// board that starts over and over does not wear out those of the checkpoint.
func CountBoot(dev flash.Device) (uint32, error) {
	log, err := flash.Open(dev, flash.Boots)
	if err != nil {
		return 0, err
	}
	var record [4]byte
	before, err := log.Last(record[:])
	if err != nil && !errors.Is(err, flash.ErrNone) && !errors.Is(err, flash.ErrCorrupt) && !errors.Is(err, flash.ErrTooLong) {
		return 0, err
	}
	boot := log.Number()
	if len(before) == len(record) {
		boot = max(boot, binary.LittleEndian.Uint32(before)+1)
	}
	if errors.Is(err, flash.ErrCorrupt) {
		boot += 1 << 16 // beyond what the damaged record can have been
	}
	binary.LittleEndian.PutUint32(record[:], boot)
	return boot, log.Append(record[:])
}
