package activity

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// Store keeps the checkpoint of a [Watcher]: a few hundred bytes to some
// kilobytes for each key. Save is a compare-and-set: a watcher that lost its
// place to another finds out before it changes anything. [FileStore] and
// [MemoryStore] are two; a row of a database with a revision column makes a
// third. A state may be moved from one Store to another.
type Store interface {
	// Load gives the state that was saved last, and its revision. Where there is
	// none it gives nil, 0 and no error. Where it is damaged the error matches
	// [ErrCheckpoint], and a Save with the revision that comes with it replaces it.
	Load(ctx context.Context, key string) (state []byte, revision uint64, err error)

	// Save replaces the state if revision is the one that is stored now, 0 for
	// none, and gives the new revision. If it is not, the error matches
	// [ErrFenced]. The state is durable once Save returns, and either the old or
	// the new one wherever it is interrupted.
	Save(ctx context.Context, key string, state []byte, revision uint64) (uint64, error)
}

// The ways in which a checkpoint and a watcher can fail to fit. None of them
// changes the checkpoint; [Watcher.Restart] is the way to begin anew.
var (
	// ErrFenced says that another watcher has the checkpoint: it saved it since,
	// or another process holds its lock.
	ErrFenced = errors.New("activity: another watcher has this checkpoint")
	// ErrCheckpoint says that the checkpoint cannot be read: it is damaged, or a
	// newer version of the SDK wrote it.
	ErrCheckpoint = errors.New("activity: the checkpoint cannot be read")
	// ErrSourceChanged says that the log is another workspace's or environment's
	// than the checkpoint's.
	ErrSourceChanged = errors.New("activity: the log is another workspace's or environment's than the checkpoint's")
	// ErrFilterChanged says that the checkpoint was made with another filter,
	// which counted other events.
	ErrFilterChanged = errors.New("activity: the checkpoint was made with another filter")
)

// MemoryStore keeps checkpoints for as long as the process lives. It is safe
// for concurrent use.
func MemoryStore() Store {
	return &memoryStore{saved: make(map[string]saved)}
}

type saved struct {
	state    []byte
	revision uint64
}

type memoryStore struct {
	mu    sync.Mutex
	saved map[string]saved
}

func (m *memoryStore) Load(_ context.Context, key string) ([]byte, uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.saved[key]
	return slices.Clone(s.state), s.revision, nil
}

func (m *memoryStore) Save(_ context.Context, key string, state []byte, revision uint64) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.saved[key].revision != revision {
		return 0, ErrFenced
	}
	m.saved[key] = saved{slices.Clone(state), revision + 1}
	return revision + 1, nil
}
