package emulator

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/scope"
)

// testProtocol is QEMU's protocol for device tests. Lines "IRQ raise 17" and "IRQ
// lower 17" come whenever a wire changes; all others answer commands.
type testProtocol struct {
	mu      sync.Mutex
	w       io.Writer
	answers chan string // closed at the end of the connection
}

func newTestProtocol(connection io.ReadWriter, wires *scope.Scope) *testProtocol {
	p := &testProtocol{w: connection, answers: make(chan string, 1)}
	go func() {
		defer close(p.answers)
		lines := bufio.NewScanner(connection)
		for lines.Scan() {
			now := time.Now()
			var direction string
			var wire int
			if n, _ := fmt.Sscanf(lines.Text(), "IRQ %s %d", &direction, &wire); n == 2 {
				wires.Record(scope.Change{Wire: wire, High: direction == "raise", At: now})
			} else {
				p.answers <- lines.Text()
			}
		}
	}()
	return p
}

func (p *testProtocol) command(line string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := io.WriteString(p.w, line+"\n"); err != nil {
		return err
	}
	answer, ok := <-p.answers
	if !ok {
		return errGone
	}
	if answer != "OK" {
		return fmt.Errorf("emulator: QEMU answers %q to %q", answer, line)
	}
	return nil
}

var errGone = errors.New("emulator: QEMU closed the connection")

// monitor is QEMU's control protocol: JSON objects, in which events may come
// between a command and its answer.
type monitor struct {
	w io.Writer
	r *json.Decoder
}

func newMonitor(connection io.ReadWriter) (*monitor, error) {
	m := &monitor{w: connection, r: json.NewDecoder(connection)}
	var greeting json.RawMessage
	if err := m.r.Decode(&greeting); err != nil {
		return nil, err
	}
	return m, m.call("qmp_capabilities", nil, nil)
}

func (m *monitor) call(command string, arguments, result any) error {
	request := map[string]any{"execute": command}
	if arguments != nil {
		request["arguments"] = arguments
	}
	if err := json.NewEncoder(m.w).Encode(request); err != nil {
		return err
	}
	for {
		var answer struct {
			Return json.RawMessage `json:"return"`
			Error  *struct {
				Desc string `json:"desc"`
			} `json:"error"`
		}
		if err := m.r.Decode(&answer); err != nil {
			return err
		}
		switch {
		case answer.Error != nil:
			return fmt.Errorf("emulator: QEMU answers %q to %s", answer.Error.Desc, command)
		case answer.Return == nil: // an event
		case result != nil:
			return json.Unmarshal(answer.Return, result)
		default:
			return nil
		}
	}
}

// find looks for an object of that type, in QEMU's tree of what the machine is
// made of.
func (m *monitor) find(kind string) (string, error) {
	found := ""
	var search func(path string) error
	search = func(path string) error {
		var children []struct {
			Name string `json:"name"`
			Type string `json:"type"`
		}
		if err := m.call("qom-list", map[string]string{"path": path}, &children); err != nil {
			return err
		}
		for _, child := range children {
			is, ok := strings.CutPrefix(child.Type, "child<")
			if !ok || found != "" {
				continue
			}
			at := path + "/" + child.Name
			if is == kind+">" {
				found = at
				return nil
			}
			if err := search(at); err != nil {
				return err
			}
		}
		return nil
	}
	if err := search("/machine"); err != nil {
		return "", err
	}
	if found == "" {
		return "", fmt.Errorf("emulator: the machine has no %s", kind)
	}
	return found, nil
}
