package redact_test

import (
	"testing"

	"github.com/workato-go/sdk/internal/redact"
)

func TestText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"nothing to hide":       {"recipe 42 not found", "recipe 42 not found"},
		"the token":             {"token wrk-1 refused", "token [token] refused"},
		"the token, twice":      {"wrk-1,wrk-1", "[token],[token]"},
		"another bearer token":  {`sent "Authorization: Bearer abc.def"`, `sent "Authorization: Bearer [token]"`},
		"an e-mail address":     {"user alex@example.com is unknown", "user [email] is unknown"},
		"in JSON":               {`{"email":"a.b+c@example.com"}`, `{"email":"[email]"}`},
		"percent-encoded":       {"/api/managed_users/Ealex%40example.com/tags", "/api/managed_users/[email]/tags"},
		"in a path":             {"/api/managed_users/Ealex@example.com/tags", "/api/managed_users/[email]/tags"},
		"no top-level domain":   {"root@localhost", "[email]"},
		"in angle brackets":     {"Alex <alex@example.com>", "Alex <[email]>"},
		"a URL's query":         {`Get "https://host/api/tags?q=1": EOF`, `Get "https://host/api/tags?[query]": EOF`},
		"a query without value": {"https://host/api/tags?secret", "https://host/api/tags?[query]"},
		"a path's query":        {"no route for /api/tags?page=2&q=x", "no route for /api/tags?[query]"},
		"user information":      {"https://alex:pw@host/api", "https://host/api"},
		"a question":            {"Is it there? Yes = maybe", "Is it there? Yes = maybe"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := redact.Text(tt.in, "wrk-1", ""); got != tt.want {
				t.Errorf("Text(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
