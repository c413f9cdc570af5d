package source_test

import (
	"testing"

	"github.com/workato-go/sdk/examples/internal/source"
	"github.com/workato-go/sdk/workato"
)

func TestSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		source           source.Source
		workspace, where string
	}{
		{source.Source{Region: workato.EU}, "own", "in region eu"},
		{source.Source{Region: workato.US, Customer: 19029}, "customer 19029", "in region us"},
		{source.Source{Region: workato.US, ExternalCustomer: "A2300"}, "external customer A2300", "in region us"},
		{source.Source{Region: workato.US, BaseURL: "https://w.example.com"}, "own", "at this base URL"},
	} {
		c, err := workato.NewClient("not-a-token", test.source.Options("test", nil)...)
		if err != nil {
			t.Fatal(err)
		}
		if got := test.source.Workspace(c).String(); got != test.workspace {
			t.Errorf("%+v: the workspace is %s, want %s", test.source, got, test.workspace)
		}
		if got := test.source.Where(); got != test.where {
			t.Errorf("%+v: %q, want %q", test.source, got, test.where)
		}
	}
}
