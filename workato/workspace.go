package workato

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/url"
	"strconv"
	"strings"

	"github.com/workato-go/sdk/internal/redact"
)

// Workspace is whose data a request is about: the token's own workspace, or a
// customer's. Services such as activity.New and tags.New are made from one.
// It is immutable, safe for concurrent use, and costs nothing to make again.
type Workspace struct {
	client *Client
	own    bool
	id     int64 // a customer's; 0 where the external ID counts

	// A function, not a string: an external ID can be an e-mail address, and
	// whatever prints a Workspace, by reflection too, prints an address in memory.
	externalID func() string
}

// String is "own", "customer 19029" or "external customer A2300". An e-mail
// address in an external ID is not shown.
func (w *Workspace) String() string {
	switch {
	case w == nil || w.client == nil:
		return "no workspace"
	case w.own:
		return "own"
	case w.externalID != nil:
		return "external customer " + redact.Text(w.externalID())
	default:
		return "customer " + strconv.FormatInt(w.id, 10)
	}
}

// Region is the region of the workspace, such as "eu", or the host where the
// client was made with a base URL of its own.
func (w *Workspace) Region() string {
	if w == nil || w.client == nil {
		return ""
	}
	return w.client.base.region()
}

// Key names the workspace where programs keep something about it, such as in
// the name of a file: "us/own", "eu/customer-19029". It stays the same as long
// as region and ID do. An external ID is there as a digest, because it can be an
// e-mail address.
func (w *Workspace) Key() string {
	switch {
	case w == nil || w.client == nil:
		return ""
	case w.own:
		return w.Region() + "/own"
	case w.externalID != nil:
		digest := sha256.Sum256([]byte(w.externalID()))
		return w.Region() + "/external-" + hex.EncodeToString(digest[:8])
	default:
		return w.Region() + "/customer-" + strconv.FormatInt(w.id, 10)
	}
}

// GoString is String: %#v shows no more than %v.
func (w *Workspace) GoString() string { return "workato.Workspace(" + w.String() + ")" }

// LogValue is String: a log shows no more than a message.
func (w *Workspace) LogValue() slog.Value { return slog.StringValue(w.String()) }

// check finds what makes every request impossible.
func (w *Workspace) check() error {
	switch {
	case w == nil || w.client == nil || w.client.token == nil:
		return &ArgumentError{Field: "workspace", Reason: "comes from no client; use Client.Own, Client.Customer or Client.ExternalCustomer of one that NewClient made"}
	case w.own:
		return nil
	case w.externalID != nil && w.externalID() == "":
		return &ArgumentError{Field: "external ID", Reason: "is empty; use the ID that the customer was created with"}
	case w.externalID == nil && w.id < 1:
		return &ArgumentError{Field: "customer ID", Reason: "must be 1 or more; use the customer's numeric ID"}
	}
	return nil
}

// path is the escaped path of a request below the API's base, with the prefix
// that the kind of workspace has.
func (w *Workspace) path(version string, segments []string) string {
	all := make([]string, 0, 3+len(segments))
	if !w.own {
		if version != "" {
			all = append(all, url.PathEscape(version))
		}
		all = append(all, "managed_users", w.segment())
	}
	for _, s := range segments {
		all = append(all, url.PathEscape(s))
	}
	return w.client.base.path + "/" + strings.Join(all, "/")
}

// segment addresses the customer: the prefix comes first, then the escaping.
func (w *Workspace) segment() string {
	if w.externalID != nil {
		return url.PathEscape("E" + w.externalID())
	}
	return strconv.FormatInt(w.id, 10)
}
