package alarm

// Fault is why the log does not answer. Zero is no fault.
type Fault uint8

// The first ones may pass by themselves, and are counted short blinks. From Trust
// on a person has to act, and one long blink comes before the short ones.
const (
	Unreachable Fault = iota + 1 // nobody answers; also shown when nothing is known but that there is no answer
	WiFi                         // the network cannot be joined
	Address                      // no address from the network, or the host's name is not found
	Time                         // no time from the network
	Server                       // answers that cannot be used: 5xx, 429, HTML, half a body
	Trust                        // the server's certificate is refused
	Token                        // 401 or 403
	Settings                     // settings are missing or damaged
	Checkpoint                   // the checkpoint is damaged, or of another workspace
)

// String says it in a few words, such as "token refused".
func (f Fault) String() string {
	switch f {
	case 0:
		return "none"
	case Unreachable:
		return "nobody answers"
	case WiFi:
		return "network cannot be joined"
	case Address:
		return "no address"
	case Time:
		return "no time"
	case Server:
		return "answer cannot be used"
	case Trust:
		return "certificate refused"
	case Token:
		return "token refused"
	case Settings:
		return "settings missing or damaged"
	case Checkpoint:
		return "checkpoint damaged or foreign"
	default:
		return "unknown"
	}
}

// Lasting tells whether a person has to act.
func (f Fault) Lasting() bool { return f >= Trust && f <= Checkpoint }

// Blinks is how many long and short blinks the LED shows in one round, the long
// ones first.
func (f Fault) Blinks() (long, short int) {
	if int(f) >= len(faultLooks) {
		return 0, 0
	}
	lit := 0 // ticks of the blink
	for _, sign := range faultLooks[f] {
		switch {
		case sign == '█':
			lit++
			continue
		case lit >= longBlink:
			long++
		case lit > 0:
			short++
		}
		lit = 0
	}
	return long, short
}
