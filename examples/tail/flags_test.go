package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestHelp(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.want(exitDone, "", "-help")
		wantText(t, "stdout", s.stdout.String(), help)
		for line := range strings.Lines(help) {
			if len(line) > 81 {
				t.Errorf("%d columns: %s", len(line), line)
			}
		}
	})
}

func TestWrongFlags(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-nope":                   "not defined: -nope",
		"-n":                      "flag needs an argument",
		"-n x":                    "number from 0 to 10000",
		"-n -1":                   "number from 0 to 10000",
		"-n 10001":                "number from 0 to 10000",
		"-n 0":                    "-n 0 is for -follow only",
		"-follow=perhaps":         "invalid boolean",
		"-follow -to 1h":          "leave one of them out",
		"-interval 30s":           "-interval is for -follow only",
		"-state seen":             "-state is for -follow only",
		"-follow -state=":         "-state is empty; name a folder",
		"-follow -interval 4s":    "at least 5s",
		"-follow -interval soon":  "at least 5s",
		"-color pink":             "one of auto, always, never",
		"-from yesterday":         "must be a time like",
		"-from -1h":               "must be a time like",
		"-from 9999999999999d":    "must be a time like",
		"-to 2026-13-01":          "must be a time like",
		"-from 1h -to 2h":         "-from is after -to",
		"-user mara":              "number of 1 or more",
		"-user 0":                 "number of 1 or more",
		"-user 1,,2":              "number of 1 or more",
		"-event ,":                "empty type",
		"-not-event user_login,":  "empty type",
		"-resource ,Flow":         "empty type",
		"-not-resource ,":         "empty type",
		"-region mars":            "is not known; use us, eu",
		"-region eu -base-url x":  "exclude each other",
		"-base-url=":              "-base-url is empty",
		"-base-url ftp://x":       "the base URL must begin with https://",
		"-base-url http://x.com":  "the base URL is plain http",
		"-customer x":             "number of 1 or more",
		"-customer 0":             "number of 1 or more",
		"-external=":              "-external is empty",
		"-customer 1 -external x": "exclude each other",
		"-demo -to 1h":            "-to means nothing in the -demo",
		"-demo -interval 9s":      "-interval means nothing",
		"-demo -state seen":       "-state means nothing",
		"-demo -region eu":        "-region means nothing",
		"-demo -base-url x":       "-base-url means nothing",
		"-demo -customer 1":       "-customer means nothing",
		"-demo -external x":       "-external means nothing",
		"follow":                  "an argument that is none",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				s.want(exitUsage, want, strings.Fields(args)...)
				if s.stdout.Len() > 0 || len(s.srv.Requests()) > 0 {
					t.Errorf("printed %q, sent %d requests", &s.stdout, len(s.srv.Requests()))
				}
			})
		})
	}
}

func TestAPasswordInABaseURLIsNotShown(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.want(exitUsage, "the base URL has user information", "-base-url", "https://me:hunter2@example.com")
		if strings.Contains(s.stderr.String(), "hunter2") {
			t.Errorf("stderr: %s", &s.stderr)
		}
	})
}

func TestATokenAsAnArgumentIsNotShown(t *testing.T) {
	t.Parallel()
	inBubble(t, func(_ *testing.T, s *stage) {
		s.want(exitUsage, "there is an argument that is none", s.srv.Token())
	})
}

func TestTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // now is midnight of 2000-01-01, UTC
		for text, want := range map[string]string{
			"2024-06-18T08:00:00+02:00": "2024-06-18T06:00:00Z",
			"2024-06-18T08:00:00.5Z":    "2024-06-18T08:00:00.5Z",
			"2024-06-18 08:00:00Z":      "2024-06-18T08:00:00Z",
			"2024-06-18":                "2024-06-18T00:00:00Z",
			"90m":                       "1999-12-31T22:30:00Z",
			"24h":                       "1999-12-31T00:00:00Z",
			"7d":                        "1999-12-25T00:00:00Z",
			"0s":                        "2000-01-01T00:00:00Z",
		} {
			opts, err := parseFlags([]string{"-from", text})
			if err != nil {
				t.Fatal(err)
			}
			wantText(t, text, opts.filter.From.UTC().Format(time.RFC3339Nano), want)
		}
	})
}

func TestProbableTyposAreWarnedOf(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-event recipe_strated":            `warning: "recipe_strated" is no event type`,
		"-not-event Recipe_started":        `warning: "Recipe_started" is no event type`,
		"-resource Recipe":                 `warning: "Recipe" is no resource type`,
		"-not-resource flow":               `warning: "flow" is no resource type`,
		"-resource CustomAdapter":          `warning: filters call the resource type "CustomAdapter" by the name "Adapter"`,
		"-not-resource Workspace":          `by the name "User"`,
		"-event user_login -resource User": "",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(_ *testing.T, s *stage) { s.want(exitDone, want, strings.Fields(args)...) })
		})
	}
}
