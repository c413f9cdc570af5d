// Package sdk is the Go library for Workato's environment-management API: the
// activity audit log and the tags of a workspace, one's own or a customer's.
//
// The package itself is empty. What it stands for:
//
//   - [github.com/workato-go/sdk/workato] is the client core: regions,
//     workspaces, quotas, retries, errors. Begin there.
//   - [github.com/workato-go/sdk/activity] reads the audit log, who changed what
//     and when, and watches it for what is new.
//   - [github.com/workato-go/sdk/tags] lists, makes, changes and assigns tags.
//   - [github.com/workato-go/sdk/workato/workatotest] is a Workato in memory, for
//     the tests of programs that use the others.
//   - [github.com/workato-go/sdk/activity/diff] and
//     [github.com/workato-go/sdk/activity/scan] are what the Watcher rests on; they
//     run on microcontrollers, too.
//
// A first program:
//
//	client, err := workato.NewClient(os.Getenv("WORKATO_TOKEN"))
//	if err != nil {
//		log.Fatal(err)
//	}
//	yesterday := time.Now().AddDate(0, 0, -1)
//	for event, err := range activity.New(client.Own()).All(ctx, activity.Filter{From: yesterday}) {
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Println(event.Time, event.Type, event.Resource.Name)
//	}
//
// The packages are joined in one direction, from the client to the services;
// none of them has global state. Each package comment is a short manual, and the
// examples of each are tested.
package sdk
