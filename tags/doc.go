// Package tags lists, makes, changes, deletes and assigns the tags of a Workato
// workspace. A tag is a colored label with a title of up to 30 characters; it
// can be put on recipes and connections. Its handle, such as
// "tag-Kq7mPz2W-x9LbTd", is its ID: opaque, and what every request names it by.
//
//	client, err := workato.NewClient(os.Getenv("WORKATO_TOKEN"))
//	if err != nil {
//		return err
//	}
//	service := tags.New(client.Own())
//	for tag, err := range service.All(ctx, tags.Filter{}) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(tag.Handle, tag.Title)
//	}
//
// The tags of an embedded partner's customer are reached in the same way:
//
//	service := tags.New(client.Customer(19029))
//
// # Reading
//
// [Service.All] walks over the tags, [Service.List] gives one page, [Service.Get]
// one tag. [Filter] chooses, sorts, and asks for what tags have only on request:
// author and assignment count.
//
// What the server sends is never refused for its form. A field that cannot be
// read is zero, colors are open, and [Tag.Raw] has everything as it came. Only
// an answer without any list is an error, because "no tags" would be a guess.
//
// # Writing
//
// [Service.Create], [Service.Update] and [Service.Delete] do what their names
// say. The API promises no unique titles, so a program that runs more than once
// should use [Service.Ensure], which creates a tag only where none has the title.
// [Service.Assign] puts tags on recipes and connections, and takes them off.
//
//	tag, _, err := service.Ensure(ctx, tags.Draft{Title: "Reviewed", Color: tags.Green})
//	if err != nil {
//		return err
//	}
//	err = service.Assign(ctx, tags.Assignment{Add: []string{tag.Handle}, RecipeIDs: []int64{289287}})
//
// # Errors
//
// What is found before anything is sent is a [*workato.ArgumentError]; it names
// the field, such as "Draft.Title", and never repeats its text. A refusal of the
// server is a [*workato.Error] whose Op is "tags.List", "tags.Get",
// "tags.Create", "tags.Update", "tags.Delete" or "tags.Assign". Both match the
// classes of package workato:
//
//	if errors.Is(err, workato.ErrNotFound) { … }
//
// # Retries
//
// Everything is retried by the rules of package workato, except that Create is
// repeated only where the server certainly did nothing: a second request would
// make a second tag. Ensure looks for the tag instead.
//
// # Limits
//
//	title                1 to 30 characters
//	description          up to 150 characters
//	page                 up to 100 tags
//	workspace            1,000 tags
//	requests             60 a minute, together with the audit log
//	assignments          60 a minute in one's own workspace, 1,000 for customers
//
// Sources: the API's pages on environment management, on tag assignments and on
// limits. The client keeps to the last two by itself.
package tags
