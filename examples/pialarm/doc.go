// Pialarm watches the activity audit log of a Workato workspace from a Raspberry
// Pi: an LED and a buzzer tell of new events, and a button acknowledges them.
//
//	pialarm -demo     # a look at it: no account, no board
//	pialarm -dry-run  # the own log, printing what the lines would do
//	pialarm           # the alarm
//	pialarm help      # the rest
//
// # How it is made
//
// Two goroutines do the work. The reader asks an [activity.Watcher] for what is
// new. The driver owns the alarm, which decides, and the GPIO lines, which nobody
// else touches. Events go from the one to the other over a channel, and the
// reader acknowledges them once the driver has them: a crash at any point tells
// them again rather than never. The reader may hang on the network for as long as
// it likes; the lines are driven all the same.
//
// # Safe lines
//
// A buzzer that sounds on because its program is gone is worse than no alarm.
// However the program ends by itself, a panic included, outputs are first made
// inactive, then inputs, and then let go. What it cannot do after a SIGKILL the
// subcommand safe-state does; kernels for the Raspberry Pi keep an output as it
// was when its program dies.
package main
