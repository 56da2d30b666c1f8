//go:build !unix

package runner

import (
	"os"
	"os/exec"
)

func separate(*exec.Cmd) {}

func killGroup(p *os.Process) error { return p.Kill() }

// usage is not counted here.
func usage(*os.ProcessState) Usage { return Usage{} }

// status returns the exit status; no process is killed by a signal here.
func status(s *os.ProcessState) (exit, signal int) { return s.ExitCode(), 0 }
