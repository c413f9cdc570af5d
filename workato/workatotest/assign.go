package workatotest

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// Assigned returns what the tag is assigned to, in ascending order; nothing
// for an unknown handle.
func (w *Workspace) Assigned(handle string) (recipeIDs, connectionIDs []int64) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	t := w.tag(handle)
	if t == nil {
		return nil, nil
	}
	return slices.Sorted(maps.Keys(t.recipes)), slices.Sorted(maps.Keys(t.connections))
}

// assignTags serves tags_assignments: all of it, or nothing.
func (w *Workspace) assignTags(c *call) answer {
	var add, remove []string
	var recipes, connections []int64
	body, ok := readObject(c)
	switch {
	case !ok,
		!body.read("add_tags", &add),
		!body.read("remove_tags", &remove),
		!body.read("recipe_ids", &recipes),
		!body.read("connection_ids", &connections),
		len(add)+len(remove) == 0,
		len(recipes)+len(connections) == 0:
		return refused(http.StatusBadRequest)
	}
	added, knownAdded := w.tagsOf(add)
	removed, knownRemoved := w.tagsOf(remove)
	if !knownAdded || !knownRemoved {
		return refused(http.StatusNotFound)
	}
	for _, t := range added {
		t.assign(recipes, connections, c.now)
	}
	for _, t := range removed {
		t.unassign(recipes, connections)
	}
	return answer{status: http.StatusOK}
}

func (w *Workspace) tagsOf(handles []string) (tags []*tag, ok bool) {
	for _, h := range handles {
		t := w.tag(h)
		if t == nil {
			return nil, false
		}
		tags = append(tags, t)
	}
	return tags, true
}

func (t *tag) assign(recipes, connections []int64, now time.Time) {
	for _, id := range recipes {
		t.recipes[id] = true
	}
	for _, id := range connections {
		t.connections[id] = true
	}
	t.assigned = now
}

func (t *tag) unassign(recipes, connections []int64) {
	for _, id := range recipes {
		delete(t.recipes, id)
	}
	for _, id := range connections {
		delete(t.connections, id)
	}
}
