package activity_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/workato-go/sdk/activity"
)

// What every store must do.
func TestStores(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) activity.Store{
		"memory": func(*testing.T) activity.Store { return activity.MemoryStore() },
		"file": func(t *testing.T) activity.Store {
			return activity.FileStore(filepath.Join(t.TempDir(), "new", "folder"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := open(t)
			state, revision, err := store.Load(t.Context(), "a")
			if state != nil || revision != 0 || err != nil {
				t.Fatalf("an absent checkpoint is %v, %d, %v", state, revision, err)
			}
			save := func(key, state string, revision uint64) uint64 {
				t.Helper()
				next, err := store.Save(t.Context(), key, []byte(state), revision)
				if err != nil {
					t.Fatal(err)
				}
				return next
			}
			want := func(key, state string, revision uint64) {
				t.Helper()
				got, at, err := store.Load(t.Context(), key)
				if string(got) != state || at != revision || err != nil {
					t.Errorf("%s is %q at %d, %v; want %q at %d", key, got, at, err, state, revision)
				}
			}
			one := save("a", "first", 0)
			two := save("a", "second", one)
			other := save("b", "", 0)
			want("a", "second", two)
			want("b", "", other)

			for _, stale := range []uint64{0, one, two + 1} {
				if _, err := store.Save(t.Context(), "a", []byte("late"), stale); !errors.Is(err, activity.ErrFenced) {
					t.Errorf("saving over revision %d with %d gives %v, want ErrFenced", two, stale, err)
				}
			}
			want("a", "second", two)
			if one == 0 || two == one {
				t.Errorf("revisions are %d and %d", one, two)
			}
		})
	}
}

// The memory store keeps copies.
func TestMemoryStoreCopies(t *testing.T) {
	t.Parallel()
	store, state := activity.MemoryStore(), []byte("state")
	if _, err := store.Save(t.Context(), "a", state, 0); err != nil {
		t.Fatal(err)
	}
	state[0] = 'X'
	got, _, _ := store.Load(t.Context(), "a")
	got[1] = 'X'
	if again, _, _ := store.Load(t.Context(), "a"); string(again) != "state" {
		t.Errorf("the stored state became %q", again)
	}
}

func TestFileStoreOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := activity.FileStore(dir)
	revision, err := first.Save(t.Context(), "a", []byte("state"), 0)
	if err != nil {
		t.Fatal(err)
	}

	// While the first has it, the second does not.
	second := activity.FileStore(dir)
	if _, _, err := second.Load(t.Context(), "a"); !errors.Is(err, activity.ErrFenced) {
		t.Errorf("a second store loads: %v, want ErrFenced", err)
	}
	if _, err := second.Save(t.Context(), "a", nil, revision); !errors.Is(err, activity.ErrFenced) {
		t.Errorf("a second store saves: %v, want ErrFenced", err)
	}
	if _, _, err := second.Load(t.Context(), "b"); err != nil {
		t.Errorf("another key is locked as well: %v", err)
	}
	closeStore(t, first)
	if _, _, err := first.Load(t.Context(), "a"); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a closed store loads: %v", err)
	}
	state, at, err := second.Load(t.Context(), "a")
	if string(state) != "state" || at != revision || err != nil {
		t.Errorf("the second store finds %q at %d, %v", state, at, err)
	}
}

func closeStore(t *testing.T, store activity.Store) {
	t.Helper()
	if err := store.(io.Closer).Close(); err != nil {
		t.Fatal(err)
	}
}

// A file that is damaged anywhere is an error, and stays as it is.
func TestFileStoreFindsDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := activity.FileStore(dir)
	if _, err := store.Save(t.Context(), "key", []byte("the state of a watcher"), 0); err != nil {
		t.Fatal(err)
	}
	path := only(t, dir, ".checkpoint")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := map[string][]byte{"empty": {}, "of zeros": make([]byte, len(good)), "longer": append(append([]byte{}, good...), 0)}
	for i := range good {
		flipped := append([]byte{}, good...)
		flipped[i] ^= 1
		damaged["flipped at "+string(rune('0'+i%10))] = flipped
		damaged["cut"] = good[:i]
		for name, content := range damaged {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, _, err := store.Load(t.Context(), "key"); !errors.Is(err, activity.ErrCheckpoint) {
				t.Fatalf("a file that is %s (byte %d) loads: %v", name, i, err)
			}
			if _, err := store.Save(t.Context(), "key", nil, 1); !errors.Is(err, activity.ErrCheckpoint) {
				t.Fatalf("a file that is %s (byte %d) is written over: %v", name, i, err)
			}
		}
		damaged = map[string][]byte{}
	}
	// Only who has seen the damage may replace it.
	_, seen, _ := store.Load(t.Context(), "key")
	next, err := store.Save(t.Context(), "key", []byte("anew"), seen)
	if err != nil {
		t.Fatal(err)
	}
	if state, at, err := store.Load(t.Context(), "key"); string(state) != "anew" || at != next || err != nil {
		t.Errorf("after the replacement: %q at %d, %v", state, at, err)
	}
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if state, _, err := store.Load(t.Context(), "key"); string(state) != "the state of a watcher" || err != nil {
		t.Errorf("the good file loads as %q, %v", state, err)
	}
}

// A checkpoint that somebody removed is no other watcher's.
func TestFileStoreFileIsGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := activity.FileStore(dir)
	revision, err := store.Save(t.Context(), "key", []byte("state"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(only(t, dir, ".checkpoint")); err != nil {
		t.Fatal(err)
	}
	_, err = store.Save(t.Context(), "key", []byte("more"), revision)
	if !errors.Is(err, activity.ErrCheckpoint) || errors.Is(err, activity.ErrFenced) || !strings.Contains(err.Error(), "is gone") {
		t.Errorf("got %v, want ErrCheckpoint that says that it is gone", err)
	}
	if _, err := store.Save(t.Context(), "key", []byte("anew"), 0); err != nil {
		t.Errorf("beginning anew: %v", err)
	}
}

// Keys that a file system might confuse are different files in the folder.
func TestFileStoreKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := activity.FileStore(dir)
	keys := []string{"", ".", "..", "../up", "a/b", `a\b`, "a:b", "A", "a", "%41", "a b", "Grüße", "nul", "a\x00", strings.Repeat("x", 150)}
	for _, key := range keys {
		if _, err := store.Save(t.Context(), key, []byte(key), 0); err != nil {
			t.Errorf("key %q: %v", key, err)
		}
	}
	for _, key := range keys {
		if state, _, err := store.Load(t.Context(), key); string(state) != key || err != nil {
			t.Errorf("key %q has %q, %v", key, state, err)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 1 {
		t.Errorf("something was written beside the folder: %v %v", entries, err)
	}
}

// Where nothing can be written, the error says what failed.
func TestFileStoreWithoutFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := activity.FileStore(file).Load(context.Background(), "a")
	if err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a folder that is a file: %v", err)
	}
}

// The files are the owner's: a checkpoint tells what a workspace did.
func TestFileStorePermissions(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	if _, err := activity.FileStore(dir).Save(t.Context(), "a", []byte("x"), 0); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// only is the one file of the folder with the ending.
func only(t *testing.T, dir, ending string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"+ending))
	if err != nil || len(found) != 1 {
		t.Fatalf("%d files end in %s (%v)", len(found), ending, err)
	}
	return found[0]
}
