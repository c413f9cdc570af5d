package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/workato-go/sdk/examples/picow/settings"
)

// readFile reads "name = value" lines: the settings by their names, and region in
// place of host. Names that are not there have their default.
func readFile(r io.Reader) (map[string]string, error) {
	values := make(map[string]string)
	in := bufio.NewScanner(r)
	for n := 1; in.Scan(); n++ {
		line := strings.TrimSpace(in.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, found := strings.Cut(line, "=")
		if !found {
			return nil, fmt.Errorf("line %d: is not name = value", n)
		}
		name, value = strings.TrimSpace(name), unquote(strings.TrimSpace(value))
		if strings.EqualFold(name, "region") {
			address, err := host(value)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			name, value = "host", address
		}
		known, ok := settings.Find(name)
		if !ok {
			return nil, fmt.Errorf("line %d: no setting of that name; there are region, %s", n, strings.Join(settings.Names(), ", "))
		}
		if _, twice := values[known]; twice {
			return nil, fmt.Errorf("line %d: %s is there twice", n, known)
		}
		if err := new(settings.Default()).Set(known, value); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		values[known] = value
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if len(values) == 0 {
		return nil, errors.New("there is no setting in it")
	}
	return values, nil
}
