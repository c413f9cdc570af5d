package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// credentialName is the token's name for systemd's LoadCredential.
const credentialName = "workato-token"

const noToken = `there is no token. Make one in Workato under Workspace admin > API clients, and give it
  in the environment:   export WORKATO_TOKEN=…
  or to a service:      LoadCredential=workato-token:/etc/pialarm/token
To see what this program does without one: pialarm -demo`

// findToken reads the token from WORKATO_TOKEN or, where that is empty, from
// systemd's credentials. The warning is for a file that others may read.
func findToken(getenv func(string) string) (token, warning string, err error) {
	if token = getenv("WORKATO_TOKEN"); token != "" {
		return token, "", nil
	}
	dir := getenv("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return "", "", errors.New(noToken)
	}
	path := filepath.Join(dir, credentialName)
	token, info, err := readToken(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", "", fmt.Errorf("%s\n($CREDENTIALS_DIRECTORY is set, but has no file %s)", noToken, credentialName)
	case err != nil:
		return "", "", fmt.Errorf("the token cannot be read: %w", err)
	case token == "":
		return "", "", fmt.Errorf("the token's file %s is empty; write the token of an API client into it", path)
	}
	// The bits of the group are left out: where an access list lets in the
	// service's user, as systemd does it, they show that list.
	const others = 0o007
	if runtime.GOOS != "windows" && info.Mode().Perm()&others != 0 {
		warning = fmt.Sprintf("the token's file %s is open to everybody on this machine; take that away (chmod o= FILE) and make a new token", path)
	}
	return token, warning, nil
}

func readToken(path string) (string, fs.FileInfo, error) {
	file, err := os.Open(path) //nolint:gosec // the file that the service manager made
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return "", nil, err
	}
	const longest = 4096
	text, err := io.ReadAll(io.LimitReader(file, longest+1))
	if err == nil && len(text) > longest {
		err = fmt.Errorf("%s is over %d bytes, which is no token", path, longest)
	}
	return strings.TrimRight(string(text), "\r\n"), info, err
}
