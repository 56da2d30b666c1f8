// Package sandbox confines a program to what a cell may do: compute, talk with itself, and write into a
// directory of its own. Package runner's supervisor starts cells through it. It works on Linux alone; elsewhere there
// is none, and Available says so.
//
// A cell gets namespaces of its own: the supervisor that is to start it is cloned into them (Attributes) and
// makes them a place with a private root (Enter). Then a thread of it gives up all that the cell may not have, and
// starts the cell (Start.Begin). Where the system refuses namespaces, Begin alone does what it can.
package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Dir is the working directory within a private root, the only place there that can be written to. It is
// at the same place in each run, so that what a cell prints does not depend on it.
const Dir = "/tmp/work"

// ProgramDir is where a private root has the cell's program.
const ProgramDir = "/cell"

// MaxFiles bounds the files in the directory of a cell, whose names take memory, too.
const MaxFiles = 16384

// A Layer is something that confines: a result says which of them applied.
type Layer string

// The layers, in the order in which they apply.
const (
	Namespaces   Layer = "namespaces"   // of users, mounts, processes, network, ipc and host names
	PrivateRoot  Layer = "private root" // of the machine's files only what programs need, read-only
	Landlock     Layer = "landlock"     // no file but the cell's own; with its version, "landlock 7"
	Nobody       Layer = "uid"          // another user than the tool's
	Capabilities Layer = "capabilities" // none, nor a way to get any
	Rlimits      Layer = "rlimits"
	Seccomp      Layer = "seccomp" // no system call that reaches beyond a program
)

// Limits are what one run may take. Each limit that is 0 is that of DefaultLimits.
type Limits struct {
	Memory    int64 `json:"memory,omitempty"`    // bytes of all its processes, pages that they share counted once
	Processes int   `json:"processes,omitempty"` // threads count, too
	Files     int   `json:"files,omitempty"`     // open in one process
	FileSize  int64 `json:"fileSize,omitempty"`  // bytes of one file
	Disk      int64 `json:"disk,omitempty"`      // bytes of all files in its directory, which are memory
}

// DefaultLimits are more than a lesson needs, and less than would be noticed on a machine of 4 GiB.
var defaultLimits = Limits{Memory: 2 << 30, Processes: 2048, Files: 4096, FileSize: 1 << 30, Disk: 256 << 20}

// Complete returns l with defaults in place of zeros.
func (l Limits) Complete() Limits {
	d := defaultLimits
	return Limits{
		cmp.Or(l.Memory, d.Memory), cmp.Or(l.Processes, d.Processes), cmp.Or(l.Files, d.Files),
		cmp.Or(l.FileSize, d.FileSize), cmp.Or(l.Disk, d.Disk),
	}
}

// A Report is what a machine has to confine programs with.
type Report struct {
	Layers  []Layer `json:"layers,omitempty"`  // that apply to a cell here; none: there is no sandbox
	Missing string  `json:"missing,omitempty"` // why there are no namespaces; empty where there are
}

// Has reports whether l is among the layers, whatever its version.
func (r Report) Has(l Layer) bool {
	return slices.ContainsFunc(r.Layers, func(have Layer) bool {
		return have == l || strings.HasPrefix(string(have), string(l)+" ")
	})
}

// LandlockVersion returns the version of Landlock that applies, 0 where none does.
func (r Report) LandlockVersion() int {
	for _, l := range r.Layers {
		if version, ok := strings.CutPrefix(string(l), string(Landlock)+" "); ok {
			n, _ := strconv.Atoi(version) // a kernel tells a number
			return n
		}
	}
	return 0
}

// Confines reports whether that is a sandbox, which keeps a program from the user's files and processes and from the network. Namespaces
// do, and so does a system-call filter with a Landlock that knows of signals; with an older one, whoever is another user than the
// tool's does nothing to its processes either. The other layers alone do not.
func (r Report) Confines() bool {
	return r.Has(Namespaces) || r.Has(Seccomp) && (r.LandlockVersion() >= LandlockSignals || r.LandlockVersion() > 0 && r.Has(Nobody))
}

// From these versions on Landlock knows of changing the length of a file by its name, and of signals (landlock(7)): Linux 6.2
// and 6.12. Before the former, the system-call filter refuses truncate; who may be sent a signal it cannot tell.
const (
	LandlockTruncate = 3
	LandlockSignals  = 6
)

// Without is what of a machine's is not made use of, as if it were not there. The zero value makes use of all.
type Without struct {
	Namespaces bool `json:"namespaces,omitempty"`
	Landlock   int  `json:"landlock,omitempty"` // from this version on there is none; 0 is for whatever the kernel has
}
