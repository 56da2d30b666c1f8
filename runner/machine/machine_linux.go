package machine

import (
	"io/fs"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// ask asks the kernel.
func (m *Machine) ask() {
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		m.Kernel = unix.ByteSliceToString(name.Release[:])
	}
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		m.Memory = int64(uint64(info.Totalram) * uint64(info.Unit))
	}
	m.read(os.DirFS("/"))
}

// read reads what the kernel tells in files.
func (m *Machine) read(fsys fs.FS) {
	m.CPU = processorModel(readText(fsys, "proc/cpuinfo"))
	m.ThreadsPerCore = countList(readText(fsys, "sys/devices/system/cpu/cpu0/topology/thread_siblings_list"))
	m.MemoryLimit = memoryBound(fsys, m.Memory)
	m.Quota = processorQuota(fsys)
	// "always [madvise] never" (Documentation/admin-guide/mm/transhuge.rst of Linux)
	_, chosen, _ := strings.Cut(readText(fsys, "sys/kernel/mm/transparent_hugepage/enabled"), "[")
	m.HugePages, _, _ = strings.Cut(chosen, "]")
}

func processorModel(cpuinfo string) string {
	for line := range strings.Lines(cpuinfo) {
		// "model name" on x86; arm64 has none, and "Hardware" or "Model" on some boards.
		field, value, _ := strings.Cut(line, ":")
		switch strings.TrimSpace(field) {
		case "model name", "Hardware", "Model", "cpu model":
			return strings.Join(strings.Fields(value), " ")
		}
	}
	return ""
}

// countList counts what is in a list like "0,4-6"; 0 where it is none.
func countList(list string) (n int) {
	for part := range strings.SplitSeq(strings.TrimSpace(list), ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, err := strconv.Atoi(first)
		to := from
		if isRange && err == nil {
			to, err = strconv.Atoi(last)
		}
		if err != nil || to < from {
			return 0
		}
		n += to - from + 1
	}
	return n
}

// Load returns the load average of the last minute: how many threads ran, waited for a processor, or for a disk; 0 where it is
// not known.
func Load() float64 {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	load, _ := strconv.ParseFloat(first, 64)
	return load
}
