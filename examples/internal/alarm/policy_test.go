package alarm_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/workato-go/sdk/examples/internal/alarm"
)

func TestPolicySeverity(t *testing.T) {
	t.Parallel()
	event := alarm.Event{UserID: 7, Type: "recipe_stopped", ResourceType: "Flow"}
	for _, test := range []struct {
		name   string
		policy alarm.Policy
		want   alarm.Severity
	}{
		{"nothing said", alarm.Policy{}, alarm.Normal},
		{"another user", alarm.Policy{IgnoreUsers: []int64{0, 8}}, alarm.Normal},
		{"ignored user", alarm.Policy{IgnoreUsers: []int64{8, 7}}, alarm.Ignored},
		{"included", alarm.Policy{IncludeEvents: []string{"a", "recipe_stopped"}}, alarm.Normal},
		{"not included", alarm.Policy{IncludeEvents: []string{"a"}}, alarm.Ignored},
		{"other capitals", alarm.Policy{IncludeEvents: []string{"Recipe_stopped"}}, alarm.Ignored},
		{"excluded", alarm.Policy{ExcludeEvents: []string{"recipe_stopped"}}, alarm.Ignored},
		{"resource included", alarm.Policy{IncludeResources: []string{"Flow"}}, alarm.Normal},
		{"resource not included", alarm.Policy{IncludeResources: []string{"User"}}, alarm.Ignored},
		{"resource excluded", alarm.Policy{ExcludeResources: []string{"Flow"}}, alarm.Ignored},
		{"event and resource", alarm.Policy{IncludeEvents: []string{"recipe_stopped"}, IncludeResources: []string{"User"}}, alarm.Ignored},
		{"high", alarm.Policy{HighEvents: []string{"recipe_stopped"}}, alarm.High},
		{"high, but an ignored user", alarm.Policy{HighEvents: []string{"recipe_stopped"}, IgnoreUsers: []int64{7}}, alarm.Ignored},
		{"high, but another resource", alarm.Policy{HighEvents: []string{"recipe_stopped"}, IncludeResources: []string{"User"}}, alarm.Ignored},
	} {
		if got := test.policy.Severity(event); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
		if err := test.policy.Validate(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	platform := alarm.Policy{IgnoreUsers: []int64{0}}
	if got := platform.Severity(alarm.Event{Type: "recipe_stopped"}); got != alarm.Ignored {
		t.Errorf("the platform's event is %v, though its ID is ignored", got)
	}
}

func TestPolicyValidate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		field, says string
		policy      alarm.Policy
	}{
		{"IgnoreUsers", "negative", alarm.Policy{IgnoreUsers: []int64{1, -1}}},
		{"IncludeEvents", "empty", alarm.Policy{IncludeEvents: []string{"a", ""}}},
		{"ExcludeEvents", "empty", alarm.Policy{ExcludeEvents: []string{""}}},
		{"IncludeResources", `" User"`, alarm.Policy{IncludeResources: []string{" User"}}},
		{"ExcludeResources", `"User "`, alarm.Policy{ExcludeResources: []string{"User "}}},
		{"HighEvents", "empty", alarm.Policy{HighEvents: []string{""}}},
		{"ExcludeEvents", `"b", which IncludeEvents has`, alarm.Policy{IncludeEvents: []string{"a", "b"}, ExcludeEvents: []string{"b"}}},
		{"ExcludeResources", `"b", which IncludeResources has`, alarm.Policy{IncludeResources: []string{"b"}, ExcludeResources: []string{"b"}}},
		{"HighEvents", `"b", which ExcludeEvents`, alarm.Policy{ExcludeEvents: []string{"b"}, HighEvents: []string{"b"}}},
		{"HighEvents", `"b", which IncludeEvents lacks`, alarm.Policy{IncludeEvents: []string{"a"}, HighEvents: []string{"b"}}},
	} {
		wantField(t, test.policy.Validate(), test.field, test.says)
	}
}

// wantField tests that an error names a field and says something of it.
func wantField(t *testing.T, err error, field, says string) {
	t.Helper()
	var wrong *alarm.FieldError
	if !errors.As(err, &wrong) {
		t.Errorf("%s: the error is %v, want a *FieldError", field, err)
		return
	}
	if wrong.Field != field || !strings.Contains(wrong.Error(), "alarm: "+field+" ") || !strings.Contains(wrong.Reason, says) {
		t.Errorf("the error is %q, want %s and %s", wrong, field, says)
	}
}
