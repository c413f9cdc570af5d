package cursor_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/workato-go/sdk/activity/diff"
	"github.com/workato-go/sdk/examples/picow/cursor"
	"github.com/workato-go/sdk/examples/picow/flash"
	"github.com/workato-go/sdk/examples/picow/flash/flashtest"
)

const (
	sectors = 12
	host    = "app.eu.workato.com"
)

func open(t *testing.T, dev flash.Device, customer string) *cursor.Store {
	t.Helper()
	store, err := cursor.Open(dev, host, customer)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestSaveAndLoad(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	store := open(t, memory, "")
	if state, err := store.Load(); state != nil || err != nil {
		t.Fatalf("none yet: %v, %v", state, err)
	}
	for i := range 100 {
		want := bytes.Repeat([]byte{byte(i)}, i*11%(cursor.MaxState+1))
		if err := store.Save(want); err != nil {
			t.Fatal(err)
		}
		for _, s := range []*cursor.Store{store, open(t, memory, "")} {
			if got, err := s.Load(); err != nil || got == nil || !bytes.Equal(got, want) {
				t.Fatalf("checkpoint %d: %v, %v", i, got, err)
			}
		}
	}
	if err := store.Save(make([]byte, cursor.MaxState+1)); !errors.Is(err, cursor.ErrTooLong) {
		t.Errorf("too long: %v", err)
	}
	if err := store.Wipe(); err != nil {
		t.Fatal(err)
	}
	// Who still has the store cannot bring the checkpoint back.
	if err := store.Save([]byte("back")); !errors.Is(err, cursor.ErrWiped) {
		t.Errorf("saved after the wipe: %v", err)
	}
	if state, err := store.Load(); state != nil || !errors.Is(err, cursor.ErrWiped) {
		t.Errorf("wiped: %v, %v", state, err)
	}
	if state, err := open(t, memory, "").Load(); state != nil || err != nil {
		t.Errorf("after the next start: %v, %v", state, err)
	}
}

// What a board's tracker saves comes back to it.
func TestTrackerComesBack(t *testing.T) {
	t.Parallel()
	tracker, err := diff.New(diff.BoardConfig())
	if err != nil {
		t.Fatal(err)
	}
	state, err := tracker.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	memory := flashtest.New(sectors, 1)
	if err := open(t, memory, "").Save(state); err != nil {
		t.Fatal(err)
	}
	got, err := open(t, memory, "").Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := tracker.UnmarshalBinary(got); err != nil {
		t.Error(err)
	}
}

func TestAnotherWorkspaceIsNoticed(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	if err := open(t, memory, "19029").Save([]byte("checkpoint")); err != nil {
		t.Fatal(err)
	}
	others := []struct{ host, customer string }{
		{host, ""}, {host, "19028"}, {host, "E19029"}, {"app.jp.workato.com", "19029"}, {host + "19029", ""}, {host + "1", "9029"},
	}
	for _, other := range others {
		store, err := cursor.Open(memory, other.host, other.customer)
		if err != nil {
			t.Fatal(err)
		}
		if state, err := store.Load(); !errors.Is(err, cursor.ErrOtherWorkspace) || state != nil {
			t.Errorf("%v: %q, %v", other, state, err)
		}
		if err := store.Save([]byte("other")); !errors.Is(err, cursor.ErrOtherWorkspace) {
			t.Errorf("%v: saved over it: %v", other, err)
		}
	}
	// Back to the old settings: nothing was lost.
	if state, err := open(t, memory, "19029").Load(); err != nil || string(state) != "checkpoint" {
		t.Errorf("%q, %v", state, err)
	}
	store := open(t, memory, "")
	if err := store.Wipe(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, memory, "").Save([]byte("anew")); err != nil {
		t.Fatal(err)
	}
	if state, err := open(t, memory, "").Load(); err != nil || string(state) != "anew" {
		t.Errorf("after beginning anew: %q, %v", state, err)
	}
}

func TestDamagedCheckpointIsNeverReplacedInSilence(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	store := open(t, memory, "")
	for _, state := range []string{"older one", "newer one"} {
		if err := store.Save([]byte(state)); err != nil {
			t.Fatal(err)
		}
	}
	memory.Flip(int64(bytes.LastIndex(memory.Bytes(), []byte("newer one"))), 5)
	for range 2 {
		store = open(t, memory, "")
		if state, err := store.Load(); !errors.Is(err, cursor.ErrCorrupt) || state != nil {
			t.Errorf("%q, %v", state, err)
		}
		if err := store.Save([]byte("over it")); !errors.Is(err, cursor.ErrCorrupt) {
			t.Errorf("saved over it: %v", err)
		}
	}
	if err := store.Wipe(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, memory, "").Save([]byte("anew")); err != nil {
		t.Error(err)
	}
}

func TestForeignRecords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		record []byte
		want   error
	}{
		"newer version": {[]byte{2, 1, 2, 3, 4, 5, 6, 7, 8, 9}, cursor.ErrNewer},
		"version 0":     {make([]byte, 20), cursor.ErrCorrupt},
		"too short":     {[]byte{1, 2, 3}, cursor.ErrCorrupt},
		"empty":         {nil, cursor.ErrCorrupt},
		"too long":      {make([]byte, 2000), cursor.ErrCorrupt},
	} {
		memory := flashtest.New(sectors, 1)
		log, err := flash.Open(memory, flash.Checkpoint)
		if err != nil {
			t.Fatal(err)
		}
		if err := log.Append(test.record); err != nil {
			t.Fatal(err)
		}
		if _, err := open(t, memory, "").Load(); !errors.Is(err, test.want) {
			t.Errorf("%s: %v; want %v", name, err, test.want)
		}
	}
}

func TestSaveAllocatesNothing(t *testing.T) { //nolint:paralleltest // counts allocations
	memory := flashtest.New(sectors, 1)
	store := open(t, memory, "")
	state := make([]byte, 1024)
	if n := testing.AllocsPerRun(50, func() {
		if err := store.Save(state); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestCountBoot(t *testing.T) {
	t.Parallel()
	memory := flashtest.New(sectors, 1)
	seen := uint32(0)
	boot := func(where string) {
		t.Helper()
		n, err := cursor.CountBoot(memory)
		if err != nil || n <= seen {
			t.Fatalf("%s: boot %d after %d, %v", where, n, seen, err)
		}
		seen = n
	}
	boot("the first")
	if seen != 1 {
		t.Errorf("the first boot has the number %d", seen)
	}
	for range 100 {
		boot("an ordinary one")
	}
	for cut := range 600 {
		memory.CutAfter(cut)
		if n, err := cursor.CountBoot(memory); err == nil {
			seen = max(seen, n)
		}
		memory.Restart()
		boot("after a power cut")
	}
	store := open(t, memory, "")
	if err := store.Save([]byte("checkpoint")); err != nil {
		t.Fatal(err)
	}
	if err := store.Wipe(); err != nil {
		t.Fatal(err)
	}
	boot("after beginning anew")
	for off := range 36 { // a bit error in each byte of the newest record
		boot("an ordinary one")
		page := 0 // whose record has the number
		for binary.LittleEndian.Uint32(memory.Bytes()[page+32:]) != seen {
			page += flash.PageSize
		}
		memory.Flip(int64(page+off), off)
		boot("after a bit error")
	}
}
