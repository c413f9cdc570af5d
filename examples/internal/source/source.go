// Package source is where an example program takes the log from: a region or another
// host, and whose workspace there. It is what the programs' flags fill in.
package source

import (
	"net/http"

	"github.com/workato-go/sdk/workato"
)

// Source says where the log is. The zero value but for the region is one's own
// workspace.
type Source struct {
	Region           workato.Region
	BaseURL          string // in place of the region; "": none
	Customer         int64  // of an embedded partner; 0: not by this number
	ExternalCustomer string // the same, by the external ID; "": not by this
}

// Options are those of a client for the source. The program's name goes into the
// user agent; an HTTP client of nil is the default one.
func (s Source) Options(program string, h *http.Client) []workato.Option {
	options := []workato.Option{workato.WithUserAgent(program)}
	if s.BaseURL != "" {
		options = append(options, workato.WithBaseURL(s.BaseURL))
	} else {
		options = append(options, workato.WithRegion(s.Region))
	}
	if h != nil {
		options = append(options, workato.WithHTTPClient(h))
	}
	return options
}

// Workspace is the source's.
func (s Source) Workspace(c *workato.Client) *workato.Workspace {
	switch {
	case s.Customer != 0:
		return c.Customer(s.Customer)
	case s.ExternalCustomer != "":
		return c.ExternalCustomer(s.ExternalCustomer)
	default:
		return c.Own()
	}
}

// Where is the place that the token is sent to, for a message: "in region us".
func (s Source) Where() string {
	if s.BaseURL != "" {
		return "at this base URL"
	}
	return "in region " + string(s.Region)
}
