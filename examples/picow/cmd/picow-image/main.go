// Command picow-image says what a firmware takes of the chip, and makes the file that
// is dragged onto the board:
//
//	picow-image [-o picow.uf2] firmware.elf
//
// It prints two numbers: bytes of flash, and bytes of RAM that are taken before the
// program begins. TinyGo counts variables with a value among the code here, because
// the functions that write to the flash lie in RAM with them.
package main

import (
	"bufio"
	"debug/elf"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Where flash and RAM of an RP2040 are, and how large the board's are.
const (
	flashAt, flashSize = 0x10000000, 2 << 20
	ramAt, ramSize     = 0x20000000, 256 << 10
)

func main() {
	uf2 := flag.String("o", "", "the UF2 `file` to write; none: only say the sizes")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: picow-image [-o picow.uf2] firmware.elf")
		os.Exit(2)
	}
	if err := run(os.Stdout, flag.Arg(0), *uf2); err != nil {
		fmt.Fprintln(os.Stderr, "picow-image:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, from, uf2 string) error {
	flash, ram, err := read(from)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	if uf2 != "" {
		if err := write(uf2, flash); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(out, len(flash), ram)
	return err
}

// read gives what an ELF file puts into flash, from its beginning, and how much of RAM
// it takes.
func read(name string) (flash []byte, ram uint64, err error) {
	file, err := elf.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	for _, p := range file.Progs {
		if p.Type != elf.PT_LOAD {
			continue
		}
		if p.Vaddr >= ramAt && p.Vaddr < ramAt+ramSize {
			ram = max(ram, p.Vaddr+p.Memsz-ramAt)
		}
		if p.Filesz == 0 {
			continue
		}
		from := p.Paddr - flashAt
		if p.Paddr < flashAt || from >= flashSize || p.Filesz > flashSize-from {
			return nil, 0, fmt.Errorf("%d bytes at %#x do not lie in the board's flash", p.Filesz, p.Paddr)
		}
		if end := from + p.Filesz; end > uint64(len(flash)) {
			flash = append(flash, make([]byte, end-uint64(len(flash)))...)
		}
		if _, err := io.ReadFull(p.Open(), flash[from:from+p.Filesz]); err != nil {
			return nil, 0, err
		}
	}
	if len(flash) == 0 {
		return nil, 0, errors.New("there is nothing for the flash in it")
	}
	return flash, ram, nil
}

// block is one of UF2, as https://github.com/microsoft/uf2 describes it.
type block struct {
	Begin                 [2]uint32
	Flags                 uint32
	At, Size              uint32
	Number, Count, Family uint32
	Data                  [476]byte
	End                   uint32
}

const (
	payload       = 256        // bytes of a block, as the board's boot loader wants them
	familyPresent = 0x2000     // flag
	familyRP2040  = 0xe48bff56 // what else the file is not for
)

func write(name string, flash []byte) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriter(file)
	b := block{
		Begin: [2]uint32{0x0a324655, 0x9e5d5157}, Flags: familyPresent, At: flashAt, Size: payload,
		Count: uint32((len(flash) + payload - 1) / payload), Family: familyRP2040, End: 0x0ab16f30,
	}
	for ; len(flash) > 0; b.Number++ {
		b.Data = [476]byte{}
		n := copy(b.Data[:payload], flash)
		flash = flash[n:]
		if err := binary.Write(out, binary.LittleEndian, b); err != nil {
			return err
		}
		b.At += payload
	}
	return out.Flush()
}
