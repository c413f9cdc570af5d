package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/workato-go/sdk/examples/picow/settings"
	"github.com/workato-go/sdk/examples/picow/setup"
)

// patience is how long an answer may take: the board is deaf while it proves a
// certificate.
const patience = 30 * time.Second

var errSilent = errors.New("no answer from the board: is the alarm's firmware on it, and does no other program use the port?")

// refusal is an answer of the board that begins with "error: ".
type refusal string

func (r refusal) Error() string { return "the board says: " + string(r) }

// board speaks the lines of package setup.
type board struct {
	port  io.Writer
	lines <-chan string // closed at the end of the connection
}

// connect reads lines from the port until it ends.
func connect(port io.ReadWriter) *board {
	lines := make(chan string, 64)
	go func() {
		defer close(lines)
		in := bufio.NewScanner(port)
		for in.Scan() {
			lines <- strings.TrimRight(in.Text(), "\r")
		}
	}()
	return &board{port: port, lines: lines}
}

// hello ends whatever somebody left half typed.
func (b *board) hello() error {
	_, err := b.do("\x03")
	return err
}

// do sends a line and returns the lines of the answer but the last, and the last
// one's text. No line but the one asked for goes out before the answer is there.
func (b *board) do(line string) (answer, error) {
	return b.send(line, line)
}

// secret sends a line that the board does not echo.
func (b *board) secret(command, value string) (answer, error) {
	if _, err := b.do(command); err != nil {
		return answer{}, err
	}
	return b.send(value, "")
}

type answer struct {
	lines []string
	last  string // behind "ok: " or "ready: "
}

func (b *board) send(line, echo string) (answer, error) {
	end := "\r"
	if line == "\x03" {
		end = ""
	}
	if _, err := io.WriteString(b.port, line+end); err != nil {
		return answer{}, fmt.Errorf("write to the board: %w", err)
	}
	var got answer
	silent := time.NewTimer(patience)
	defer silent.Stop()
	for {
		select {
		case text, open := <-b.lines:
			if !open {
				return answer{}, errors.New("the board is gone: the cable, or it restarted")
			}
			kind, rest, _ := strings.Cut(text, ":")
			rest = strings.TrimSpace(rest)
			switch {
			case kind == "ok" || kind == "ready":
				got.last = rest
				return got, nil
			case kind == "error":
				return answer{}, refusal(rest)
			case text != "" && text != echo:
				got.lines = append(got.lines, text)
			}
		case <-silent.C:
			return answer{}, errSilent
		}
	}
}

// show reads the settings of the board, secrets as "set, 43 characters".
func (b *board) show() (map[string]string, error) {
	got, err := b.do("show")
	if wrong := refusal(""); errors.As(err, &wrong) {
		// Damaged settings: the user gives all of them.
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, err
	}
	return parseShow(got.lines), nil
}

// parseShow puts values together that go over several lines.
func parseShow(lines []string) map[string]string {
	values, last := make(map[string]string), ""
	for _, line := range lines {
		if more, ok := strings.CutPrefix(line, "  "); ok && last != "" {
			values[last] += more
			continue
		}
		name, value, _ := strings.Cut(line, ": ")
		name = strings.TrimSuffix(name, ":")
		if known, ok := settings.Find(name); !ok || known != name {
			continue // something else that the board had to say
		}
		if value == "-" {
			value = ""
		}
		values[name], last = value, name
	}
	for name, value := range values {
		values[name] = unquote(value)
	}
	return values
}

// put sends one setting, in parts if it is long.
func (b *board) put(name, value string) error {
	const most = setup.MaxLine - len("set exclude-resources ")
	if name == "password" && value == "" {
		_, err := b.do("set password none")
		return err
	}
	if settings.Secret(name) {
		for i := 0; i == 0 || value != ""; i++ {
			part := value[:min(len(value), setup.MaxLine)]
			value = value[len(part):]
			command := "set " + name
			if i > 0 {
				command = "add " + name
			}
			if _, err := b.secret(command, part); err != nil {
				return err
			}
		}
		return nil
	}
	parts := []string{quote(value)}
	if settings.IsList(name) {
		parts = portions(value, most)
	}
	for i, part := range parts {
		command := "set "
		if i > 0 {
			command = "add "
		}
		if _, err := b.do(strings.TrimRight(command+name+" "+part, " ")); err != nil {
			return err
		}
	}
	return nil
}

// portions cuts a list at commas.
func portions(list string, most int) []string {
	parts := []string{""}
	for value := range strings.SplitSeq(list, ",") {
		last := &parts[len(parts)-1]
		switch {
		case *last == "":
			*last = value
		case len(*last)+1+len(value) > most:
			parts = append(parts, value)
		default:
			*last += "," + value
		}
	}
	return parts
}

// quote keeps the spaces at the ends of a value, and quotes that belong to it.
func quote(value string) string {
	if value != strings.TrimSpace(value) || unquote(value) != value {
		return `"` + value + `"`
	}
	return value
}

func unquote(value string) string {
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		return value[1 : len(value)-1]
	}
	return value
}
