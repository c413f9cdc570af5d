// Command toolchain makes two folders out of the installed Go and TinyGo, from
// which TinyGo builds firmware that speaks real TLS on a microcontroller:
//
//	DIR/goroot   GOROOT: Go, with the parts of crypto replaced that do not fit
//	DIR/root     TINYGOROOT: TinyGo, with Go's crypto/tls in place of its stub
//
// Both are trees of links to what is installed, and neither Go nor TinyGo is
// changed. What is replaced, why, and what is lost is listed in pieces.go. A piece
// that does not look as expected, because another Go is installed, is an error:
// crypto is not patched on a guess.
//
//	go run ./toolchain -go "$(go env GOROOT)" -tinygo "$(tinygo env TINYGOROOT)" -o DIR
package main

import (
	"embed"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

//go:embed all:_src
var sources embed.FS

func main() {
	goroot := flag.String("go", "", "the GOROOT of the installed Go")
	tinygo := flag.String("tinygo", "", "the TINYGOROOT of the installed TinyGo; without one, only goroot is made")
	dir := flag.String("o", "", "the `folder` to make; must not exist")
	flag.Parse()
	if *goroot == "" || *dir == "" || flag.NArg() != 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*goroot, *tinygo, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "toolchain:", err)
		os.Exit(1)
	}
}

// run makes dir, whole or not at all.
func run(goroot, tinygo, dir string) (err error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if err := assemble(goroot, filepath.Join(dir, "goroot"), "_src/goroot", goPieces()); err != nil {
		return err
	}
	if tinygo == "" {
		return nil
	}
	return assemble(tinygo, filepath.Join(dir, "root"), "_src/root", tinygoPieces(goroot))
}

// assemble makes the tree to, with a link for each file of from, does what the
// pieces say to folders of src in it, and adds our own files for them.
func assemble(from, to, own string, pieces []piece) error {
	if err := link(from, to); err != nil {
		return err
	}
	for _, p := range pieces {
		dir := filepath.Join(to, "src", p.dir)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := p.replace(dir, path.Join(own, p.dir)); err != nil {
			return fmt.Errorf("%s: %w", p.dir, err)
		}
	}
	return nil
}

// link makes the tree to, with folders of its own for src and what is below it,
// which TinyGo wants to be real, and links for the rest.
func link(from, to string) error {
	if err := os.Mkdir(to, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() != "src" {
			if err := os.Symlink(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
				return err
			}
		}
	}
	src := filepath.Join(from, "src")
	return filepath.WalkDir(src, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below := strings.TrimPrefix(name, from)
		switch {
		case e.Name() == "testdata" && e.IsDir(), below == "/src/cmd":
			return fs.SkipDir
		case e.IsDir():
			return os.Mkdir(filepath.Join(to, below), 0o755)
		case strings.HasSuffix(name, "_test.go"):
			return nil
		}
		return os.Symlink(name, filepath.Join(to, below))
	})
}

// replace does to the folder dir what the piece says.
func (p piece) replace(dir, own string) error {
	if p.empty {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := os.Remove(f); err != nil {
				return err
			}
		}
	}
	if p.links != "" {
		for _, name := range p.linked {
			if err := os.Symlink(filepath.Join(p.links, name), filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	for name, edits := range p.files {
		file := filepath.Join(dir, name)
		if edits == nil {
			if err := os.Remove(file); err != nil {
				return err
			}
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, e := range edits {
			if text, err = e(text); err != nil {
				return fmt.Errorf("%s: %w; the installed Go is not one that these patches were made for", name, err)
			}
		}
		if err := os.Remove(file); err != nil { // else the installed file would be written
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	return add(dir, own)
}

// add writes the files of our own into dir.
func add(dir, own string) error {
	entries, err := fs.ReadDir(sources, own)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		text, err := fs.ReadFile(sources, path.Join(own, e.Name()))
		if err != nil {
			return err
		}
		to := filepath.Join(dir, e.Name())
		if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
