package activity_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
	"github.com/workato-go/sdk/workato/workatotest"
)

// workspace is a workspace in memory with three events in its log. Outside of
// examples it is workato.NewClient(os.Getenv("WORKATO_TOKEN")) and client.Own().
func workspace() *workato.Workspace {
	server := workatotest.NewServer()
	ada := &workatotest.User{ID: 7, Name: "Ada", Email: "ada@example.com"}
	recipe := workatotest.Resource{ID: 389287, Name: "Invoices to ledger", Type: "Flow", Path: "Home/Finance", FolderID: 56319}
	at := func(clock string) time.Time {
		t, err := time.Parse(time.RFC3339, "2024-06-18T"+clock+"Z")
		if err != nil {
			log.Fatal(err)
		}
		return t
	}
	server.Own().AddEvents(
		workatotest.Event{ID: 3670901, Time: at("09:12:00"), Type: "user_login", User: ada, Resource: workatotest.Resource{ID: 7, Name: "Ada", Type: "Workspace"}},
		workatotest.Event{ID: 3670909, Time: at("09:15:30"), Type: "recipe_started", User: ada, Resource: recipe},
		workatotest.Event{ID: 3670954, Time: at("11:40:02"), Type: "recipe_stopped", Resource: recipe, Details: workatotest.Details{StopReason: "test_run_stop"}},
	)
	client, err := workato.NewClient(server.Token(), workato.WithHTTPClient(server.Client()))
	if err != nil {
		log.Fatal(err)
	}
	return client.Own()
}

func Example() {
	events := activity.New(workspace())
	for event, err := range events.All(context.Background(), activity.Filter{}) {
		if err != nil {
			log.Fatal(err)
		}
		who := "Workato"
		if event.User != nil {
			who = event.User.Name
		}
		fmt.Println(event.Time.Format(time.DateTime), who, event.Type, event.Resource.Name)
	}
	// Output:
	// 2024-06-18 11:40:02 Workato recipe_stopped Invoices to ledger
	// 2024-06-18 09:15:30 Ada recipe_started Invoices to ledger
	// 2024-06-18 09:12:00 Ada user_login Ada
}

func ExampleNew() {
	client, err := workato.NewClient("the-token-of-an-API-client", workato.WithRegion(workato.EU))
	if err != nil {
		log.Fatal(err)
	}
	own := activity.New(client.Own())                          // Developer API
	customer := activity.New(client.Customer(19029))           // OEM API
	external := activity.New(client.ExternalCustomer("A2300")) // OEM API, by the partner's own ID
	_, _, _ = own, customer, external
	// Output:
}

// Who did anything to recipes within one morning, other than starting them?
func ExampleFilter() {
	events := activity.New(workspace())
	filter := activity.Filter{
		From:             time.Date(2024, time.June, 18, 9, 0, 0, 0, time.UTC),
		To:               time.Date(2024, time.June, 18, 12, 0, 0, 0, time.UTC),
		IncludeResources: []activity.ResourceType{activity.ResourceFlow},
		ExcludeEvents:    []activity.EventType{activity.EventRecipeStarted},
	}
	for event, err := range events.All(context.Background(), filter) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Type, event.Details.StopReason)
	}
	// Output:
	// recipe_stopped test_run_stop
}

func ExampleService_List() {
	page, err := activity.New(workspace()).List(context.Background(), activity.ListOptions{PageSize: 2})
	if err != nil {
		log.Fatal(err)
	}
	for _, event := range page.Events {
		fmt.Println(event.ID, event.Type)
	}
	fmt.Println("of", page.Total)
	// Output:
	// 3670954 recipe_stopped
	// 3670909 recipe_started
	// of 3
}

// A listing can stop after any page and go on later, in another process too.
func ExampleService_Pages() {
	events := activity.New(workspace())
	var cursor int64
	for page, err := range events.Pages(context.Background(), activity.ListOptions{PageSize: 1}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("first:", page.Events[0].ID)
		cursor = page.Next
		break
	}
	for page, err := range events.Pages(context.Background(), activity.ListOptions{After: cursor, PageSize: 1}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("then:", page.Events[0].ID)
	}
	// Output:
	// first: 3670954
	// then: 3670909
	// then: 3670901
}

func ExampleService_All() {
	events := activity.New(workspace())
	for event, err := range events.All(context.Background(), activity.Filter{UserIDs: []int64{7}}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Type)
		break // no further page is asked for
	}
	// Output:
	// recipe_started
}

// An error is the last pair of the loop, and keeps its class.
func ExampleService_All_error() {
	server := workatotest.NewServer()
	server.Fail(1, workatotest.Fault{Status: 403})
	client, err := workato.NewClient(server.Token(), workato.WithHTTPClient(server.Client()))
	if err != nil {
		log.Fatal(err)
	}
	for _, err := range activity.New(client.Own()).All(context.Background(), activity.Filter{}) {
		if errors.Is(err, workato.ErrForbidden) {
			fmt.Println("the API client's role lacks the activity audit log")
		}
		if e, ok := errors.AsType[*workato.Error](err); ok {
			fmt.Println("status", e.StatusCode)
		}
	}
	// Output:
	// the API client's role lacks the activity audit log
	// status 403
}

// Raw is the record as the server sent it; such records can be stored, one a
// line, and read again.
func ExampleEvent_Raw() {
	page, err := activity.New(workspace()).List(context.Background(), activity.ListOptions{PageSize: 1})
	if err != nil {
		log.Fatal(err)
	}
	stored := page.Events[0].Raw()

	var event activity.Event
	if err := json.Unmarshal(stored, &event); err != nil {
		log.Fatal(err)
	}
	fmt.Println(event.ID, event.Type, event.Details.StopReason)
	// Output:
	// 3670954 recipe_stopped test_run_stop
}

func ExampleEvent_UnmarshalJSON() {
	var event activity.Event
	line := `{"id":"12","timestamp":"2024-06-18 12:17:31 PDT","event_type":"moon_landed","crew":3}`
	if err := json.Unmarshal([]byte(line), &event); err != nil {
		log.Fatal(err)
	}
	fmt.Println(event.ID, event.Time, event.Type)
	// Output:
	// 12 2024-06-18 19:17:31 +0000 UTC moon_landed
}

func ExampleEvent_MarshalJSON() {
	page, err := activity.New(workspace()).List(context.Background(), activity.ListOptions{PageSize: 1})
	if err != nil {
		log.Fatal(err)
	}
	record, err := json.Marshal(page.Events[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(record) == string(page.Events[0].Raw()))
	// Output:
	// true
}

// A log shows which event it was, and nobody's name or address.
func ExampleEvent_LogValue() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	for event, err := range activity.New(workspace()).All(context.Background(), activity.Filter{UserIDs: []int64{7}}) {
		if err != nil {
			log.Fatal(err)
		}
		logger.Info("new", "event", event)
		break
	}
	// Output:
	// level=INFO msg=new event.id=3670909 event.time=2024-06-18T09:15:30.000Z event.type=recipe_started event.workspace.id=10001 event.workspace.environment=dev event.user.id=7 event.resource.id=389287 event.resource.type=Flow
}

func withoutTime(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

// A filter by a type that does not exist finds nothing, and the server does
// not say why.
func ExampleEventType_Known() {
	for _, t := range []activity.EventType{activity.EventRecipeStarted, "recipe_start"} {
		if !t.Known() {
			fmt.Printf("%q: is that a typo?\n", t)
		}
	}
	// Output:
	// "recipe_start": is that a typo?
}

func ExampleResourceType_Known() {
	fmt.Println(activity.ResourceFlow.Known(), activity.ResourceType("Recipe").Known())
	// Output:
	// true false
}

// watched is a workspace in memory, a client's service for it, and a function
// that lets something happen there.
func watched() (*activity.Service, func(eventType string)) {
	server := workatotest.NewServer()
	client, err := workato.NewClient(server.Token(), workato.WithHTTPClient(server.Client()))
	if err != nil {
		log.Fatal(err)
	}
	return activity.New(client.Own()), func(eventType string) {
		server.Own().AddEvents(workatotest.Event{Type: eventType})
	}
}

// A service handles what is new, and goes on after a restart where it stopped.
func ExampleWatcher_Run() {
	service, happens := watched()
	happens("user_login") // before the first start: untold

	watcher, err := service.NewWatcher(activity.WatchOptions{
		Store: activity.MemoryStore(), // activity.FileStore("/var/lib/auditor")
		OnGap: func(g activity.Gap) { fmt.Println("missed:", g) },
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := watcher.Poll(context.Background()); err != nil { // the beginning; Run does it, too
		log.Fatal(err)
	}
	happens("recipe_stopped")
	happens("user_logout")

	ctx, cancel := context.WithCancel(context.Background())
	err = watcher.Run(ctx, func(_ context.Context, events []*activity.Event) error {
		for _, event := range events {
			fmt.Println(event.Type)
		}
		cancel() // an error instead would bring the same events again
		return nil
	})
	fmt.Println(errors.Is(err, context.Canceled))
	// Output:
	// recipe_stopped
	// user_logout
	// true
}

// Poll and Ack are for programs with a rhythm of their own.
func ExampleWatcher_Poll() {
	service, happens := watched()
	watcher, err := service.NewWatcher(activity.WatchOptions{})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for range 3 {
		events, err := watcher.Poll(ctx)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("new:", len(events))
		happens("recipe_started")
	}
	if err := watcher.Ack(ctx); err != nil { // until then Poll gives the same again
		log.Fatal(err)
	}
	events, err := watcher.Poll(ctx)
	fmt.Println("new:", len(events), err)
	// Output:
	// new: 0
	// new: 1
	// new: 1
	// new: 2 <nil>
}

// Ack comes after the events are handled, and saves the checkpoint.
func ExampleWatcher_Ack() {
	service, happens := watched()
	store := activity.MemoryStore()
	start := func() *activity.Watcher {
		watcher, err := service.NewWatcher(activity.WatchOptions{Store: store, OnGap: func(activity.Gap) {}})
		if err != nil {
			log.Fatal(err)
		}
		return watcher
	}
	ctx := context.Background()
	if _, err := start().Poll(ctx); err != nil {
		log.Fatal(err)
	}
	happens("recipe_started")

	events, _ := start().Poll(ctx) // and the program crashes before Ack
	fmt.Println("told:", len(events))
	second := start()
	events, _ = second.Poll(ctx)
	fmt.Println("told again:", len(events))
	fmt.Println(second.Ack(ctx))
	events, _ = start().Poll(ctx)
	fmt.Println("and then:", len(events))
	// Output:
	// told: 1
	// told again: 1
	// <nil>
	// and then: 0
}

// From begins in the past, so the loop first tells what is there.
func ExampleWatcher_Events() {
	service, happens := watched()
	from := time.Now().Add(-time.Minute)
	happens("user_login")
	happens("recipe_started")
	watcher, err := service.NewWatcher(activity.WatchOptions{Filter: activity.Filter{From: from}})
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range watcher.Events(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Type)
		if event.Type == activity.EventRecipeStarted {
			break // without one, the loop goes on for ever
		}
	}
	// Output:
	// user_login
	// recipe_started
}

func ExampleWatcher_Lag() {
	service, happens := watched()
	watcher, err := service.NewWatcher(activity.WatchOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := watcher.Poll(context.Background()); err != nil {
		log.Fatal(err)
	}
	happens("recipe_started")
	if _, err := watcher.Poll(context.Background()); err != nil {
		log.Fatal(err)
	}
	lag := watcher.Lag()
	fmt.Println("unseen:", lag.Unseen, "rounds:", lag.Polls)
	// Output:
	// unseen: 1 rounds: 2
}

// A token of another workspace, another filter, a damaged file: the Watcher
// says so and leaves the checkpoint alone. Restart is the way to begin anew.
func ExampleWatcher_Restart() {
	service, _ := watched()
	ctx, store := context.Background(), activity.MemoryStore()
	options := activity.WatchOptions{Store: store, OnGap: func(g activity.Gap) { fmt.Println("gap:", g.Reason) }}
	watcher, err := service.NewWatcher(options)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := watcher.Poll(ctx); err != nil {
		log.Fatal(err)
	}

	options.IncludeEvents = []activity.EventType{activity.EventUserLogin}
	watcher, err = service.NewWatcher(options)
	if err != nil {
		log.Fatal(err)
	}
	_, err = watcher.Poll(ctx)
	fmt.Println(errors.Is(err, activity.ErrFilterChanged))
	fmt.Println(watcher.Restart(ctx, time.Time{}))
	// Output:
	// true
	// gap: filter changed
	// <nil>
}

func ExampleService_NewWatcher() {
	service, _ := watched()
	_, err := service.NewWatcher(activity.WatchOptions{Store: activity.FileStore("/var/lib/auditor")})
	fmt.Println(err)
	// Output:
	// workato: WatchOptions.OnGap is nil although there is a Store; tell somebody what could not be told
}

// The key of an event is the same for all time: as the ID of a document or a
// row it makes a second delivery harmless.
func ExampleEvent_Key() {
	page, err := activity.New(workspace()).List(context.Background(), activity.ListOptions{PageSize: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(page.Events[0].Key())
	// Output:
	// workato:us:10001:dev:3670954
}

func ExampleFileStore() {
	dir, err := os.MkdirTemp("", "checkpoints-")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	store := activity.FileStore(dir)
	revision, err := store.Save(context.Background(), "us/own", []byte("state"), 0)
	fmt.Println(revision, err)
	_, err = store.Save(context.Background(), "us/own", []byte("state"), 0) // somebody else was faster
	fmt.Println(errors.Is(err, activity.ErrFenced))
	// Output:
	// 1 <nil>
	// true
}

func ExampleMemoryStore() {
	state, revision, err := activity.MemoryStore().Load(context.Background(), "us/own")
	fmt.Println(len(state), revision, err)
	// Output:
	// 0 0 <nil>
}

func ExampleGap() {
	gap := activity.Gap{Reason: activity.GapLate, Missing: 2, From: time.Date(2024, time.June, 18, 9, 0, 0, 0, time.UTC)}
	fmt.Println(gap)
	// Output:
	// 2 events from 2024-06-18T09:00:00Z cannot be told: late
}
