package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/picow/settings"
	"github.com/workato-go/sdk/workato"
)

// tryLog reads one row of the log, as the board will, from this computer: a token
// that is refused is easier to mend here than by counting blinks.
func tryLog(ctx context.Context, web *http.Client, s *settings.Settings) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	base := "https://" + net.JoinHostPort(s.Host, strconv.Itoa(int(s.Port)))
	options := []workato.Option{workato.WithBaseURL(base), workato.WithRetry(workato.RetryPolicy{MaxAttempts: 1})}
	if web != nil {
		options = append(options, workato.WithHTTPClient(web))
	}
	client, err := workato.NewClient(s.Token, options...)
	if err != nil {
		return err
	}
	_, err = activity.New(workspace(client, s.Customer)).List(ctx, activity.ListOptions{PageSize: 1})
	return err
}

// workspace is the one that a customer of the settings means, which are checked.
func workspace(client *workato.Client, customer string) *workato.Workspace {
	if customer == "" {
		return client.Own()
	}
	if external, ok := strings.CutPrefix(customer, "E"); ok {
		return client.ExternalCustomer(external)
	}
	id, err := strconv.ParseInt(customer, 10, 64)
	if err != nil {
		return client.Customer(0) // whose requests are refused
	}
	return client.Customer(id)
}

// judge says whether the outcome of tryLog is a reason not to go on, and in which
// words.
func judge(err error) (fatal bool, text string) {
	switch {
	case err == nil:
		return false, "Workato takes the token."
	case errors.Is(err, workato.ErrUnauthorized):
		return true, "Workato refuses the token: is it whole, and of this region?"
	case errors.Is(err, workato.ErrForbidden):
		return true, "the token is good, but its role may not read the activity audit log"
	case errors.Is(err, workato.ErrNotFound):
		return true, "Workato knows no such customer, or no such log; is the host right?"
	default:
		return false, fmt.Sprintf("This computer cannot ask Workato whether the token is good (%v). Going on without.", err)
	}
}
