//go:build unix

package worker

import (
	"errors"
	"os"
	"strconv"
	"syscall"
)

const noProcesses = ""

// inherit lets the process that attr describes inherit files, and returns their numbers there.
func inherit(attr *os.ProcAttr, files []*os.File) ([]string, error) {
	numbers := make([]string, len(files))
	for i := range files {
		numbers[i] = strconv.Itoa(len(attr.Files) + i)
	}
	attr.Files = append(attr.Files, files...)
	return numbers, nil
}

// terminate asks a process to end.
func terminate(p *os.Process) error { return p.Signal(syscall.SIGTERM) }

// keep lets no other program inherit the descriptor n.
func keep(n uintptr) { syscall.CloseOnExec(int(n)) }

// listens prepares the descriptor n for events and reports whether there is one. A write waits for a
// reader who is behind: events are not lost.
func listens(n uintptr) bool {
	keep(n)
	return syscall.SetNonblock(int(n), false) == nil
}

// write writes one record. That nobody reads it any more is no fault of the program's.
func write(fd int, record []byte) {
	for {
		if _, err := syscall.Write(fd, record); !errors.Is(err, syscall.EINTR) {
			return
		}
	}
}
