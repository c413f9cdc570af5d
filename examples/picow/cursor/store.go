// Package cursor keeps what the board has to remember between two starts: the
// checkpoint of the log it watches, and how often it was started.
package cursor

import (
	"encoding/binary"
	"errors"
	"hash/fnv"

	"github.com/workato-go/sdk/examples/picow/flash"
)

// MaxState is how many bytes a checkpoint can have.
const MaxState = 1056

// What keeps a checkpoint from being used. None of them ends by itself: a user
// has to look at it and to begin anew, which is Wipe. What happened in between is
// then lost, and only a user can accept that.
var (
	// ErrCorrupt: there was a checkpoint, and it is damaged. An older one may
	// still be there, but events after it were told already, and the log may have
	// moved on: it is not used.
	ErrCorrupt = errors.New("cursor: the checkpoint is damaged; begin anew")
	// ErrOtherWorkspace: the checkpoint is of another host or customer.
	ErrOtherWorkspace = errors.New("cursor: the checkpoint is of another workspace; begin anew, or set the old one")
	// ErrNewer: a later version of the firmware saved it.
	ErrNewer = errors.New("cursor: the checkpoint is of a newer firmware; install that one, or begin anew")
	// ErrWiped: the checkpoint was removed; the next start begins anew.
	ErrWiped = errors.New("cursor: the checkpoint was removed; restart")
	// ErrTooLong: more than MaxState bytes.
	ErrTooLong = errors.New("cursor: a checkpoint of more than 1,056 bytes")
)

const (
	version  = 1
	headSize = 1 + 8 // version, workspace
)

// Store keeps the checkpoint of one workspace. It is not safe for concurrent use.
type Store struct {
	log       *flash.Log
	workspace uint64
	refused   error // why nothing may be saved
	found     bool
	size      int
	record    [headSize + MaxState]byte
}

// Open looks for the checkpoint of a workspace, which is told apart by the API's
// host and the customer, as in the settings. It is Load that says what is wrong
// with it.
func Open(dev flash.Device, host, customer string) (*Store, error) {
	log, err := flash.Open(dev, flash.Checkpoint)
	if err != nil {
		return nil, err
	}
	s := &Store{log: log, workspace: fingerprint(host, customer)}
	record, err := log.Last(s.record[:])
	switch {
	case errors.Is(err, flash.ErrNone):
	case errors.Is(err, flash.ErrCorrupt), errors.Is(err, flash.ErrTooLong):
		s.refused = ErrCorrupt
	case err != nil:
		return nil, err
	case len(record) < headSize || record[0] == 0:
		s.refused = ErrCorrupt
	case record[0] > version:
		s.refused = ErrNewer
	case binary.LittleEndian.Uint64(record[1:]) != s.workspace:
		s.refused = ErrOtherWorkspace
	default:
		s.found, s.size = true, len(record)-headSize
	}
	return s, nil
}

// Load returns the checkpoint, valid until the next Save; nil, nil if none was
// saved yet. ErrCorrupt, ErrOtherWorkspace and ErrNewer stay until Wipe and
// another Open.
func (s *Store) Load() ([]byte, error) {
	if s.refused != nil || !s.found {
		return nil, s.refused
	}
	return s.record[headSize : headSize+s.size], nil
}

// Save saves the checkpoint. A power cut leaves this one or the one before. While
// Load refuses one, nothing is saved over it.
func (s *Store) Save(state []byte) error {
	if s.refused != nil {
		return s.refused
	}
	if len(state) > MaxState {
		return ErrTooLong
	}
	s.record[0] = version
	binary.LittleEndian.PutUint64(s.record[1:], s.workspace)
	s.found, s.size = true, copy(s.record[headSize:], state)
	return s.log.Append(s.record[:headSize+s.size])
}

// Wipe removes the checkpoint: the next Open finds none. Load and Save give
// ErrWiped from then on, so that a watch that still runs cannot bring back what
// the user wanted to be forgotten.
func (s *Store) Wipe() error {
	if err := s.log.Erase(); err != nil {
		return err
	}
	s.refused = ErrWiped
	return nil
}

// fingerprint tells workspaces apart.
func fingerprint(host, customer string) uint64 {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(host + "\x00" + customer)) // a hash takes everything
	return sum.Sum64()
}
