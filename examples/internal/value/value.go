// Package value reads the values of settings, be they flags or lines of a file. The
// errors say what a value must be, and come after the name of the setting.
package value

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/workato-go/sdk/workato"
)

// Region reads the name of a region.
func Region(into *workato.Region) func(string) error {
	return func(value string) (err error) {
		region, err := workato.ParseRegion(value)
		if argument, ok := errors.AsType[*workato.ArgumentError](err); ok {
			return errors.New(argument.Reason)
		}
		*into = region
		return err
	}
}

// Text reads a text that is not empty, and says what to give where it is.
func Text(into *string, what string) func(string) error {
	return func(value string) error {
		if value == "" {
			return errors.New("is empty; give " + what)
		}
		*into = value
		return nil
	}
}

// Number reads a whole number.
func Number(into *int64, least int64) func(string) error {
	return func(value string) error {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < least {
			return fmt.Errorf("must be a number of %d or more", least)
		}
		*into = n
		return nil
	}
}

// Duration reads a duration as Go writes it: "30s".
func Duration(into *time.Duration, least time.Duration) func(string) error {
	return func(value string) error {
		d, err := time.ParseDuration(value)
		if err != nil || d < least {
			return fmt.Errorf("must be a duration of at least %v, such as 300ms, 30s or 5m", least)
		}
		*into = d
		return nil
	}
}

// OneOf reads one of some words.
func OneOf(into *string, allowed ...string) func(string) error {
	return func(value string) error {
		if !slices.Contains(allowed, value) {
			return errors.New("must be one of " + strings.Join(allowed, ", "))
		}
		*into = value
		return nil
	}
}
