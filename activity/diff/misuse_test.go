package diff_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/workato-go/sdk/activity/diff"
)

const calls = "NBOoEFlAaGLSRX"

// script is a sequence of calls; digits are arguments.
func script(s string) []byte {
	b := []byte(s)
	for i, c := range b {
		if at := strings.IndexByte(calls, c); at >= 0 {
			b[i] = byte(at)
		}
	}
	return b
}

// FuzzCalls makes calls in any order with any arguments: misuse is ignored or
// an error, and each state can be saved and restored.
func FuzzCalls(f *testing.F) {
	f.Add(script("N1B1O111E1N1B1O111E1A"))
	f.Add(script("S1N1B1o11o11o11o11E9N1B1o11o11E9N1B1E9GAGLX"))
	f.Add(script("R11N1B1E1N1B1E1N1B1o11F"))
	f.Add(script("lE1AAGGFFSSRRXX"))
	f.Fuzz(playCalls)
}

func TestRandomCalls(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range worlds(20000) {
		b := make([]byte, 20+r.IntN(200))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		playCalls(t, b)
	}
}

func playCalls(t *testing.T, b []byte) {
	config := diff.BoardConfig()
	config.RingSize, config.MaxPageSize, config.PageSize = 8, 4, 2
	p := &player{t: t, calls: b, config: config}
	p.tracker, _ = diff.New(config)
	for len(p.calls) > 0 {
		p.play(calls[int(p.take())%len(calls)])
	}
	p.reload()
}

type player struct {
	t       *testing.T
	calls   []byte
	config  diff.Config
	tracker *diff.Tracker
	after   int64
	held    []int64
}

func (p *player) take() byte {
	if len(p.calls) == 0 {
		return 0
	}
	b := p.calls[0]
	p.calls = p.calls[1:]
	return b
}

func (p *player) number() int64 {
	switch b := int64(p.take()); {
	case b < 200:
		return b
	case b < 220:
		return b << 32
	case b < 240:
		return epoch + b*minute
	case b < 250:
		return 1<<63 - 1
	default:
		return -b
	}
}

func (p *player) play(call byte) {
	switch call {
	case 'N':
		q, ok := p.tracker.Next(p.number())
		if ok && (q.Size < 1 || q.Size > p.config.MaxPageSize || q.After < 0 || q.FromMs < 0) {
			p.t.Fatalf("Next = %+v", q)
		}
		p.after = q.After
	case 'B':
		p.tracker.Begin(p.number())
	case 'O':
		p.offer(p.number())
	case 'o': // a row that fits
		p.offer(p.after - 1)
		p.after--
	case 'E':
		step := p.tracker.End(diff.Tail{Total: int(p.number())})
		if step > diff.Deliver {
			p.t.Fatalf("End = %d", step)
		}
	case 'F':
		p.tracker.Failed()
	case 'l':
		p.tracker.Lost()
		p.held = nil
	case 'A':
		p.ack(p.held)
	case 'a':
		p.ack([]int64{p.number(), p.number()})
	case 'G':
		if gap, ok := p.tracker.Gap(); ok && (gap.Missing < -1 || gap.Missing == 0 || gap.Reason.String() == "Reason?") {
			p.t.Fatalf("Gap = %+v", gap)
		}
	case 'L':
		if lag := p.tracker.Lag(); lag.Unseen < -1 {
			p.t.Fatalf("Lag = %+v", lag)
		}
	case 'S':
		p.tracker.Start(p.number())
	case 'R':
		p.tracker.Restart(diff.Reason(p.take()), p.number())
		p.held = nil
	case 'X':
		p.reload()
	}
}

func (p *player) offer(id int64) {
	keep, err := p.tracker.Offer(diff.Item{ID: id, TimeMs: p.number(), Source: uint64(p.take() % 3)})
	if err != nil && keep != diff.Drop {
		p.t.Fatalf("Offer = %d, %v", keep, err)
	}
	if keep != diff.Hold {
		return
	}
	if slices.Contains(p.held, id) {
		p.t.Fatalf("told to hold %d twice", id)
	}
	p.held = append(p.held, id)
	slices.Sort(p.held)
	if len(p.held) > p.config.MaxPageSize {
		p.held = p.held[:p.config.MaxPageSize]
	}
}

// ack acknowledges the held events among ids.
func (p *player) ack(ids []int64) {
	_, asks := p.tracker.Next(0)
	step := p.tracker.Ack(ids)
	if asks {
		return // nothing waited
	}
	p.held = slices.DeleteFunc(slices.Clone(p.held), func(id int64) bool { return slices.Contains(ids, id) })
	if (step == diff.Deliver) != (len(p.held) > 0) {
		p.t.Fatalf("Ack = %d with %d held", step, len(p.held))
	}
}

func (p *player) reload() {
	b, err := p.tracker.AppendBinary(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	fresh, _ := diff.New(p.config)
	if err := fresh.UnmarshalBinary(b); err != nil {
		p.t.Fatalf("%v: %x", err, b)
	}
	if again, _ := fresh.AppendBinary(nil); !bytes.Equal(b, again) {
		p.t.Fatalf("saved as\n%x\nthen as\n%x", b, again)
	}
	p.tracker, p.held = fresh, nil
}
