package workatotest

import (
	"net/url"
	"strconv"
	"strings"
)

// route is where a request goes and which quota pays for it.
type route struct {
	serve func(*call) answer
	quota *quota
}

// The places in the API that have resources.
const (
	belowOwn        = "/api"
	belowCustomer   = "/api/managed_users/:id"
	belowCustomerV2 = "/api/v2/managed_users/:id"
	atCustomers     = "/api/managed_users"
)

// route finds the endpoint. It compares the path as it was sent and unescapes
// only the IDs in it, so that "%2F" in an ID is not taken for a separator.
func (s *Server) route(c *call) (route, bool) {
	w, place, rest := s.place(strings.Split(c.URL.EscapedPath(), "/"))
	shape := strings.Join(rest, "/")
	if len(rest) == 2 && rest[0] == "tags" {
		handle, err := url.PathUnescape(rest[1])
		if err != nil || handle == "" {
			return route{}, false
		}
		c.handle, shape = handle, "tags/:handle"
	}

	tagged := place == belowOwn || place == belowCustomerV2
	switch endpoint := c.Method + " " + shape; {
	case endpoint == "GET " && place == atCustomers:
		return route{s.listCustomers, &s.customersQuota}, true
	case endpoint == "GET activity_logs" && (place == belowOwn || place == belowCustomer):
		return route{w.listEvents, &s.environmentQuota}, true
	case endpoint == "POST secrets_management/clear_cache" && place == belowOwn:
		return route{clearCache, &s.environmentQuota}, true
	case endpoint == "GET tags" && tagged:
		return route{w.listTags, &s.environmentQuota}, true
	case endpoint == "POST tags" && tagged:
		return route{w.createTag, &s.environmentQuota}, true
	case endpoint == "PUT tags/:handle" && tagged:
		return route{w.updateTag, &s.environmentQuota}, true
	case endpoint == "DELETE tags/:handle" && tagged:
		return route{w.deleteTag, &s.environmentQuota}, true
	case endpoint == "POST tags_assignments" && place == belowOwn:
		return route{w.assignTags, &s.ownAssignmentsQuota}, true
	case endpoint == "POST tags_assignments" && place == belowCustomerV2:
		return route{w.assignTags, &s.assignmentsQuota}, true
	}
	return route{}, false
}

// place splits a path into the workspace it speaks of, the place and the
// segments below it. A path outside the API has no place.
func (s *Server) place(path []string) (w *Workspace, place string, rest []string) {
	if len(path) < 3 || path[0] != "" || path[1] != "api" {
		return nil, "", nil
	}
	path, place = path[2:], belowCustomer
	if path[0] == "v2" {
		path, place = path[1:], belowCustomerV2
	}
	managed := len(path) > 0 && path[0] == "managed_users"
	switch {
	case managed && len(path) > 1:
		if w = s.customer(path[1]); w != nil {
			return w, place, path[2:]
		}
		return nil, "", nil
	case place == belowCustomerV2:
		return nil, "", nil
	case managed:
		return nil, atCustomers, nil
	}
	return s.own, belowOwn, path
}

// customer finds a customer by what a path calls it: its ID, or "E" and its
// external ID, escaped.
func (s *Server) customer(segment string) *Workspace {
	name, err := url.PathUnescape(segment)
	if err != nil {
		return nil
	}
	if external, ok := strings.CutPrefix(name, "E"); ok {
		return s.external[external]
	}
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil || strconv.FormatInt(id, 10) != segment {
		return nil
	}
	return s.customers[id]
}

// clearCache has nothing to clear: its success is the whole of it.
func clearCache(*call) answer {
	return success(map[string]bool{"success": true})
}
