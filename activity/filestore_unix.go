//go:build unix && !solaris && !illumos && !aix

package activity

import (
	"errors"
	"os"
	"syscall"
)

// lockFile opens and locks a file, or says errLocked. The lock is gone when the
// file is closed or the process ends. The file stays: removing it would let two
// processes lock two files of one name.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close() // it has not been written to
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked
		}
		return nil, err
	}
	return file, nil
}

// syncFolder makes a renaming durable.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
