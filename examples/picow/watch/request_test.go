package watch_test

import (
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/picow/watch"
	"github.com/workato-go/sdk/workato"
	"github.com/workato-go/sdk/workato/workatotest"
)

// What the board asks for is what the SDK's Watcher asks for in the same place,
// but for the size of the page.
func TestRequestsAreTheSDKs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, customer string
		workspace      func(*workato.Client) *workato.Workspace
		log            func(*workatotest.Server) *workatotest.Workspace
	}{
		{"own", "", (*workato.Client).Own, (*workatotest.Server).Own},
		{
			"customer", "19029", func(c *workato.Client) *workato.Workspace { return c.Customer(19029) },
			func(s *workatotest.Server) *workatotest.Workspace { return s.Customer(19029) },
		},
		{
			"external customer", "EA2300", func(c *workato.Client) *workato.Workspace { return c.ExternalCustomer("A2300") },
			func(s *workatotest.Server) *workatotest.Workspace {
				s.Customer(5).SetExternalID("A2300")
				return s.Customer(5)
			},
		},
		{
			"odd external customer", "Eü/ ?%+&=:@$~!'()*,;\x01é.._-", func(c *workato.Client) *workato.Workspace {
				return c.ExternalCustomer("ü/ ?%+&=:@$~!'()*,;\x01é.._-")
			},
			func(s *workatotest.Server) *workatotest.Workspace {
				s.Customer(5).SetExternalID("ü/ ?%+&=:@$~!'()*,;\x01é.._-")
				return s.Customer(5)
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			// Two bubbles, in each of which the same happens at the same time.
			boards := requests(t, func(t *testing.T, w *world) {
				w.start(func(c *watch.Config) { c.Customer = test.customer })
				for round := range 5 {
					test.log(w.server).AddEvents(make([]workatotest.Event, round)...)
					if _, err := w.watch.Poll(); err != nil {
						t.Fatal(err)
					}
					time.Sleep(1234 * time.Millisecond)
				}
			}, test.log)
			sdks := requests(t, func(t *testing.T, w *world) {
				client, err := workato.NewClient(w.server.Token(), workato.WithHTTPClient(w.server.Client()))
				if err != nil {
					t.Fatal(err)
				}
				watcher, err := activity.New(test.workspace(client)).NewWatcher(activity.WatchOptions{})
				if err != nil {
					t.Fatal(err)
				}
				for round := range 5 {
					test.log(w.server).AddEvents(make([]workatotest.Event, round)...)
					if _, err := watcher.Poll(t.Context()); err != nil {
						t.Fatal(err)
					}
					if err := watcher.Ack(t.Context()); err != nil {
						t.Fatal(err)
					}
					time.Sleep(1234 * time.Millisecond)
				}
			}, test.log)
			if len(boards) < 5 || len(boards) != len(sdks) {
				t.Fatalf("%d requests of the board, %d of the SDK", len(boards), len(sdks))
			}
			for i := range boards {
				size := boards[i].Query.Get("page[size]")
				sdks[i].Query.Set("page[size]", size)
				if boards[i].Path != sdks[i].Path || boards[i].Query.Encode() != sdks[i].Query.Encode() || size == "" {
					t.Errorf("request %d: %s?%s, the SDK's %s?%s", i, boards[i].Path, unescaped(boards[i]), sdks[i].Path, unescaped(sdks[i]))
				}
				for name := range boards[i].Header {
					if name != "User-Agent" && name != "Accept-Encoding" && boards[i].Header.Get(name) != sdks[i].Header.Get(name) {
						t.Errorf("header %s: %q, the SDK's %q", name, boards[i].Header.Get(name), sdks[i].Header.Get(name))
					}
				}
			}
		})
	}
}

func unescaped(r workatotest.Request) string {
	s, err := url.QueryUnescape(r.Query.Encode())
	if err != nil {
		return err.Error()
	}
	return s
}

func requests(t *testing.T, f func(*testing.T, *world), log func(*workatotest.Server) *workatotest.Workspace) (seen []workatotest.Request) {
	t.Helper()
	inWorld(t, func(t *testing.T, w *world) {
		log(w.server).AddEvents(workatotest.Event{Type: "recipe_started"})
		f(t, w)
		synctest.Wait()
		seen = w.server.Requests()
	})
	return seen
}
