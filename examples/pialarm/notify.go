package main

import (
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// notifier tells the service manager how the program fares: datagrams to the
// socket in $NOTIFY_SOCKET. The zero value tells nobody.
type notifier struct {
	conn     net.Conn
	watchdog time.Duration // how often the manager wants a sign of life at least; 0: never
}

// newNotifier reads the environment that the service manager made. A socket whose
// name begins with @ is an abstract one, which net knows.
func newNotifier(getenv func(string) string) (*notifier, error) {
	name := getenv("NOTIFY_SOCKET")
	if name == "" {
		return &notifier{}, nil
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return &notifier{}, err
	}
	return &notifier{conn: conn, watchdog: watchdogInterval(getenv)}, nil
}

// watchdogInterval is 0 where nobody watches this process.
func watchdogInterval(getenv func(string) string) time.Duration {
	if pid := getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return 0
	}
	micros, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64)
	const most = int64(24*time.Hour) / int64(time.Microsecond)
	if err != nil || micros < 1 || micros > most {
		return 0
	}
	return time.Duration(micros) * time.Microsecond
}

func (n *notifier) ready()    { n.send("READY=1") }
func (n *notifier) alive()    { n.send("WATCHDOG=1") }
func (n *notifier) stopping() { n.send("STOPPING=1") }

// status shows a line in systemctl status.
func (n *notifier) status(text string) {
	n.send("STATUS=" + strings.ReplaceAll(text, "\n", " ")) // a new line would begin another message
}

// send never waits: the alarm goes on whether the manager listens or not.
func (n *notifier) send(message string) {
	if n.conn == nil {
		return
	}
	const patience = 100 * time.Millisecond
	_ = n.conn.SetWriteDeadline(time.Now().Add(patience))
	_, _ = n.conn.Write([]byte(message))
}

func (n *notifier) close() {
	if n.conn != nil {
		_ = n.conn.Close()
	}
}
