package main

const help = `Usage: pialarm [subcommand] [flags]

Watches the activity audit log of a Workato workspace from a Raspberry Pi: an
LED and a buzzer tell of new events, and a button acknowledges them.

  pialarm -demo                     a look at it: no account, no board, 1 minute
  pialarm -dry-run                  your own log; prints what lines would do
  pialarm                           the alarm
  pialarm -config /etc/pialarm.conf

Subcommands:
  run         watch the log; the default
  self-test   pulse the LED and the buzzer, and wait for the button
  safe-state  set the outputs off and make inputs of them: for ExecStopPost=
  lines       list the machine's GPIO lines, who uses them, and the alarm's
  begin-anew  after a checkpoint fault: forget what happened, follow from now on
  help        this text

What the LED says:
  dark, a short wink each 10 s    all is quiet; a double wink: muted
  1 blink a second                new activity; 4 a second: of high severity
  2 short blinks, a pause         nobody answers, whatever the reason; also
                                  3 network, 4 no address, 5 clock, 6 bad answer
  1 long blink, then short ones   somebody has to act: 2 certificate, 3 token,
                                  4 customer or settings, 5 checkpoint
The button: a press silences and acknowledges; held for 2 s it also mutes, or
ends that.

Each of these flags is also a key of the file: "key = value", # for comments,
several values separated by commas. A flag wins over the file.

Which log:
  -region NAME             us, eu, jp, sg, au, il, kr, uk, cn or trial
                           (default us)
  -base-url URL            in place of a region: a host of its own
  -customer ID             a customer of an embedded partner, by its number
  -external-customer ID    the same, by the external ID
  -state DIR               remember here what was told, so that what happens
                           while the program is off is told at the next start
                           (default $STATE_DIRECTORY, which systemd sets)
  -interval DURATION       how often to ask (default 30s, at least 5s); one
                           request of the 60 a minute that all programs share

Lines. ADDRESS is a line's name, such as GPIO17, a pin of the header, such as
pin11, a chip and an offset, such as pinctrl-bcm2711:17, or none:
  -led ADDRESS             (default GPIO17, pin 11)
  -buzzer ADDRESS          an active buzzer (default GPIO27, pin 13)
  -mute ADDRESS            the button (default GPIO22, pin 15)
  -active-low LIST         of led, buzzer, mute, or none (default mute: a button
                           to ground; what is not in the list is active-high)
  -gpio WHEN               required, optional (go on without lines, and retry)
                           or none (default required)

What matters. Types are those of the log, such as recipe_stopped and Flow:
  -ignore-users LIST       IDs of users, such as service accounts; 0 is the
                           platform itself
  -include-events LIST     only these event types
  -exclude-events LIST     all but these
  -include-resources LIST  only about these resource types
  -exclude-resources LIST  all but these
  -high-events LIST        event types of high severity, such as token_leaked

How it sounds and looks:
  -quiet-hours FROM-TO     such as 22:00-07:00: no sound then, local time
  -high-breaks             high severity sounds in quiet hours and while muted
  -sound DURATION          how long new activity sounds (default 300ms)
  -max-sound DURATION      the longest piece of sound (default 10s)
  -sound-pause DURATION    at least so long between two sounds (default 10s)
  -stale-after DURATION    without an answer for so long is trouble (default 5m)
  -mute-for DURATION       how long a long press mutes (default 30m)
  -trouble-sound           faults that need somebody sound once, too
  -wink DURATION           how often the LED winks while quiet, or off
                           (default 10s)
  -log-level LEVEL         debug, info, warn or error (default info)

Not in the file:
  -config FILE             read settings from a file
  -dry-run                 no GPIO: print each change with its time
  -demo                    draw the board, and play a script
  -speed N                 how fast the demo plays, 0.1 to 100 (default 1)

The token comes from the environment variable WORKATO_TOKEN or, under systemd,
from LoadCredential=workato-token:FILE, and from nowhere else.

Exit status: 0 done, or ended by a signal; 1 failure; 2 wrong flags, settings or
no token.
`
