package workatotest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
)

// Client returns a client whose every request, whatever its scheme and host,
// is answered by the Server in the same process, without a socket. It needs
// no listener and works inside testing/synctest.
//
// To the caller it behaves as over a network: bodies stream, a dropped
// connection is an error that matches [io.EOF], a cut body ends in
// [io.ErrUnexpectedEOF], and the end of the request's context ends the
// request. As over a network, a response body must be read or closed.
func (s *Server) Client() *http.Client {
	return &http.Client{Transport: transport{s}}
}

type transport struct{ server *Server }

var errDropped = fmt.Errorf("workatotest: the connection was closed without an answer: %w", io.EOF)

// RoundTrip implements [http.RoundTripper].
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	x, err := t.server.begin(req)
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	go x.run()
	select {
	case h := <-x.head:
		return h.res, h.err
	case <-x.ctx.Done():
	}
	// The context of the exchange also ends with the exchange, after its head.
	select {
	case h := <-x.head:
		return h.res, h.err
	default:
		return nil, context.Cause(x.ctx)
	}
}

// head is what the caller waits for.
type head struct {
	res *http.Response
	err error
}

// exchange is one request and its response inside the process. It is the
// [http.ResponseWriter] the handler writes to.
type exchange struct {
	server *Server
	ctx    context.Context
	cancel context.CancelCauseFunc
	in     *http.Request // as the caller made it
	out    *http.Request // as the server sees it

	closeBody func() // of the request; once
	header    http.Header
	wrote     bool
	head      chan head
	body      *io.PipeReader
	sink      *io.PipeWriter
	done      chan struct{} // closed when the handler is through
}

// begin registers the exchange, so that Close can end it.
func (s *Server) begin(req *http.Request) (*exchange, error) {
	if err := context.Cause(req.Context()); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	x := &exchange{
		server: s,
		ctx:    ctx,
		cancel: cancel,
		in:     req,
		header: make(http.Header),
		head:   make(chan head, 1),
		done:   make(chan struct{}),
	}
	x.body, x.sink = io.Pipe()
	if err := x.arrive(); err != nil {
		cancel(nil)
		return nil, err
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		cancel(nil)
		return nil, http.ErrServerClosed
	}
	s.exchanges[x] = struct{}{}
	return x, nil
}

// arrive makes the request the server would have read off the connection.
func (x *exchange) arrive() error {
	uri := x.in.URL.RequestURI()
	u, err := url.ParseRequestURI(uri)
	if err != nil {
		return fmt.Errorf("workatotest: the request's URL cannot be sent: %w", err)
	}
	r := x.in.Clone(x.ctx)
	r.URL, r.RequestURI, r.RemoteAddr = u, uri, "192.0.2.1:1234"
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
	if r.Host == "" {
		r.Host = x.in.URL.Host
	}
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	x.closeBody = sync.OnceFunc(func() { _ = r.Body.Close() })
	x.out = r
	return nil
}

// run calls the handler and ends the exchange.
func (x *exchange) run() {
	defer close(x.done)
	stop := context.AfterFunc(x.ctx, func() {
		_ = x.sink.CloseWithError(context.Cause(x.ctx))
		x.closeBody()
	})
	err := x.handle()
	stop()
	x.closeBody()
	_ = x.sink.CloseWithError(err)
	if !x.wrote {
		x.head <- head{err: cmp.Or(context.Cause(x.ctx), errDropped)}
	}
	x.cancel(nil)

	x.server.mu.Lock()
	defer x.server.mu.Unlock()
	delete(x.server.exchanges, x)
}

// handle is the handler, with the panic that closes a connection as an error.
func (x *exchange) handle() (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = io.ErrUnexpectedEOF
		default:
			panic(p)
		}
	}()
	x.server.ServeHTTP(x, x.out)
	return nil
}

// Header implements [http.ResponseWriter].
func (x *exchange) Header() http.Header { return x.header }

// WriteHeader implements [http.ResponseWriter].
func (x *exchange) WriteHeader(status int) {
	if x.wrote {
		return
	}
	x.wrote = true
	h := x.header.Clone()
	for k, v := range h {
		if len(v) == 0 {
			delete(h, k)
		}
	}
	length, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
	if err != nil {
		length = -1
	}
	x.head <- head{res: &http.Response{
		Status:        strconv.Itoa(status) + " " + http.StatusText(status),
		StatusCode:    status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        h,
		Body:          responseBody{x.body, x.done},
		ContentLength: length,
		Request:       x.in,
	}}
}

// Write implements [io.Writer]. It waits for the reader: that is how a body
// streams.
func (x *exchange) Write(p []byte) (int, error) {
	x.WriteHeader(http.StatusOK)
	if x.in.Method == http.MethodHead {
		return len(p), nil
	}
	return x.sink.Write(p)
}

// responseBody is closed when the handler is through, so that a caller who
// closed all bodies has left no goroutine behind.
type responseBody struct {
	*io.PipeReader
	done <-chan struct{}
}

// Close implements [io.Closer].
func (b responseBody) Close() error {
	err := b.PipeReader.Close()
	<-b.done
	return err
}
