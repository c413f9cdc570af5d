package activity

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/workato-go/sdk/workato"
)

// stream reads an answer while it arrives, and tells its events one by one. It
// holds no more of the answer than the piece that came last, with the row in it
// that is not complete.
//
// What comes is read as soon as it may complete a row. It becomes a text, of which
// the events that it has are parts: they live as long as any of them does.
type stream struct {
	answer *answer
	region string
	to     listener

	buffer []byte // what is not read yet, and room for more
	filled int
	offset int64 // of the buffer in the body
	wait   int   // for so many bytes, before a row is tried again
}

// listener is told what an answer has.
type listener interface {
	begin()                         // comes an answer, or the same one again
	event(event *Event) (more bool) // and that is enough, or not
}

const (
	// largeObject is where the runtime begins to take more trouble over an object:
	// texts are smaller. It is also more than what a connection gives at once.
	largeObject = 32<<10 - 256
	// smallRow is a row that costs little if it has to be read several times,
	// because it comes in pieces. A larger one waits for an eighth more each time.
	smallRow = 16 << 10
)

var errTruncated = errors.New("it ends in the middle of the JSON")

func newStream(rows int) *stream {
	return &stream{answer: newAnswer(rows), buffer: make([]byte, min(1024*(rows+1), largeObject-len(padding)))}
}

// ReadBody implements [workato.BodyReader].
func (s *stream) ReadBody(body io.Reader) error {
	s.answer.restart()
	s.filled, s.offset, s.wait = 0, 0, 0
	s.to.begin()
	for {
		came, err := s.fill(body)
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return err
		}
		if !ended && !s.worthwhile(came) {
			continue
		}
		if more, err := s.tell(); err != nil || !more {
			return err
		}
		if ended {
			return s.verdict()
		}
	}
}

// fill reads into the buffer.
func (s *stream) fill(body io.Reader) (came []byte, err error) {
	if room := len(s.buffer) - s.filled; room < len(s.buffer)/4 {
		s.buffer = append(s.buffer, make([]byte, len(s.buffer))...)
	}
	n, err := body.Read(s.buffer[s.filled:])
	came = s.buffer[s.filled : s.filled+n]
	s.filled += n
	return came, err
}

// worthwhile says whether what came may complete a row.
func (s *stream) worthwhile(came []byte) bool {
	return s.filled >= s.wait && bytes.IndexByte(came, '}') >= 0
}

// tell reads what is there, and tells its events.
func (s *stream) tell() (more bool, err error) {
	a := s.answer
	a.begin(string(s.buffer[:s.filled]) + padding)
	for event := a.next(); event != nil; event = a.next() {
		event.region = s.region
		if !s.to.event(event) {
			return false, nil
		}
	}
	if a.bad >= 0 && a.bad < a.end {
		return false, fmt.Errorf("byte %d cannot stand there in JSON", s.offset+int64(a.bad))
	}
	s.offset += int64(a.at)
	s.filled = copy(s.buffer, s.buffer[a.at:s.filled])
	a.at = 0
	s.wait = 0
	if s.filled > smallRow {
		s.wait = s.filled + s.filled/8
	}
	return true, nil
}

// verdict is for the end of the body.
func (s *stream) verdict() error {
	switch a := s.answer; {
	case a.bad >= 0:
		return errTruncated
	case a.refused:
		return workato.ErrInvalid
	case a.data != dataList:
		return errNoData
	}
	return nil
}
