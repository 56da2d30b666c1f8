package build

import (
	"os/exec"
	"syscall"
)

// containTool has a command interrupted with all that it starts, and when the tool is gone. For the
// group is its own, the terminal's interrupt does not reach it but through ctx.
func containTool(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}
