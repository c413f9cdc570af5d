package flash

import "errors"

// Device is what a Log needs of a flash memory; TinyGo's machine.Flash has it.
// Writing can only turn ones into zeros; erasing makes all of a sector ones.
type Device interface {
	ReadAt(p []byte, off int64) (n int, err error)
	WriteAt(p []byte, off int64) (n int, err error)
	EraseBlocks(start, count int64) error // both in sectors
	Size() int64                          // bytes, a whole number of sectors
	WriteBlockSize() int64                // bytes of a page
	EraseBlockSize() int64                // bytes of a sector
}

const (
	// PageSize is how many bytes are written at once on a Pico.
	PageSize = 256
	// SectorSize is how many bytes are erased at once.
	SectorSize = 4096

	pagesPerSector = SectorSize / PageSize

	// MaxRecord is how many bytes one record can hold: a sector without its
	// first page and without the record's own head.
	MaxRecord = SectorSize - PageSize - headSize
)

// Area is a run of sectors that one Log lives in. Areas are counted from the end
// of the memory: what TinyGo calls its beginning moves with the size of the
// program.
type Area uint8

// The areas, from the end of the memory towards its beginning.
const (
	Settings   Area = iota + 1 // 2 sectors
	Checkpoint                 // 4 sectors, for the most frequent writer
	Boots                      // 2 sectors
)

// Reserved is how many bytes all areas take at the end of the memory: a program
// must end before them.
const Reserved = 8 * SectorSize

var errArea = errors.New("flash: no such area")

// span is where the area begins, in sectors before the end, and its length.
func (a Area) span() (before, sectors int64, err error) {
	switch a {
	case Settings:
		return 2, 2, nil
	case Checkpoint:
		return 6, 4, nil
	case Boots:
		return 8, 2, nil
	default:
		return 0, 0, errArea
	}
}
