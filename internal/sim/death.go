package sim

import "time"

// moment is where in its work a process dies.
type moment int

const (
	inRequest  moment = iota // while it waits: the walk so far is lost
	inDelivery               // the consumer has some of a batch
	beforeSave               // the consumer has it all, the disk does not know
)

// restart is how long a process takes to come back.
const restart = 5 * time.Second

// death is a crash that comes at the first such moment after an instant.
type death struct {
	at     int64
	moment moment
	down   int64
}

// deaths are the crashes to come, in order.
type deaths []death

func planDeaths(s *Scenario, w *World, r random) deaths {
	if s.Outage {
		quarter := (w.End - w.Start) / 4
		return deaths{{at: w.Start + quarter, moment: inRequest, down: 2 * quarter}}
	}
	if s.Crashes == 0 {
		return nil
	}
	var out deaths
	mean := s.Crashes
	for at := w.Start + time.Minute.Milliseconds() + r.exponential(mean); at < w.End; at += r.exponential(mean) {
		where := [...]moment{inRequest, inRequest, inDelivery, beforeSave}[r.IntN(4)]
		out = append(out, death{at, where, restart.Milliseconds()})
	}
	return out
}

// strike says whether the process dies in this moment. The death stays the next
// one until bury.
func (d deaths) strike(m moment, now int64) bool {
	return len(d) > 0 && d[0].moment == m && d[0].at <= now
}

// bury takes the death that struck, and returns how long the process is down.
func (d *deaths) bury() int64 {
	down := (*d)[0].down
	*d = (*d)[1:]
	return down
}
