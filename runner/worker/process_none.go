//go:build !unix && !windows

package worker

import (
	"errors"
	"os"
	"time"
)

// noProcesses says why no worker can be a process here.
const noProcesses = "a worker cannot be a process here: in a browser a process is a Web Worker, which the page has to provide"

func inherit(*os.ProcAttr, []*os.File) ([]uintptr, error) { return nil, errors.New(noProcesses) }

func terminate(p *os.Process) error { return p.Kill() }

type descriptor = int

func isPipe(uintptr) bool { return false }

func keep(uintptr) {}

func poll(uintptr) {}

func openLog(uintptr) *eventLog { return nil }

func openOutput(uintptr) *os.File { return nil }

func emptyInput() (*os.File, error) { return nil, nil }

// awaitPid waits for nobody: there are no processes.
func awaitPid(int, time.Duration) bool { return true }
