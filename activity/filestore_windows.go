package activity

import (
	"errors"
	"os"
	"syscall"
)

// The system's word for a file that somebody else has opened for himself.
const sharingViolation = syscall.Errno(32)

// lockFile opens a file that nobody else may open meanwhile, or says errLocked.
func lockFile(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	const share = 0 // with nobody
	handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, share, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, sharingViolation) {
		return nil, errLocked
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(handle), path), nil
}

// syncFolder has nothing to do: the system writes names through, and folders
// cannot be flushed.
func syncFolder(string) error { return nil }
