package activity_test

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/workato-go/sdk/activity"
)

// A log of an event, or of any part of it, holds IDs and types.
func TestLogsHoldNoPersonalData(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		event := one(t, `{"id":12,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"user_login",
			"workspace":{"id":9,"name":"SecretName","email":"secret@example.com","environment":"prod"},
			"user":{"id":7,"name":"SecretName","email":"secret@example.com"},
			"details":{"activity":"password_login","request":{"ip_address":"192.0.2.99","user_agent":"SecretAgent"}},
			"resource":{"id":"secret@example.com","name":"SecretName","type":"User","email":"secret@example.com","identity":"SecretName"}}`)
		var text, json strings.Builder
		for _, out := range []slog.Handler{slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&json, nil)} {
			slog.New(out).Info("new", "event", event, "workspace", event.Workspace, "user", event.User, "resource", event.Resource,
				"details", event.Details, "request", event.Details.Request)
		}
		for _, out := range []string{text.String(), json.String()} {
			for _, secret := range []string{"Secret", "secret@", "192.0.2.99"} {
				if strings.Contains(out, secret) {
					t.Errorf("shows %q: %s", secret, out)
				}
			}
		}
		want := "event.id=12 event.time=2024-06-18T19:17:31.000Z event.type=user_login event.workspace.id=9 event.workspace.environment=prod" +
			" event.user.id=7 event.resource.id=[email] event.resource.type=User"
		if !strings.Contains(text.String(), want) {
			t.Errorf("got  %s\nwant %s", text.String(), want)
		}
	})
}

// An event of the platform, and no event at all.
func TestLogsWithoutUser(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		logger := slog.New(slog.NewTextHandler(&out, nil))
		logger.Info("new", "event", one(t, `{"id":1,"resource":{"id":5,"type":"Flow"}}`))
		logger.Info("none", "event", (*activity.Event)(nil))
		if !strings.Contains(out.String(), "event.resource.id=5 event.resource.type=Flow") || strings.Contains(out.String(), "event.user") {
			t.Errorf("got %s", out.String())
		}
	})
}

func TestKnownTypes(t *testing.T) {
	t.Parallel()
	for _, known := range []activity.EventType{activity.EventUserLogin, "team_invitation_accept"} {
		if !known.Known() {
			t.Errorf("%s is not known", known)
		}
	}
	for _, known := range []activity.ResourceType{activity.ResourceFlow, "Tags::Models::Tag"} {
		if !known.Known() {
			t.Errorf("%s is not known", known)
		}
	}
	if activity.EventType("recipe.start").Known() || activity.ResourceType("Recipe").Known() || activity.EventType("").Known() {
		t.Error("a word that the platform does not have is known")
	}
}
