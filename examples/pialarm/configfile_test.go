package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParseConfig(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{ // "key=value" pairs, or an error
		"":                                  "",
		"\n\n# nothing\n   # more\n":        "",
		"interval = 30s":                    "interval=30s",
		"interval=30s\r\nled=GPIO5\r\n":     "interval=30s led=GPIO5",
		"\ufeffinterval = 30s":              "interval=30s",
		"\tled\t=\tpin11\t# the red one":    "led=pin11",
		"external-customer = a#1":           "external-customer=a#1",
		"ignore-users = 1, 2,3":             "ignore-users=1, 2,3",
		"quiet-hours =":                     "quiet-hours=",
		"base-url = https://a.example/?x=1": "base-url=https://a.example/?x=1",

		"led GPIO17":                    `1: there is no "="`,
		"\nintervall = 30s":             `2: there is no key "intervall"; did you mean interval?`,
		"bell = GPIO1":                  `1: there is no key "bell"; the keys are region`,
		"loudness = 3":                  `1: there is no key "loudness"; the keys are region, base-url`,
		"led=GPIO1\n\nled=GPIO2":        "3: led is set in line 1 already",
		"token = s3cret":                "1: the token comes from the environment variable WORKATO_TOKEN",
		"wrkatus-3cret-TOKEN-pasted =x": "1: there is no such key",
		"led = \x1b[31mGPIO1":           "1: this is no text",
		"led = \xff":                    "1: this is no text",
		"= 3":                           `1: there is no key ""`,
		strings.Repeat("#", 65<<10):     "1: this is no configuration",
	} {
		entries, err := parseConfig(text, keyNames(), nil)
		var got []string
		for _, e := range entries {
			got = append(got, e.key+"="+e.value)
		}
		switch {
		case err == nil && strings.Join(got, " ") != want:
			t.Errorf("%.40q gives %q, want %q", text, got, want)
		case err != nil && (want == "" || !strings.HasPrefix(err.Error(), want)):
			t.Errorf("%.40q gives the error %q, want %q", text, err, want)
		case err != nil && strings.Contains(err.Error(), "3cret"):
			t.Errorf("%.40q: a value is in the error %q", text, err)
		}
	}
}

func TestReadConfig(t *testing.T) {
	t.Parallel()
	_, err := readConfig(filepath.Join(t.TempDir(), "none.conf"), keyNames(), nil)
	wantError(t, err, "the configuration cannot be read")
	_, err = readConfig(t.TempDir(), keyNames(), nil)
	wantError(t, err, "the configuration cannot be read")
	path := filepath.Join(t.TempDir(), "pialarm.conf")
	if err := os.WriteFile(path, []byte("# mine\nledd = GPIO17\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = readConfig(path, keyNames(), nil)
	wantError(t, err, path+`:2: there is no key "ledd"; did you mean led?`)
}

// FuzzConfig: no text breaks the parser, every error says where, and what is read
// is what stands in that line.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{"interval = 30s", "# a\nled=pin11 # b\n", "led\n", "a = b", "\ufeffled==\r\n", "led = \x00", "mute=none\nmute=none"} {
		f.Add(seed)
	}
	keys := keyNames()
	f.Fuzz(func(t *testing.T, text string) {
		entries, err := parseConfig(text, keys, nil)
		if err != nil {
			if number, _, ok := strings.Cut(err.Error(), ": "); !ok || strings.Trim(number, "0123456789") != "" {
				t.Errorf("the error does not begin with a line: %q", err)
			}
			return
		}
		lines := slices.Collect(strings.Lines(strings.TrimPrefix(text, "\ufeff")))
		seen := map[string]bool{}
		for _, e := range entries {
			if !slices.Contains(keys, e.key) || seen[e.key] {
				t.Errorf("key %q", e.key)
			}
			seen[e.key] = true
			if line := lines[e.line-1]; !strings.Contains(line, e.key) || !strings.Contains(line, e.value) {
				t.Errorf("line %d is %q, which does not have %q = %q", e.line, line, e.key, e.value)
			}
			s := defaultSettings()
			all := s.keys()
			_ = apply(all, e.key, e.value) // any value gives an error or a setting
		}
	})
}
