//go:build unix && !linux

package build

import (
	"os/exec"
	"syscall"
)

// containTool has a command interrupted with all that it starts.
func containTool(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}
