//go:build unix

package worker

import (
	"os"
	"syscall"
)

const noProcesses = ""

// inherit lets the process that attr describes inherit files, and returns their numbers there.
func inherit(attr *os.ProcAttr, files []*os.File) ([]uintptr, error) {
	numbers := make([]uintptr, len(files))
	for i := range files {
		numbers[i] = uintptr(len(attr.Files) + i)
	}
	attr.Files = append(attr.Files, files...)
	return numbers, nil
}

// emptyInput returns nothing: where standard input is closed, Go opens os.DevNull for it (runtime/fds_unix.go), in
// a fifth of the time.
func emptyInput() (*os.File, error) { return nil, nil }

// terminate asks a process to end.
func terminate(p *os.Process) error { return p.Signal(syscall.SIGTERM) }

// A descriptor is what package syscall calls a file.
type descriptor = int

// isPipe reports whether the descriptor n, beyond the standard ones, is one end of a pipe.
func isPipe(n uintptr) bool {
	var st syscall.Stat_t
	return n > 2 && syscall.Fstat(int(n), &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFIFO
}

// keep lets no other program inherit the descriptor n.
func keep(n uintptr) { syscall.CloseOnExec(int(n)) }

// openLog maps the log that the descriptor n is; nil where it is none.
func openLog(n uintptr) *eventLog {
	keep(n)
	var st syscall.Stat_t
	if err := syscall.Fstat(int(n), &st); err != nil || st.Size != logSize { // beyond its end, memory would be a fault
		return nil
	}
	memory, err := syscall.Mmap(int(n), 0, logSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil
	}
	return newLog(memory, os.NewFile(n, "events"))
}

// openOutput returns the socket that the descriptor n is; nil where there is none. What is sent waits for
// a reader who is behind, without the runtime's poller, which would keep Go from finding deadlocks.
func openOutput(n uintptr) *os.File {
	keep(n)
	if syscall.SetNonblock(int(n), false) != nil {
		return nil
	}
	return os.NewFile(n, "output")
}
