package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// A request to begin anew is a file in the state folder. The program that runs
// with the folder follows it and takes it away: the folder is locked by that
// program, and what another user writes there may be out of its reach.
const beginAnewFile = "begin-anew"

// askToBeginAnew leaves the request.
func askToBeginAnew(state string) error {
	if _, err := os.Stat(state); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(state, beginAnewFile), nil, 0o600)
}

// beginAnewAsked tells whether there is a request.
func beginAnewAsked(state string) bool {
	if state == "" {
		return false
	}
	_, err := os.Lstat(filepath.Join(state, beginAnewFile))
	return err == nil
}

// beginAnewDone takes the request away.
func beginAnewDone(state string) error {
	err := os.Remove(filepath.Join(state, beginAnewFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
