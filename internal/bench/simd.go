package bench

import (
	"errors"

	"github.com/minio/simdjson-go"
)

// simdDecoders give a tape, the page as a list of tokens with their values, and
// typed events that are read from it. They need a processor with AVX2.
func simdDecoders() []decoder {
	if !simdjson.SupportedCPU() {
		return nil
	}
	return []decoder{
		{"minio/simdjson-go, tape only", "typed events", startTape},
		{"minio/simdjson-go", Strict, startSIMD},
	}
}

func startTape(page []byte) (func() (int, error), func() ([]Row, error)) {
	var tape *simdjson.ParsedJson
	return func() (n int, err error) {
		if tape, err = simdjson.Parse(page, tape); err != nil {
			return 0, err
		}
		rows, err := rowsOf(tape)
		if err != nil {
			return 0, err
		}
		rows.ForEach(func(simdjson.Iter) { n++ })
		return n, nil
	}, nil
}

func startSIMD(page []byte) (func() (int, error), func() ([]Row, error)) {
	var tape *simdjson.ParsedJson
	var last []Row
	decode := func() (n int, err error) {
		if tape, err = simdjson.Parse(page, tape); err != nil {
			return 0, err
		}
		rows, err := rowsOf(tape)
		if err != nil {
			return 0, err
		}
		last = nil
		rows.ForEach(func(i simdjson.Iter) {
			last = append(last, Row{})
			if rowErr := readRow(&i, &last[len(last)-1]); err == nil {
				err = rowErr
			}
		})
		return len(last), err
	}
	return decode, func() ([]Row, error) { return last, nil }
}

func rowsOf(tape *simdjson.ParsedJson) (*simdjson.Array, error) {
	i := tape.Iter()
	i.Advance()
	_, root, err := i.Root(nil)
	if err != nil {
		return nil, err
	}
	page, err := root.Object(nil)
	if err != nil {
		return nil, err
	}
	data := page.FindKey("data", nil)
	if data == nil {
		return nil, errors.New("there are no data")
	}
	return data.Iter.Array(nil)
}

// fields calls field for each one of an object that is not null.
func fields(i *simdjson.Iter, field func(name []byte, value *simdjson.Iter) error) error {
	object, err := i.Object(nil)
	if err != nil {
		return err
	}
	for {
		var value simdjson.Iter
		name, kind, err := object.NextElementBytes(&value)
		if err != nil || kind == simdjson.TypeNone {
			return err
		}
		if kind == simdjson.TypeNull {
			continue
		}
		if err := field(name, &value); err != nil {
			return err
		}
	}
}

func readRow(i *simdjson.Iter, row *Row) error {
	return fields(i, func(name []byte, v *simdjson.Iter) (err error) {
		switch string(name) {
		case "id":
			row.ID, err = v.Int()
		case "timestamp":
			row.Timestamp, err = readTimestamp(v)
		case "event_type":
			row.EventType, err = v.String()
		case "workspace":
			err = readWorkspace(v, &row.Workspace)
		case "user":
			row.User = new(User)
			err = readUser(v, row.User)
		case "resource":
			err = readResource(v, &row.Resource)
		case "details":
			err = readDetails(v, &row.Details)
		}
		return err
	})
}

func readTimestamp(v *simdjson.Iter) (t Timestamp, err error) {
	text, err := v.StringBytes()
	if err != nil {
		return t, err
	}
	t.Time, err = parseTimestamp(text)
	return t, err
}

func readConfirmed(v *simdjson.Iter) (c Confirmed, err error) {
	text, err := v.StringBytes()
	if err != nil {
		return c, err
	}
	c.Time, err = parseConfirmed(text)
	return c, err
}

func readWorkspace(i *simdjson.Iter, w *Workspace) error {
	return fields(i, func(name []byte, v *simdjson.Iter) (err error) {
		switch string(name) {
		case "id":
			w.ID, err = v.Int()
		case "name":
			w.Name, err = v.String()
		case "email":
			w.Email, err = v.String()
		case "environment":
			w.Environment, err = v.String()
		}
		return err
	})
}

func readUser(i *simdjson.Iter, u *User) error {
	return fields(i, func(name []byte, v *simdjson.Iter) (err error) {
		switch string(name) {
		case "id":
			u.ID, err = v.Int()
		case "name":
			u.Name, err = v.String()
		case "email":
			u.Email, err = v.String()
		}
		return err
	})
}

func readResource(i *simdjson.Iter, r *Resource) error {
	return fields(i, func(name []byte, v *simdjson.Iter) (err error) {
		switch string(name) {
		case "id":
			r.ID, err = v.Int()
		case "name":
			r.Name, err = v.String()
		case "type":
			r.Type, err = v.String()
		case "path":
			r.Path, err = v.String()
		case "folder_id":
			r.FolderID, err = v.Int()
		case "folder_path":
			r.FolderPath, err = v.String()
		case "file_name":
			r.FileName, err = v.String()
		case "parent_id":
			r.ParentID, err = v.Int()
		case "provider":
			r.Provider, err = v.String()
		case "identity":
			r.Identity, err = v.String()
		case "authorized":
			r.Authorized, err = readBool(v)
		case "role":
			r.Role, err = v.String()
		case "email":
			r.Email, err = v.String()
		case "email_confirmed_at":
			r.EmailConfirmedAt, err = readConfirmed(v)
		}
		return err
	})
}

func readDetails(i *simdjson.Iter, d *Details) error {
	return fields(i, func(name []byte, v *simdjson.Iter) (err error) {
		switch string(name) {
		case "activity":
			d.Activity, err = v.String()
		case "stop_reason":
			d.StopReason, err = v.String()
		case "run_once":
			d.RunOnce, err = readBool(v)
		case "force":
			d.Force, err = readBool(v)
		case "error":
			d.Error, err = readBool(v)
		case "request":
			d.Request = new(Request)
			err = readRequest(v, d.Request)
		}
		return err
	})
}

func readRequest(i *simdjson.Iter, r *Request) error {
	return fields(i, func(name []byte, v *simdjson.Iter) (err error) {
		switch string(name) {
		case "ip_address":
			r.IPAddress, err = v.String()
		case "user_agent":
			r.UserAgent, err = v.String()
		}
		return err
	})
}

func readBool(v *simdjson.Iter) (*bool, error) {
	b, err := v.Bool()
	return &b, err
}
