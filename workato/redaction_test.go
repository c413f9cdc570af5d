package workato_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/workato-go/sdk/workato"
)

// What must never be shown. Some of it comes from the caller, some from a
// server that echoes it.
const (
	secretEmail = "alex@example.com"
	secretQuery = "only_for=the_server"
)

func printed(v any) []string {
	var text, json strings.Builder
	slog.New(slog.NewTextHandler(&text, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&json, nil)).Info("x", "v", v)
	return []string{
		fmt.Sprintf("%v", v), fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v), fmt.Sprintf("%s", v), fmt.Sprintf("%q", v),
		fmt.Sprint(v), fmt.Sprintf("%d", v), fmt.Sprintf("%x", v), panicked(v), text.String(), json.String(),
	}
}

func panicked(v any) (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	panic(v)
}

// No way of printing anything of this package shows what is secret.
func TestNothingPrintsSecrets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		things := map[string]any{}
		var log strings.Builder
		opts := []workato.Option{
			workato.WithLogger(logger(&log)),
			workato.WithObserver(func(_ context.Context, a workato.Attempt) { things[fmt.Sprint("attempt ", len(things))] = a }),
		}
		echo := func(code int) func(r *http.Request) (*http.Response, error) {
			return func(r *http.Request) (*http.Response, error) {
				body := fmt.Sprintf(`{"message":"%s %s by %s failed","id":"%s","errors":{"%s":["%s is no user"]}}`, r.Method, r.URL, r.Header.Get("Authorization"), token, secretEmail, secretEmail)
				return respond(r, code, body, "X-Request-Id", r.Header.Get("Authorization")), nil
			}
		}
		failures := map[string]func(*http.Request) (*http.Response, error){
			"400": echo(400), "429": echo(429), "503": echo(503), "200 not JSON": func(r *http.Request) (*http.Response, error) {
				return respond(r, 200, "<a href="+r.URL.String()+">"+token+" "+secretEmail), nil
			},
			"200 of another shape": echo(200),
			"redirect":             status(302, "", "Location", "https://alex:pw@elsewhere.example.com/?"+secretQuery),
			"transport": func(r *http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("no route for %s with %s for %s", r.URL, r.Header.Get("Authorization"), secretEmail)
			},
		}
		for name, failure := range failures {
			client := newClient(t, newScript(t, failure), append(opts, workato.WithRetry(workato.RetryPolicy{MaxAttempts: 2}))...)
			for where, ws := range map[string]*workato.Workspace{"own": client.Own(), "external": client.ExternalCustomer(secretEmail), "customer": client.Customer(5)} {
				request := get("tags")
				request.Query = url.Values{"q": {secretQuery, secretEmail}, "only_for": {"the_server"}}
				var out struct{ Message int }
				_, err := ws.Do(t.Context(), request, &out)
				if err == nil {
					t.Fatalf("%s succeeded", name)
				}
				things[name+" "+where] = err
				things["workspace "+where] = ws
				things["workspace value "+where] = *ws
				if e, ok := errors.AsType[*workato.Error](err); ok {
					things["error value "+name+" "+where] = *e
				}
				things["wrapped "+name+where] = fmt.Errorf("page 3: %w", err)
				things["joined "+name+where] = errors.Join(err, errors.New("x"))
			}
			things["client "+name] = client
			things["options"] = opts
		}
		things["option"] = workato.WithBaseURL("https://" + token + "@host/")
		for _, baseURL := range []string{
			"https://alex:" + token + "@host", "https://host?" + token, "https://host#" + token, "http://" + token,
			"https://host:" + token, "https://%zz" + token, token, "ftp://" + token + "/",
		} {
			_, err := workato.NewClient(token, workato.WithBaseURL(baseURL))
			if err == nil {
				t.Fatalf("%q is accepted", baseURL)
			}
			things["base URL "+baseURL] = err
		}
		for name, bad := range map[string]string{"line break": token + "\nX-Evil: 1", "space": " " + token, "non-ASCII": token + "ß"} {
			_, err := workato.NewClient(bad)
			if err == nil {
				t.Fatalf("a token with %s is accepted", name)
			}
			things["token with "+name] = err
		}
		_, err := workato.ParseRegion(token)
		things["region"] = err
		things["log"] = log.String()

		for name, thing := range things {
			for _, text := range printed(thing) {
				for _, secret := range []string{token, secretEmail, "alex%40", secretQuery, "only_for", ":pw@"} {
					if strings.Contains(text, secret) {
						t.Errorf("%s shows %q: %s", name, secret, text)
					}
				}
			}
		}
		if len(things) < 60 {
			t.Errorf("only %d things were printed", len(things))
		}
	})
}

// A workspace's key tells workspaces apart and nobody's address.
func TestWorkspaceKey(t *testing.T) {
	t.Parallel()
	client := newClient(t, nil, workato.WithRegion(workato.EU))
	private := newClient(t, nil, workato.WithBaseURL("https://workato.example.com:8443/gateway"))
	spelledOut := newClient(t, nil, workato.WithBaseURL("https://app.eu.workato.com/api/"))
	for want, workspace := range map[string]*workato.Workspace{
		"eu/own":                       client.Own(),
		"eu/customer-19029":            spelledOut.Customer(19029),
		"eu/external-6db61e6dcbcf2390": client.ExternalCustomer("alex@example.com"),
		"workato.example.com:8443/own": private.Own(),
		"":                             nil,
	} {
		if got := workspace.Key(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if client.ExternalCustomer("a").Key() == client.ExternalCustomer("b").Key() {
		t.Error("two customers have one key")
	}
}

func TestClientAndWorkspacePrint(t *testing.T) {
	t.Parallel()
	client := newClient(t, nil, workato.WithRegion(workato.EU))
	for want, thing := range map[string]fmt.Stringer{
		"workato.Client(https://app.eu.workato.com/api)": client,
		"own":                       client.Own(),
		"customer 19029":            client.Customer(19029),
		"external customer A2300":   client.ExternalCustomer("A2300"),
		"external customer [email]": client.ExternalCustomer(secretEmail),
		"no workspace":              (*workato.Workspace)(nil),
		"workato.Client(nil)":       (*workato.Client)(nil),
	} {
		if got := thing.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
