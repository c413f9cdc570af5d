package settings

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/workato-go/sdk/examples/picow/flash"
)

// What Load refuses.
var (
	// ErrNone: none were ever saved, or they were wiped.
	ErrNone = errors.New("settings: there are none; set them up over the USB serial port")
	// ErrCorrupt: those that were saved last are damaged.
	ErrCorrupt = errors.New("settings: damaged; check them, and save them again")
	// ErrNewer: a later version of the firmware saved them.
	ErrNewer = errors.New("settings: saved by a newer firmware; install that one, or wipe them and set the board up again")
)

// version of the record. A change of the layout is a new one.
const version = 1

// Load reads the settings. With ErrCorrupt come those that were saved before, if
// there are any, and with a [*FieldError] those that cannot be used: to be looked
// at and saved again, not to work with.
func Load(dev flash.Device) (*Settings, error) {
	log, err := flash.Open(dev, flash.Settings)
	if err != nil {
		return nil, err
	}
	record, err := log.Last(make([]byte, flash.MaxRecord))
	switch {
	case errors.Is(err, flash.ErrNone):
		return nil, ErrNone
	case errors.Is(err, flash.ErrCorrupt):
		before, errBefore := decode(record)
		if errBefore != nil {
			before = nil
		}
		return before, ErrCorrupt
	case err != nil:
		return nil, err
	}
	s, err := decode(record)
	if err != nil {
		return nil, err
	}
	return s, s.Validate()
}

// Save saves the settings if Validate finds them good. A power cut leaves either
// them or those before. The ones before can still be read from the memory until
// later ones take their place; Wipe removes them.
func Save(dev flash.Device, s *Settings) error {
	if err := s.Validate(); err != nil {
		return err
	}
	log, err := flash.Open(dev, flash.Settings)
	if err != nil {
		return err
	}
	return log.Append(s.append(nil))
}

// Wipe erases all settings that were ever saved, and makes sure of it.
func Wipe(dev flash.Device) error {
	log, err := flash.Open(dev, flash.Settings)
	if err != nil {
		return err
	}
	return log.Erase()
}

// append encodes the settings: a version, numbers in little endian, texts with
// their length before them, lists with their number before them.
//
//nolint:gosec // lengths are within 16 bits, or the record is too long to be saved
func (s *Settings) append(b []byte) []byte {
	b = append(b, version)
	for _, text := range []string{s.SSID, s.Password, s.Token, s.Host, s.Customer, s.QuietHours} {
		b = appendText(b, text)
	}
	b = binary.LittleEndian.AppendUint16(b, s.Port)
	b = binary.LittleEndian.AppendUint32(b, uint32(s.Interval/time.Millisecond))
	b = binary.LittleEndian.AppendUint16(b, uint16(s.UTCOffset))
	buzzer := byte(0)
	if s.Buzzer {
		buzzer = 1
	}
	b = append(b, buzzer)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(s.IgnoreUsers)))
	for _, id := range s.IgnoreUsers {
		b = binary.LittleEndian.AppendUint64(b, uint64(id))
	}
	for _, list := range [][]string{s.IncludeEvents, s.ExcludeEvents, s.IncludeResources, s.ExcludeResources, s.HighEvents} {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(list)))
		for _, text := range list {
			b = appendText(b, text)
		}
	}
	return b
}

func appendText(b []byte, text string) []byte {
	//nolint:gosec // as above
	return append(binary.LittleEndian.AppendUint16(b, uint16(len(text))), text...)
}

// decode reads what append made. Whatever else it is given, it returns an error.
//
//nolint:gosec // each number has the size that it is read with
func decode(record []byte) (*Settings, error) {
	if len(record) == 0 || record[0] == 0 {
		return nil, ErrCorrupt
	}
	if record[0] > version {
		return nil, ErrNewer
	}
	r := reader{rest: record[1:], ok: true}
	s := new(Settings)
	for _, text := range []*string{&s.SSID, &s.Password, &s.Token, &s.Host, &s.Customer, &s.QuietHours} {
		*text = r.text()
	}
	s.Port = uint16(r.number(2))
	s.Interval = time.Duration(r.number(4)) * time.Millisecond
	s.UTCOffset = int16(r.number(2))
	buzzer := r.number(1)
	s.Buzzer = buzzer == 1
	for range r.number(2) {
		if !r.ok {
			break
		}
		s.IgnoreUsers = append(s.IgnoreUsers, int64(r.number(8)))
	}
	for _, list := range []*[]string{&s.IncludeEvents, &s.ExcludeEvents, &s.IncludeResources, &s.ExcludeResources, &s.HighEvents} {
		for range r.number(2) {
			if !r.ok {
				break
			}
			*list = append(*list, r.text())
		}
	}
	if !r.ok || len(r.rest) != 0 || buzzer > 1 {
		return nil, ErrCorrupt
	}
	return s, nil
}

// reader takes a record apart; once something is missing, ok is false and all
// that follows is zero.
type reader struct {
	rest []byte
	ok   bool
}

func (r *reader) take(n int) []byte {
	if !r.ok || n > len(r.rest) {
		r.ok = false
		return nil
	}
	p := r.rest[:n]
	r.rest = r.rest[n:]
	return p
}

func (r *reader) number(size int) uint64 {
	n := uint64(0)
	for i, b := range r.take(size) {
		n |= uint64(b) << (8 * i)
	}
	return n
}

func (r *reader) text() string {
	return string(r.take(int(r.number(2)))) //nolint:gosec // 16 bits
}
