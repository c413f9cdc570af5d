package workatotest

import (
	"slices"
	"time"
)

// How a working day runs, from midnight.
const (
	dayBegins = 7*time.Hour + 30*time.Minute
	dayEnds   = 16*time.Hour + 30*time.Minute
	scatter   = 90 * time.Minute // how much later somebody may come or leave

	// fewestEvents and mostEvents bound a day.
	fewestEvents, mostEvents = 60, 150
)

// AddDay adds one believable working day to the log of the current
// environment and returns the number of its events, which lies between 60 and
// 150: half a dozen people who log in, build, test, start and stop recipes and
// leave in the evening, a service account that deploys, and recipes that the
// platform stops. Every e-mail address is under example.com and every IP
// address from the blocks kept for documentation.
//
// The day is that of day's year, month and day in day's zone, whether it is
// over or not. Add days oldest first: IDs rise with the calls. What a day
// leaves behind (a stopped recipe, a new folder) is there on the next.
func (w *Workspace) AddDay(day time.Time) int {
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location())
	w.server.mu.Lock()
	events := w.people().day(midnight)
	w.server.mu.Unlock()
	w.AddEvents(events...)
	return len(events)
}

// Activity returns one believable event at that time, for a live demo. It is
// not added: give it to [Workspace.AddEvents], changed or not. Events of
// successive calls belong together as people's actions do: a recipe is
// stopped, changed twice and started again.
func (w *Workspace) Activity(at time.Time) Event {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	return w.people().next(at)
}

// people returns the workspace's people and what they work on.
func (w *Workspace) people() *world {
	if w.world == nil {
		w.world = newWorld(w)
	}
	return w.world
}

// shift is an actor's day.
type shift struct {
	*actor
	next, end time.Time
	pause     time.Duration // between two scenes, on average
}

// day plays the shifts in order of time, so that nobody starts a recipe that
// somebody else is just changing.
func (g *world) day(midnight time.Time) []Event {
	clear(g.busy)
	var events []Event
	var working, home []*shift
	for _, s := range g.shifts(midnight) {
		if s.kind == person {
			events = append(events, g.arrives(s.actor, s.next))
			s.next = s.next.Add(g.around(8 * time.Minute))
			home = append(home, s)
		}
		working = append(working, s)
	}

	// A scene has at most a handful of events.
	for len(working) > 0 && len(events)+len(home) < mostEvents-8 {
		s := slices.MinFunc(working, func(a, b *shift) int { return a.next.Compare(b.next) })
		if !s.next.Before(s.end) {
			working = slices.DeleteFunc(working, func(other *shift) bool { return other == s })
			continue
		}
		played, end := g.play(s.actor, s.next)
		events = append(events, played...)
		s.next = end.Add(g.around(s.pause))
		s.end = later(s.end, end)
	}

	for _, s := range home {
		events = append(events, g.leaves(s.actor, s.end.Add(time.Minute)))
	}
	slices.SortStableFunc(events, func(a, b Event) int { return a.Time.Compare(b.Time) })
	return events
}

// shifts returns who works when on a day that is slower or busier than others.
func (g *world) shifts(midnight time.Time) []*shift {
	pace := 65*time.Minute + g.upTo(55*time.Minute)
	var out []*shift
	for _, a := range g.actors {
		s := &shift{
			actor: a,
			next:  midnight.Add(dayBegins + g.upTo(scatter)),
			end:   midnight.Add(dayEnds + g.upTo(scatter)),
			pause: pace,
		}
		if a.kind != person {
			s.next = s.next.Add(g.upTo(2 * time.Hour))
			s.pause = 3 * time.Hour
		}
		out = append(out, s)
	}
	return out
}

// next returns the next event of the scene under way, or of a new one.
func (g *world) next(at time.Time) Event {
	for len(g.queue) == 0 {
		clear(g.busy)
		g.queue, _ = g.play(pick(g.rand, g.actors), at)
	}
	e := g.queue[0]
	g.queue = g.queue[1:]
	e.Time = at
	return e
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
