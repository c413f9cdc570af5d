package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/workato-go/sdk/examples/picow/settings"
)

// apply sends the changes, makes sure that they arrived, and has the board keep
// them. What the settings are to be then was checked before. Secrets that are not
// among the changes stay as they are on the board.
func apply(b *board, want *settings.Settings, changes map[string]string) error {
	for _, name := range settings.Names() {
		if value, change := changes[name]; change {
			if err := b.put(name, value); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	got, err := b.show()
	if err != nil {
		return err
	}
	for _, name := range settings.Names() {
		text := want.Text(name)
		if _, change := changes[name]; settings.Secret(name) && !change {
			continue
		}
		if got[name] != text {
			return fmt.Errorf("%s did not arrive as it was sent; nothing was saved; try again", name)
		}
	}
	_, err = b.do("save")
	return err
}

// merge is what the settings will be, checked.
func merge(current, changes map[string]string) (*settings.Settings, error) {
	s := settings.Default()
	for _, name := range settings.Names() {
		value, change := changes[name]
		if !change {
			value = current[name]
			if settings.Secret(name) && value != "" {
				value = strings.Repeat("x", 8) // on the board, where nobody can read it
			}
		}
		if err := s.Set(name, value); err != nil {
			return nil, err
		}
	}
	return &s, s.Validate()
}

// complete makes the contents of a file the whole of the settings: what is not in
// it has its default. A secret that neither the file nor the board has is asked
// for.
func (c *console) complete(current, file map[string]string) (map[string]string, error) {
	changes := make(map[string]string)
	for _, name := range settings.Names() {
		if value, given := file[name]; given || !settings.Secret(name) {
			changes[name] = value
		}
	}
	for _, q := range questions {
		_, given := changes[q.name]
		if !settings.Secret(q.name) || given || current[q.name] != "" {
			continue
		}
		value, err := c.askOne(q, "")
		if err != nil {
			return nil, errors.Join(err, fmt.Errorf("%s is neither in the file nor on the board", q.name))
		}
		if value != nil {
			changes[q.name] = *value
		}
	}
	return changes, nil
}
