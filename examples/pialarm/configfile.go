package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// entry is a line of a configuration file.
type entry struct {
	line       int
	key, value string
}

const maxConfig = 64 << 10 // bytes; a configuration has some hundred

// readConfig reads a file of lines such as "interval = 30s". A line that is wrong
// is an error or, where there is a skip, told to it and left out.
func readConfig(path string, keys []string, skip func(error)) ([]entry, error) {
	file, err := os.Open(path) //nolint:gosec // the file that the user names
	if err != nil {
		return nil, fmt.Errorf("the configuration cannot be read: %w", err)
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxConfig+1))
	if err != nil {
		return nil, fmt.Errorf("the configuration cannot be read: %w", err)
	}
	named := func(err error) error { return fmt.Errorf("%s:%w", path, err) }
	var skipNamed func(error)
	if skip != nil {
		skipNamed = func(err error) { skip(named(err)) }
	}
	entries, err := parseConfig(string(text), keys, skipNamed)
	if err != nil {
		return nil, named(err)
	}
	return entries, nil
}

// parseConfig reads "key = value" lines. A # at the beginning of a line or after
// a space begins a comment. Its errors begin with the number of the line, and
// quote no value: somebody may have put the token there.
func parseConfig(text string, keys []string, skip func(error)) ([]entry, error) {
	if len(text) > maxConfig {
		return nil, fmt.Errorf("1: this is no configuration of this program: it is over %d KiB", maxConfig>>10)
	}
	var entries []entry
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		e, err := parseLine(strings.TrimRight(line, "\r\n"), keys)
		if i := slices.IndexFunc(entries, func(other entry) bool { return other.key == e.key }); err == nil && i >= 0 {
			err = fmt.Errorf("%s is set in line %d already; keep one of them, with several values separated by commas", e.key, entries[i].line)
		}
		switch {
		case err != nil && skip == nil:
			return nil, fmt.Errorf("%d: %w", number, err)
		case err != nil:
			skip(fmt.Errorf("%d: %w", number, err))
		case e.key != "":
			e.line = number
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// parseLine gives an entry without a key for a line that sets nothing.
func parseLine(line string, keys []string) (entry, error) {
	if !utf8.ValidString(line) || strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
		return entry{}, errors.New("this is no text: there is a control character, or it is not in UTF-8")
	}
	line = strings.TrimSpace(withoutComment(line))
	if line == "" {
		return entry{}, nil
	}
	key, value, ok := strings.Cut(line, "=")
	key = strings.TrimSpace(key)
	switch {
	case !ok:
		return entry{}, errors.New(`there is no "="; write key = value, and # before a comment`)
	case !slices.Contains(keys, key):
		return entry{}, unknownKey(key, keys)
	}
	return entry{key: key, value: strings.TrimSpace(value)}, nil
}

func withoutComment(line string) string {
	for i, r := range line {
		if r == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return line[:i]
		}
	}
	return line
}

const tokenNotHere = "the token comes from the environment variable WORKATO_TOKEN or from the file workato-token in $CREDENTIALS_DIRECTORY, " +
	"and from nowhere else: arguments and this program's configuration can be read by others"

// unknownKey names the key that was probably meant. It quotes what was typed only
// where it has the form of a key.
func unknownKey(key string, keys []string) error {
	if key == "token" || key == "workato-token" {
		return errors.New(tokenNotHere)
	}
	const longest = 32
	isKey := len(key) <= longest && !strings.ContainsFunc(key, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' && r != '_' })
	text := "there is no such key"
	if isKey {
		text = fmt.Sprintf("there is no key %q", key)
	}
	if near := nearest(key, keys); near != "" {
		return fmt.Errorf("%s; did you mean %s?", text, near)
	}
	return fmt.Errorf("%s; the keys are %s", text, strings.Join(keys, ", "))
}
