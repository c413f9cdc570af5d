//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/workato-go/sdk/examples/pialarm/hardware/talk"
)

// start starts a program and reports what it says, and its end after all that it
// said.
func (b *board) start(s talk.Start) error {
	cmd := exec.Command("/bin/"+s.Program, s.Args...) //nolint:gosec,noctx // the host decides, and ends it
	cmd.Dir = "/tmp"
	cmd.Env = []string{"PATH=/bin", "HOME=/tmp"}
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{
		Uid: talk.User, Gid: talk.User, Groups: s.Groups,
	}}
	var notify *net.UnixConn
	if s.Watchdog != 0 {
		var err error
		path := "/run/" + s.Name + ".notify"
		if notify, err = net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"}); err != nil {
			return err
		}
		if err := os.Chmod(path, 0o777); err != nil { //nolint:gosec // the program is another user's
			return err
		}
		cmd.Env = append(cmd.Env, "NOTIFY_SOCKET="+path,
			"WATCHDOG_USEC="+strconv.FormatInt(s.Watchdog.Microseconds(), 10))
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.programs[s.Name] != nil {
		return fmt.Errorf("%s runs already", s.Name)
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	b.programs[s.Name] = cmd.Process
	var said sync.WaitGroup
	for _, output := range []io.Reader{stdout, stderr} {
		said.Go(func() {
			lines := bufio.NewScanner(output)
			for lines.Scan() {
				b.report(talk.Report{Name: s.Name, Said: new(lines.Text())})
			}
			_, _ = io.Copy(io.Discard, output) // a line without an end must not block the program
		})
	}
	if notify != nil {
		go b.listen(s.Name, notify)
	}
	go func() {
		said.Wait()
		_ = cmd.Wait() // the state says it all
		if notify != nil {
			// What it sent last is still on its way.
			_ = notify.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		}
		status := cmd.ProcessState.Sys().(syscall.WaitStatus)
		ended := talk.Ended{Status: status.ExitStatus()}
		if status.Signaled() {
			ended.Signal = int(status.Signal())
		}
		b.mu.Lock()
		delete(b.programs, s.Name)
		b.mu.Unlock()
		b.report(talk.Report{Name: s.Name, Ended: &ended})
	}()
	return nil
}

// listen reports what a program sends to its supervisor.
func (b *board) listen(name string, notify *net.UnixConn) {
	defer func() { _ = notify.Close() }()
	datagram := make([]byte, 4096)
	for {
		n, err := notify.Read(datagram)
		if err != nil {
			return
		}
		b.report(talk.Report{Name: name, Notified: new(string(datagram[:n]))})
	}
}

func (b *board) signal(s talk.Signal) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	program := b.programs[s.Name]
	if program == nil {
		return fmt.Errorf("%s does not run", s.Name)
	}
	return program.Signal(syscall.Signal(s.Signal))
}
