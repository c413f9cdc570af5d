package activity

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// FileStore keeps each checkpoint in a file of the folder, which it makes if
// need be, readable by its owner only. A file is replaced as a whole and only
// when the new one is on the disk: a crash or a power cut leaves the old
// checkpoint or the new one.
//
// The first Load or Save of a key locks it for this Store and process: another
// process, or another FileStore of the same folder, gets an error that matches
// [ErrFenced]. The system takes the lock back when the process ends, however it
// ends; the Store is an io.Closer whose Close takes it back before. The folder
// must be on a local disk, because locks over a network may not hold.
func FileStore(dir string) Store {
	return &fileStore{dir: dir, locks: make(map[string]*os.File)}
}

type fileStore struct {
	dir string

	mu     sync.Mutex
	locks  map[string]*os.File // held, by key
	closed bool
}

func (s *fileStore) Load(_ context.Context, key string) ([]byte, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.lock(key); err != nil {
		return nil, 0, err
	}
	return s.read(key)
}

func (s *fileStore) Save(_ context.Context, key string, state []byte, revision uint64) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.lock(key); err != nil {
		return 0, err
	}
	_, stored, err := s.read(key)
	if err != nil && !errors.Is(err, ErrCheckpoint) {
		return 0, err
	}
	switch {
	case stored == revision:
	case err != nil:
		return 0, err
	case stored == 0:
		return 0, fmt.Errorf("%w: %s is gone; restore it, or begin anew with Restart", ErrCheckpoint, s.path(key, ".checkpoint"))
	default:
		return 0, ErrFenced
	}
	if err := replaceFile(s.path(key, ".checkpoint"), seal(state, revision+1)); err != nil {
		return 0, fmt.Errorf("activity: saving the checkpoint: %w", err)
	}
	return revision + 1, nil
}

// damagedRevision is the revision of what cannot be read. It is far from those
// that a watcher of better days may still hold.
const damagedRevision = 1 << 62

// Close takes back the locks. The Store must not be used any more.
func (s *fileStore) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	var failures []error
	for key, lock := range s.locks {
		failures = append(failures, lock.Close())
		delete(s.locks, key)
	}
	return errors.Join(failures...)
}

// lock makes sure that the key is this Store's.
func (s *fileStore) lock(key string) error {
	switch {
	case s.closed:
		return fmt.Errorf("activity: the FileStore: %w", os.ErrClosed)
	case s.locks[key] != nil:
		return nil
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("activity: the checkpoint's folder: %w", err)
	}
	file, err := lockFile(s.path(key, ".lock"))
	if errors.Is(err, errLocked) {
		return fmt.Errorf("%w: its file is locked by another process or Store", ErrFenced)
	}
	if err != nil {
		return fmt.Errorf("activity: locking the checkpoint: %w", err)
	}
	s.locks[key] = file
	return nil
}

// errLocked is what lockFile says of a lock that somebody else has.
var errLocked = errors.New("locked")

func (s *fileStore) read(key string) ([]byte, uint64, error) {
	path := s.path(key, ".checkpoint")
	sealed, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("activity: reading the checkpoint: %w", err)
	}
	state, revision, ok := unseal(sealed)
	if !ok {
		return nil, damagedRevision, fmt.Errorf("%w: %s is damaged; restore it, or begin anew with Restart", ErrCheckpoint, path)
	}
	return state, revision, nil
}

// path is the file of a key. Every character that a file system might take
// for something else is escaped, so that different keys have different files.
func (s *fileStore) path(key, suffix string) string {
	var name strings.Builder
	for _, b := range []byte(key) {
		if b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '.' {
			name.WriteByte(b)
		} else {
			fmt.Fprintf(&name, "%%%02X", b)
		}
	}
	return filepath.Join(s.dir, "_"+name.String()+suffix) // a name of dots alone is a folder
}

// A sealed file is this head, the revision, the state and a checksum.
var sealHead = []byte("workato-sdk checkpoint 1\n")

func seal(state []byte, revision uint64) []byte {
	sealed := binary.BigEndian.AppendUint64(append([]byte{}, sealHead...), revision)
	sealed = append(sealed, state...)
	return binary.BigEndian.AppendUint32(sealed, crc32.ChecksumIEEE(sealed))
}

func unseal(sealed []byte) (state []byte, revision uint64, ok bool) {
	const frame = 8 + 4
	if len(sealed) < len(sealHead)+frame || string(sealed[:len(sealHead)]) != string(sealHead) {
		return nil, 0, false
	}
	body, sum := sealed[:len(sealed)-4], sealed[len(sealed)-4:]
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(sum) {
		return nil, 0, false
	}
	return body[len(sealHead)+8:], binary.BigEndian.Uint64(body[len(sealHead):]), true
}

// replaceFile makes content the content of the file, all of it or none, and
// durable: a new file on the disk first, then its name, then the folder that
// holds the name.
func replaceFile(path string, content []byte) error {
	temporary := path + ".new"
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}
