package main

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato/workatotest"
)

func TestColor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args     string
		terminal bool
		env      map[string]string
		want     bool
	}{
		"a terminal":              {terminal: true, want: true},
		"no terminal":             {},
		"NO_COLOR":                {terminal: true, env: map[string]string{"NO_COLOR": "1"}},
		"dumb":                    {terminal: true, env: map[string]string{"TERM": "dumb"}},
		"never":                   {args: "-color never", terminal: true},
		"always":                  {args: "-color always", want: true},
		"always beats NO_COLOR":   {args: "-color always", env: map[string]string{"NO_COLOR": "1"}, want: true},
		"auto":                    {args: "-color auto", terminal: true, want: true},
		"never in JSON":           {args: "-color always -json", terminal: true},
		"auto, and no terminal":   {args: "-color auto"},
		"also while it follows":   {args: "-follow -color always", want: true},
		"not while it follows":    {args: "-follow"},
		"also in an export":       {args: "-from 1h -color always", want: true},
		"not in a piped export":   {args: "-from 1h"},
		"a terminal, exporting":   {args: "-from 1h", terminal: true, want: true},
		"a terminal that follows": {args: "-follow", terminal: true, want: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				maps.Copy(s.env, test.env)
				if test.terminal {
					s.stdoutColumns = 120
				}
				s.happen("A")
				run := s.start(strings.Fields(test.args)...)
				run.end()
				if got := strings.Contains(s.stdout.String(), "\x1b["); got != test.want || s.stdout.Len() == 0 {
					t.Errorf("color is %v in %q", got, &s.stdout)
				}
			})
		})
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		mara := &workatotest.User{ID: 12, Name: "Mara Lindqvist"}
		at := time.Date(2024, 6, 18, 7, 30, 12, 0, time.UTC)
		s.srv.Own().AddEvents(
			workatotest.Event{Time: at, Type: "user_login", User: mara, Resource: workatotest.Resource{Name: "Own workspace", Type: "Workspace"}},
			workatotest.Event{Time: at, Type: "recipe_stopped", Resource: workatotest.Resource{Name: "Post invoices to the ledger, and tell everybody who is concerned", Type: "Flow"}},
			workatotest.Event{Time: at, Type: "access_profile_api_key_refreshed", User: mara, Resource: workatotest.Resource{ID: 5, Type: "ApiAccessProfile"}},
			workatotest.Event{Time: at, Type: "package_exported", User: &workatotest.User{ID: 13}, Resource: workatotest.Resource{FileName: "p.zip", Type: "Package"}},
			workatotest.Event{Time: at, Type: "recipe_created", User: mara, Resource: workatotest.Resource{Name: "請求書を台帳に転記する処理を毎晩行うレシピ", Type: "Flow"}},
		)
		for columns, want := range map[int]string{
			0: `
2024-06-18 07:30:12Z  user_login               Workspace         Own workspace                     Mara Lindqvist    dev
2024-06-18 07:30:12Z  recipe_stopped           Flow              Post invoices to the ledger, and tell everybody who is concerned  Workato  dev
2024-06-18 07:30:12Z  access_profile_api_key_refreshed  ApiAccessProfile  5                        Mara Lindqvist    dev
2024-06-18 07:30:12Z  package_exported         Package           p.zip                             user 13           dev
2024-06-18 07:30:12Z  recipe_created           Flow              請求書を台帳に転記する処理を毎晩行うレシピ  Mara Lindqvist  dev
`,
			110: `
2024-06-18 07:30:12Z  user_login               Workspace         Own workspace          Mara Lindqvist    dev
2024-06-18 07:30:12Z  recipe_stopped           Flow              Post invoices to the…  Workato           dev
2024-06-18 07:30:12Z  access_profile_api_key_refreshed  ApiAccessProfile  5             Mara Lindqvist    dev
2024-06-18 07:30:12Z  package_exported         Package           p.zip                  user 13           dev
2024-06-18 07:30:12Z  recipe_created           Flow              請求書を台帳に転記す…  Mara Lindqvist    dev
`,
			80: `
2024-06-18 07:30:12Z  user_login               Own workspace    Mara Lindqvist
2024-06-18 07:30:12Z  recipe_stopped           Post invoices …  Workato
2024-06-18 07:30:12Z  access_profile_api_key_refreshed  5       Mara Lindqvist
2024-06-18 07:30:12Z  package_exported         p.zip            user 13
2024-06-18 07:30:12Z  recipe_created           請求書を台帳に…  Mara Lindqvist
`,
			40: `
2024-06-18 07:30:12Z  user_login
2024-06-18 07:30:12Z  recipe_stopped
2024-06-18 07:30:12Z  access_profile_ap…
2024-06-18 07:30:12Z  package_exported
2024-06-18 07:30:12Z  recipe_created
`,
		} {
			s.stdoutColumns = columns
			s.want(exitDone, "", "-color", "never")
			wantText(t, "at a width", "\n"+s.stdout.String(), want)
			s.stdout.Reset()
		}
	})
}

func TestLinesFitEveryTerminal(t *testing.T) {
	t.Parallel()
	event := &activity.Event{
		RawTime: "some time or other, nobody knows", Type: "recipe_stopped",
		Workspace: activity.Workspace{Environment: "production"}, User: &activity.User{Name: strings.Repeat("名", 20)},
		Resource: activity.Resource{Name: strings.Repeat("n", 300), Type: activity.ResourceType(strings.Repeat("T", 40))},
	}
	for columns := range 200 {
		p := &printer{out: streamTo(nil, columns+1)}
		if got := width(string(p.line(event))); got > columns+1 {
			t.Errorf("%d columns on a terminal of %d", got, columns+1)
		}
	}
}

func TestStyles(t *testing.T) {
	t.Parallel()
	for kind, want := range map[activity.EventType]string{
		"recipe_started": green, "recipe_stopped": yellow, "folder_deleted": red, "token_leaked": red,
		"user_login": dim, "recipe_updated": cyan, "unheard_of": cyan, "login": dim, "": cyan, "_": cyan,
	} {
		if got := style(&activity.Event{Type: kind}); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
	if got := style(&activity.Event{Type: "recipe_stopped", Details: activity.Details{Failed: new(true)}}); got != red {
		t.Errorf("a recipe that failed: %q", got)
	}
}
