package flash_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/workato-go/sdk/examples/picow/flash"
	"github.com/workato-go/sdk/examples/picow/flash/flashtest"
)

const sectors = 8 // of the memories here, the fewest there can be

func open(t *testing.T, dev flash.Device, area flash.Area) *flash.Log {
	t.Helper()
	log, err := flash.Open(dev, area)
	if err != nil {
		t.Fatal("Open:", err)
	}
	return log
}

// last is the newest record as a program sees it after a start.
func last(t *testing.T, dev flash.Device, area flash.Area) ([]byte, error) {
	t.Helper()
	return open(t, dev, area).Last(make([]byte, flash.MaxRecord))
}

func save(t *testing.T, dev flash.Device, area flash.Area, data []byte) {
	t.Helper()
	if err := open(t, dev, area).Append(data); err != nil {
		t.Fatal("Append:", err)
	}
}

// record makes a record that differs from all others; its length too.
func record(i int) []byte {
	lengths := []int{1100, 0, 1, 224, 225, 1024, flash.MaxRecord, 700}
	data := make([]byte, lengths[i%len(lengths)])
	source := rand.New(rand.NewPCG(uint64(i), 7))
	for j := range data {
		data[j] = byte(source.Uint32())
	}
	return data
}

func TestLogKeepsTheNewestRecord(t *testing.T) {
	t.Parallel()
	for _, area := range []flash.Area{flash.Settings, flash.Checkpoint, flash.Boots} {
		memory := flashtest.New(sectors, 1)
		if data, err := last(t, memory, area); !errors.Is(err, flash.ErrNone) || data != nil {
			t.Fatalf("area %d, erased memory: %v, %v", area, data, err)
		}
		kept := open(t, memory, area) // one Log for all, and a new one for each
		for i := range 100 {
			want := record(i)
			before := kept.Number()
			if err := kept.Append(want); err != nil {
				t.Fatal(err)
			}
			if kept.Number() <= before {
				t.Fatalf("area %d, record %d: the number went from %d to %d", area, i, before, kept.Number())
			}
			for _, log := range []*flash.Log{kept, open(t, memory, area)} {
				got, err := log.Last(make([]byte, flash.MaxRecord))
				if err != nil || !bytes.Equal(got, want) {
					t.Fatalf("area %d, record %d of %d bytes: got %d bytes, %v", area, i, len(want), len(got), err)
				}
				if log.Number() != kept.Number() {
					t.Fatalf("area %d, record %d: number %d, after a start %d", area, i, kept.Number(), log.Number())
				}
			}
		}
	}
}

func TestAreasDoNotTouchEachOther(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	areas := []flash.Area{flash.Settings, flash.Checkpoint, flash.Boots}
	for i := range 60 {
		for a, area := range areas {
			save(t, memory, area, record(i+a))
		}
		for a, area := range areas {
			if got, err := last(t, memory, area); err != nil || !bytes.Equal(got, record(i+a)) {
				t.Fatalf("round %d, area %d: %d bytes, %v", i, area, len(got), err)
			}
		}
	}
	if want := memory.Size() - flash.Reserved; memory.Lowest != want {
		t.Errorf("written from offset %d on; Reserved says %d", memory.Lowest, want)
	}
	if err := open(t, memory, flash.Checkpoint).Erase(); err != nil {
		t.Fatal(err)
	}
	for a, area := range areas {
		got, err := last(t, memory, area)
		if area == flash.Checkpoint {
			if !errors.Is(err, flash.ErrNone) {
				t.Errorf("erased area: %v", err)
			}
			continue
		}
		if err != nil || !bytes.Equal(got, record(59+a)) {
			t.Errorf("area %d after another was erased: %d bytes, %v", area, len(got), err)
		}
	}
}

// The heart of the matter: the power fails at each byte of each write and in each
// sixteenth of each erase.
func TestPowerCutAnywhere(t *testing.T) {
	t.Parallel()
	for area, records := range map[flash.Area]struct{ from, to int }{
		flash.Settings:   {0, 8},   // each length
		flash.Checkpoint: {24, 27}, // once round, and on in used sectors
	} {
		memory := flashtest.New(sectors, 1)
		var before []byte
		cuts := 0
		for i := range records.to {
			want := record(i)
			if i < records.from {
				save(t, memory, area, want)
				before = want
				continue
			}
			trial := memory.Clone(1)
			save(t, trial, area, want)
			steps := trial.Steps()
			for cut := range steps {
				if testing.Short() && cut%7 != 0 {
					continue
				}
				cuts++
				torn := memory.Clone(uint64(cut))
				log := open(t, torn, area)
				torn.CutAfter(cut)
				if err := log.Append(want); !errors.Is(err, flashtest.ErrPower) {
					t.Fatalf("record %d, cut at %d of %d: %v", i, cut, steps, err)
				}
				torn.Restart()
				mustHold(t, torn, area, fmt.Sprintf("record %d, cut at %d of %d", i, cut, steps), before, want, i == 0)
			}
			save(t, memory, area, want)
			before = want
		}
		t.Logf("area %d: %d cuts", area, cuts)
	}
}

// mustHold checks what a cut left: the record before, or the new one; no error;
// the same at each start; and saving goes on.
func mustHold(t *testing.T, memory *flashtest.Memory, area flash.Area, where string, before, after []byte, noneBefore bool) {
	t.Helper()
	got, err := last(t, memory, area)
	switch {
	case err == nil && bytes.Equal(got, after):
	case err == nil && !noneBefore && bytes.Equal(got, before):
	case noneBefore && errors.Is(err, flash.ErrNone):
	default:
		t.Fatalf("%s: got %d bytes, %v", where, len(got), err)
	}
	again, errAgain := last(t, memory, area)
	if !bytes.Equal(again, got) || !errors.Is(errAgain, err) {
		t.Fatalf("%s: a second start finds something else", where)
	}
	next := []byte("goes on")
	save(t, memory, area, next)
	if got, err := last(t, memory, area); err != nil || !bytes.Equal(got, next) {
		t.Fatalf("%s: saving after it gives %q, %v", where, got, err)
	}
}

// Power failures one after the other, also while the rest of one is being dealt
// with: however often it fails, nothing that was saved is lost.
func TestPowerCutsInARow(t *testing.T) {
	t.Parallel()
	for seed := range uint64(150) {
		source := rand.New(rand.NewPCG(seed, 3))
		area := []flash.Area{flash.Settings, flash.Checkpoint, flash.Boots}[seed%3]
		memory := flashtest.New(sectors, seed)
		saved, none := []byte(nil), true
		for i := range 60 {
			want := record(source.IntN(100))
			log := open(t, memory, area)
			failing := source.IntN(3) > 0
			if failing {
				memory.CutAfter(source.IntN(6 * flash.PageSize))
			}
			err := log.Append(want)
			memory.Restart()
			if err != nil && !errors.Is(err, flashtest.ErrPower) {
				t.Fatal(err)
			}
			got, errLast := last(t, memory, area)
			switch {
			case errLast == nil && bytes.Equal(got, want):
				saved, none = want, false
			case err == nil:
				t.Fatalf("seed %d, record %d was saved, and is not there: %v", seed, i, errLast)
			case none && errors.Is(errLast, flash.ErrNone):
			case !none && errLast == nil && bytes.Equal(got, saved):
			default:
				t.Fatalf("seed %d, record %d: got %d bytes, %v", seed, i, len(got), errLast)
			}
		}
	}
}

// span finds the bytes of the newest record: those that saving it changed.
func span(before, after *flashtest.Memory) (from, to int) {
	from, to = -1, 0
	for i := range after.Bytes() {
		if before.Bytes()[i] != after.Bytes()[i] {
			if from < 0 {
				from = i
			}
			to = i + 1
		}
	}
	return from, to
}

func TestBitErrorInTheNewestRecord(t *testing.T) {
	t.Parallel()
	for _, area := range []flash.Area{flash.Settings, flash.Checkpoint} {
		for _, count := range []int{2, 3, 5} {
			memory := flashtest.New(sectors, 1)
			for i := range count {
				save(t, memory, area, record(i+5))
			}
			before := memory.Clone(1)
			newest := record(count + 5)
			save(t, memory, area, newest)
			from, to := span(before, memory)
			told := 0
			for off := from; off < to; off++ {
				damaged := memory.Clone(1)
				damaged.Flip(int64(off), off)
				got, err := last(t, damaged, area)
				if err == nil {
					// Not a bit that matters: the record is as it was saved.
					if !bytes.Equal(got, newest) {
						t.Fatalf("%d records, byte %d of %d..%d: an older record is passed off as the newest", count+1, off, from, to)
					}
					continue
				}
				told++
				if !errors.Is(err, flash.ErrCorrupt) {
					t.Fatalf("%d records, byte %d: %v", count+1, off, err)
				}
				if got != nil && !bytes.Equal(got, record(count+4)) {
					t.Fatalf("%d records, byte %d: what comes with ErrCorrupt is not the record before", count+1, off)
				}
				// The next record makes good for it.
				save(t, damaged, area, []byte("anew"))
				if got, err := last(t, damaged, area); err != nil || string(got) != "anew" {
					t.Fatalf("%d records, byte %d, after saving: %q, %v", count+1, off, got, err)
				}
			}
			if told < len(newest) {
				t.Errorf("%d records: %d errors told for %d bytes of data", count+1, told, len(newest))
			}
		}
	}
}

func TestOlderRecordComesWithErrCorrupt(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	save(t, memory, flash.Settings, []byte("older"))
	before := memory.Clone(1)
	save(t, memory, flash.Settings, []byte("newer"))
	from, to := span(before, memory)
	for off := from; off < to; off++ { // in its head, in its data
		damaged := memory.Clone(1)
		damaged.Flip(int64(off), 3)
		got, err := last(t, damaged, flash.Settings)
		if (err != nil || string(got) != "newer") && (!errors.Is(err, flash.ErrCorrupt) || string(got) != "older") {
			t.Errorf("byte %d: %q, %v", off-from, got, err)
		}
	}
	for range 3 { // whatever was the newest is told, however often one looks
		memory.Flip(int64(to-1), 0)
		if _, err := last(t, memory, flash.Settings); !errors.Is(err, flash.ErrCorrupt) {
			t.Errorf("damaged: %v", err)
		}
		memory.Flip(int64(to-1), 0)
	}
}

func TestDamageToOlderRecordsDoesNotMatter(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	for i := range 9 {
		save(t, memory, flash.Checkpoint, record(i))
	}
	before := memory.Clone(1)
	save(t, memory, flash.Checkpoint, record(10))
	from, to := span(before, memory)
	source := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		damaged := memory.Clone(1)
		for range 1 + source.IntN(30) {
			off := source.Int64N(memory.Size())
			if off < int64(from) || off >= int64(to) {
				damaged.Flip(off, source.IntN(8))
			}
		}
		if got, err := last(t, damaged, flash.Checkpoint); err != nil || !bytes.Equal(got, record(10)) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		save(t, damaged, flash.Checkpoint, record(11))
		if got, err := last(t, damaged, flash.Checkpoint); err != nil || !bytes.Equal(got, record(11)) {
			t.Fatalf("after saving: %d bytes, %v", len(got), err)
		}
	}
}

// A memory that held something else is like an empty one.
func TestForeignContents(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		memory := flashtest.New(sectors, seed)
		source := rand.New(rand.NewPCG(seed, 9))
		for i := range memory.Bytes() {
			memory.Bytes()[i] = byte(source.Uint32()) * byte(seed%2)
		}
		if _, err := last(t, memory, flash.Settings); !errors.Is(err, flash.ErrNone) {
			t.Fatalf("seed %d: %v", seed, err)
		}
		save(t, memory, flash.Settings, []byte("first"))
		if got, err := last(t, memory, flash.Settings); err != nil || string(got) != "first" {
			t.Fatalf("seed %d: %q, %v", seed, got, err)
		}
	}
}

func TestEraseLeavesNothing(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	for range 20 {
		save(t, memory, flash.Settings, []byte("a secret"))
	}
	if err := open(t, memory, flash.Settings).Erase(); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(memory.Bytes(), []byte("secret")) {
		t.Error("the secret can still be read")
	}
	if i := slices.IndexFunc(memory.Bytes(), func(b byte) bool { return b != 0xff }); i >= 0 {
		t.Errorf("byte %d is not erased", i)
	}
}

// While the newest record is still there, an erase that is cut off brings no
// older one to light.
func TestPowerCutInErase(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	for i := range 30 {
		save(t, memory, flash.Checkpoint, record(i))
	}
	whole := memory.Clone(1)
	if err := open(t, whole, flash.Checkpoint).Erase(); err != nil {
		t.Fatal(err)
	}
	steps := whole.Steps()
	for seed := range uint64(10) {
		for cut := range steps {
			torn := memory.Clone(seed)
			log := open(t, torn, flash.Checkpoint)
			torn.CutAfter(cut)
			if err := log.Erase(); !errors.Is(err, flashtest.ErrPower) {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			torn.Restart()
			got, err := last(t, torn, flash.Checkpoint)
			if cut < steps*3/4 && (err != nil || !bytes.Equal(got, record(29))) {
				t.Fatalf("cut at %d of %d: %d bytes, %v", cut, steps, len(got), err)
			}
			if err := open(t, torn, flash.Checkpoint).Erase(); err != nil {
				t.Fatal(err)
			}
			if _, err := last(t, torn, flash.Checkpoint); !errors.Is(err, flash.ErrNone) {
				t.Fatalf("cut at %d, erased again: %v", cut, err)
			}
		}
	}
}

// What the package comment says about wear.
func TestWear(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		area            flash.Area
		length, sectors int
		perErasure      int
	}{
		{flash.Checkpoint, 1100, 4, 3},
		{flash.Boots, 4, 2, 15},
	} {
		memory := flashtest.New(sectors, 1)
		log := open(t, memory, test.area)
		const rounds = 50
		saves := rounds * test.sectors * test.perErasure
		for range saves {
			if err := log.Append(make([]byte, test.length)); err != nil {
				t.Fatal(err)
			}
		}
		worn := 0
		for s, n := range memory.Erasures {
			if n == 0 {
				continue
			}
			worn++
			if n != rounds {
				t.Errorf("area %d, sector %d: %d erasures for %d saves; want %d", test.area, s, n, saves, rounds)
			}
		}
		if worn != test.sectors {
			t.Errorf("area %d: %d sectors are used; want %d", test.area, worn, test.sectors)
		}
	}
}

func TestWornMemoryIsNoticed(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	save(t, memory, flash.Settings, []byte("good"))
	stuck := &stuckDevice{Memory: memory}
	log := open(t, stuck, flash.Settings)
	stuck.on = true
	if err := log.Append([]byte("lost")); !errors.Is(err, flash.ErrWorn) {
		t.Errorf("a write that does nothing: %v", err)
	}
	if err := log.Erase(); !errors.Is(err, flash.ErrWorn) {
		t.Errorf("an erase that does nothing: %v", err)
	}
	stuck.on = false
	if got, err := last(t, memory, flash.Settings); err != nil || string(got) != "good" {
		t.Errorf("afterwards: %q, %v", got, err)
	}
}

// A record that the memory garbles while it is written is not made to look
// complete: the one before stays the newest, without an error.
func TestGarbledWrite(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	save(t, memory, flash.Settings, []byte("good"))
	log := open(t, &garbler{memory}, flash.Settings)
	if err := log.Append([]byte("garbled")); !errors.Is(err, flash.ErrWorn) {
		t.Errorf("no error: %v", err)
	}
	if got, err := last(t, memory, flash.Settings); err != nil || string(got) != "good" {
		t.Errorf("afterwards: %q, %v", got, err)
	}
}

type garbler struct{ *flashtest.Memory }

func (d *garbler) WriteAt(p []byte, off int64) (int, error) {
	return d.Memory.WriteAt(bytes.ReplaceAll(p, []byte("led"), []byte("ldd")), off)
}

// The beginning of the newest sector is damaged: what is in it still counts, and
// damage to what comes after is still told.
func TestDamagedBeginningOfASector(t *testing.T) {
	t.Parallel()
	for _, at := range []int{0, 4, 8, 11, 20, 23} {
		memory := flashtest.New(sectors, 1)
		for i := range 20 {
			save(t, memory, flash.Settings, record(1+i%2))
		}
		before := memory.Clone(1)
		save(t, memory, flash.Settings, []byte("a"))
		from, _ := span(before, memory)
		memory.Flip(int64(from/flash.SectorSize*flash.SectorSize+at), at)
		if got, err := last(t, memory, flash.Settings); err != nil || string(got) != "a" {
			t.Fatalf("byte %d: %q, %v", at, got, err)
		}
		before = memory.Clone(1)
		save(t, memory, flash.Settings, []byte("b"))
		from, _ = span(before, memory)
		for memory.Bytes()[from/flash.PageSize*flash.PageSize+32] != 'b' { // not the beginning of a sector
			from += flash.PageSize
		}
		for off := range int64(40) {
			damaged := memory.Clone(1)
			damaged.Flip(int64(from/flash.PageSize*flash.PageSize)+off, 1)
			if got, err := last(t, damaged, flash.Settings); !errors.Is(err, flash.ErrCorrupt) && (err != nil || string(got) != "b") {
				t.Fatalf("byte %d, then %d: %q, %v", at, off, got, err)
			}
		}
	}
}

// stuckDevice says that it wrote and erased, and does not.
type stuckDevice struct {
	*flashtest.Memory

	on bool
}

func (d *stuckDevice) WriteAt(p []byte, off int64) (int, error) {
	if d.on {
		return len(p), nil
	}
	return d.Memory.WriteAt(p, off)
}

func (d *stuckDevice) EraseBlocks(start, count int64) error {
	if d.on {
		return nil
	}
	return d.Memory.EraseBlocks(start, count)
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	log := open(t, memory, flash.Settings)
	if err := log.Append(make([]byte, flash.MaxRecord+1)); !errors.Is(err, flash.ErrTooLong) {
		t.Errorf("too long a record: %v", err)
	}
	save(t, memory, flash.Settings, make([]byte, 10))
	if _, err := open(t, memory, flash.Settings).Last(make([]byte, 9)); !errors.Is(err, flash.ErrTooLong) {
		t.Errorf("too short a buffer: %v", err)
	}
	if _, err := flash.Open(flashtest.New(7, 1), flash.Settings); !errors.Is(err, flash.ErrDevice) {
		t.Errorf("too small a memory: %v", err)
	}
	for _, area := range []flash.Area{0, 4, 255} {
		if _, err := flash.Open(memory, area); err == nil {
			t.Errorf("area %d: no error", area)
		}
	}
}

func TestAppendAllocatesNothing(t *testing.T) { //nolint:paralleltest // counts allocations
	memory := flashtest.New(sectors, 1)
	log := open(t, memory, flash.Checkpoint)
	data, buf := make([]byte, 1100), make([]byte, 1100)
	if n := testing.AllocsPerRun(100, func() {
		if log.Append(data) != nil {
			t.Error("Append failed")
		}
		if _, err := log.Last(buf); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Whatever the memory holds: no panic, no record that was not saved, and saving
// works.
func FuzzContents(f *testing.F) {
	memory := flashtest.New(sectors, 1)
	log, err := flash.Open(memory, flash.Boots)
	if err != nil {
		f.Fatal(err)
	}
	for i := range 3 {
		if err := log.Append(record(i)); err != nil {
			f.Fatal(err)
		}
	}
	start := memory.Size() - flash.Reserved
	f.Add(memory.Bytes()[start : start+2*flash.SectorSize])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, contents []byte) {
		memory := flashtest.New(sectors, 1)
		copy(memory.Bytes()[start:start+2*flash.SectorSize], contents)
		log, err := flash.Open(memory, flash.Boots)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := log.Last(make([]byte, flash.MaxRecord)); err != nil && !errors.Is(err, flash.ErrNone) && !errors.Is(err, flash.ErrCorrupt) {
			t.Fatal(err)
		}
		if err := log.Append([]byte("new")); errors.Is(err, flash.ErrWorn) {
			t.Skip("the numbers are used up, or a page is not blank")
		} else if err != nil {
			t.Fatal(err)
		}
		log, err = flash.Open(memory, flash.Boots)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := log.Last(make([]byte, flash.MaxRecord)); err != nil || string(got) != "new" {
			t.Fatalf("%q, %v", got, err)
		}
	})
}
