// Package initramfs writes the file system that a Linux kernel unpacks into
// memory before it runs its first program: a cpio archive in the format "newc",
// as Documentation/driver-api/early-userspace/buffer-format.rst of the kernel
// describes it.
//
// It is not compressed. A kernel in an emulator needs longer to unpack an archive
// than the emulator needs to load a bigger one.
package initramfs

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"
)

// The types of files, as in stat(2).
const (
	typeDir    = 0o040000
	typeDevice = 0o020000 // a character device
	typeFile   = 0o100000
)

// File is a file, a folder or a character device.
type File struct {
	Name         string // from the root and without a leading slash: "dev/console"
	Mode         uint32 // permissions
	Content      []byte
	Dir          bool
	Major, Minor uint32 // of a device; both 0: no device
}

// Write writes the files as one archive. A folder must come before what is in
// it, and a name must be clean and only once there: a kernel drops what it cannot
// place without a word.
func Write(w io.Writer, files []File) error {
	a := archive{w: bufio.NewWriter(w)}
	seen := map[string]bool{".": true}
	for i, f := range files {
		switch {
		case f.Name == "" || f.Name != strings.TrimPrefix(path.Clean(f.Name), "/") || strings.HasPrefix(f.Name, ".."):
			return fmt.Errorf("initramfs: %q is not a clean name below the root", f.Name)
		case !seen[path.Dir(f.Name)]:
			return fmt.Errorf("initramfs: %s comes before its folder", f.Name)
		case f.Name == trailer:
			return fmt.Errorf("initramfs: %s is the name that ends an archive", f.Name)
		}
		if _, again := seen[f.Name]; again {
			return fmt.Errorf("initramfs: %s is there twice", f.Name)
		}
		seen[f.Name] = f.Dir
		a.add(i+1, f)
	}
	a.add(0, File{Name: trailer})
	return a.w.Flush()
}

const trailer = "TRAILER!!!"

// archive is what is written; its writer keeps the first error until Flush.
type archive struct {
	w    *bufio.Writer
	size int
}

func (a *archive) add(inode int, f File) {
	mode := f.Mode
	switch {
	case f.Dir:
		mode |= typeDir
	case f.Major != 0 || f.Minor != 0:
		mode |= typeDevice
	case f.Name != trailer:
		mode |= typeFile
	}
	// inode, mode, uid, gid, links, time, size, device (2), of the file as a device
	// (2), length of the name with its zero, checksum (not in this format)
	n, _ := fmt.Fprintf(a.w, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		inode, mode, 0, 0, 1, 0, len(f.Content), 0, 0, f.Major, f.Minor, len(f.Name)+1, 0)
	a.size += n
	a.put(f.Name + "\x00")
	a.put(string(f.Content))
}

// put writes a part and fills it up to a multiple of four bytes of the archive.
func (a *archive) put(s string) {
	n, _ := a.w.WriteString(s)
	a.size += n
	n, _ = a.w.WriteString("\x00\x00\x00"[:-a.size&3])
	a.size += n
}
