package worker

import (
	"os"
	"strconv"
	"syscall"
)

const noProcesses = ""

// inherit lets the process that attr describes inherit files, and returns their handles, which are the
// same there.
func inherit(attr *os.ProcAttr, files []*os.File) ([]string, error) {
	numbers := make([]string, len(files))
	attr.Sys = new(syscall.SysProcAttr)
	for i, f := range files {
		h := syscall.Handle(f.Fd())
		if err := syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT); err != nil {
			return nil, os.NewSyscallError("SetHandleInformation", err)
		}
		attr.Sys.AdditionalInheritedHandles = append(attr.Sys.AdditionalInheritedHandles, h)
		numbers[i] = strconv.FormatUint(uint64(h), 10)
	}
	return numbers, nil
}

// emptyInput returns what is empty, as standard input.
func emptyInput() (*os.File, error) { return os.Open(os.DevNull) }

// terminate ends a process: it cannot be asked.
func terminate(p *os.Process) error { return p.Kill() }

// keep lets no other program inherit the handle n.
func keep(n uintptr) {
	_ = syscall.SetHandleInformation(syscall.Handle(n), syscall.HANDLE_FLAG_INHERIT, 0)
}

// poll does nothing: there is no poller for such pipes.
func poll(uintptr) {}

// Events are not reported on Windows.
func openLog(uintptr) *eventLog { return nil }

func openOutput(uintptr) *os.File { return nil }
