package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/workato-go/sdk/examples/picow/settings"
)

// console is where the user is.
type console struct {
	in     *bufio.Reader
	out    io.Writer
	secret func() (string, error) // reads a line without showing it
}

// newConsole reads secrets from a terminal without showing them; where there is
// none, they are read as the other lines are.
func newConsole(in *os.File, out io.Writer) *console {
	c := &console{in: bufio.NewReader(in), out: out}
	c.secret = c.line
	if fd := int(in.Fd()); term.IsTerminal(fd) {
		c.secret = func() (string, error) {
			text, err := term.ReadPassword(fd)
			_, _ = fmt.Fprintln(out)
			return string(text), err
		}
	}
	return c
}

func (c *console) line() (string, error) {
	text, err := c.in.ReadString('\n')
	if err != nil && (text == "" || !errors.Is(err, io.EOF)) {
		return "", errors.New("the questions were not answered to the end; nothing was changed")
	}
	return strings.TrimRight(text, "\r\n"), nil
}

// question is one setting that everybody is asked for; the others have defaults
// that do, and can be given in a file.
type question struct{ name, text, hint string }

var questions = []question{
	{"ssid", "Wi-Fi network", ""},
	{"password", "Wi-Fi password", "not shown; none: an open network"},
	{"token", "Token of the API client", "not shown"},
	{"host", "Region or host of Workato", "us, eu, jp, sg, au, il, kr, uk, cn, trial, or a host"},
	{"customer", "Customer", "number, or E and external ID; none: your own workspace"},
	{"ignore-users", "Users that are no news", "their numbers, by commas; none"},
	{"quiet-hours", "Quiet hours", "such as 22:00-07:00; none"},
	{"utc-offset", "Local time is ahead of UTC by", "such as +02:00"},
	{"buzzer", "Buzzer", "on or off"},
}

// ask asks for what is there in questions; an empty answer keeps what the board
// has. It returns what is to be changed.
func (c *console) ask(current map[string]string, now time.Time) (map[string]string, error) {
	changes := make(map[string]string)
	_, _ = fmt.Fprintln(c.out, "Enter keeps what is in [brackets].")
	for _, q := range questions {
		kept := current[q.name]
		if _, known := current["ssid"]; q.name == "utc-offset" && (!known || current["ssid"] == "") {
			kept = now.Format("-07:00") // nothing was set up yet
			changes[q.name] = kept
		}
		value, err := c.askOne(q, kept)
		if err != nil {
			return nil, err
		}
		if value != nil {
			changes[q.name] = *value
		}
	}
	return changes, nil
}

// askOne asks until the answer can be used; nil: the setting stays.
func (c *console) askOne(q question, kept string) (*string, error) {
	for {
		_, _ = fmt.Fprint(c.out, q.text)
		if q.hint != "" {
			_, _ = fmt.Fprintf(c.out, " (%s)", q.hint)
		}
		if kept != "" {
			_, _ = fmt.Fprintf(c.out, " [%s]", kept)
		}
		_, _ = fmt.Fprint(c.out, ": ")
		read := c.line
		if settings.Secret(q.name) {
			read = c.secret
		}
		text, err := read()
		if err != nil {
			return nil, err
		}
		if text == "" {
			if kept == "" && (q.name == "ssid" || q.name == "token" || q.name == "host") {
				_, _ = fmt.Fprintln(c.out, "  this is needed")
				continue
			}
			return nil, nil
		}
		if text == "none" && q.name != "ssid" && q.name != "token" && q.name != "host" {
			text = ""
		}
		if q.name == "host" && !strings.Contains(text, ".") {
			if text, err = host(text); err != nil {
				_, _ = fmt.Fprintln(c.out, " ", err)
				continue
			}
		}
		if err := checkOne(q.name, text); err != nil {
			_, _ = fmt.Fprintln(c.out, " ", err)
			continue
		}
		return &text, nil
	}
}

// checkOne checks a value with everything else in order.
func checkOne(name, value string) error {
	s := settings.Default()
	s.SSID, s.Token, s.Host = "network", "token", "host"
	if err := s.Set(name, value); err != nil {
		return err
	}
	return s.Validate()
}
