package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/workato-go/sdk/workato/workatotest"
)

// The simulated server and the in-memory Workato are written apart. Whatever one
// of them answers, the other answers too.
func TestServerAnswersAsWorkatotest(t *testing.T) {
	t.Parallel()
	worlds, requests := 30, 150
	if testing.Short() {
		worlds = 10
	}
	for run := range uint64(worlds) {
		t.Run(fmt.Sprint("world ", run), func(t *testing.T) {
			t.Parallel()
			pair := newPair(t, run)
			for range requests {
				pair.step(t)
			}
		})
	}
}

// pair is the two servers with the same log.
type pair struct {
	random random
	world  *World
	sim    *Server
	fake   *workatotest.Server
	now    int64
	purges []purge // to come
}

func newPair(t *testing.T, run uint64) *pair {
	t.Helper()
	r := newRandom(run, "pair", "world")
	length := r.between(time.Minute, 2*time.Hour)
	events := drawEvents(r, length)
	p := &pair{random: r, now: epoch, purges: drawPurges(r, events, length)}
	p.world = newWorld(epoch+length, 2, events)
	p.world.logs = []change[int]{{epoch + length/2, 1}, {epoch + length*3/4, 0}}
	rules := drawRules(r)
	p.sim = NewServer(p.world, rules)
	p.fake = workatotest.NewServer(
		workatotest.WithClock(func() time.Time { return time.UnixMilli(p.now) }),
		workatotest.WithQuota(rules.PerMinute), workatotest.WithRetryAfter())
	t.Cleanup(p.fake.Close)
	p.stock(rules)
	return p
}

func drawEvents(r random, length int64) []Event {
	events := make([]Event, r.IntN(400))
	id := int64(1<<32 - 500)
	for i := range events {
		at := epoch + r.Int64N(length)
		id += 1 + r.Int64N(5)
		events[i] = Event{
			ID: id, Time: at + r.Int64N(90_000) - 45_000, Visible: at,
			Log: r.IntN(2), Kind: Kind(r.IntN(int(kinds))),
		}
		if r.chance(0.2) {
			events[i].Visible += r.Int64N(900_000)
		}
		if r.chance(0.1) {
			events[i].Time = epoch // many share a time
		}
	}
	r.Shuffle(len(events), func(i, j int) { events[i].ID, events[j].ID = events[j].ID, events[i].ID })
	return events
}

func drawRules(r random) Rules {
	rules := Rules{Counting: Counting(r.IntN(4)), Cap: r.IntN(50)}
	if r.chance(0.5) {
		rules.CountLag = time.Duration(r.between(0, time.Minute)) * time.Millisecond
	}
	if r.chance(0.5) {
		rules.PerMinute = 1 + r.IntN(20)
	}
	return rules
}

// purge is a deletion of all that a log holds from before a time.
type purge struct {
	at, before int64
	log        int
}

// drawPurges deletes events of the world, by time as the fake does it.
func drawPurges(r random, events []Event, length int64) []purge {
	var out []purge
	for at := epoch + r.Int64N(length); at < epoch+length; at += r.Int64N(length) + 1 {
		p := purge{at: at, before: at - r.Int64N(3_600_000), log: r.IntN(2)}
		out = append(out, p)
		for i := range events {
			e := &events[i]
			if e.Log == p.log && second(e.Time) < second(p.before) && e.Deleted == 0 {
				e.Deleted = p.at
			}
		}
	}
	return out
}

var environments = [...]string{"dev", "prod"}

// stock puts the world into the fake.
func (p *pair) stock(rules Rules) {
	own := p.fake.Own()
	for log, name := range environments {
		own.SetEnvironment(name)
		for _, e := range p.world.Events {
			if e.Log != log {
				continue
			}
			own.AddEvents(workatotest.Event{
				ID: e.ID, Time: time.UnixMilli(e.Time), Type: eventType(e.Kind),
				Delay: time.Duration(e.Visible-epoch) * time.Millisecond,
			})
		}
	}
	own.SetEnvironment(environments[0])
	own.SetTotalLag(rules.CountLag)
	switch rules.Counting {
	case PerPage:
		own.SetTotal(func(_, page int) int { return page })
	case Capped:
		own.SetTotal(func(matching, _ int) int { return min(matching, rules.Cap) })
	case Silent:
		own.SetTotal(func(int, int) int { return -1 })
	case Exact:
	}
}

func eventType(k Kind) string {
	if k == Noise {
		return "noise"
	}
	return "ordinary"
}

// step lets some time pass and asks both servers the same.
func (p *pair) step(t *testing.T) {
	t.Helper()
	p.pass(p.wait())
	q := p.draw()
	want, wantErr := p.ask(t, q)
	got, gotErr := p.sim.Get(p.now, q)
	if fmt.Sprint(gotErr) != fmt.Sprint(wantErr) {
		t.Fatalf("%+v: error %v, workatotest says %v", q, gotErr, wantErr)
	}
	if got.Total != want.Total || got.Date != want.Date || got.Source != want.Source || !slices.Equal(got.Rows, want.Rows) {
		t.Fatalf("%+v at %d:\n got %+v\nwant %+v", q, p.now-epoch, got, want)
	}
}

// wait draws a time to pass, now and then until the very instant at which an
// event becomes visible.
func (p *pair) wait() int64 {
	if n := len(p.world.Events); n > 0 && p.random.chance(0.3) {
		if ms := p.world.Events[p.random.IntN(n)].Visible - p.now; ms > 0 && ms < 300_000 {
			return ms
		}
	}
	return p.random.Int64N((p.world.End - p.world.Start) / 100)
}

// pass moves the clock, and does on the way what the fake does not do by itself.
func (p *pair) pass(ms int64) {
	then := p.now + ms
	for len(p.purges) > 0 && p.purges[0].at <= then {
		p.now = p.purges[0].at
		p.fake.Own().SetEnvironment(environments[p.purges[0].log])
		p.fake.Own().RemoveEvents(time.UnixMilli(p.purges[0].before))
		p.purges = p.purges[1:]
	}
	p.now = then
	p.fake.Own().SetEnvironment(environments[p.world.LogAt(p.now)])
}

// draw makes a request, often one that goes on from another.
func (p *pair) draw() Query {
	r := p.random
	q := Query{Size: 1 + r.IntN(maxPage)}
	if n := len(p.world.Events); n > 0 && r.chance(0.6) {
		q.After = p.world.Events[r.IntN(n)].ID + r.Int64N(3) - 1
	}
	if r.chance(0.6) {
		q.From = p.now - r.Int64N(7_200_000)
	}
	if n := len(p.world.Events); n > 0 && r.chance(0.2) {
		q.From = p.world.Events[r.IntN(n)].Time // the bound is inclusive
	}
	if r.chance(0.3) {
		q.To = p.now - r.Int64N(3_600_000)
	}
	if r.chance(0.3) {
		q.Filter = WithoutNoise
	}
	return q
}

// ask sends a request to the fake, over HTTP.
func (p *pair) ask(t *testing.T, q Query) (Page, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://fake.test/api/activity_logs?"+encode(q).Encode(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.fake.Token())
	resp, err := p.fake.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusTooManyRequests {
		wait, err := strconv.Atoi(resp.Header.Get("Retry-After"))
		return Page{}, errors.Join(err, &LimitError{RetryAfter: time.Duration(wait) * time.Second})
	}
	return decode(t, resp)
}

func encode(q Query) url.Values {
	v := url.Values{"page[size]": {strconv.Itoa(q.Size)}}
	if q.After != 0 {
		v.Set("page[after]", strconv.FormatInt(q.After, 10))
	}
	if q.From != 0 {
		v.Set("from", time.UnixMilli(q.From).UTC().Format(time.RFC3339Nano))
	}
	if q.To != 0 {
		v.Set("to", time.UnixMilli(q.To).UTC().Format(time.RFC3339Nano))
	}
	if q.Filter == WithoutNoise {
		v.Set("exclude_event_types[]", eventType(Noise))
	}
	return v
}

func decode(t *testing.T, resp *http.Response) (Page, error) {
	t.Helper()
	var body struct {
		Data []struct {
			ID        int64
			Timestamp string
			Workspace struct{ Environment string }
		}
		Total *int
	}
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("status %d: %v", resp.StatusCode, err)
	}
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		t.Fatal(err)
	}
	page := Page{Total: -1, Date: date.UnixMilli()}
	if body.Total != nil {
		page.Total = *body.Total
	}
	for _, row := range body.Data {
		at, err := time.Parse("2006-01-02 15:04:05 MST", row.Timestamp)
		if err != nil {
			t.Fatal(err)
		}
		page.Rows = append(page.Rows, Row{ID: row.ID, Time: at.UnixMilli()})
		page.Source = uint64(slices.Index(environments[:], row.Workspace.Environment)) + 1
	}
	return page, nil
}
