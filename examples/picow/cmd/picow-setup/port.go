package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// findPort is the one port at which a board can be.
func findPort(patterns []string) (string, error) {
	if len(patterns) == 0 {
		return "", errors.New("say with -port where the board is; the Device Manager shows it under Ports, such as COM5")
	}
	var found []string
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		found = append(found, names...)
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("no board at %s: is it plugged in with a cable that has data lines, and the firmware on it?", strings.Join(patterns, ", "))
	case 1:
		return found[0], nil
	default:
		return "", fmt.Errorf("several boards: say with -port which; there are %s", strings.Join(found, ", "))
	}
}
