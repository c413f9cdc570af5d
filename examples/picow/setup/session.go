// Package setup lets a user set up the board over its USB serial port: with
// picow-setup, or by hand in any terminal.
//
// # The lines
//
// A line is a command; help lists them. Each is answered by lines of text, the
// last of which begins with "ok", with "error: " or, where the board waits for a
// secret, with "ready: ". No other line that the firmware prints may begin like
// that. The line after "ready: " is the secret; it is neither echoed nor ever
// printed, and an empty one leaves everything as it is.
//
// What is typed is echoed, as a terminal does not show it by itself. Lines may
// end as they like: CR, LF or both.
//
// A line has at most MaxLine bytes, because the board's receiver holds no more
// than 512 while the processor is busy with something else. What is longer comes
// in parts: "add" appends to a list or to a secret. Whoever sends faster than by
// hand has to wait for each answer. Lines that the board prints are short, too:
// longer writes lose data on the way.
package setup

import (
	"errors"
	"strconv"
	"strings"

	"github.com/workato-go/sdk/examples/picow/flash"
	"github.com/workato-go/sdk/examples/picow/settings"
)

const (
	// MaxLine is how many bytes a line can have.
	MaxLine = 400
	// printed is how many bytes of a value go on one line.
	printed = 80
)

// Board is what a Session needs of the board.
type Board struct {
	Flash flash.Device
	// Print writes to the serial port; it is given at most some 120 bytes at a
	// time, with CR and LF at the end of a line.
	Print func(text string)
	// Status prints what the board is doing, line by line.
	Status func(line func(text string))
	// BeginAnew forgets the checkpoint: Wipe of the cursor.Store in use. Restart
	// follows.
	BeginAnew func() error
	// Restart starts the board again, once everything printed is on its way.
	Restart func()
}

// Session reads commands. It is not safe for concurrent use.
type Session struct {
	board   Board
	draft   settings.Settings
	loaded  error // what was wrong with the settings that are saved
	changed bool

	line   [MaxLine]byte
	length int
	long   bool // too long; the rest of the line is skipped
	cr     bool // a CR ended the line: an LF right after it is part of that
	escape escape
	secret string // the setting that the next line is; "": none
	adding bool   // it is appended
}

// escape is how much of an escape sequence, such as that of an arrow key, was
// read.
type escape uint8

const (
	noEscape escape = iota
	escapeBegun
	escapeBody
)

// New begins with the settings that are saved.
func New(board Board) *Session {
	s := &Session{board: board}
	s.load()
	return s
}

func (s *Session) load() {
	saved, err := settings.Load(s.board.Flash)
	s.draft, s.loaded, s.changed = settings.Default(), err, false
	if saved != nil {
		s.draft = *saved
	}
}

// Feed takes the next byte from the serial port and does what a finished line
// says.
func (s *Session) Feed(b byte) {
	afterCR := s.cr
	s.cr = b == '\r'
	if s.skipEscape(b) {
		return
	}
	switch {
	case b == '\n' && afterCR:
	case b == '\r' || b == '\n':
		s.end()
	case b == 0x03 || b == 0x15: // Ctrl-C, Ctrl-U
		s.cancel()
	case b == 0x08 || b == 0x7f:
		s.back()
	case b < ' ':
	case s.length == MaxLine:
		s.long = true
	default:
		s.line[s.length] = b
		s.length++
		if s.secret == "" {
			s.board.Print(string([]byte{b}))
		}
	}
}

// skipEscape says whether a byte belongs to an escape sequence.
func (s *Session) skipEscape(b byte) bool {
	switch {
	case b == 0x1b:
		s.escape = escapeBegun
	case s.escape == escapeBegun && (b == '[' || b == 'O'):
		s.escape = escapeBody
	case s.escape == escapeBody && b >= ' ':
		if b >= '@' {
			s.escape = noEscape
		}
	default:
		s.escape = noEscape
		return false
	}
	return true
}

func (s *Session) back() {
	if s.length == 0 {
		return
	}
	s.length--
	for s.length > 0 && s.line[s.length]&0xc0 == 0x80 { // the rest of a letter
		s.length--
	}
	if s.secret == "" {
		s.board.Print("\b \b")
	}
}

func (s *Session) cancel() {
	s.clear()
	s.board.Print("\r\n")
	s.secret = ""
	s.ok("cancelled")
}

// clear leaves nothing of a line, which may have been a secret.
func (s *Session) clear() {
	clear(s.line[:])
	s.length, s.long = 0, false
}

// end does what the line says.
func (s *Session) end() {
	s.board.Print("\r\n")
	line, long := string(s.line[:s.length]), s.long
	s.clear()
	secret := s.secret
	s.secret = ""
	switch {
	case long:
		s.fail("the line is longer than " + strconv.Itoa(MaxLine) + " characters, and was not used; what is longer comes in parts, with add")
	case secret != "":
		s.takeSecret(secret, line)
	default:
		s.command(line)
	}
}

func (s *Session) takeSecret(name, value string) {
	if value == "" {
		s.fail(name + ": nothing was entered; it is as before")
		return
	}
	if s.adding {
		value = s.secretValue(name) + value
	}
	if err := s.set(name, value); err != nil {
		s.fail(err.Error())
		return
	}
	s.ok(name + " " + s.draft.Text(name))
}

func (s *Session) secretValue(name string) string {
	if name == "token" {
		return s.draft.Token
	}
	return s.draft.Password
}

func (s *Session) command(line string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	word = strings.ToLower(word)
	switch word {
	case "":
		s.ok("type help for the commands")
	case "help":
		s.help()
	case "set", "add":
		name, value, _ := strings.Cut(rest, " ")
		s.change(word == "add", name, unquote(strings.TrimSpace(value)))
	case "show":
		s.show()
	case "check":
		s.check()
	case "save":
		s.save()
	case "status":
		if s.board.Status != nil {
			s.board.Status(s.print)
		}
		s.ok("")
	case "begin-anew":
		if s.sure(word, rest, "forgets which events were told; what happened since then is lost") {
			s.restartAfter(s.board.BeginAnew, "begun anew; restarting")
		}
	case "wipe":
		if s.sure(word, rest, "erases all settings, secrets included, and the checkpoint") {
			s.restartAfter(s.wipe, "erased; restarting")
		}
	case "reboot":
		s.ok("restarting")
		s.board.Restart()
	default:
		s.fail("this is no command; type help")
	}
}

func (s *Session) help() {
	for _, line := range []string{
		"set NAME VALUE   change a setting; without VALUE: its default",
		"set token        the same for a secret: it is asked for, and not shown",
		"set password     an empty Wi-Fi password is set by: set password none",
		"add NAME VALUE   more values for a list; add token: more of a secret",
		"show             the settings; secrets only by their length",
		"check            what is still missing or wrong",
		"save             keep them; reboot uses them",
		"status           what the board is doing",
		"begin-anew       forget the checkpoint and watch from now on",
		"wipe             erase all settings and the checkpoint",
		"reboot           start again",
		"Ctrl-C           cancel a line",
		"Settings:",
	} {
		s.print(line)
	}
	line := " "
	for _, name := range settings.Names() {
		if len(line)+1+len(name) > printed {
			s.print(line)
			line = " "
		}
		line += " " + name
	}
	s.print(line)
	s.ok("")
}

// change is set and add.
func (s *Session) change(add bool, name, value string) {
	known, isSetting := settings.Find(name)
	switch {
	case name == "":
		s.fail("name a setting; help lists them")
	case isSetting && settings.Secret(known):
		if known == "password" && !add && value == "none" {
			s.draft.Password, s.changed = "", true
			s.ok("password: none, an open network")
			return
		}
		if value != "" {
			s.fail(known + ": not on this line, where it can be seen; enter it on the line after: set " + known)
			return
		}
		s.secret, s.adding = known, add
		s.print("ready: enter the " + known + "; it is not shown")
	case isSetting && add && !settings.IsList(known):
		s.fail(known + ": has one value only; use set")
	default:
		if before := s.draft.Text(known); add && before != "" {
			value = before + "," + value
		}
		if err := s.set(name, value); err != nil {
			s.fail(err.Error())
			return
		}
		s.show1(known)
		s.ok("")
	}
}

func (s *Session) set(name, value string) error {
	if err := s.draft.Set(name, value); err != nil {
		return err
	}
	s.changed = true
	return nil
}

func (s *Session) show() {
	for _, name := range settings.Names() {
		s.show1(name)
	}
	switch {
	case s.changed:
		s.ok("not saved yet")
	case errors.Is(s.loaded, settings.ErrNone):
		s.ok("nothing was saved yet")
	case s.loaded != nil:
		s.fail(s.loaded.Error())
	default:
		s.ok("")
	}
}

// show1 prints one setting, on several lines if it has to be.
func (s *Session) show1(name string) {
	value := s.draft.Text(name)
	if value != strings.TrimSpace(value) {
		value = `"` + value + `"`
	}
	line := name + ":"
	if value == "" {
		line += " -"
	}
	for value != "" {
		n := min(printed, len(value))
		for n < len(value) && n > printed-4 && value[n]&0xc0 == 0x80 { // never within a letter
			n--
		}
		s.print(line + " " + value[:n])
		line, value = " ", value[n:]
	}
	if line != " " {
		s.print(line)
	}
}

func (s *Session) check() {
	if err := s.draft.Validate(); err != nil {
		s.fail(err.Error())
		return
	}
	s.ok("complete")
}

func (s *Session) save() {
	if errors.Is(s.loaded, settings.ErrNewer) {
		s.fail(s.loaded.Error())
		return
	}
	if err := settings.Save(s.board.Flash, &s.draft); err != nil {
		s.fail(err.Error())
		return
	}
	s.changed, s.loaded = false, nil
	s.ok("saved; reboot uses them")
}

func (s *Session) wipe() error {
	if err := settings.Wipe(s.board.Flash); err != nil {
		return err
	}
	s.load()
	return s.board.BeginAnew()
}

// sure wants a yes before something is lost.
func (s *Session) sure(word, rest, what string) bool {
	if rest == "yes" {
		return true
	}
	s.print("This " + what + ".")
	s.fail("not done; if you mean it, enter: " + word + " yes")
	return false
}

func (s *Session) restartAfter(do func() error, done string) {
	if err := do(); err != nil {
		s.fail(err.Error())
		return
	}
	s.ok(done)
	s.board.Restart()
}

// unquote takes off the quotes that keep spaces at the ends of a value.
func unquote(value string) string {
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		return value[1 : len(value)-1]
	}
	return value
}

// ok and fail print the last line of an answer.
func (s *Session) ok(text string) {
	if text == "" {
		s.print("ok")
		return
	}
	s.print("ok: " + text)
}

func (s *Session) fail(text string) { s.print("error: " + text) }

// print prints a line in portions that get through.
func (s *Session) print(line string) {
	const most = 120
	for len(line) > most {
		s.board.Print(line[:most])
		line = line[most:]
	}
	s.board.Print(line)
	s.board.Print("\r\n")
}
