package emulator

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/scope"
)

// play answers each line that QEMU would get by what the function says.
func play(t *testing.T, answer func(line string) string) io.ReadWriter {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { _ = ours.Close() })
	go func() {
		defer func() { _ = theirs.Close() }()
		lines := bufio.NewScanner(theirs)
		for lines.Scan() {
			if _, err := io.WriteString(theirs, answer(lines.Text())); err != nil {
				return
			}
		}
	}()
	return ours
}

func TestWiresBetweenAnswers(t *testing.T) {
	t.Parallel()
	var wires scope.Scope
	p := newTestProtocol(play(t, func(line string) string {
		switch line {
		case "press":
			return "IRQ raise 17\nIRQ raise 27\nOK\nIRQ lower 27\n"
		default:
			return "FAIL Unknown command '" + line + "'\n"
		}
	}), &wires)
	if err := p.command("press"); err != nil {
		t.Fatal(err)
	}
	if _, err := wires.Wait(t.Context(), 27, false, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if !wires.High(17) || wires.High(27) || len(wires.Changes(27, time.Time{})) != 2 {
		t.Errorf("the wires' changes are %v and %v", wires.Changes(17, time.Time{}), wires.Changes(27, time.Time{}))
	}
	if err := p.command("dance"); err == nil || !strings.Contains(err.Error(), "Unknown command") {
		t.Errorf("a refused command: %v", err)
	}
}

func TestQEMUThatEndsIsAnError(t *testing.T) {
	t.Parallel()
	ours, theirs := net.Pipe()
	p := newTestProtocol(ours, new(scope.Scope))
	go func() {
		_, _ = bufio.NewReader(theirs).ReadString('\n')
		_ = theirs.Close()
	}()
	if err := p.command("press"); err == nil {
		t.Error("no error")
	}
}

func TestFindLooksInTheWholeMachine(t *testing.T) {
	t.Parallel()
	machine := map[string]string{
		"/machine":                      `{"name":"type","type":"string"},{"name":"soc","type":"child<bcm2837>"},{"name":"unattached","type":"child<container>"}`,
		"/machine/soc":                  `{"name":"peripherals","type":"child<bcm2835-peripherals>"},{"name":"cpu","type":"link<cpu>"}`,
		"/machine/soc/peripherals":      `{"name":"gpio","type":"child<bcm2835_gpio>"}`,
		"/machine/soc/peripherals/gpio": ``,
		"/machine/unattached":           ``,
	}
	connection := play(t, func(line string) string {
		var request struct {
			Execute   string
			Arguments struct{ Path string }
		}
		if err := json.Unmarshal([]byte(line), &request); err != nil {
			return `{"error":{"desc":"no JSON"}}` + "\n"
		}
		if request.Execute == "qmp_capabilities" {
			return `{"return":{}}` + "\n"
		}
		children, ok := machine[request.Arguments.Path]
		if !ok {
			return `{"error":{"desc":"no such object"}}` + "\n"
		}
		return fmt.Sprintf(`{"event":"RESUME"}`+"\n"+`{"return":[%s]}`+"\n", children)
	})
	m, err := newMonitor(&greeted{connection, strings.NewReader(`{"QMP":{}}` + "\n")})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.find("bcm2835_gpio"); err != nil || got != "/machine/soc/peripherals/gpio" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := m.find("pl061"); err == nil || !strings.Contains(err.Error(), "pl061") {
		t.Errorf("a controller that is not there: %v", err)
	}
	if err := m.call("qom-list", map[string]string{"path": "/nowhere"}, nil); err == nil {
		t.Error("a refused command is no error")
	}
}

// greeted is a connection on which something was said before.
type greeted struct {
	io.ReadWriter
	before io.Reader
}

func (g *greeted) Read(p []byte) (int, error) {
	if n, err := g.before.Read(p); err == nil {
		return n, nil
	}
	return g.ReadWriter.Read(p)
}
