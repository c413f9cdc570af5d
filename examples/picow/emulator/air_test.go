//go:build hardware

package emulator_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/soypat/lneto/tcp"

	"github.com/workato-go/sdk/examples/picow/network/networktest"
)

// air is what the board's radio is in: a Wi-Fi network with a router, behind which
// is the API. It stands still while the board does.
type air struct {
	t              *testing.T
	name, password string
	now            func() time.Time
	dial           func() (net.Conn, error) // to the API; an error: nobody hears of it
	lose           int                      // each frame with such a number, either way; 0: none
	carried        int

	*networktest.Router
	frames [][]byte         // for the board
	dialed map[uint16]*pipe // by the board's port, for connections that are on their way
	relays []*relay
}

// hangUp is what the board's end is for all around it. A nil air is none.
func (a *air) hangUp() {
	if a == nil {
		return
	}
	for _, r := range a.relays {
		r.api.close()
	}
	for _, p := range a.dialed {
		p.close()
	}
	a.frames, a.dialed, a.relays = nil, make(map[uint16]*pipe), nil
	var err error
	a.Router, err = networktest.New(1, a.now, func(frame []byte) {
		if !a.lost() {
			a.frames = append(a.frames, slices.Clone(frame))
		}
	})
	if err != nil {
		a.t.Fatal(err)
	}
}

// lost says whether the next frame is.
func (a *air) lost() bool {
	a.carried++
	return a.lose > 0 && a.carried%a.lose == 0
}

// silence has the router not answer at a port of UDP, or answer again.
func (a *air) silence(port uint16, silent bool) {
	a.Mu.Lock()
	defer a.Mu.Unlock()
	a.Silent[port] = silent
}

// receive takes a frame of the board.
func (a *air) receive(frame []byte) {
	if a.lost() {
		return
	}
	if port, ok := begins(frame); ok && a.dialed[port] == nil {
		conn, err := a.dial()
		if err != nil {
			return // the frame is lost on its way
		}
		a.dialed[port] = newPipe(conn)
	}
	a.Receive(frame)
}

// begins says whether a frame wants to begin a connection with the API, and from
// which port.
func begins(frame []byte) (port uint16, ok bool) {
	const syn, ack = 2, 16
	if len(frame) < 54 || frame[23] != 6 || frame[47]&(syn|ack) != syn || binary.BigEndian.Uint16(frame[36:]) != networktest.Port {
		return 0, false
	}
	return binary.BigEndian.Uint16(frame[34:]), true
}

// settle lets all go on until nothing does, and gives the frames for the board.
func (a *air) settle() [][]byte {
	for again := true; again; {
		again = a.Step()
		for c := a.Accept(); c != nil; c = a.Accept() {
			port := c.RemotePort()
			a.relays = append(a.relays, &relay{board: c, api: a.dialed[port]})
			delete(a.dialed, port)
			again = true
		}
		for _, r := range a.relays {
			again = r.move() || again
		}
	}
	frames := a.frames
	a.frames = nil
	return frames
}

// relay carries what a connection of the board says to the API, and back.
type relay struct {
	board *networktest.Conn
	api   *pipe
	over  bool
}

// move carries what there is, and says whether there was anything.
func (r *relay) move() (moved bool) {
	if r.over {
		return false
	}
	if n := r.board.BufferedInput(); n > 0 {
		data := make([]byte, n)
		n, err := r.board.Read(data)
		if err == nil {
			err = r.api.write(data[:n])
		}
		if err != nil {
			r.end()
		}
		return true
	}
	switch r.board.State() {
	case tcp.StateEstablished:
	case tcp.StateSynRcvd:
		return false
	default: // the board ended it
		r.end()
		return true
	}
	free := r.board.FreeOutput()
	if free == 0 {
		return false
	}
	data, err := r.api.read(free)
	if err == nil && len(data) > 0 {
		_, err = r.board.Write(data)
		moved = true
	}
	if err != nil {
		r.end()
		moved = true
	}
	return moved
}

func (r *relay) end() {
	r.over = true
	r.api.close()
	_ = r.board.Close() // it may be closed already
}

// pipe is a connection to the API.
type pipe struct {
	conn     net.Conn
	in       chan []byte
	rest     []byte
	patience time.Duration // how long to wait for more
}

const (
	// thinking is how long a server may take for an answer, in the time of this
	// machine. The board's time stands still meanwhile.
	thinking = 2 * time.Second
	// breath is how long it may take for the next piece of it.
	breath = 3 * time.Millisecond
)

func newPipe(conn net.Conn) *pipe {
	p := &pipe{conn: conn, in: make(chan []byte, 64)}
	go func() {
		defer close(p.in)
		for {
			chunk := make([]byte, 16<<10)
			n, err := conn.Read(chunk)
			if n > 0 {
				p.in <- chunk[:n]
			}
			if err != nil {
				return // what broke it is all the same to the board
			}
		}
	}()
	return p
}

func (p *pipe) close() {
	_ = p.conn.Close() // nobody is left to be told
	go func() {
		for range p.in { // so that the reader ends
		}
	}()
}

func (p *pipe) write(data []byte) error {
	p.patience = thinking
	_, err := p.conn.Write(data)
	return err
}

// read gives what is there, and waits only for a server that thinks. Its end is an
// error.
func (p *pipe) read(size int) ([]byte, error) {
	if len(p.rest) == 0 {
		chunk, err := p.next()
		if err != nil || chunk == nil {
			return nil, err
		}
		p.rest = chunk
	}
	n := min(size, len(p.rest))
	data := p.rest[:n]
	p.rest = p.rest[n:]
	return data, nil
}

func (p *pipe) next() ([]byte, error) {
	select {
	case chunk, ok := <-p.in:
		return p.took(chunk, ok)
	default:
	}
	wait := time.NewTimer(p.patience)
	defer wait.Stop()
	select {
	case chunk, ok := <-p.in:
		return p.took(chunk, ok)
	case <-wait.C:
		p.patience = 0
		return nil, nil
	}
}

func (p *pipe) took(chunk []byte, ok bool) ([]byte, error) {
	if !ok {
		return nil, io.EOF
	}
	p.patience = breath
	return chunk, nil
}

// nowhere is a way to the API that does not lead there.
func nowhere() (net.Conn, error) { return nil, errors.New("nowhere") }
