package alarm

// Phase is a step of a program's start. It is shown until the first answer.
type Phase uint8

// Phases, in their order. A program may leave some out.
const (
	Booting    Phase = iota // the program starts
	Joining                 // it joins the network
	Clock                   // it asks the network for the time
	Connecting              // it waits for the log's first answer
	Watching                // the log answered
)

// String is what a status line says, such as "joining the network".
func (p Phase) String() string {
	switch p {
	case Booting:
		return "starting"
	case Joining:
		return "joining the network"
	case Clock:
		return "asking for the time"
	case Connecting:
		return "connecting"
	case Watching:
		return "watching"
	default:
		return "unknown"
	}
}
