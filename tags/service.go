package tags

import "github.com/workato-go/sdk/workato"

// Service reads and changes the tags of one workspace. It is immutable and
// safe for concurrent use.
type Service struct{ workspace *workato.Workspace }

// New makes the service for a workspace: one's own or a customer's. It does no
// I/O. A nil workspace makes every call a [*workato.ArgumentError].
func New(ws *workato.Workspace) *Service { return &Service{workspace: ws} }

// request is what the requests for tags have in common. All may be repeated;
// Create says for itself that it may not.
func request(op, method string, segments ...string) *workato.Request {
	return &workato.Request{
		Op:         op,
		Method:     method,
		Version:    "v2",
		Path:       append([]string{"tags"}, segments...),
		Idempotent: true,
	}
}
