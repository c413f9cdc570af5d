// Package talk is what the host and the first program of an emulated board say to
// each other over its serial console. Each says one JSON object a line; the
// board's lines begin with Prefix, because the kernel writes there, too.
package talk

import "time"

// Prefix begins the lines of the board that are a Report.
const Prefix = "@"

// The users that programs run as. GPIO is the group that may open the GPIO
// devices, as on Raspberry Pi OS.
const (
	User = 1000
	GPIO = 997
)

// Order is what the host wants done. Exactly one of the pointers is set.
type Order struct {
	ID int `json:"id"` // of the Report that answers

	Clock  *time.Time `json:"clock,omitempty"`  // set it: a board has none of its own
	Start  *Start     `json:"start,omitempty"`  // a program
	Signal *Signal    `json:"signal,omitempty"` // to a program
	Serve  *Serve     `json:"serve,omitempty"`  // the API
	Events *Events    `json:"events,omitempty"` // happen
	Lines  *Lines     `json:"lines,omitempty"`  // tell about them
	Hold   *Hold      `json:"hold,omitempty"`   // a line
}

// Start starts a program, as a user without rights.
type Start struct {
	Name     string            `json:"name"`    // of this run
	Program  string            `json:"program"` // below /bin
	Args     []string          `json:"args"`
	Env      map[string]string `json:"env,omitempty"`
	Groups   []uint32          `json:"groups,omitempty"`   // besides User's own
	Watchdog time.Duration     `json:"watchdog,omitempty"` // give it a notify socket, and this as its watchdog's time
}

// Signal sends a signal, by its number in Linux.
type Signal struct {
	Name   string `json:"name"`
	Signal int    `json:"signal"`
}

// Serve makes the API of that name, or changes how it fares. The answer has its
// URL, which stays the same.
type Serve struct {
	Name string `json:"name"`
	Down bool   `json:"down,omitempty"` // nobody listens
	Hung bool   `json:"hung,omitempty"` // requests are taken and never answered
}

// Events adds events to the log of a served API.
type Events struct {
	Server string        `json:"server"`
	Count  int           `json:"count"`
	User   int64         `json:"user"`
	Type   string        `json:"type"`
	Age    time.Duration `json:"age,omitempty"` // of each
}

// Lines asks what the kernel knows of lines.
type Lines struct {
	Names []string `json:"names"`
}

// Hold takes a line as another program would, or sets the level of one that is
// held; with an empty consumer it makes an input of it and gives it back.
type Hold struct {
	Line     string `json:"line"`
	Consumer string `json:"consumer,omitempty"`
	High     bool   `json:"high,omitempty"`
}

// Report is what the board says: the answer to an Order, or news of a program or
// an API.
type Report struct {
	ID    int    `json:"id,omitempty"`    // of the Order that it answers; 0: news
	Error string `json:"error,omitempty"` // why the Order was not carried out
	URL   string `json:"url,omitempty"`   // of Serve
	Lines []Line `json:"lines,omitempty"` // of Lines

	Name     string  `json:"name,omitempty"`     // of the program or the API
	Said     *string `json:"said,omitempty"`     // a line of the program, on stdout or stderr
	Notified *string `json:"notified,omitempty"` // a datagram of the program
	Ended    *Ended  `json:"ended,omitempty"`    // the program
	Answered int     `json:"answered,omitempty"` // the status of an answer of the API
}

// Line is what is known of a line of a GPIO chip.
type Line struct {
	Name     string `json:"name"`
	Chip     string `json:"chip"`  // its name, "gpiochip0"
	Label    string `json:"label"` // of the chip
	Offset   int    `json:"offset"`
	Used     bool   `json:"used"`
	Consumer string `json:"consumer,omitempty"`
	Output   bool   `json:"output"`

	Register *Register `json:"register,omitempty"`
}

// Register is what a Raspberry Pi's chip itself says of a line, read past the
// kernel.
type Register struct {
	Function int  `json:"function"` // 0 is an input, 1 an output, others are neither
	High     bool `json:"high"`     // what an output is, or would be
}

// Ended is how a program ended.
type Ended struct {
	Status int `json:"status"` // -1: by a signal
	Signal int `json:"signal,omitempty"`
}
