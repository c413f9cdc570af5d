package flash

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// What can be wrong with the records in the memory. Errors of the device itself
// are returned as they are.
var (
	// ErrNone: there is no record; none was ever saved, or they were erased.
	ErrNone = errors.New("flash: no record")
	// ErrCorrupt: the newest record was saved completely and is damaged.
	ErrCorrupt = errors.New("flash: the newest record is damaged")
)

// What can be wrong with a call.
var (
	// ErrTooLong: a record of more than MaxRecord bytes, or one that does not
	// fit the buffer it is read into.
	ErrTooLong = errors.New("flash: the record is too long")
	// ErrWorn: the memory does not hold what was written to it. The record
	// before is still in place.
	ErrWorn = errors.New("flash: the memory does not keep what is written; the board is worn out or damaged")
	// ErrDevice: the memory is too small, or its pages and sectors are not those
	// of a Pico.
	ErrDevice = errors.New("flash: not the memory of a Pico")
)

const (
	headSize = 32

	sectorMagic = 0x31435357 // "WSC1"
	recordMagic = 0x31524357 // "WCR1"

	// Offsets in the head of a record, and of the sequence number and the CRC in
	// that of a sector.
	atMagic, atArea, atSequence, atLength, atData, atHead, atMark = 0, 4, 8, 12, 16, 20, 28

	erased     = 0xff
	lastNumber = 1<<32 - 1
)

// Log is the records of one area. It is not safe for concurrent use, and only
// one Log of an area may be written to.
type Log struct {
	dev     Device
	area    Area
	base    int64 // offset of the area in the device, bytes
	sectors int

	newest  place  // the newest intact record
	damaged place  // the newest damaged record, if newer than the intact one
	active  int    // the sector that is appended to; -1: none can be
	recent  int    // the sector with the highest number; -1: there are none
	free    int    // its next page; pagesPerSector: it is full
	next    uint32 // the next sequence number

	page [PageSize]byte
}

// place is where a record is.
type place struct {
	found    bool
	sector   int
	page     int
	pages    int // 0: unknown, its head cannot be read
	length   int
	sequence uint32 // at least that, if the head cannot be read
	data     uint32 // CRC-32 of the data
}

// newer compares records of one area.
func (p place) newer(q place) bool {
	switch {
	case !q.found:
		return true
	case p.sector == q.sector:
		return p.page > q.page
	default:
		return p.sequence > q.sequence
	}
}

// Open looks through the area. It writes nothing, and a damaged record is no
// error yet: see [Log.Last].
func Open(dev Device, area Area) (*Log, error) {
	before, sectors, err := area.span()
	if err != nil {
		return nil, err
	}
	if dev.WriteBlockSize() != PageSize || dev.EraseBlockSize() != SectorSize || dev.Size() < Reserved || dev.Size()%SectorSize != 0 {
		return nil, ErrDevice
	}
	l := &Log{dev: dev, area: area, base: dev.Size() - before*SectorSize, sectors: int(sectors)}
	if err := l.scan(); err != nil {
		return nil, err
	}
	return l, nil
}

// Number is the sequence number that the next record gets. It grows by at least
// one with each record, until Erase.
func (l *Log) Number() uint32 { return l.next }

// Last reads the newest intact record into buf, which has to be long enough, and
// returns its part of buf. ErrNone: there is no record. ErrCorrupt: there is a
// newer one, and it is damaged; what is returned is the newest before it, or nil.
func (l *Log) Last(buf []byte) ([]byte, error) {
	if !l.newest.found {
		if l.damaged.found {
			return nil, ErrCorrupt
		}
		return nil, ErrNone
	}
	if l.newest.length > len(buf) {
		return nil, ErrTooLong
	}
	buf = buf[:l.newest.length]
	if err := l.read(buf, l.newest.sector, l.newest.page*PageSize+headSize); err != nil {
		return nil, err
	}
	if checksum(buf) != l.newest.data {
		return nil, ErrCorrupt // was intact when the area was looked through
	}
	if l.damaged.found {
		return buf, ErrCorrupt
	}
	return buf, nil
}

// Append saves a record. When it returns nil, the record is the newest and
// survives a power cut; on an error, or a power cut before it returns, it is the
// newest or it never was.
func (l *Log) Append(data []byte) error {
	if len(data) > MaxRecord {
		return ErrTooLong
	}
	if l.next >= lastNumber-1 {
		return ErrWorn // no memory endures so many records
	}
	pages := pagesOf(len(data))
	if l.active < 0 || l.free+pages > pagesPerSector {
		if err := l.turn(); err != nil {
			return err
		}
	}
	p := place{true, l.active, l.free, pages, len(data), l.next, checksum(data)}
	// Whatever comes of it, these pages and this number are used.
	l.free += pages
	l.saw(p.sequence, p.sector)
	for i := range pages {
		rest := l.fill(p, data, i)
		if err := l.write(p.sector, p.page+i); err != nil {
			return err
		}
		data = data[rest:]
	}
	if err := l.mark(p); err != nil {
		return err
	}
	l.newest, l.damaged = p, place{}
	return nil
}

// Erase erases all sectors of the area, so that nothing can be read back, and
// makes sure of it. The sector with the newest record goes last: a power cut
// before that leaves it in place. One in the midst of that can leave anything that
// was ever in this sector; then Erase has to be called again.
func (l *Log) Erase() error {
	last := max(l.recent, 0)
	if l.newest.found && !l.damaged.found {
		last = l.newest.sector
	}
	for i := range l.sectors {
		if err := l.erase((last + 1 + i) % l.sectors); err != nil {
			return errors.Join(err, l.scan())
		}
	}
	return l.scan()
}

// scan finds the newest record, and where to go on.
func (l *Log) scan() error {
	l.newest, l.damaged, l.active, l.recent, l.free, l.next = place{}, place{}, -1, -1, pagesPerSector, 1
	for sector := range l.sectors {
		first, known, err := l.begin(sector)
		if err != nil {
			return err
		}
		if known {
			l.saw(first, sector)
		}
		free, err := l.records(sector, first, known)
		if err != nil {
			return err
		}
		if l.recent == sector {
			// Without a readable beginning it may be half erased: it is left
			// alone.
			l.active, l.free = -1, pagesPerSector
			if known {
				l.active, l.free = sector, free
			}
		}
	}
	if l.damaged.found && !l.damaged.newer(l.newest) {
		l.damaged = place{}
	}
	return nil
}

// saw notes a sequence number that was given out.
func (l *Log) saw(sequence uint32, sector int) {
	if sequence >= l.next {
		l.next, l.recent = sequence+1, sector
	}
}

// begin reads the sequence number at which a sector begins.
func (l *Log) begin(sector int) (first uint32, known bool, err error) {
	head := l.page[:headSize]
	if err := l.read(head, sector, 0); err != nil {
		return 0, false, err
	}
	if number(head, atMagic) != sectorMagic || number(head, atArea) != uint32(l.area) || number(head, atHead) != checksum(head[:atHead]) {
		return 0, false, nil
	}
	return number(head, atSequence), true, nil
}

// records looks through a sector and returns the page behind its last record.
func (l *Log) records(sector int, first uint32, known bool) (free int, err error) {
	free = 1
	for page := 1; page < pagesPerSector; {
		head := l.page[:headSize]
		if err := l.read(head, sector, page*PageSize); err != nil {
			return 0, err
		}
		p := place{found: true, sector: sector, page: page, sequence: first}
		marked := isMarked(head)
		if l.parse(head, &p) {
			page += p.pages
			free = page
			l.saw(p.sequence, sector)
			intact, err := l.intact(p)
			if err != nil {
				return 0, err
			}
			switch {
			case !marked: // cut off, and so never there
			case intact && p.newer(l.newest):
				l.newest = p
			case !intact && p.newer(l.damaged):
				l.damaged = p
			}
			continue
		}
		// Not the head of a record: blank, or data behind a head that cannot be
		// read, or that head itself.
		blank, err := l.blank(sector, page)
		if err != nil {
			return 0, err
		}
		if known && marked && p.newer(l.damaged) {
			l.damaged = p
		}
		page++
		if !blank {
			free = page
		}
	}
	return free, nil
}

// parse reads the head of a record and says whether it is one.
func (l *Log) parse(head []byte, p *place) bool {
	if number(head, atMagic) != recordMagic || number(head, atArea) != uint32(l.area) || number(head, atHead) != checksum(head[:atHead]) {
		return false
	}
	length := number(head, atLength)
	if length > MaxRecord {
		return false
	}
	p.sequence, p.length, p.data = number(head, atSequence), int(length), number(head, atData)
	p.pages = pagesOf(p.length)
	return p.page+p.pages <= pagesPerSector && p.sequence < lastNumber
}

// intact says whether the data of a record is what was saved.
func (l *Log) intact(p place) (bool, error) {
	sum := uint32(0)
	for at := 0; at < p.length; {
		piece := l.page[:min(PageSize, p.length-at)]
		if err := l.read(piece, p.sector, p.page*PageSize+headSize+at); err != nil {
			return false, err
		}
		sum = crc32.Update(sum, crc32.IEEETable, piece)
		at += len(piece)
	}
	return sum == p.data, nil
}

// turn makes another sector the active one. The one with the newest record is
// never taken, also not when others filled up with records that were cut off.
func (l *Log) turn() error {
	sector := (l.recent + 1) % l.sectors
	if l.newest.found && sector == l.newest.sector {
		sector = (sector + 1) % l.sectors
	}
	l.active, l.free = -1, pagesPerSector
	if err := l.erase(sector); err != nil {
		return err
	}
	head := l.clear()
	put(head, atMagic, sectorMagic)
	put(head, atArea, uint32(l.area))
	put(head, atSequence, l.next)
	put(head, atHead, checksum(head[:atHead]))
	if err := l.write(sector, 0); err != nil {
		return err
	}
	l.saw(l.next, sector)
	l.active, l.free = sector, 1
	return nil
}

// fill prepares page i of a record and returns how much of data it took.
func (l *Log) fill(p place, data []byte, i int) int {
	page := l.clear()
	if i > 0 {
		return copy(page, data)
	}
	put(page, atMagic, recordMagic)
	put(page, atArea, uint32(l.area))
	put(page, atSequence, p.sequence)
	put(page, atLength, uint32(p.length)) //nolint:gosec // MaxRecord at most
	put(page, atData, p.data)
	put(page, atHead, checksum(page[:atHead]))
	return copy(page[headSize:], data)
}

// mark says of a record that it is complete. Only the mark is written: ones
// leave the rest of the page as it is.
func (l *Log) mark(p place) error {
	page := l.clear()
	put(page, atMark, 0)
	off := l.offset(p.sector, p.page*PageSize)
	if err := l.program(page, off); err != nil {
		return err
	}
	head := l.page[:headSize]
	if err := l.read(head, p.sector, p.page*PageSize); err != nil {
		return err
	}
	q := p
	if !isMarked(head) || !l.parse(head, &q) || q != p {
		return ErrWorn
	}
	intact, err := l.intact(p)
	if err == nil && !intact {
		err = ErrWorn
	}
	return err
}

// isMarked lets more than half of the bits decide.
func isMarked(head []byte) bool {
	zeros := 0
	for bits := ^number(head, atMark); bits != 0; bits &= bits - 1 {
		zeros++
	}
	return zeros > 16
}

// write writes l.page and reads it back.
func (l *Log) write(sector, page int) error {
	off := l.offset(sector, page*PageSize)
	if err := l.program(l.page[:], off); err != nil {
		return err
	}
	want := checksum(l.page[:])
	if err := l.read(l.page[:], sector, page*PageSize); err != nil {
		return err
	}
	if checksum(l.page[:]) != want {
		return ErrWorn
	}
	return nil
}

func (l *Log) erase(sector int) error {
	if err := l.dev.EraseBlocks(l.offset(sector, 0)/SectorSize, 1); err != nil {
		return err
	}
	for page := range pagesPerSector {
		blank, err := l.blank(sector, page)
		if err != nil {
			return err
		}
		if !blank {
			return ErrWorn
		}
	}
	return nil
}

func (l *Log) blank(sector, page int) (bool, error) {
	if err := l.read(l.page[:], sector, page*PageSize); err != nil {
		return false, err
	}
	return bytes.Count(l.page[:], []byte{erased}) == PageSize, nil
}

// clear returns a page that changes nothing when it is written.
func (l *Log) clear() []byte {
	for i := range l.page {
		l.page[i] = erased
	}
	return l.page[:]
}

func (l *Log) read(p []byte, sector, at int) error {
	n, err := l.dev.ReadAt(p, l.offset(sector, at))
	if n == len(p) {
		return nil
	}
	if err == nil {
		err = ErrDevice
	}
	return err
}

func (l *Log) program(page []byte, off int64) error {
	n, err := l.dev.WriteAt(page, off)
	if err == nil && n != len(page) {
		err = ErrDevice
	}
	return err
}

func (l *Log) offset(sector, at int) int64 {
	return l.base + int64(sector)*SectorSize + int64(at)
}

func pagesOf(length int) int { return (headSize + length + PageSize - 1) / PageSize }

func checksum(p []byte) uint32 { return crc32.ChecksumIEEE(p) }

func number(p []byte, at int) uint32 { return binary.LittleEndian.Uint32(p[at:]) }

func put(p []byte, at int, v uint32) { binary.LittleEndian.PutUint32(p[at:], v) }
