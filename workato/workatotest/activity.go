package workatotest

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
)

const maxPage = 100

// listEvents serves the activity log.
func (w *Workspace) listEvents(c *call) answer {
	q := c.query
	size := q.within("page[size]", maxPage, 1, maxPage)
	after, ok := q.integer("page[after]")
	if !ok {
		after = math.MaxInt64
	}
	f := eventFilter(q)
	switch {
	case *q.bad:
		return refused(http.StatusBadRequest)
	case *q.broken:
		return problem(http.StatusInternalServerError, errorID(w.server.seed, c.number))
	}

	l := w.log(c.now)
	total := l.count(&f)
	var rows []*row
	if total > 0 {
		rows = l.page(&f, after, size)
	}
	if w.totalLag > 0 {
		total -= l.countSince(c.now.Add(-w.totalLag), &f)
	}
	if w.total != nil {
		total = w.total(total, len(rows))
	}
	return answer{status: http.StatusOK, body: pageBody(rows, w.object(), total)}
}

func eventFilter(q query) filter {
	f := filter{from: math.MinInt64, to: math.MaxInt64 - 1}
	if from, ok := q.moment("from"); ok {
		f.from = from
	}
	if to, ok := q.moment("to"); ok {
		f.to = to
	}
	f.users = q.integers("users_ids[]")
	f.includeResources = lower(q.Values["include_resource_types[]"])
	f.excludeResources = lower(q.Values["exclude_resource_types[]"])
	f.includeEvents = q.Values["include_event_types[]"]
	f.excludeEvents = q.Values["exclude_event_types[]"]
	return f
}

func lower(words []string) []string {
	var out []string
	for _, w := range words {
		out = append(out, strings.ToLower(w))
	}
	return out
}

// pageBody puts the rows together as they are: a raw row may be anything.
func pageBody(rows []*row, workspace json.RawMessage, total int) []byte {
	const usual = 600 // bytes a row
	body := append(make([]byte, 0, usual*(len(rows)+1)), `{"data":[`...)
	for i, r := range rows {
		if i > 0 {
			body = append(body, ',')
		}
		body = r.appendTo(body, workspace)
	}
	body = append(body, ']')
	if total >= 0 {
		body = append(body, `,"total":`...)
		body = strconv.AppendInt(body, int64(total), 10)
	}
	return append(body, '}')
}
