package watch

import (
	"slices"
	"strconv"
	"time"

	"github.com/workato-go/sdk/activity/diff"
	"github.com/workato-go/sdk/activity/scan"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/https"
)

const (
	// patience bounds a request with all that belongs to it, dialing too.
	patience = 3 * time.Minute
	// pace is the time between two pages of one round: the platform allows 60
	// requests a minute, and others share them.
	pace = 1050 * time.Millisecond
	// saveEvery is how often a quiet log saves where it is, so that the next start
	// need not go back far. Flash wears out; what is new is saved at once.
	saveEvery = time.Hour
)

// Poll is one round: it asks for what is new until it has it, tells the alarm
// and saves the checkpoint. It says how long to wait until the next round. The
// alarm and the log already know of an error; it is for tests and for the curious.
func (w *Watch) Poll() (wait time.Duration, err error) {
	err = w.round()
	if err == nil {
		w.failures = 0
		return w.config.Interval, nil
	}
	fault, wait := w.judge(err)
	w.Fail(fault)
	w.config.Log("poll: " + fault.String() + ": " + err.Error())
	return wait, err
}

func (w *Watch) round() error {
	if err := w.load(); err != nil {
		return err
	}
	for {
		step, err := w.ask()
		if err != nil {
			return err
		}
		if step == diff.Deliver {
			step = w.deliver()
		}
		err = w.saveIfDue(step)
		if step == diff.Idle {
			return err
		}
		w.Wait(pace)
	}
}

// ask sends the tracker's question and shows it the answer.
func (w *Watch) ask() (diff.Step, error) {
	question, ok := w.tracker.Next(w.config.Now().UnixMilli())
	if !ok {
		return diff.Deliver, nil
	}
	w.path = appendPath(w.path[:0], w.config.Customer, question)
	answer, err := w.config.Client.Get(https.Request{
		Path: string(w.path), Authorization: w.authorization, Deadline: time.Now().Add(patience), Begin: w.begin,
	}, w.body)
	if err == nil && answer.Status != 200 {
		err = &StatusError{Status: answer.Status, RetryAfter: answer.RetryAfter}
	}
	if err == nil {
		err = w.scanner.Close()
	}
	if err != nil {
		w.forget()
		return 0, w.final(err)
	}
	w.offered = false
	w.config.Progress()
	w.show()
	total, ok := w.scanner.Total()
	if !ok {
		total = -1
	}
	return w.tracker.End(diff.Tail{Total: total}), nil
}

// forget takes back what a failed answer brought. A page counts as a whole or not
// at all: what is no page to its end may never have been one.
func (w *Watch) forget() {
	if !w.offered {
		w.tracker.Failed()
		return
	}
	w.tracker.Lost()
	w.held, w.offered = w.held[:0], false
}

// answered prepares for the rows of an answer.
func (w *Watch) answered(answer https.Answer) error {
	w.config.Progress()
	if answer.Status == 200 {
		ms := int64(0)
		if !answer.Date.IsZero() {
			ms = answer.Date.UnixMilli()
		}
		w.scanner.Reset()
		w.tracker.Begin(ms)
	}
	return nil
}

// piece takes a piece of the body.
func (w *Watch) piece(p []byte) error {
	w.config.Progress()
	_, err := w.scanner.Write(p)
	return err
}

// row shows the tracker a row, and keeps what it needs to be told later.
func (w *Watch) row(item *scan.Item) error {
	if item.ID <= 0 {
		return nil // cannot be told apart from others: the server's count makes it a gap
	}
	w.offered = true
	keep, err := w.tracker.Offer(diff.Item{ID: item.ID, TimeMs: item.TimeMs, Source: source(item)})
	if err == nil && keep == diff.Hold {
		w.hold(item)
	}
	return err
}

// hold keeps an event in its place. Beyond what the tracker counts on, the
// newest goes: it is asked for again when its turn comes.
func (w *Watch) hold(item *scan.Item) {
	severity := w.config.Policy.Severity(alarm.Event{
		UserID: item.UserID, Type: item.Type.String(), ResourceType: item.ResourceType.String(),
	})
	at, found := slices.BinarySearchFunc(w.held, item.ID, func(h held, id int64) int {
		switch {
		case h.id > id:
			return -1
		case h.id < id:
			return 1
		}
		return 0
	})
	if found {
		w.held[at].severity = severity
		return
	}
	w.held = slices.Insert(w.held, at, held{item.ID, severity})
	if len(w.held) == cap(w.held) {
		w.held = slices.Delete(w.held, 0, 1)
	}
}

// source tells logs apart by what their rows say of themselves: FNV-1a.
func source(item *scan.Item) uint64 {
	if item.WorkspaceID == 0 && item.Environment.Len() == 0 {
		return 0
	}
	const prime = 1099511628211
	hash := uint64(14695981039346656037)
	for shift := 0; shift < 64; shift += 8 {
		hash = (hash ^ uint64(item.WorkspaceID>>shift&0xff)) * prime
	}
	for _, b := range item.Environment.Bytes() {
		hash = (hash ^ uint64(b)) * prime
	}
	return max(hash, 1)
}

// deliver tells the alarm what is new, oldest first, and the tracker that it is
// told.
func (w *Watch) deliver() diff.Step {
	for gap, ok := w.tracker.Gap(); ok; gap, ok = w.tracker.Gap() {
		missing := "unknown"
		if gap.Missing >= 0 {
			missing = strconv.Itoa(gap.Missing)
		}
		w.config.Log("gap: " + gap.Reason.String() + ", missing: " + missing)
		w.sound(alarm.Normal, max(gap.Missing, 1))
	}
	var counts [alarm.High + 1]int
	w.ids = w.ids[:0]
	for _, h := range slices.Backward(w.held) {
		counts[h.severity]++
		w.ids = append(w.ids, h.id)
	}
	w.sound(alarm.Normal, counts[alarm.Normal])
	w.sound(alarm.High, counts[alarm.High])
	if len(w.ids) > 0 {
		w.config.Log("new: " + strconv.Itoa(len(w.ids)) + ", high: " + strconv.Itoa(counts[alarm.High]) +
			", ignored: " + strconv.Itoa(counts[alarm.Ignored]))
	}
	w.held = w.held[:0]
	w.unsaved = true
	step := w.tracker.Ack(w.ids)
	if step == diff.Deliver { // it counts on events that are not here: ask again
		w.tracker.Lost()
		step = diff.More
	}
	return step
}
