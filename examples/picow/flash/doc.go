// Package flash keeps records in the flash memory of a board so that a power cut
// at any instant leaves the last completely saved record in place.
//
// A [Log] owns the sectors of one [Area] and appends each record behind the one
// before. When a sector is full, the next one is erased and the log goes on
// there, round and round; the sector with the newest record is never erased for
// that.
//
// # What is in a sector
//
//	page 0         magic, sequence number at which the sector begins, CRC-32
//	pages 1 to 15  records, each on pages of its own:
//	               magic, area, sequence number, length, CRC-32 of the data,
//	               CRC-32 of this head, mark, data
//
// The mark stays unwritten until everything else is written and has been read
// back. It tells two things apart that look alike: a record without the mark was
// cut off by a power failure before Append returned, so that nobody relies on
// it, and is stepped over. A record with the mark was once complete; if its
// checksum is wrong, the memory has lost what it had promised to keep, and that
// is an error.
//
// More than half of the mark's bits decide, so neither a bit error in it nor a
// power cut while it is written can turn one case into the other.
//
// An erase that is cut off leaves random bits. Whatever they look like, they are
// older than the newest record: the sequence number at the beginning of a sector
// says from when on its records count, and a sector whose beginning cannot be
// read is erased again before it is used.
//
// # Wear
//
// A sector endures some 100,000 erasures. A record of up to 224 bytes takes one
// page, and each further 256 bytes another. Records of 1,100 bytes fit three in
// a sector, so the four sectors of [Checkpoint] last 1.2 million saves: 32 years
// at a hundred a day, 3.2 years at a thousand. The two sectors of [Boots] last 3
// million starts.
package flash
