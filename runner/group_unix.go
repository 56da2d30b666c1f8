//go:build unix && !linux

package runner

import (
	"os"
	"os/exec"
	"syscall"
)

// separate gives a program a process group of its own.
func separate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }

// usage returns what the system counted for a process and those for whom it waited.
func usage(s *os.ProcessState) (u Usage) {
	if r, ok := s.SysUsage().(*syscall.Rusage); ok {
		u = Usage{Voluntary: int64(r.Nvcsw), Involuntary: int64(r.Nivcsw), MinorFaults: int64(r.Minflt), MajorFaults: int64(r.Majflt)}
	}
	return u
}

// status returns the exit status, or the signal that killed the process.
func status(s *os.ProcessState) (exit, signal int) {
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return 0, int(w.Signal())
	}
	return s.ExitCode(), 0
}
