package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/workato"
)

// faultOf is how the alarm shows that the log could not be read.
func faultOf(err error) alarm.Fault {
	if answer, ok := errors.AsType[*workato.Error](err); ok {
		return faultOfAnswer(answer)
	}
	switch {
	case aboutCheckpoint(err), aboutFiles(err):
		return alarm.Checkpoint
	case clockIsBehind(err):
		return alarm.Time
	case aboutTrust(err):
		return alarm.Trust
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return alarm.Address
	}
	if _, ok := errors.AsType[net.Error](err); ok || errors.Is(err, io.EOF) || errors.Is(err, context.DeadlineExceeded) {
		return alarm.Unreachable
	}
	return alarm.Server // half a body, or an answer that makes no sense
}

func faultOfAnswer(answer *workato.Error) alarm.Fault {
	switch {
	case errors.Is(answer, workato.ErrUnauthorized), errors.Is(answer, workato.ErrForbidden):
		return alarm.Token
	case errors.Is(answer, workato.ErrNotFound):
		return alarm.Settings // no such customer, or no such place
	default:
		return alarm.Server
	}
}

// aboutCheckpoint tells the errors after which only a person can go on.
func aboutCheckpoint(err error) bool {
	for _, class := range []error{activity.ErrSourceChanged, activity.ErrFilterChanged, activity.ErrCheckpoint, activity.ErrFenced} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}

// aboutFiles tells a checkpoint that cannot be read or saved: a full disk, a
// folder of somebody else.
func aboutFiles(err error) bool {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return true
	}
	_, ok := errors.AsType[*os.LinkError](err)
	return ok
}

func aboutTrust(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return true
	}
	_, ok := errors.AsType[x509.CertificateInvalidError](err)
	return ok
}

// clockIsBehind tells a certificate that is not valid yet. A Raspberry Pi has no
// clock of its own: until the network tells the time, it believes it is the past.
func clockIsBehind(err error) bool {
	refused, ok := errors.AsType[*tls.CertificateVerificationError](err)
	if !ok {
		return false
	}
	invalid, ok := errors.AsType[x509.CertificateInvalidError](refused)
	return ok && invalid.Reason == x509.Expired && time.Now().Before(invalid.Cert.NotBefore)
}

// explain says in a line what went wrong and what to do. Nothing in an error of
// the SDK is secret.
func explain(err error, s *settings) string {
	if argument, ok := errors.AsType[*workato.ArgumentError](err); ok {
		return "the " + argument.Field + " " + argument.Reason
	}
	if advice := checkpointAdvice(err, s.state); advice != "" {
		return advice
	}
	where := s.source.Where()
	switch fault := faultOf(err); {
	case errors.Is(err, workato.ErrUnauthorized):
		return "the token is not valid " + where + ", or its API client lacks the privilege to read activity logs"
	case errors.Is(err, workato.ErrForbidden):
		return "the token's API client lacks the privilege to read this activity log"
	case errors.Is(err, workato.ErrNotFound):
		return "there is no activity log for this token " + where + "; look at region, base-url, customer and external-customer"
	case fault == alarm.Time:
		return "the clock of this machine is behind: the server's certificate is not valid yet; wait for the time from the network"
	case fault == alarm.Trust:
		return "the server's certificate is refused, so somebody else may be answering: " + err.Error()
	case fault == alarm.Checkpoint:
		return "what the state folder remembers cannot be read or saved; is there room, and does the folder belong to this user? " + err.Error()
	}
	return strings.TrimPrefix(strings.TrimPrefix(err.Error(), "workato: "), "activity: ")
}

// checkpointAdvice is for the ways in which the log and what is remembered of it
// fail to fit.
func checkpointAdvice(err error, state string) string {
	if state == "" && aboutCheckpoint(err) {
		return "the log has become another workspace's or environment's; start again to follow it"
	}
	anew := "to let go of what happened since and follow from now on: pialarm begin-anew -state " + state
	switch {
	case errors.Is(err, activity.ErrFenced):
		return "another program follows this log with the same state folder; end it, or take another folder"
	case errors.Is(err, activity.ErrFilterChanged):
		return "what the state folder remembers was made with other filters by another program; take another folder, or " + anew
	case errors.Is(err, activity.ErrSourceChanged):
		return "the log is another workspace's or environment's than the one that the state folder remembers; put the right token back, or " + anew
	case errors.Is(err, activity.ErrCheckpoint):
		return "what the state folder remembers is gone or damaged, or a newer version wrote it; " + anew
	default:
		return ""
	}
}
