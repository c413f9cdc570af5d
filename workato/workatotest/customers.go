package workatotest

import (
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"slices"
)

// layoutCustomer is how the list of customers writes a time.
const layoutCustomer = "2006-01-02T15:04:05.000-07:00"

// listCustomers serves the list of customers, by ascending ID.
func (s *Server) listCustomers(c *call) answer {
	number, size, ok := pageAsked(c.query)
	if !ok {
		return refused(http.StatusBadRequest)
	}
	ids := slices.Sorted(maps.Keys(s.customers))
	result := []json.RawMessage{}
	for _, id := range pageOf(ids, number, size) {
		result = append(result, s.customers[id].customerObject())
	}
	var o object
	o.add("result", result)
	o.add("count", len(ids))
	o.add("page", number)
	o.add("per_page", size)
	return answer{status: http.StatusOK, body: o.end()}
}

func (w *Workspace) customerObject() json.RawMessage {
	created := w.created.In(pacific).Format(layoutCustomer)
	var o object
	o.add("id", w.id)
	o.text("external_id", w.external)
	o.add("name", w.name)
	o.add("notification_email", w.email)
	o.add("in_trial", false)
	o.add("created_at", created)
	o.add("updated_at", created)
	return o.end()
}

// pageAsked reads page and per_page.
func pageAsked(q query) (number, size int, ok bool) {
	number = q.within("page", 1, 1, math.MaxInt32)
	size = q.within("per_page", maxPage, 1, maxPage)
	return number, size, !*q.bad
}

// pageOf returns one page of a list; behind the end it is empty.
func pageOf[T any](list []T, number, size int) []T {
	if number > len(list)/size+1 {
		return nil
	}
	from := (number - 1) * size
	return list[from:min(from+size, len(list))]
}
