package main

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/workato/workatotest"
)

// lit tells how long the output was on in the next d.
func (s *stage) lit(r role, d time.Duration) time.Duration {
	on := time.Duration(0)
	for begin := time.Now(); time.Since(begin) < d; after(5 * time.Millisecond) {
		if s.kernel.line(r).isOn() {
			on += 5 * time.Millisecond
		}
	}
	return on
}

func TestFirstStartIsSilentAndNewActivityIsNot(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(5, "recipe_updated")
		run := s.start()
		if on := s.lit(buzzer, 40*time.Second); on != 0 {
			t.Errorf("what was there before the first start sounded for %v", on)
		}
		s.happen(3, "recipe_updated")
		if on := s.lit(buzzer, time.Minute); on < 290*time.Millisecond || on > 310*time.Millisecond {
			t.Errorf("new activity sounded for %v", on)
		}
		if on := s.lit(led, 10*time.Second); on < 4500*time.Millisecond || on > 5500*time.Millisecond {
			t.Errorf("the LED was on for %v of 10 s", on)
		}
		s.kernel.line(mute).press()
		if on := s.lit(led, 10*time.Second); on > 100*time.Millisecond {
			t.Errorf("after the press the LED was on for %v of 10 s", on)
		}
		wantStatus(t, run.end(), exitDone)
		s.wantSafe()
		for _, personal := range []string{"Mara", "example.com", "Orders"} {
			if strings.Contains(s.stderr.String(), personal) {
				t.Errorf("%q is in the log", personal)
			}
		}
	})
}

func TestPolicyDecides(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]string{
		"":                                         "new activity",
		"-ignore-users 3,12":                       "quiet",
		"-exclude-events recipe_updated":           "quiet",
		"-include-events user_login":               "quiet",
		"-include-resources Folder":                "quiet",
		"-exclude-resources Flow":                  "quiet",
		"-high-events user_login,recipe_updated":   "new activity, high",
		"-include-events recipe_updated":           "new activity",
		"-ignore-users 13 -exclude-resources User": "new activity",
	} {
		t.Run(flags, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				run := s.start(append(strings.Fields(flags), "-dry-run")...)
				s.happen(1, "recipe_updated")
				after(31 * time.Second)
				wantStatus(t, run.end(), exitDone)
				lines := strings.Split(s.stdout.String(), "\n")
				last := ""
				for _, line := range lines {
					if _, shows, ok := strings.Cut(line, "shows  "); ok {
						last = shows
					}
				}
				wantText(t, "the alarm shows", last, want)
			})
		})
	}
}

func TestWhatHappenedWhileOffIsToldOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.env["STATE_DIRECTORY"] = t.TempDir()
		run := s.start()
		after(time.Second)
		wantStatus(t, run.end(), exitDone)
		s.happen(4, "recipe_updated")
		after(time.Hour)

		for _, want := range []int{4, 0} {
			s.stderr.take()
			run = s.start()
			after(2 * time.Minute)
			if got := strings.Count(s.stderr.String(), "msg=event "); got != want {
				t.Errorf("%d events were told, want %d", got, want)
			}
			wantStatus(t, run.end(), exitDone)
		}
	})
}

func TestAnEventIsRememberedOnlyWhenTheAlarmHasIt(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		state := t.TempDir()
		run := s.start("-state", state)
		after(time.Second)
		s.kernel.line(led).explode()
		s.happen(1, "recipe_updated")
		after(time.Minute)
		wantStatus(t, <-run.status, exitFailed)
		s.wantSafe()
		s.wantLog("internal error: a mistake in the program")
		s.wantLog("fakeLine") // the stack says where

		s.happen(1, "recipe_updated")
		s.stderr.take()
		run = s.start("-state", state)
		after(time.Minute)
		if got := strings.Count(s.stderr.String(), "msg=event "); got < 1 || got > 2 {
			t.Errorf("%d events were told after the crash", got)
		}
		run.end()
	})
}

// panicking is a transport with a mistake in it.
type panicking struct{}

func (panicking) RoundTrip(*http.Request) (*http.Response, error) {
	panic("a mistake in the transport")
}

func TestAPanicOfTheReaderLeavesTheLinesSafe(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.http = &http.Client{Transport: panicking{}}
		run := s.start()
		wantStatus(t, <-run.status, exitFailed)
		s.wantSafe()
		if s.kernel.line(led).sets == 0 {
			t.Error("the lines were never driven")
		}
		s.wantLog("internal error: a mistake in the transport")
		s.wantLog("panicking")
		after(time.Minute) // net/http's own timer
	})
}

func TestASignalEndsItWithinASecond(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start("-sound", "3s")
		after(10 * time.Second)
		s.happen(1, "recipe_updated")
		after(21 * time.Second)
		if !s.kernel.line(buzzer).isOn() {
			t.Fatal("the buzzer is not on")
		}
		s.srv.Fail(-1, workatotest.Fault{Latency: time.Hour})
		after(30 * time.Second) // a request hangs
		began := time.Now()
		wantStatus(t, run.end(), exitDone)
		if took := time.Since(began); took > time.Second {
			t.Errorf("it took %v", took)
		}
		s.wantSafe()
	})
}

func TestASignalWhileItSounds(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start("-sound", "3s")
		after(time.Second)
		s.happen(1, "recipe_updated")
		after(30 * time.Second)
		buzz := s.kernel.line(buzzer)
		if !buzz.isOn() {
			t.Fatal("the buzzer is not on")
		}
		wantStatus(t, run.end(), exitDone)
		s.wantSafe()
	})
}

// A catch-up goes on without pauses but for the quota's.
func TestCatchingUp(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		state := t.TempDir()
		run := s.start("-state", state)
		after(time.Second)
		run.end()
		const events = 3000
		s.happen(events, "recipe_updated")
		run = s.start("-state", state, "-interval", "4m")
		began := time.Now()
		for strings.Count(s.stderr.String(), "msg=event ") < events && time.Since(began) < time.Hour {
			after(10 * time.Second)
		}
		t.Logf("it took %v", time.Since(began))
		if took := time.Since(began); took > 4*time.Minute {
			t.Errorf("it took %v", took)
		}
		wantStatus(t, run.end(), exitDone)
	})
}

func TestFaultsAreShownAndPass(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.srv.Fail(-1, workatotest.Fault{Status: 401})
		run := s.start()
		s.wantLog("the alarm shows: fault: token refused")
		s.wantLog("the token is not valid in region us")
		after(time.Hour)
		if n := strings.Count(s.stderr.String(), "the token is not valid"); n != 1 {
			t.Errorf("said %d times", n)
		}
		asked := len(s.srv.Requests())
		if asked < 12 || asked > 30 {
			t.Errorf("%d requests in an hour of a refused token", asked)
		}
		s.srv.ClearFaults() // the token is good again
		after(5 * time.Minute)
		s.wantLog("it works again")
		s.stderr.take()

		// A passing failure is no news until it lasts.
		s.srv.Fail(-1, workatotest.Fault{Drop: true})
		after(4 * time.Minute)
		if strings.Contains(s.stderr.String(), "the alarm shows") {
			t.Errorf("shown too early: %s", &s.stderr)
		}
		after(2 * time.Minute)
		s.wantLog("the alarm shows: fault: nobody answers")
		s.happen(2, "recipe_updated")
		s.srv.ClearFaults()
		after(time.Minute + time.Second)
		s.wantLog("the alarm shows: new activity")
		if n := strings.Count(s.stderr.String(), "msg=event "); n != 2 {
			t.Errorf("%d events were told after the failure", n)
		}
		wantStatus(t, run.end(), exitDone)
	})
}

func TestRetryAfterIsKept(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.srv.Fail(1, workatotest.Fault{Status: 429, RetryAfter: "120"})
		run := s.start()
		after(119 * time.Second)
		if n := len(s.srv.Requests()); n != 1 {
			t.Errorf("%d requests before the time that the server named", n)
		}
		after(2 * time.Second)
		if n := len(s.srv.Requests()); n == 1 {
			t.Error("no request after it")
		}
		run.end()
	})
}

func TestAnotherEnvironmentBlinksUntilSomebodyActs(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		state := t.TempDir()
		run := s.start("-state", state)
		s.happen(1, "recipe_updated")
		after(time.Minute)
		s.srv.Own().SetEnvironment("prod")
		s.happen(3, "recipe_updated")
		after(time.Hour)
		s.wantLog("fault: checkpoint damaged or foreign")
		s.wantLog("pialarm begin-anew -state " + state)
		s.stderr.take()

		s.want(exitDone, "", "begin-anew", "-state", state)
		after(10 * time.Second)
		s.wantLog("beginning anew")
		s.wantLog("cannot be told: source changed")
		s.stderr.take()
		s.happen(1, "recipe_updated")
		after(time.Minute)
		if n := strings.Count(s.stderr.String(), "msg=event "); n != 1 {
			t.Errorf("%d events were told after the new beginning; log: %s", n, &s.stderr)
		}
		wantStatus(t, run.end(), exitDone)

		s.stderr.take()
		run = s.start("-state", state) // the request is used up
		after(time.Minute)
		if strings.Contains(s.stderr.String(), "beginning anew") {
			t.Error("it began anew a second time")
		}
		run.end()
	})
}

// Without a state folder there is nothing to drop: a new start is the way.
func TestAnotherEnvironmentWithoutAStateFolder(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.happen(1, "recipe_updated")
		run := s.start()
		after(time.Minute)
		s.srv.Own().SetEnvironment("prod")
		s.happen(3, "recipe_updated")
		after(3 * time.Hour)
		s.wantLog("start again to follow it")
		if strings.Contains(s.stderr.String(), "it works again") || strings.Contains(s.stderr.String(), "msg=event ") {
			t.Error("it follows another log than the one it was started with")
		}
		wantStatus(t, run.end(), exitDone)
	})
}

func TestADamagedCheckpoint(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		state := t.TempDir()
		run := s.start("-state", state)
		after(time.Second)
		run.end()
		files, err := filepath.Glob(filepath.Join(state, "*.checkpoint"))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		good, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(files[0], []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
		run = s.start("-state", state)
		s.wantLog("fault: checkpoint damaged or foreign")
		if err := os.WriteFile(files[0], good, 0o600); err != nil { // somebody puts it back
			t.Fatal(err)
		}
		after(5 * time.Minute)
		s.wantLog("it works again")
		wantStatus(t, run.end(), exitDone)
	})
}

func TestTwoWithOneStateFolder(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		state := t.TempDir()
		first := s.start("-state", state)
		second := s.start("-state", state, "-gpio", "none")
		s.wantLog("another program follows this log with the same state folder")
		wantStatus(t, first.end(), exitDone)
		after(5 * time.Minute)
		s.wantLog("it works again")
		wantStatus(t, second.end(), exitDone)
	})
}

func TestGapsCountAsActivity(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		state := t.TempDir()
		run := s.start("-dry-run", "-state", state)
		after(time.Minute)
		s.want(exitDone, "", "begin-anew", "-state", state)
		s.stdout.take()
		after(10 * time.Second)
		wantStatus(t, run.end(), exitDone)
		out := s.stdout.String()
		for _, want := range []string{"gap    an unknown number of events from", "buzzer on", "shows  new activity"} {
			if !strings.Contains(out, want) {
				t.Errorf("%q is not in the output:\n%s", want, out)
			}
		}
	})
}

func TestLinesThatAreMissing(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.want(exitFailed, "no such line: \"GPIO99\"", "-led", "GPIO99")
		s.wantSafe()
		s.kernel.refuse = func(_ place, r request) error {
			if r.consumer == "pialarm buzzer" {
				return syscall.EBUSY
			}
			return nil
		}
		s.want(exitFailed, "buzzer: gpiochip0 (pinctrl-bcm2711) offset 27, name \"GPIO27\" is in use")
		s.wantSafe()

		// Optional ones are taken when they come.
		run := s.start("-gpio", "optional")
		s.wantLog("GPIO lines are missing: going on without")
		s.happen(1, "recipe_updated")
		after(time.Minute)
		s.wantLog("the alarm shows: new activity")
		s.kernel.setRefuse(nil)
		after(2 * time.Minute)
		s.wantLog("all GPIO lines are there")
		s.happen(1, "recipe_updated")
		if on := s.lit(buzzer, time.Minute); on < 290*time.Millisecond {
			t.Errorf("the buzzer that came late was on for %v", on)
		}
		wantStatus(t, run.end(), exitDone)
		s.wantSafe()
	})
}

func TestNoGPIOAtAll(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.kernel.list = nil
		run := s.start("-gpio", "none")
		s.happen(1, "recipe_updated")
		after(time.Minute)
		s.wantLog("the alarm shows: new activity")
		wantStatus(t, run.end(), exitDone)
		if len(s.kernel.all) != 0 {
			t.Error("lines were asked for")
		}
	})
}

func TestALineIsLostWhileRunning(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start()
		after(time.Second)
		s.happen(1, "recipe_updated")
		after(45 * time.Second)
		gone := s.kernel.line(led)
		gone.fail(syscall.ENODEV)
		s.kernel.setRefuse(func(place, request) error { return syscall.ENODEV })
		after(10 * time.Second)
		s.wantLog("a GPIO line failed")
		s.happen(1, "user_login")
		after(time.Minute)
		if n := strings.Count(s.stderr.String(), "msg=event "); n != 2 {
			t.Errorf("%d events were told; the reader must go on", n)
		}
		s.kernel.setRefuse(nil)
		after(2 * time.Minute)
		s.wantLog("all GPIO lines are there")
		if on := s.lit(led, 10*time.Second); on < 4*time.Second {
			t.Errorf("the new LED was on for %v of 10 s", on)
		}
		s.kernel.line(mute).press()
		if on := s.lit(led, 5*time.Second); on > 100*time.Millisecond {
			t.Errorf("the new button does not acknowledge: the LED was on for %v", on)
		}
		wantStatus(t, run.end(), exitDone)
		gone.fail(nil)
		s.wantSafe()
	})
}

func TestAButtonWithoutEdgesIsPolled(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.kernel.refuse = func(_ place, r request) error {
			if r.input != nil && r.input.changed != nil {
				return syscall.ENXIO
			}
			return nil
		}
		run := s.start()
		s.happen(1, "recipe_updated")
		after(31 * time.Second)
		s.kernel.line(mute).press()
		if on := s.lit(led, 5*time.Second); on > 100*time.Millisecond {
			t.Errorf("the press was not seen: the LED was on for %v", on)
		}
		wantStatus(t, run.end(), exitDone)
		s.wantSafe()
	})
}

func TestALongPressMutes(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start()
		after(time.Second)
		s.kernel.line(mute).move(true)
		after(3 * time.Second)
		s.kernel.line(mute).move(false)
		after(time.Second)
		s.wantLog("muted until")
		s.happen(1, "recipe_updated")
		if on := s.lit(buzzer, time.Minute); on != 0 {
			t.Errorf("it sounded for %v while muted", on)
		}
		wantStatus(t, run.end(), exitDone)
	})
}

func TestMistakesEndIt(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.want(exitUsage, "the base URL", "-base-url", "http://workato.example.com")
		s.env["WORKATO_TOKEN"] = "two words"
		s.want(exitUsage, "the token has a space")
		delete(s.env, "WORKATO_TOKEN")
		s.want(exitUsage, "there is no token")
		if n := len(s.srv.Requests()); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
		s.wantSafe()
	})
}

func TestPermission(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.kernel.list = []chip{{path: "/dev/gpiochip0", names: []string{"gpiochip0"}, err: &fs.PathError{Op: "open", Path: "/dev/gpiochip0", Err: fs.ErrPermission}}}
		s.want(exitFailed, "no permission: /dev/gpiochip0 exists but may not be opened; join its group")
		if n := strings.Count(s.stderr.String(), "no permission"); n > 1 {
			t.Errorf("said %d times", n)
		}
		if !errors.Is(cannotSee(s.kernel.list), errNoPermission) {
			t.Error("it does not match errNoPermission")
		}
	})
}

func TestItEndsWithoutTheServer(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.srv.Fail(-1, workatotest.Fault{Latency: time.Hour})
		run := s.start()
		s.wantLog("the alarm shows: connecting")
		after(50 * time.Second)
		s.wantLog("fault: nobody answers")
		wantStatus(t, run.end(), exitDone)
		synctest.Wait()
		s.wantSafe()
	})
}

func TestOneOfSeveralLogs(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]string{
		"":                                      "own_event",
		"-customer 19029":                       "customer_event",
		"-external-customer a/b":                "customer_event",
		"-region eu":                            "own_event",
		"-base-url https://workato.example.com": "own_event",
	} {
		t.Run(flags, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stage) {
				customer := s.srv.Customer(19029)
				customer.SetExternalID("a/b")
				run := s.start(append(strings.Fields(flags), "-dry-run")...)
				s.happen(1, "own_event")
				customer.AddEvents(workatotest.Event{Type: "customer_event"})
				after(31 * time.Second)
				wantStatus(t, run.end(), exitDone)
				if out := s.stdout.String(); !strings.Contains(out, want) || strings.Count(out, "_event") != 1 {
					t.Errorf("%q is not the only event in:\n%s", want, out)
				}
			})
		})
	}
}

func TestNoSuchCustomer(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start("-customer", "7")
		s.wantLog("look at region, base-url, customer and external-customer")
		s.wantLog("the alarm shows: fault: settings missing or damaged")
		wantStatus(t, run.end(), exitDone)
	})
}

// The journal has the time itself.
func TestTheLogHasTheTimeOnce(t *testing.T) {
	t.Parallel()
	for stream, want := range map[string]bool{"": true, "8:1234": false} {
		inBubble(t, func(t *testing.T, s *stage) {
			s.env["JOURNAL_STREAM"] = stream
			run := s.start()
			run.end()
			if got := strings.Contains(s.stderr.String(), "time="); got != want {
				t.Errorf("JOURNAL_STREAM=%q: time in the log: %v", stream, got)
			}
		})
	}
}

func TestTheButtonIsLost(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start()
		after(time.Second)
		gone := s.kernel.line(mute)
		gone.fail(syscall.ENODEV)
		gone.move(true)
		after(time.Minute)
		s.wantLog("a GPIO line failed")
		s.wantLog("all GPIO lines are there")
		if s.kernel.line(mute) == gone {
			t.Error("the button is the same")
		}
		wantStatus(t, run.end(), exitDone)
	})
}

func TestALineThatCannotBeMadeSafe(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start()
		after(time.Second)
		s.kernel.line(buzzer).fail(syscall.EIO)
		wantStatus(t, run.end(), exitDone)
		s.wantLog("a line could not be made safe; run pialarm safe-state")
	})
}

func TestAChatteringButtonIsSaidOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		run := s.start()
		after(time.Second)
		button := s.kernel.line(mute)
		for i := range 200 {
			button.move(i%2 == 0)
			after(5 * time.Millisecond)
		}
		s.wantLog("the button chatters")
		if n := strings.Count(s.stderr.String(), "the button chatters"); n != 1 {
			t.Errorf("said %d times", n)
		}
		wantStatus(t, run.end(), exitDone)
	})
}

func TestWhatNobodyAcknowledgedIsShownAfterARestart(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stage) {
		s.env["STATE_DIRECTORY"] = t.TempDir()
		run := s.start("-high-events", "recipe_deleted")
		after(time.Second)
		s.happen(2, "recipe_updated")
		s.happen(1, "recipe_deleted")
		after(31 * time.Second)
		wantStatus(t, run.end(), exitDone)

		run = s.start()
		if on := s.lit(buzzer, time.Minute); on != 0 {
			t.Errorf("it sounded again, for %v", on)
		}
		if on := s.lit(led, 10*time.Second); on < 4500*time.Millisecond || on > 5500*time.Millisecond {
			t.Errorf("the LED was on for %v of 10 s", on)
		}
		s.wantLog("the alarm shows: new activity, high")
		s.kernel.line(mute).press()
		after(10 * time.Second)
		wantStatus(t, run.end(), exitDone)

		s.stderr.take()
		run = s.start()
		after(time.Minute)
		wantStatus(t, run.end(), exitDone)
		if strings.Contains(s.stderr.String(), "new activity") {
			t.Error("the press of the button is forgotten")
		}
	})
}

func TestADamagedMemoryOfWhatIsOpenIsNoObstacle(t *testing.T) {
	t.Parallel()
	store := activity.MemoryStore()
	for revision, state := range []string{"", "severity 2, 3 events", "severity 9, 3 events", "severity 2, -3 events", "three"} {
		if state != "" {
			if _, err := store.Save(t.Context(), "key", []byte(state), uint64(revision-1)); err != nil {
				t.Fatal(err)
			}
		}
		o := &opened{store: store, key: "key"}
		err := o.load(t.Context())
		good := revision < 2
		if (err == nil) != good || (o.saved.count == 3) != (revision == 1) {
			t.Errorf("%q: %d events, error %v", state, o.saved.count, err)
		}
		o.publish(alarm.State{Severity: alarm.Normal, Open: 7})
		if revision == 4 {
			if err := o.save(t.Context()); err != nil {
				t.Errorf("after %q: %v", state, err)
			}
		}
	}
}
