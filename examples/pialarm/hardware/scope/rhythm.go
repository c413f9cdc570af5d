package scope

import (
	"fmt"
	"strings"
	"time"
)

// Beat is a time for which a wire is high and then low.
type Beat struct{ High, Low time.Duration }

// Rhythm is what a wire does over and over.
type Rhythm []Beat

func (r Rhythm) String() string {
	beats := make([]string, len(r))
	for i, b := range r {
		beats[i] = fmt.Sprintf("%d/%d", b.High.Milliseconds(), b.Low.Milliseconds())
	}
	return strings.Join(beats, " ") + " ms"
}

// Find looks for one full turn of the rhythm and gives it as it was measured; nil:
// there is none. A stretch will do, because an emulator stumbles now and then:
// who looks for several turns asks for them.
func (r Rhythm) Find(pulses []Pulse) Rhythm {
	var beats Rhythm
	for i := 1; i < len(pulses); i++ {
		p := pulses[i-1]
		beats = append(beats, Beat{p.To.Sub(p.From), pulses[i].From.Sub(p.To)})
	}
	for i := 0; i+len(r) <= len(beats); i++ {
		if stretch := beats[i : i+len(r)]; r.like(stretch) {
			return stretch
		}
	}
	return nil
}

// Times is the rhythm n times over.
func (r Rhythm) Times(n int) Rhythm {
	var all Rhythm
	for range n {
		all = append(all, r...)
	}
	return all
}

func (r Rhythm) like(other Rhythm) bool {
	for i := range r {
		if !about(other[i].High, r[i].High) || !about(other[i].Low, r[i].Low) {
			return false
		}
	}
	return true
}

// about is as exact as an emulator on a busy machine can be asked to be.
func about(got, want time.Duration) bool {
	const slack = 60 * time.Millisecond
	return (got - want).Abs() <= want*2/5+slack
}
