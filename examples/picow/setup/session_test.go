package setup_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/workato-go/sdk/examples/picow/flash"
	"github.com/workato-go/sdk/examples/picow/flash/flashtest"
	"github.com/workato-go/sdk/examples/picow/settings"
	"github.com/workato-go/sdk/examples/picow/setup"
)

// board is what the session talks to.
type board struct {
	*setup.Session

	memory   *flashtest.Memory
	out      bytes.Buffer
	longest  int // bytes printed at once
	restarts int
	begun    int
	failing  error
}

func newBoard() *board {
	b := &board{memory: flashtest.New(12, 1)}
	b.start()
	return b
}

func (b *board) start() {
	b.Session = setup.New(setup.Board{
		Flash: b.memory,
		Print: func(text string) {
			b.longest = max(b.longest, len(text))
			b.out.WriteString(text)
		},
		Status:    func(line func(string)) { line("watching, quiet") },
		BeginAnew: func() error { b.begun++; return b.failing },
		Restart:   func() { b.restarts++ },
	})
}

// enter types lines and returns what is on the screen then.
func (b *board) enter(lines ...string) string {
	b.out.Reset()
	for _, line := range lines {
		b.keys(line + "\r")
	}
	return b.out.String()
}

func (b *board) keys(text string) {
	for _, c := range []byte(text) {
		b.Feed(c)
	}
}

// answer is the last line on the screen.
func answer(screen string) string {
	lines := strings.Split(strings.TrimSuffix(screen, "\r\n"), "\r\n")
	return lines[len(lines)-1]
}

func complete(b *board) {
	b.enter("set ssid home", "set password", "12345678", "set token", "wrkaeu-secret", "set host app.eu.workato.com")
}

func TestSetUpByHand(t *testing.T) {
	t.Parallel()
	b := newBoard()
	for _, step := range []struct{ line, answer string }{
		{"", "ok: type help for the commands"},
		{"check", "error: ssid: is missing: give the name of the Wi-Fi network"},
		{"set ssid Café am Eck", "ok"},
		{"set password", "ready: enter the password; it is not shown"},
		{"correct horse", "ok: password set, 13 characters"},
		{"check", "error: token: is missing: make an API client in Workato and give its token"},
		{"SET Token", "ready: enter the token; it is not shown"},
		{"wrkaeu-secret", "ok: token set, 13 characters"},
		{"add token", "ready: enter the token; it is not shown"},
		{"-rest", "ok: token set, 18 characters"},
		{"save", "error: host: is missing: give the API's host, such as www.workato.com or app.eu.workato.com"},
		{"set host https://app.eu.workato.com", "ok"},
		{"check", "error: host: is a URL: give the host alone, such as app.eu.workato.com; the board only speaks HTTPS"},
		{"set host app.eu.workato.com", "ok"},
		{"set ignore-users 1,2", "ok"},
		{"add ignore-users 3", "ok"},
		{"add high-events user_login", "ok"},
		{"set quiet-hours 22:00-07:30", "ok"},
		{"add quiet-hours 12:00-13:00", "error: quiet-hours: has one value only; use set"},
		{"set interval 1s", "error: interval: is below 5s: all programs together have 60 requests a minute"},
		{"set color red", `error: "color": is no setting; there are ` + strings.Join(settings.Names(), ", ")},
		{"set", "error: name a setting; help lists them"},
		{"dance", "error: this is no command; type help"},
		{"status", "ok"},
		{"show", "ok: not saved yet"},
		{"check", "ok: complete"},
		{"save", "ok: saved; reboot uses them"},
		{"show", "ok"},
	} {
		if got := answer(b.enter(step.line)); got != step.answer {
			t.Errorf("%q: answer %q; want %q", step.line, got, step.answer)
		}
	}
	s, err := settings.Load(b.memory)
	if err != nil || s.SSID != "Café am Eck" || s.Password != "correct horse" || s.Token != "wrkaeu-secret-rest" ||
		!slices.Equal(s.IgnoreUsers, []int64{1, 2, 3}) || s.QuietHours != "22:00-07:30" {
		t.Errorf("saved: %v, %v", s, err)
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	b := newBoard()
	if got := answer(b.enter("show")); got != "ok: nothing was saved yet" {
		t.Error(got)
	}
	complete(b)
	b.enter(`set ssid " home "`, "set customer EA2300")
	for i := range 15 {
		b.enter("add exclude-events a_rather_long_event_type_" + string(rune('a'+i)))
	}
	screen := b.enter("show")
	for _, want := range []string{
		"ssid: \" home \"\r\n", "password: set, 8 characters\r\n", "token: set, 13 characters\r\n", "port: 443\r\n",
		"customer: EA2300\r\n", "include-events: -\r\n", "interval: 30s\r\n", "buzzer: on\r\n",
	} {
		if !strings.Contains(screen, want) {
			t.Errorf("not on the screen: %q", want)
		}
	}
	if strings.Count(screen, "a_rather_long_event_type") < 10 {
		t.Error("a long list is not shown")
	}
	if strings.Contains(screen, "secret") || strings.Contains(screen, "12345678") {
		t.Error("shows a secret")
	}
	for line := range strings.SplitSeq(screen, "\r\n") {
		if len(line) > 110 {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
}

// A secret is on the screen neither while it is typed nor afterwards, whatever is
// done with it.
func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	b := newBoard()
	screen := ""
	see := func(keys string) { b.out.Reset(); b.keys(keys); screen += b.out.String() }
	see("set token\rSECRET-one\x7f\x7f\x7f\r")
	see("set token\rSECRET two with spaces\rsave\rcheck\rshow\r")
	see("set password\rSECRET!\rsave\rset password\rSECRET\x03")
	see("add token\rSECRET-three\r\nset token\n" + strings.Repeat("SECRET", 200) + "\n")
	see("set token\r\x1b[ASECRET\x15show\rhelp\rstatus\r")
	if strings.Contains(screen, "SECRET") || strings.Contains(screen, "ECRET") {
		t.Errorf("a secret is on the screen:\n%s", screen)
	}
	if got := answer(b.enter("set token wrkaeu-1")); !strings.Contains(got, "not on this line") {
		t.Error(got)
	}
	if s := b.enter("show"); strings.Contains(s, "wrkaeu-1") || strings.Contains(s, "8 characters") {
		t.Error("a token on the line of set was taken")
	}
}

func TestTyping(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ keys, screen string }{
		{"set ssid homr\x7fe\r", "set ssid homr\b \be\r\nssid: home\r\nok\r\n"},
		{"set ssid é\x08e\n", "set ssid é\b \be\r\nssid: e\r\nok\r\n"},
		{"\x7f\x7f\r\n", "\r\nok: type help for the commands\r\n"},
		{"set ssid x\x03check\r", "set ssid x\r\nok: cancelled\r\ncheck\r\nerror: ssid: is missing: give the name of the Wi-Fi network\r\n"},
		{"\x1b[A\x1b[1;5C\x1bOPstatus\r", "status\r\nwatching, quiet\r\nok\r\n"},
		{"sta\x00\x07tus\r", "status\r\nwatching, quiet\r\nok\r\n"},
		{"set password\r\r", "set password\r\nready: enter the password; it is not shown\r\n\r\nerror: password: nothing was entered; it is as before\r\n"},
	} {
		b := newBoard()
		b.keys(test.keys)
		if got := b.out.String(); got != test.screen {
			t.Errorf("%q: got %q; want %q", test.keys, got, test.screen)
		}
	}
}

func TestLongLines(t *testing.T) {
	t.Parallel()
	b := newBoard()
	if got := answer(b.enter("set host " + strings.Repeat("a", setup.MaxLine))); !strings.HasPrefix(got, "error: the line is longer than 400 characters") {
		t.Error(got)
	}
	if got := answer(b.enter("set host www.workato.com")); got != "ok" {
		t.Error("the line after a long one:", got)
	}
	// A token of the largest size goes in parts.
	b.enter("set token", strings.Repeat("t", setup.MaxLine), "add token", strings.Repeat("t", setup.MaxLine))
	if got := answer(b.enter("add token", strings.Repeat("t", settings.MaxToken-2*setup.MaxLine))); got != "ok: token set, 1024 characters" {
		t.Error(got)
	}
	if b.enter("show", "help"); b.longest > 120 {
		t.Errorf("%d bytes printed at once", b.longest)
	}
}

func TestPasswordOfAnOpenNetwork(t *testing.T) {
	t.Parallel()
	b := newBoard()
	complete(b)
	if got := answer(b.enter("set password none")); got != "ok: password: none, an open network" {
		t.Error(got)
	}
	b.enter("save")
	if s, err := settings.Load(b.memory); err != nil || s.Password != "" {
		t.Error(s, err)
	}
}

func TestDestructiveCommandsAsk(t *testing.T) {
	t.Parallel()
	b := newBoard()
	complete(b)
	b.enter("save")
	for _, word := range []string{"wipe", "begin-anew", "wipe no"} {
		screen := b.enter(word)
		if !strings.HasPrefix(answer(screen), "error: not done; if you mean it, enter: ") || b.begun+b.restarts != 0 {
			t.Errorf("%s: %s", word, screen)
		}
	}
	if got := answer(b.enter("begin-anew yes")); got != "ok: begun anew; restarting" || b.begun != 1 || b.restarts != 1 {
		t.Errorf("%s, %d, %d", got, b.begun, b.restarts)
	}
	if _, err := settings.Load(b.memory); err != nil {
		t.Error("beginning anew took the settings:", err)
	}
	if got := answer(b.enter("wipe yes")); got != "ok: erased; restarting" || b.begun != 2 || b.restarts != 2 {
		t.Errorf("%s, %d, %d", got, b.begun, b.restarts)
	}
	if _, err := settings.Load(b.memory); !errors.Is(err, settings.ErrNone) || bytes.Contains(b.memory.Bytes(), []byte("secret")) {
		t.Error("still there:", err)
	}
	if got := answer(b.enter("show")); got != "ok: nothing was saved yet" {
		t.Error(got)
	}
	b.failing = errors.New("cursor: no")
	if got := answer(b.enter("begin-anew yes")); got != "error: cursor: no" || b.restarts != 2 {
		t.Errorf("%s, %d", got, b.restarts)
	}
	if got := answer(b.enter("reboot")); got != "ok: restarting" || b.restarts != 3 {
		t.Errorf("%s, %d", got, b.restarts)
	}
}

func TestBeginsWithWhatIsSaved(t *testing.T) {
	t.Parallel()
	b := newBoard()
	complete(b)
	b.enter("save", "set ssid other", "save")
	b.start()
	if screen := b.enter("show"); !strings.Contains(screen, "ssid: other") || answer(screen) != "ok" {
		t.Error(screen)
	}
	// Damaged: those before are shown, and it is said.
	b.memory.Flip(int64(bytes.LastIndex(b.memory.Bytes(), []byte("other"))), 0)
	b.start()
	screen := b.enter("show")
	if !strings.Contains(screen, "ssid: home") || answer(screen) != "error: "+settings.ErrCorrupt.Error() {
		t.Error(screen)
	}
	if got := answer(b.enter("save")); got != "ok: saved; reboot uses them" {
		t.Error(got)
	}
	if s, err := settings.Load(b.memory); err != nil || s.SSID != "home" {
		t.Error(s, err)
	}
}

// What a newer firmware saved is not lost by accident.
func TestSettingsOfANewerFirmware(t *testing.T) {
	t.Parallel()
	b := newBoard()
	log, err := flash.Open(b.memory, flash.Settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Append([]byte{99}); err != nil {
		t.Fatal(err)
	}
	b.start()
	complete(b)
	if got := answer(b.enter("save")); got != "error: "+settings.ErrNewer.Error() {
		t.Error(got)
	}
	b.enter("wipe yes")
	complete(b)
	if got := answer(b.enter("save")); got != "ok: saved; reboot uses them" {
		t.Error(got)
	}
}

func TestHelpNamesEverything(t *testing.T) {
	t.Parallel()
	b := newBoard()
	screen := b.enter("help")
	for _, word := range append(settings.Names(), "set", "add", "show", "check", "save", "status", "begin-anew", "wipe", "reboot") {
		if !strings.Contains(screen, word) {
			t.Errorf("help does not name %s", word)
		}
	}
	if answer(screen) != "ok" {
		t.Error(answer(screen))
	}
}

// Whatever comes in: no panic, no secret on the screen, and a line afterwards is
// understood.
func FuzzFeed(f *testing.F) {
	f.Add([]byte("set ssid home\rset token\rabc\rsave\rshow\r"))
	f.Add([]byte("wipe yes\r\x1b[A\x7f\x03\x15\n\r"))
	f.Add(bytes.Repeat([]byte("add high-events x,"), 40))
	f.Fuzz(func(t *testing.T, input []byte) {
		b := newBoard()
		b.keys("set token\rNEVER-SHOWN-1\rset password\rNEVER-SHOWN-2\r")
		for _, c := range input {
			b.Feed(c)
		}
		b.keys("\x03\r")
		if strings.Contains(b.out.String(), "NEVER-SHOWN") {
			t.Fatal("a secret is on the screen")
		}
		if screen := b.enter("status"); answer(screen) != "ok" {
			t.Fatalf("not understood any more: %q", screen)
		}
		if b.longest > 120 {
			t.Fatalf("%d bytes printed at once", b.longest)
		}
	})
}
