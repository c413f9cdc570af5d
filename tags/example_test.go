package tags_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"

	"github.com/workato-go/sdk/tags"
	"github.com/workato-go/sdk/workato"
	"github.com/workato-go/sdk/workato/workatotest"
)

// Make sure of a tag, put it on two recipes, and see how often it is in use.
// The examples talk to a fake Workato in the same process; a program leaves
// WithHTTPClient out and uses a token of its own.
func Example() {
	ctx := context.Background()
	srv := workatotest.NewServer()
	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	service := tags.New(client.Own())

	tag, _, err := service.Ensure(ctx, tags.Draft{Title: "Reviewed", Color: tags.Green})
	if err != nil {
		log.Fatal(err)
	}
	err = service.Assign(ctx, tags.Assignment{Add: []string{tag.Handle}, RecipeIDs: []int64{289287, 289288}})
	if err != nil {
		log.Fatal(err)
	}
	tag, err = service.Get(ctx, tag.Handle)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tag.Title, tag.Color, *tag.AssignmentCount)
	// Output: Reviewed green 2
}

// The tags of a customer, for partners who embed Workato.
func ExampleNew() {
	srv := workatotest.NewServer()
	srv.Customer(19029).AddTag(workatotest.Tag{Title: "Logistics"})

	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	service := tags.New(client.Customer(19029))

	list, err := service.List(context.Background(), tags.ListOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, tag := range list {
		fmt.Println(tag.Title)
	}
	// Output: Logistics
}

// The second page of two tags each, the last in the alphabet first.
func ExampleService_List() {
	srv := workatotest.NewServer()
	for _, title := range []string{"Logistics", "Payroll", "Sales", "Warehouse"} {
		srv.Own().AddTag(workatotest.Tag{Title: title, Author: workatotest.User{ID: 20417, Name: "Robin"}})
	}
	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	service := tags.New(client.Own())

	list, err := service.List(context.Background(), tags.ListOptions{
		Filter: tags.Filter{
			Sort:    []tags.Sort{{By: tags.ByTitle, Descending: true}},
			Include: []tags.Extra{tags.WithAuthor},
		},
		Page:    2,
		PerPage: 2,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, tag := range list {
		fmt.Println(tag.Title, "by", tag.Author.Name)
	}
	// Output:
	// Payroll by Robin
	// Logistics by Robin
}

func ExampleService_All() {
	srv := workatotest.NewServer()
	srv.Own().AddTag(workatotest.Tag{Title: "Tax 2026", Color: "gold"})
	srv.Own().AddTag(workatotest.Tag{Title: "Payroll", Color: "plum"})
	srv.Own().AddTag(workatotest.Tag{Title: "Tax 2025", Color: "slate"})

	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	service := tags.New(client.Own())

	for tag, err := range service.All(context.Background(), tags.Filter{Search: "Tax"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(tag.Title, tag.Color)
	}
	// Output:
	// Tax 2025 slate
	// Tax 2026 gold
}

func ExampleService_Get() {
	ctx := context.Background()
	srv := workatotest.NewServer()
	srv.Own().AddTag(workatotest.Tag{
		Handle: "tag-Kq7mPz2W-x9LbTd",
		Title:  "Logistics",
		Author: workatotest.User{ID: 20417, Name: "Robin"},
	})
	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	service := tags.New(client.Own())

	tag, err := service.Get(ctx, "tag-Kq7mPz2W-x9LbTd")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tag.Title, "by", tag.Author.Name, "is on", *tag.AssignmentCount, "assets")

	_, err = service.Get(ctx, "tag-gone")
	fmt.Println("not found:", errors.Is(err, workato.ErrNotFound))
	// Output:
	// Logistics by Robin is on 0 assets
	// not found: true
}

func ExampleService_Create() {
	ctx := context.Background()
	srv := workatotest.NewServer()
	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	service := tags.New(client.Own())

	tag, err := service.Create(ctx, tags.Draft{Title: "Sales", Description: "Sales tag", Color: tags.Indigo})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tag.Title, tag.Color)

	_, err = service.Create(ctx, tags.Draft{Title: "A title of more than thirty characters"})
	fmt.Println(err)
	// Output:
	// Sales indigo
	// workato: Draft.Title has 38 characters; the API takes at most 30
}

// A new title and no description any more; the color stays.
func ExampleService_Update() {
	srv := workatotest.NewServer()
	srv.Own().AddTag(workatotest.Tag{
		Handle: "tag-Lr2wBb8Z-h6QfXg", Title: "Sales", Description: "Sales tag", Color: "indigo",
	})
	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	service := tags.New(client.Own())

	tag, err := service.Update(context.Background(), "tag-Lr2wBb8Z-h6QfXg", tags.Update{
		Title:       "Sales and quotes",
		Description: new(""),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %q %s\n", tag.Title, tag.Description, tag.Color)
	// Output: Sales and quotes "" indigo
}

// To delete the tags that are not in use, collect them first: deleting while
// All runs would move tags past it.
func ExampleService_Delete() {
	ctx := context.Background()
	srv := workatotest.NewServer()
	srv.Own().AddTag(workatotest.Tag{Title: "Draft"})
	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	service := tags.New(client.Own())

	var unused []*tags.Tag
	for tag, err := range service.All(ctx, tags.Filter{Include: []tags.Extra{tags.WithAssignmentCount}}) {
		if err != nil {
			log.Fatal(err)
		}
		if tag.AssignmentCount != nil && *tag.AssignmentCount == 0 {
			unused = append(unused, tag)
		}
	}
	for _, tag := range unused {
		if err := service.Delete(ctx, tag.Handle); err != nil {
			log.Fatal(err)
		}
		fmt.Println("deleted", tag.Title)
	}
	// Output: deleted Draft
}

func ExampleService_Ensure() {
	srv := workatotest.NewServer()
	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	service := tags.New(client.Own())

	for range 2 {
		tag, created, err := service.Ensure(context.Background(), tags.Draft{Title: "Reviewed", Color: tags.Green})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(tag.Title, "created:", created)
	}
	// Output:
	// Reviewed created: true
	// Reviewed created: false
}

// A recipe goes from one tag to another in one request.
func ExampleService_Assign() {
	ctx := context.Background()
	srv := workatotest.NewServer()
	srv.Own().AddTag(workatotest.Tag{Handle: "tag-draft", Title: "Draft"})
	srv.Own().AddTag(workatotest.Tag{Handle: "tag-live", Title: "Live"})
	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	service := tags.New(client.Own())

	err = service.Assign(ctx, tags.Assignment{
		Add:       []string{"tag-live"},
		Remove:    []string{"tag-draft"},
		RecipeIDs: []int64{289287},
	})
	if err != nil {
		log.Fatal(err)
	}
	for tag, err := range service.All(ctx, tags.Filter{RecipeID: 289287}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(tag.Title)
	}
	// Output: Live
}

// The raw form has what this SDK does not read.
func ExampleTag_Raw() {
	srv := workatotest.NewServer()
	srv.Fail(1, workatotest.Fault{
		Status: 200,
		Body:   `{"data":{"tags":[{"handle":"tag-Kq7mPz2W-x9LbTd","title":"Logistics","projects":["EU","US"]}]}}`,
	})
	client, err := workato.NewClient(srv.Token(), workato.WithHTTPClient(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}
	list, err := tags.New(client.Own()).List(context.Background(), tags.ListOptions{})
	if err != nil {
		log.Fatal(err)
	}

	var more struct {
		Projects []string `json:"projects"`
	}
	if err := json.Unmarshal(list[0].Raw(), &more); err != nil {
		log.Fatal(err)
	}
	fmt.Println(list[0].Title, more.Projects)
	// Output: Logistics [EU US]
}

func ExampleTag_LogValue() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	tag := &tags.Tag{
		Handle: "tag-Kq7mPz2W-x9LbTd", Title: "Logistics", Color: tags.Teal,
		Author: &tags.Author{ID: 20417, Name: "Robin"},
	}
	logger.Info("found", "tag", tag)
	// Output: level=INFO msg=found tag.handle=tag-Kq7mPz2W-x9LbTd tag.title=Logistics tag.color=teal
}
