package watch

import (
	"errors"

	"github.com/workato-go/sdk/activity/diff"
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
		err = w.tracker.UnmarshalBinary(state)
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
	if !w.unsaved && w.config.Now().Sub(w.saved) < saveEvery {
		return nil
	}
	state, err := w.tracker.AppendBinary(w.state[:0])
	if err == nil {
		w.state = state
		err = w.config.Store.Save(state)
	}
	if err != nil {
		w.unsaved = true
		return &causedError{ErrUnsaved, err}
	}
	w.unsaved, w.saved = false, w.config.Now()
	return nil
}
