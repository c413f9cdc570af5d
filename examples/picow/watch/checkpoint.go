package watch

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/workato-go/sdk/activity/diff"
	"github.com/workato-go/sdk/examples/internal/alarm"
)

// What ends polling until setup has wiped the checkpoint, and what does not.
var (
	// ErrCheckpoint is a checkpoint that cannot be used; the cause comes with it.
	ErrCheckpoint = errors.New("watch: the checkpoint cannot be used; begin anew in setup")
	// ErrOtherWorkspace is a checkpoint of another host or customer than the
	// settings', or a log that goes over to another workspace or environment.
	ErrOtherWorkspace = errors.New("watch: the checkpoint is of another workspace; begin anew in setup")
	// ErrUnsaved is a checkpoint that the store did not take. Polling goes on; what
	// is told is told again after a start.
	ErrUnsaved = errors.New("watch: the checkpoint cannot be saved")
)

// causedError is a kind of error with its cause.
type causedError struct{ kind, cause error }

func (e *causedError) Error() string   { return e.kind.Error() + ": " + e.cause.Error() }
func (e *causedError) Unwrap() []error { return []error{e.kind, e.cause} }

// load reads the checkpoint the first time.
func (w *Watch) load() error {
	if w.loaded || w.lost != nil {
		return w.lost
	}
	state, err := w.config.Store.Load()
	if err == nil && len(state) > 0 {
		err = w.restore(state)
	}
	switch {
	case errors.Is(err, diff.ErrFilterChanged):
		w.lost = ErrOtherWorkspace
	case err != nil:
		w.lost = &causedError{ErrCheckpoint, err}
	}
	w.loaded, w.fresh, w.saved = true, len(state) == 0, w.config.Now()
	return w.lost
}

// openEvents is what nobody acknowledged, as a checkpoint begins: the severity, and how
// many events. It is saved together with what is told, so that neither a power cut
// nor a new start hides anything.
type openEvents [openedSize]byte

const openedSize = 1 + 4

func (w *Watch) opened() (o openEvents) {
	state := w.State()
	o[0] = byte(state.Severity)
	binary.LittleEndian.PutUint32(o[1:], uint32(min(state.Open, math.MaxInt32))) //nolint:gosec // never negative
	return o
}

func (w *Watch) restore(state []byte) error {
	if len(state) < openedSize || alarm.Severity(state[0]) > alarm.High {
		return diff.ErrForeign
	}
	if err := w.tracker.UnmarshalBinary(state[openedSize:]); err != nil {
		return err
	}
	w.savedOpen = openEvents(state[:openedSize])
	now := w.config.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alarm.Reopen(now, alarm.Severity(state[0]), int(binary.LittleEndian.Uint32(state[1:])))
	return nil
}

// final remembers an error that no further poll can mend.
func (w *Watch) final(err error) error {
	if errors.Is(err, diff.ErrSourceChanged) {
		w.lost = ErrOtherWorkspace
		return w.lost
	}
	return err
}

func (w *Watch) saveIfDue(step diff.Step) error {
	if w.fresh {
		// A checkpoint from before the beginning would let it slip to a later one;
		// what comes after it must be told.
		if step != diff.Idle {
			return nil
		}
		w.fresh, w.unsaved = false, true
	}
	open := w.opened()
	if !w.unsaved && open == w.savedOpen && w.config.Now().Sub(w.saved) < saveEvery {
		return nil
	}
	state, err := w.tracker.AppendBinary(append(w.state[:0], open[:]...))
	if err == nil {
		w.state = state
		err = w.config.Store.Save(state)
	}
	if err != nil {
		w.unsaved = true
		return &causedError{ErrUnsaved, err}
	}
	w.unsaved, w.saved, w.savedOpen = false, w.config.Now(), open
	return nil
}
