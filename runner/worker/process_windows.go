package worker

import (
	"os"
	"syscall"
)

const noProcesses = ""

// inherit lets the process that attr describes inherit files, and returns their handles, which are the
// same there.
func inherit(attr *os.ProcAttr, files []*os.File) ([]uintptr, error) {
	numbers := make([]uintptr, len(files))
	attr.Sys = new(syscall.SysProcAttr)
	for i, f := range files {
		h := syscall.Handle(f.Fd())
		if err := syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT); err != nil {
			return nil, os.NewSyscallError("SetHandleInformation", err)
		}
		attr.Sys.AdditionalInheritedHandles = append(attr.Sys.AdditionalInheritedHandles, h)
		numbers[i] = uintptr(h)
	}
	return numbers, nil
}

// emptyInput returns what is empty, as standard input.
func emptyInput() (*os.File, error) { return os.Open(os.DevNull) }

// terminate ends a process: it cannot be asked.
func terminate(p *os.Process) error { return p.Kill() }

// A descriptor is what package syscall calls a file.
type descriptor = syscall.Handle

// isPipe reports whether the handle n is one end of a pipe.
func isPipe(n uintptr) bool {
	kind, err := syscall.GetFileType(syscall.Handle(n))
	return err == nil && kind == syscall.FILE_TYPE_PIPE
}

// keep lets no other program inherit the handle n.
func keep(n uintptr) {
	_ = syscall.SetHandleInformation(syscall.Handle(n), syscall.HANDLE_FLAG_INHERIT, 0)
}

// poll does nothing: there is no poller for such pipes.
func poll(uintptr) {}

// Events are not reported on Windows.
func openLog(uintptr) *eventLog { return nil }

func openOutput(uintptr) *os.File { return nil }
