package main

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/examples/picow/settings"
	"github.com/workato-go/sdk/workato"
	"github.com/workato-go/sdk/workato/workatotest"
)

const answers = "home net\ncorrect horse\nwrkaeu-secret\neu\n19029\n\n22:00-07:30\n\n\n"

func TestSetUpByQuestions(t *testing.T) {
	t.Parallel()
	f := newFake()
	got := f.use(t, answers)
	if got.status != 0 || got.err != "" {
		t.Fatalf("%+v", got)
	}
	want := settings.Default()
	want.SSID, want.Password, want.Token = "home net", "correct horse", "wrkaeu-secret"
	want.Host, want.Customer, want.QuietHours, want.UTCOffset = "app.eu.workato.com", "19029", "22:00-07:30", 120
	if s, err := settings.Load(f.memory); err != nil || !reflect.DeepEqual(s, &want) {
		t.Errorf("on the board: %v, %v; want %v", s, err, want)
	}
	if f.restarts != 1 {
		t.Errorf("%d restarts", f.restarts)
	}
	for _, text := range []string{got.out, f.sent.String()} {
		if strings.Contains(text, "secret\r") || strings.Contains(text, "wrkaeu") || strings.Contains(text, "horse") {
			t.Errorf("a secret is shown:\n%s", text)
		}
	}
	if !strings.Contains(got.out, "token: set, 13 characters\n") {
		t.Errorf("what the board has is not shown:\n%s", got.out)
	}
}

func TestSetUpAgainKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.use(t, answers)
	before, err := settings.Load(f.memory)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.use(t, strings.Repeat("\n", 9)); got.status != 0 || !strings.Contains(got.out, "[set, 13 characters]") || strings.Contains(got.out, "wrk") {
		t.Errorf("%+v", got)
	}
	after, err := settings.Load(f.memory)
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("changed: %v, %v", after, err)
	}
	// Another network without a password, another workspace, everything else stays.
	if got := f.use(t, "café\nnone\n\nwww.workato.com\nnone\n\nnone\n+05:30\noff\n"); got.status != 0 {
		t.Errorf("%+v", got)
	}
	before.SSID, before.Password, before.Host, before.Customer = "café", "", "www.workato.com", ""
	before.QuietHours, before.UTCOffset, before.Buzzer = "", 330, false
	if after, err := settings.Load(f.memory); err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("got %#v, %v; want %#v", after, err, before)
	}
}

func TestWrongAnswersAreAskedAgain(t *testing.T) {
	t.Parallel()
	f := newFake()
	got := f.use(t, "\nhome\nshort\n12345678\nBearer wrk\nwrk-1\nmars\nhttps://www.workato.com\nuk\nacme\nEacme\nme\n1,2\nlate\n\n2\n\nloud\noff\n")
	if got.status != 0 {
		t.Fatalf("%+v", got)
	}
	for _, want := range []string{"this is needed", "password: has 5 characters", "token: has a space", "region", "host: is a URL", "customer: is neither", "ignore-users: has something", "quiet-hours: ", "utc-offset: ", "buzzer: "} {
		if !strings.Contains(got.out, want) {
			t.Errorf("not said: %s", want)
		}
	}
	s, err := settings.Load(f.memory)
	if err != nil || s.Host != "app.uk.workato.com" || s.Customer != "Eacme" || !slices.Equal(s.IgnoreUsers, []int64{1, 2}) || s.Buzzer {
		t.Errorf("%v, %v", s, err)
	}
}

func TestQuestionsNotAnsweredToTheEnd(t *testing.T) {
	t.Parallel()
	f := newFake()
	if got := f.use(t, "home\n12345678\n"); got.status != 1 || !strings.Contains(got.err, "nothing was changed") {
		t.Errorf("%+v", got)
	}
	if _, err := settings.Load(f.memory); !errors.Is(err, settings.ErrNone) {
		t.Error(err)
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "settings")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestSetUpFromAFile(t *testing.T) {
	t.Parallel()
	types := make([]string, 30)
	for i := range types {
		types[i] = strings.Repeat("event_type_", 4) + string(rune('a'+i%26)) + string(rune('a'+i/26))
	}
	token := strings.Repeat("0123456789abcdef", settings.MaxToken/16)
	f := newFake()
	name := write(t, `
# the board in the kitchen
ssid = " home "
region = EU
token = `+token+`
IgnoreUsers = 7, 8
exclude-events = `+strings.Join(types, ", ")+`
interval = 1m
buzzer = off
`)
	got := f.use(t, "12345678\n", "-file", name)
	if got.status != 0 {
		t.Fatalf("%+v", got)
	}
	want := settings.Default()
	want.SSID, want.Password, want.Token, want.Host = " home ", "12345678", token, "app.eu.workato.com"
	want.IgnoreUsers, want.ExcludeEvents, want.Interval, want.Buzzer = []int64{7, 8}, types, time.Minute, false
	if s, err := settings.Load(f.memory); err != nil || !reflect.DeepEqual(s, &want) {
		t.Errorf("on the board: %#v, %v; want %#v", s, err, want)
	}
	// A file is the whole of the settings, but for secrets.
	if got := f.use(t, "", "-file", write(t, "ssid = other\nhost = www.workato.com\n")); got.status != 0 {
		t.Fatalf("%+v", got)
	}
	want = settings.Default()
	want.SSID, want.Password, want.Token, want.Host = "other", "12345678", token, "www.workato.com"
	if s, err := settings.Load(f.memory); err != nil || !reflect.DeepEqual(s, &want) {
		t.Errorf("on the board: %#v, %v; want %#v", s, err, want)
	}
}

// The file that the README shows is one that works.
func TestFileOfTheReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "<<'FILE'\n")
	file, _, found := strings.Cut(after, "\nFILE\n")
	if !found {
		t.Fatal("the README shows no file")
	}
	f := newFake()
	if got := f.use(t, "12345678\nwrkaeu-1\n", "-file", write(t, file)); got.status != 0 {
		t.Fatalf("%+v", got)
	}
	if s, err := settings.Load(f.memory); err != nil || s.QuietHours == "" || len(s.HighEvents) != 2 {
		t.Errorf("%v, %v", s, err)
	}
}

func TestBadFilesChangeNothing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                "there is no setting in it",
		"ssid home":                       "line 1: is not name = value",
		"\n\ncolor = red":                 "line 3: no setting of that name",
		"ssid = a\nSSID = b":              "line 2: ssid is there twice",
		"region = mars":                   "line 1: workato: region",
		"interval = 1s":                   "line 1: interval: is below 5s",
		"ssid = a\npassword =\ntoken = b": "host: is missing",
		"ssid = a\ntoken = b c\nhost = x": "token: has a space",
		"ssid = a\npassword = b\ntoken = SEC\nhost = x": "password: has 1 characters",
	} {
		f := newFake()
		got := f.use(t, "none\n", "-file", write(t, text))
		if got.status != 1 || !strings.Contains(got.err, want) {
			t.Errorf("%q: %+v; want %q", text, got, want)
		}
		if strings.Contains(got.err, "SEC") {
			t.Errorf("a secret is shown: %s", got.err)
		}
		if _, err := settings.Load(f.memory); !errors.Is(err, settings.ErrNone) {
			t.Errorf("%q: saved: %v", text, err)
		}
	}
	if got := newFake().use(t, "", "-file", filepath.Join(t.TempDir(), "none")); got.status != 1 {
		t.Errorf("no such file: %+v", got)
	}
}

func TestFileThatOthersCanRead(t *testing.T) {
	t.Parallel()
	name := write(t, "ssid = a\npassword =\ntoken = b\nhost = x.com\n")
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := newFake().use(t, "none\n", "-file", name); got.status != 0 || !strings.Contains(got.err, "other users can read") {
		t.Errorf("%+v", got)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.use(t, answers)
	f.restarts = 0
	if got := f.use(t, "", "status"); got.status != 0 || got.out != "watching, quiet\nboot 7\n" {
		t.Errorf("status: %+v", got)
	}
	if got := f.use(t, "", "show"); got.status != 0 || !strings.Contains(got.out, "host: app.eu.workato.com\n") || strings.Contains(got.out, "secret") {
		t.Errorf("show: %+v", got)
	}
	if got := f.use(t, "", "reboot"); got.status != 0 || f.restarts != 1 {
		t.Errorf("reboot: %+v, %d", got, f.restarts)
	}
	for _, command := range []string{"wipe", "begin-anew"} {
		if got := f.use(t, "no\n", command); got.status != 1 || !strings.Contains(got.err, "nothing was done") {
			t.Errorf("%s, no: %+v", command, got)
		}
	}
	if _, err := settings.Load(f.memory); err != nil || f.begun != 0 {
		t.Error("done without a yes:", err, f.begun)
	}
	if got := f.use(t, "", "-yes", "begin-anew"); got.status != 0 || f.begun != 1 || f.restarts != 2 {
		t.Errorf("begin-anew: %+v", got)
	}
	if got := f.use(t, "yes\n", "wipe"); got.status != 0 || f.begun != 2 {
		t.Errorf("wipe: %+v", got)
	}
	if _, err := settings.Load(f.memory); !errors.Is(err, settings.ErrNone) {
		t.Error("after the wipe:", err)
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"dance"}, {"show", "status"}, {"-speed", "9600"}, {"-file", "x", "show"}} {
		if got := newFake().use(t, "", args...); got.status != 2 || got.err == "" {
			t.Errorf("%v: %+v", args, got)
		}
	}
	got := newFake().use(t, "", "-h")
	for _, name := range append(settings.Names(), "-port", "-file", "-yes", "begin-anew", "wipe") {
		if !strings.Contains(got.err, name) {
			t.Errorf("the help does not name %s", name)
		}
	}
	if got.status != 0 {
		t.Errorf("-h: %d", got.status)
	}
}

// The receiver of the board can lose bytes: that is noticed, and nothing is saved.
func TestLostBytesAreNoticed(t *testing.T) {
	t.Parallel()
	for _, lost := range []string{"net", "-07", "wrkaeu"} {
		f := newFake()
		f.lose = func(line string) string { return strings.Replace(line, lost, "", 1) }
		if got := f.use(t, answers); got.status != 1 {
			t.Errorf("%q lost: %+v", lost, got)
		}
		if _, err := settings.Load(f.memory); !errors.Is(err, settings.ErrNone) {
			t.Errorf("%q lost: saved: %v", lost, err)
		}
	}
}

// A new token is tried before anything is sent to the board.
func TestTokenIsTried(t *testing.T) {
	t.Parallel()
	type test struct {
		customer string
		spoil    func(*workatotest.Server)
		status   int
		says     string
	}
	fail := func(status int) func(*workatotest.Server) {
		return func(s *workatotest.Server) { s.Fail(1, workatotest.Fault{Status: status}) }
	}
	for name, test := range map[string]test{
		"good":              {"", nil, 0, "Workato takes the token."},
		"customer":          {"19029", nil, 0, "Workato takes the token."},
		"external customer": {"EA 2/3", nil, 0, "Workato takes the token."},
		"no such customer":  {"19030", nil, 1, "no such customer"},
		"refused":           {"", fail(401), 1, "refuses the token"},
		"role":              {"", fail(403), 1, "role may not read"},
		"Workato is down":   {"", fail(503), 0, "Going on without."},
	} {
		f := newFake()
		f.api = workatotest.NewServer()
		f.api.Customer(19029).SetExternalID("A 2/3")
		if test.spoil != nil {
			test.spoil(f.api)
		}
		typed := "home\n12345678\n" + f.api.Token() + "\nus\n" + test.customer + "\n\n\n\n\n"
		got := f.use(t, typed)
		if got.status != test.status || !strings.Contains(got.out+got.err, test.says) || strings.Contains(got.out+got.err, f.api.Token()) {
			t.Errorf("%s: %+v", name, got)
		}
		if _, err := settings.Load(f.memory); (err == nil) != (test.status == 0) {
			t.Errorf("%s: on the board: %v", name, err)
		}
		requests := f.api.Requests()
		if len(requests) != 1 {
			t.Errorf("%s: %d requests", name, len(requests))
		}
		if test.status != 0 {
			continue
		}
		// Later changes that leave the token alone ask nobody.
		if got := f.use(t, strings.Repeat("\n", 9)); got.status != 0 || len(f.api.Requests()) != 1 {
			t.Errorf("%s, again: %+v", name, got)
		}
	}
}

func TestSilentBoard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, there) }()
		b := connect(here)
		start := time.Now()
		if err := b.hello(); !errors.Is(err, errSilent) || time.Since(start) != patience {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		_ = there.Close()
		_ = here.Close()
		if _, err := b.do("status"); err == nil {
			t.Error("no error though the board is gone")
		}
	})
}

// What the firmware prints by itself is shown and not taken for an answer.
func TestOtherLinesOfTheBoard(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	defer func() { _ = here.Close() }()
	go func() {
		buf := make([]byte, 100)
		n, _ := there.Read(buf)
		_, _ = io.WriteString(there, "joined the network\r\n"+strings.TrimSuffix(string(buf[:n]), "\r")+"\r\nwatching\r\nok: fine\r\n")
	}()
	got, err := connect(here).do("status")
	if err != nil || got.last != "fine" || !slices.Equal(got.lines, []string{"joined the network", "watching"}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestHostOfEachRegion(t *testing.T) {
	t.Parallel()
	for region, want := range map[workato.Region]string{
		workato.US: "www.workato.com", workato.EU: "app.eu.workato.com", workato.JP: "app.jp.workato.com", workato.SG: "app.sg.workato.com",
		workato.AU: "app.au.workato.com", workato.IL: "app.il.workato.com", workato.KR: "app.kr.workato.com", workato.UK: "app.uk.workato.com",
		workato.CN: "app.workatoapp.cn", workato.Trial: "app.trial.workato.com",
	} {
		if got, err := host(string(region)); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", region, got, err, want)
		}
	}
	if got, err := host("mars"); err == nil || got != "" {
		t.Errorf("mars: %q, %v", got, err)
	}
}

func TestFindPort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pattern := []string{filepath.Join(dir, "ttyACM*")}
	find := func() (string, error) { return findPort(pattern) }
	if _, err := find(); err == nil || !strings.Contains(err.Error(), "no board") {
		t.Error("none:", err)
	}
	for i, name := range []string{"ttyACM0", "ttyACM1"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := find()
		if i == 0 && (err != nil || got != path) {
			t.Errorf("one: %q, %v", got, err)
		}
		if i == 1 && (err == nil || !strings.Contains(err.Error(), "-port")) {
			t.Error("two:", err)
		}
	}
	if _, err := findPort(nil); err == nil || !strings.Contains(err.Error(), "COM5") {
		t.Error("a system without a pattern:", err)
	}
}
