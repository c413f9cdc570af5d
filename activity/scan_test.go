package activity_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/activity/scan"
	"github.com/workato-go/sdk/internal/pages"
)

// What package scan says of a page is what a Page says of it.
func TestScanAgrees(t *testing.T) {
	t.Parallel()
	bodies := [][]byte{[]byte(`{"data":[` + strings.Join(oddRows[:len(oddRows)-1], ",") + `],"total":"3"}`)}
	for _, shape := range pages.Shapes() {
		bodies = append(bodies, pages.Page(shape, 100))
	}
	for i := range documented {
		bodies = append(bodies, fixture(t, i+1))
	}
	for _, body := range bodies {
		var page activity.Page
		if err := page.UnmarshalJSON(body); err != nil {
			t.Fatal(err)
		}
		n := 0
		scanner := scan.New(func(item *scan.Item) error {
			event := page.Events[n]
			n++
			user := int64(0)
			if event.User != nil {
				user = event.User.ID
			}
			ms := int64(0)
			if !event.Time.IsZero() {
				ms = event.Time.UnixMilli()
			}
			if item.ID != event.ID || item.TimeMs != ms || item.UserID != user || item.WorkspaceID != event.Workspace.ID ||
				item.Type.String() != string(event.Type) || item.ResourceType.String() != string(event.Resource.Type) ||
				item.Environment.String() != event.Workspace.Environment {
				t.Errorf("%s\nis %+v for scan", event.Raw(), item)
			}
			return nil
		})
		if _, err := bytes.NewReader(body).WriteTo(scanner); err != nil {
			t.Fatal(err)
		}
		if err := scanner.Close(); err != nil {
			t.Fatal(err)
		}
		if total, ok := scanner.Total(); n != len(page.Events) || !ok || total != page.Total {
			t.Errorf("scan has %d rows of %d (%v), a Page %d of %d", n, total, ok, len(page.Events), page.Total)
		}
	}
}
