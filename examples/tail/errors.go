package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
)

// explain says in a line what went wrong and what to do. Nothing in an error
// of the SDK is secret.
func explain(err error, opts options) string {
	if argument, ok := errors.AsType[*workato.ArgumentError](err); ok {
		return "the " + argument.Field + " " + argument.Reason
	}
	if text := checkpointAdvice(err, opts); text != "" {
		return text
	}
	answer, ok := errors.AsType[*workato.Error](err)
	if !ok {
		return strings.TrimPrefix(strings.TrimPrefix(err.Error(), "workato: "), "activity: ")
	}
	if text := advice(answer, opts); text != "" {
		return fmt.Sprintf("%d: %s%s", answer.StatusCode, text, support(answer))
	}
	return strings.TrimPrefix(answer.Error(), "workato: ")
}

func advice(answer *workato.Error, opts options) string {
	switch {
	case errors.Is(answer, workato.ErrUnauthorized):
		return "the token is not valid " + opts.source.Where() + ", or its API client lacks the privilege to read activity logs"
	case errors.Is(answer, workato.ErrForbidden):
		return "the token's API client lacks the privilege to read this activity log"
	case errors.Is(answer, workato.ErrNotFound) && opts.given["customer"]:
		return fmt.Sprintf("there is no customer %d for this token %s", opts.source.Customer, opts.source.Where())
	case errors.Is(answer, workato.ErrNotFound) && opts.given["external"]:
		return "there is no customer with this external ID for this token " + opts.source.Where()
	case errors.Is(answer, workato.ErrNotFound):
		return "there is no activity log " + opts.source.Where()
	case errors.Is(answer, workato.ErrRateLimited):
		return "the quota of 60 requests a minute is used up, perhaps by other programs; try again in a minute"
	case answer.Temporary():
		return fmt.Sprintf("Workato does not answer properly, asked %d times; try again later", answer.Attempts)
	default:
		return ""
	}
}

// checkpointAdvice is for the ways in which the log and what is remembered of
// it fail to fit.
func checkpointAdvice(err error, opts options) string {
	anew := "take another -state folder, or remove " + opts.state + " to begin anew"
	switch {
	case errors.Is(err, activity.ErrFenced):
		return "another tail follows this log with -state " + opts.state + "; end the other, or take another folder"
	case errors.Is(err, activity.ErrFilterChanged):
		return "the filters are not those that -state was made with; use those, or " + anew
	case errors.Is(err, activity.ErrCheckpoint):
		return "what -state remembers is gone or damaged, or a newer version of this program wrote it; " + anew
	case errors.Is(err, activity.ErrSourceChanged) && opts.state == "":
		return "the log has become another workspace's or environment's; start again to follow it"
	case errors.Is(err, activity.ErrSourceChanged):
		return "the log is another workspace's or environment's than the one that -state was made with; " + anew
	default:
		return ""
	}
}

// support is what Workato's support asks for.
func support(answer *workato.Error) string {
	switch {
	case answer.ID != "":
		return " (id " + answer.ID + ")"
	case answer.RequestID != "":
		return " (request " + answer.RequestID + ")"
	default:
		return ""
	}
}
