package emulator

import (
	"os/exec"
	"syscall"
)

// endWithParent lets the system kill the emulator when the tests end without
// having done so.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
