// Package machine says what machine this is, what bounds it, and who else used it while something ran.
package machine

import "runtime"

// A Machine is what a result was taken on. Measured results are found again by all of it but Go, which is part of the
// toolchain, and HugePages.
type Machine struct {
	OS             string  `json:"os"`                       // runtime.GOOS
	Arch           string  `json:"arch"`                     // runtime.GOARCH
	CPU            string  `json:"cpu"`                      // the model, as the system names it; empty where it does not say
	Cores          int     `json:"cores"`                    // runtime.NumCPU: the logical processors that this process may use
	ThreadsPerCore int     `json:"threadsPerCore,omitempty"` // logical processors of one core, the first where they differ; 0 where not known
	Quota          float64 `json:"quota,omitempty"`          // processors' worth of time that control groups allow, the least of those that are seen; 0 where they set no bound
	Memory         int64   `json:"memory"`                   // bytes; 0 where not known
	MemoryLimit    int64   `json:"memoryLimit,omitempty"`    // bytes that control groups allow, the least of those that are seen; 0 where that is no bound
	Kernel         string  `json:"kernel"`                   // the release, "6.18.44"; empty where not known
	HugePages      string  `json:"hugePages,omitempty"`      // transparent ones of Linux: "always", "madvise" or "never"; empty where there are none
	Go             string  `json:"go"`                       // the toolchain's version, "go1.26.8"
}

// Same reports whether both are the same machine: Go, which a result of a program in Python lacks, and HugePages are none of it.
func (m Machine) Same(other Machine) bool {
	m.Go, m.HugePages = other.Go, other.HugePages
	return m == other
}

// This describes the machine that it is called on, as far as the system tells; Go is left
// empty, for that depends on the toolchain. It starts no process.
func This() Machine {
	m := Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, Cores: runtime.NumCPU()}
	m.ask()
	return m
}
