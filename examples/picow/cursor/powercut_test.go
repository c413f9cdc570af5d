//go:build !tinygo

package cursor_test

import (
	"bytes"
	"testing"

	"github.com/workato-go/sdk/examples/picow/flash/flashtest"
)

// A power cut while a checkpoint is saved tells at most the batch in flight again.
// Thousands of copies of a flash memory are no work for a board, hence the tag.
func TestPowerCutInSave(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	before, after := bytes.Repeat([]byte("b"), 1000), bytes.Repeat([]byte("a"), 1024)
	for range 12 { // the next one needs another sector, which was in use before
		if err := open(t, memory, "").Save(before); err != nil {
			t.Fatal(err)
		}
	}
	for cut := range 10_000 {
		torn := memory.Clone(uint64(cut))
		store := open(t, torn, "")
		torn.CutAfter(cut)
		err := store.Save(after)
		torn.Restart()
		got, errLoad := open(t, torn, "").Load()
		if errLoad != nil || !bytes.Equal(got, after) && (err == nil || !bytes.Equal(got, before)) {
			t.Fatalf("cut at %d: %d bytes, %v", cut, len(got), errLoad)
		}
		if err == nil {
			return
		}
	}
	t.Error("saving takes more than 10,000 steps")
}
