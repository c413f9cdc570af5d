package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestTokenSources(t *testing.T) {
	t.Parallel()
	write := func(content string, mode os.FileMode) string {
		dir := t.TempDir()
		path := filepath.Join(dir, credentialName)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for name, test := range map[string]struct {
		variable, dir           string
		want, warning, inErrors string
	}{
		"nothing":              {inErrors: "there is no token. Make one in Workato under Workspace admin > API clients"},
		"the variable":         {variable: "abc", want: "abc"},
		"a credential":         {dir: write("abc\n", 0o400), want: "abc"},
		"without a newline":    {dir: write("abc", 0o400), want: "abc"},
		"of Windows":           {dir: write("abc\r\n", 0o400), want: "abc"},
		"an access list":       {dir: write("abc\n", 0o440), want: "abc"},
		"the variable wins":    {variable: "abc", dir: write("def", 0o400), want: "abc"},
		"open to everybody":    {dir: write("abc\n", 0o644), want: "abc", warning: "is open to everybody on this machine"},
		"an empty file":        {dir: write("\n", 0o400), inErrors: "is empty"},
		"no file":              {dir: t.TempDir(), inErrors: "has no file workato-token"},
		"a file of great size": {dir: write(strings.Repeat("x", 5000), 0o400), inErrors: "which is no token"},
	} {
		env := map[string]string{"WORKATO_TOKEN": test.variable, "CREDENTIALS_DIRECTORY": test.dir}
		token, warning, err := findToken(func(key string) string { return env[key] })
		if test.inErrors != "" || err != nil {
			wantError(t, err, test.inErrors)
			continue
		}
		wantText(t, name, token, test.want)
		if runtime.GOOS == "windows" {
			continue // modes mean nothing there
		}
		if !strings.Contains(warning, test.warning) || test.warning == "" && warning != "" {
			t.Errorf("%s: warning %q, want %q", name, warning, test.warning)
		}
	}
}
