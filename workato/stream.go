package workato

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// BodyReader is an out of [Workspace.Do] that reads the body of a success by
// itself, while it arrives: for answers that are long, or that should be of use
// before they are complete.
type BodyReader interface {
	// ReadBody reads a body from its beginning. It may take its time: no timeout
	// strikes because of what it does between two reads, as long as no more than
	// a MiB waits for it.
	//
	// Returning nil ends the call with success. Where the body has more to give,
	// that is not read, which costs an HTTP/1 connection. An error that matches
	// [ErrInvalid] says that the answer itself tells of a failure, as by "success":
	// false; Do makes an [*Error] of what the body says. Any other error means that
	// the body is not what it should be.
	//
	// Where the transport breaks off in the middle of a body, and the request may be
	// repeated, Do calls ReadBody again with the body of another answer. Then it is
	// ReadBody that has to know what it has had already.
	ReadBody(body io.Reader) error
}

const (
	// maxStart is how much of a body that somebody else reads an Error keeps.
	maxStart = 4 << 10
	// patience is how long a body may wait for its reader in the connection. After
	// that it is read into memory, so that neither a timeout nor a server that is
	// tired of waiting costs an answer whose reader is slow.
	patience = time.Second
	// maxAhead is how much of it.
	maxAhead = 1 << 20
)

// stream is the body of a success on its way to a BodyReader.
type stream struct {
	body  io.ReadCloser
	timer *time.Timer

	mu      sync.Mutex // held while the BodyReader reads, not while it works
	change  sync.Cond  // of all below
	behind  bool       // readAhead reads, and nobody else
	ahead   []byte     // what it has read
	start   []byte     // the first maxStart bytes of the body
	size    int64
	err     error     // what ended the body; io.EOF: its end
	endedAt time.Time // when
}

func newStream(resp *http.Response) *stream {
	s := &stream{body: resp.Body}
	s.change.L = &s.mu
	// Only Reset starts it in earnest: readAhead needs the timer.
	s.timer = time.AfterFunc(time.Hour, s.readAhead)
	s.timer.Reset(patience)
	return s
}

// Read is for the BodyReader.
func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.behind && len(s.ahead) == 0 && s.err == nil {
		s.change.Wait()
	}
	if len(s.ahead) > 0 {
		n := copy(p, s.ahead)
		s.ahead = s.ahead[n:]
		s.change.Broadcast()
		return n, nil
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.body.Read(p)
	return n, s.took(p[:n], err)
}

// took notes what was read.
func (s *stream) took(p []byte, err error) error {
	if free := maxStart - len(s.start); free > 0 && len(p) > 0 {
		if s.start == nil {
			s.start = make([]byte, 0, min(maxStart, max(len(p), 512)))
		}
		s.start = append(s.start, p[:min(free, len(p))]...)
	}
	if s.size += int64(len(p)); s.size > maxBody {
		err = errTooLarge
	}
	if err != nil {
		s.end(err)
	}
	return err
}

func (s *stream) end(err error) {
	if s.err == nil {
		s.err, s.endedAt = err, time.Now()
	}
}

// readAhead reads the rest of the body into memory, in the background.
func (s *stream) readAhead() {
	if !s.mu.TryLock() {
		s.timer.Reset(patience) // the BodyReader waits for the server, not the other way
		return
	}
	defer s.mu.Unlock()
	s.behind = true
	buffer := make([]byte, 32<<10)
	for s.err == nil {
		if len(s.ahead) >= maxAhead {
			s.change.Wait()
			continue
		}
		s.mu.Unlock()
		n, err := s.body.Read(buffer)
		s.mu.Lock()
		if s.err == nil { // else it is closed
			_ = s.took(buffer[:n], err)
			s.ahead = append(s.ahead, buffer[:n]...)
			s.change.Broadcast()
		}
	}
}

// close ends the reading, once the body is closed, too.
func (s *stream) close() {
	s.timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(errClosed)
	s.ahead = nil
	s.change.Broadcast()
}

// errClosed ends a body that nobody reads any more.
var errClosed = errors.New("the body is closed")

// read has the BodyReader read a body.
func (a *answer) read(resp *http.Response, reader BodyReader) {
	s := newStream(resp)
	defer s.close()
	a.unread = reader.ReadBody(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	a.body, a.endedAt = s.start, s.endedAt
	a.blank = s.size == int64(len(s.start)) && errors.Is(s.err, io.EOF) && len(bytes.TrimSpace(s.start)) == 0
	if a.unread != nil && s.err != nil && s.err != io.EOF { //nolint:errorlint // a reader gives io.EOF itself
		a.err = s.err // the BodyReader's error is but its echo
	}
}
