package workatotest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

func TestClientTakesAnyHost(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	for _, host := range []string{"https://www.workato.com", "http://127.0.0.1:1", "https://app.eu.workato.com:8443"} {
		res, err := s.Client().Do(newRequest(t, s, "GET", host+"/api/tags", ""))
		if err != nil {
			t.Fatal(err)
		}
		if res.Status != "200 OK" || res.Proto != "HTTP/1.1" || res.ContentLength != 20 || res.Request.URL.Host != host[strings.LastIndexByte(host, '/')+1:] {
			t.Errorf("%+v", res)
		}
		res.Body.Close()
	}
}

func TestClientStreams(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer()
		for range 3 {
			s.Own().AddDay(day)
		}
		res, err := s.Client().Do(newRequest(t, s, "GET", base+"/api/activity_logs", ""))
		if err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 9)
		if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != `{"data":[` {
			t.Fatalf("%q %v", first, err)
		}
		// The bubble waits for all its goroutines: that of an unread body
		// ends because it is closed.
		res.Body.Close()
	})
}

func TestClientHonoursTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer()
		s.Own().AddDay(day)

		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		_, err := do(s.Client(), newRequest(t, s, "GET", base+"/api/tags", "").WithContext(ctx))
		if !errors.Is(err, cause) {
			t.Errorf("before: %v", err)
		}
		same(t, "requests that reached the server", len(s.Requests()), 0)

		s.Fail(1, workatotest.Fault{Latency: time.Hour})
		client := s.Client()
		client.Timeout = time.Minute
		_, err = do(client, newRequest(t, s, "GET", base+"/api/tags", ""))
		if e, ok := errors.AsType[interface {
			error
			Timeout() bool
		}](err); !ok || !e.Timeout() {
			t.Errorf("timeout: %v", err)
		}

		ctx, cancel = context.WithCancelCause(t.Context())
		res, err := s.Client().Do(newRequest(t, s, "GET", base+"/api/activity_logs", "").WithContext(ctx))
		if err != nil {
			t.Fatal(err)
		}
		cancel(cause)
		synctest.Wait()
		if _, err := io.ReadAll(res.Body); !errors.Is(err, cause) {
			t.Errorf("in the body: %v", err)
		}
		res.Body.Close()
	})
}

func TestClientRequestBodies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer()
		in, out := io.Pipe()
		req := newRequest(t, s, "POST", base+"/api/tags", "")
		req.Body = in
		req.Header.Set("Content-Type", "application/json")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		// A body that never comes to its end is given up with the context.
		go func() { _, _ = io.WriteString(out, `{"title":`) }()
		if _, err := do(s.Client(), req.WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		synctest.Wait()
		if _, err := out.Write([]byte("x")); err == nil {
			t.Error("the request's body was left open")
		}
		same(t, "tags", len(s.Own().Tags()), 0)
	})
}

func TestCloseEndsWhatRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := workatotest.NewServer()
		s.Own().AddDay(day)
		unread, err := s.Client().Do(newRequest(t, s, "GET", base+"/api/activity_logs", ""))
		if err != nil {
			t.Fatal(err)
		}
		s.Fail(1, workatotest.Fault{Latency: time.Hour})
		waiting := make(chan error)
		go func() {
			_, err := do(s.Client(), newRequest(t, s, "GET", base+"/api/tags", ""))
			waiting <- err
		}()
		synctest.Wait()
		s.Close()
		s.Close()
		if err := <-waiting; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("the waiting request: %v", err)
		}
		if _, err := io.ReadAll(unread.Body); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("the unread body: %v", err)
		}
		unread.Body.Close()
		if _, err := try(t, s, "GET", "/api/tags", ""); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("a new request: %v", err)
		}
		same(t, "URL", s.URL(), "")
		same(t, "still readable", len(s.Requests()), 2)
	})
}

func TestListener(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	s := workatotest.NewServer(workatotest.WithClock(func() time.Time {
		select {
		case arrived <- struct{}{}:
		default:
		}
		return day
	}))
	defer s.Close()
	s.Customer(3).SetExternalID("a/b %")
	s.Customer(3).AddDay(day)
	client := &http.Client{Transport: &http.Transport{}}
	get := func(target string) (reply, error) { return do(client, newRequest(t, s, "GET", target, "")) }
	target := s.URL() + "/api/managed_users/Ea%2Fb%20%25/activity_logs"
	if !strings.HasPrefix(target, "http://127.0.0.1:") {
		t.Errorf("URL %s", target)
	}
	got, err := get(target)
	if err != nil || got.status != 200 || !strings.HasPrefix(got.body, `{"data":[{"id":`) {
		t.Fatalf("%d %.60s %v", got.status, got.body, err)
	}
	inProcess := send(t, s, "GET", target[len(s.URL()):], "")
	if inProcess.body != got.body {
		t.Error("the listener and the client give different answers")
	}
	if r, err := get(target + "?page[size]=1"); err != nil || r.status != 400 {
		t.Errorf("raw brackets: %d %v", r.status, err)
	}

	s.Fail(1, workatotest.Fault{Drop: true})
	if _, err := get(target); !errors.Is(err, io.EOF) {
		t.Errorf("dropped: %v", err)
	}
	s.Fail(1, workatotest.Fault{CutAfter: 20})
	if r, err := get(target); !errors.Is(err, io.ErrUnexpectedEOF) || r.body != got.body[:20] {
		t.Errorf("cut: %q %v", r.body, err)
	}
	s.Fail(1, workatotest.Fault{CutAfter: -1})
	if r, err := get(target); !errors.Is(err, io.ErrUnexpectedEOF) || r.status != 200 || r.body != "" {
		t.Errorf("cut after the header: %+v %v", r, err)
	}
	s.Fail(1, workatotest.Fault{Header: http.Header{"Date": nil, "X-Request-Id": nil}})
	if r, err := get(target); err != nil || r.header.Get("Date")+r.header.Get("X-Request-Id") != "" {
		t.Errorf("header %v %v", r.header, err)
	}
	s.Fail(1, workatotest.Fault{Latency: time.Hour})
	<-arrived // from the requests before
	ended := make(chan error)
	go func() {
		_, err := get(target)
		ended <- err
	}()
	<-arrived
	s.Close()
	if err := <-ended; err == nil {
		t.Error("a request outlived Close")
	}
	if _, err := get(target); err == nil {
		t.Error("the listener outlived Close")
	}
}

func TestHeadHasNoBody(t *testing.T) {
	t.Parallel()
	r := send(t, workatotest.NewServer(), "HEAD", "/api/tags", "")
	if r.status != 404 || r.body != "" {
		t.Errorf("%+v", r)
	}
}

func TestRequestsMadeByHand(t *testing.T) {
	t.Parallel()
	s := workatotest.NewServer()
	at := &url.URL{Scheme: "https", Host: "workato.example", Path: "/api/tags"}
	header := http.Header{"Authorization": {"Bearer " + s.Token()}}
	same(t, "status", mustDo(t, s.Client(), &http.Request{URL: at, Header: header}).status, 200)

	broken := *at
	broken.RawQuery = "a=\x01"
	body := &closed{}
	if _, err := do(s.Client(), &http.Request{URL: &broken, Header: header, Body: body}); err == nil || !body.yes {
		t.Errorf("a URL that cannot be sent: %v, body closed: %v", err, body.yes)
	}
}

// closed is a body that knows whether it is.
type closed struct{ yes bool }

func (*closed) Read([]byte) (int, error) { return 0, io.EOF }

func (c *closed) Close() error {
	c.yes = true
	return nil
}
