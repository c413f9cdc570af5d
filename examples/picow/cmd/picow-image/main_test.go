package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// image writes an ELF file with these segments, of which each has its bytes.
func image(t *testing.T, segments []elf.Prog32, contents ...string) string {
	t.Helper()
	var b bytes.Buffer
	put := func(v any) {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	const header, program = 52, 32
	h := elf.Header32{
		Type: uint16(elf.ET_EXEC), Machine: uint16(elf.EM_ARM), Version: 1,
		Phoff: header, Ehsize: header, Phentsize: program, Phnum: uint16(len(segments)),
	}
	copy(h.Ident[:], elf.ELFMAG+"\x01\x01\x01")
	put(h)
	at := header + program*len(segments)
	for i, s := range segments {
		s.Type, s.Off, s.Filesz = uint32(elf.PT_LOAD), uint32(at), uint32(len(contents[i]))
		put(s)
		at += len(contents[i])
	}
	b.WriteString(strings.Join(contents, ""))
	name := filepath.Join(t.TempDir(), "firmware.elf")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestImage(t *testing.T) {
	t.Parallel()
	code := strings.Repeat("code", 100) // a block and a half
	from := image(t, []elf.Prog32{
		{Vaddr: 0x20000000, Paddr: 0x20000000, Memsz: 4096},         // stacks
		{Vaddr: 0x10000000, Paddr: 0x10000000, Memsz: 400},          // code
		{Vaddr: 0x20001000, Paddr: 0x10000000 + 0x190, Memsz: 1000}, // variables, of which some have a value
	}, "", code, "data")
	uf2 := filepath.Join(t.TempDir(), "picow.uf2")
	var out strings.Builder
	if err := run(&out, from, uf2); err != nil {
		t.Fatal(err)
	}
	if out.String() != "404 5096\n" {
		t.Errorf("sizes %q, want 404 and 5096", out.String())
	}
	text, err := os.ReadFile(uf2)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) != 2*512 {
		t.Fatalf("%d bytes, want two blocks of 512", len(text))
	}
	var flash []byte
	for i := range 2 {
		b := text[512*i : 512*(i+1)]
		number := func(at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
		for at, want := range map[int]uint32{
			0: 0x0a324655, 4: 0x9e5d5157, 8: 0x2000, 12: 0x10000000 + 256*uint32(i), 16: 256, 20: uint32(i), 24: 2, 28: 0xe48bff56, 508: 0x0ab16f30,
		} {
			if got := number(at); got != want {
				t.Errorf("block %d has %#x at %d, want %#x", i, got, at, want)
			}
		}
		flash = append(flash, b[32:32+256]...)
	}
	if want := code + "data" + strings.Repeat("\x00", 512-404); string(flash) != want {
		t.Errorf("the flash is %q", flash)
	}
}

func TestNoImage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, file, want string }{
		{"no such file", "missing.elf", "missing.elf"},
		{"no ELF file", "main.go", "main.go: bad magic"},
		{"elsewhere", image(t, []elf.Prog32{{Paddr: 0x08000000}}, "code"), "4 bytes at 0x8000000 do not lie in the board's flash"},
		{"too large", image(t, []elf.Prog32{{Paddr: 0x101ffffe}}, "code"), "4 bytes at 0x101ffffe do not lie in the board's flash"},
		{"empty", image(t, []elf.Prog32{{Vaddr: 0x20000000, Paddr: 0x20000000, Memsz: 4}}, ""), "nothing for the flash"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			uf2 := filepath.Join(t.TempDir(), "picow.uf2")
			err := run(new(strings.Builder), test.file, uf2)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if _, err := os.Stat(uf2); err == nil {
				t.Error("there is a file all the same")
			}
		})
	}
}
