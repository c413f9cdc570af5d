package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/workato"
	"github.com/workato-go/sdk/workato/workatotest"
)

func TestFaultOf(t *testing.T) {
	t.Parallel()
	answer := func(status int) error { return &workato.Error{StatusCode: status} }
	refused := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	dial := func(err error) error { return &net.OpError{Op: "dial", Err: err} }
	soon := &x509.Certificate{NotBefore: time.Now().Add(time.Hour), NotAfter: time.Now().Add(2 * time.Hour)}
	over := &x509.Certificate{NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(-time.Hour)}
	for _, test := range []struct {
		err  error
		want alarm.Fault
	}{
		{answer(401), alarm.Token},
		{answer(403), alarm.Token},
		{answer(404), alarm.Settings},
		{answer(429), alarm.Server},
		{answer(400), alarm.Server},
		{answer(500), alarm.Server},
		{answer(503), alarm.Server},
		{answer(200), alarm.Server}, // no JSON
		{activity.ErrSourceChanged, alarm.Checkpoint},
		{activity.ErrFilterChanged, alarm.Checkpoint},
		{activity.ErrFenced, alarm.Checkpoint},
		{activity.ErrCheckpoint, alarm.Checkpoint},
		{&fs.PathError{Op: "write", Err: syscall.ENOSPC}, alarm.Checkpoint},
		{&os.LinkError{Op: "rename", Err: syscall.EACCES}, alarm.Checkpoint},
		{refused(x509.UnknownAuthorityError{}), alarm.Trust},
		{refused(x509.HostnameError{Certificate: over, Host: "a"}), alarm.Trust},
		{refused(x509.CertificateInvalidError{Cert: over, Reason: x509.Expired}), alarm.Trust},
		{refused(x509.CertificateInvalidError{Cert: soon, Reason: x509.Expired}), alarm.Time},
		{x509.UnknownAuthorityError{}, alarm.Trust},
		{&net.DNSError{Name: "app.example"}, alarm.Address},
		{dial(&net.DNSError{Name: "app.example"}), alarm.Address},
		{dial(syscall.ECONNREFUSED), alarm.Unreachable},
		{dial(syscall.ENETUNREACH), alarm.Unreachable},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, alarm.Unreachable},
		{context.DeadlineExceeded, alarm.Unreachable},
		{io.EOF, alarm.Unreachable},
		{io.ErrUnexpectedEOF, alarm.Server},
		{errors.New("activity: the answer makes no sense"), alarm.Server},
	} {
		for _, err := range []error{test.err, fmt.Errorf("activity.List: %w", test.err)} {
			if got := faultOf(err); got != test.want {
				t.Errorf("%v (%T) is %v, want %v", err, err, got, test.want)
			}
			s := defaultSettings()
			if text := explain(err, &s); text == "" || strings.HasPrefix(text, "workato: ") {
				t.Errorf("%v is explained as %q", err, text)
			}
		}
	}
}

// What a server really does comes out as the fault that it is.
func TestFaultsOfServers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault workatotest.Fault
		want  alarm.Fault
	}{
		"a refused token":    {workatotest.Fault{Status: 401}, alarm.Token},
		"no privilege":       {workatotest.Fault{Status: 403}, alarm.Token},
		"no such customer":   {workatotest.Fault{Status: 404}, alarm.Settings},
		"the quota":          {workatotest.Fault{Status: 429}, alarm.Server},
		"a proxy's page":     {workatotest.ProxyError(502), alarm.Server},
		"HTML with 200":      {workatotest.Fault{Status: 200, Body: "<html>log in to the hotel</html>"}, alarm.Server},
		"half a body":        {workatotest.Fault{CutAfter: 10}, alarm.Server},
		"nobody there":       {workatotest.Fault{Drop: true}, alarm.Unreachable},
		"no answer for long": {workatotest.Fault{Latency: time.Hour}, alarm.Unreachable},
	} {
		synctest.Test(t, func(t *testing.T) {
			srv := workatotest.NewServer()
			defer srv.Close()
			srv.Fail(-1, test.fault)
			s := defaultSettings()
			if got := faultOf(pollOnce(t, srv.Client(), &s)); got != test.want {
				t.Errorf("%s: %v, want %v", name, got, test.want)
			}
		})
	}
}

func pollOnce(t *testing.T, h *http.Client, s *settings) error {
	t.Helper()
	client, err := workato.NewClient(workatotest.Token, s.clientOptions(h)...)
	if err != nil {
		t.Fatal(err)
	}
	watcher, err := activity.New(client.Own()).NewWatcher(activity.WatchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = watcher.Poll(t.Context())
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

// A certificate of nobody known, over real TLS.
func TestTrustOverTLS(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = discardLog()
	srv.StartTLS()
	defer srv.Close()
	s := defaultSettings()
	s.source.BaseURL = srv.URL
	if got := faultOf(pollOnce(t, nil, &s)); got != alarm.Trust {
		t.Errorf("%v, want %v", got, alarm.Trust)
	}
	srv.Close()
	if got := faultOf(pollOnce(t, nil, &s)); got != alarm.Unreachable {
		t.Errorf("a closed port: %v, want %v", got, alarm.Unreachable)
	}
}

func TestExplainsWhatToDo(t *testing.T) {
	t.Parallel()
	s := defaultSettings()
	s.state = "/var/lib/pialarm"
	for _, test := range []struct {
		err  error
		want string
	}{
		{activity.ErrCheckpoint, "pialarm begin-anew -state /var/lib/pialarm"},
		{activity.ErrFilterChanged, "pialarm begin-anew -state /var/lib/pialarm"},
		{activity.ErrSourceChanged, "put the right token back, or "},
		{activity.ErrFenced, "end it, or take another folder"},
		{&workato.Error{StatusCode: 401}, "the token is not valid in region us"},
		{&workato.Error{StatusCode: 404}, "look at region, base-url, customer and external-customer"},
		{&fs.PathError{Op: "write", Path: "/x", Err: syscall.ENOSPC}, "is there room"},
	} {
		wantError(t, errors.New(explain(test.err, &s)), test.want)
	}
	s.state = ""
	wantText(t, "without a state folder", explain(activity.ErrSourceChanged, &s),
		"the log has become another workspace's or environment's; start again to follow it")
}
