package machine

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// ask asks the kernel.
func (m *Machine) ask() {
	m.CPU, _ = unix.Sysctl("machdep.cpu.brand_string")
	m.Kernel, _ = unix.Sysctl("kern.osrelease")
	size, _ := unix.SysctlUint64("hw.memsize")
	m.Memory = int64(size)
	cores, _ := unix.SysctlUint32("hw.physicalcpu")
	if threads, err := unix.SysctlUint32("hw.logicalcpu"); err == nil && cores > 0 {
		m.ThreadsPerCore = int(threads / cores)
	}
}

// Load returns the load average of the last minute: how many threads ran, waited for a processor, or for a disk; 0 where it is
// not known.
func Load() float64 {
	// struct loadavg (sys/resource.h): three averages of 32 bits, and, aligned to 8 bytes, the unit in which they count.
	raw, err := unix.SysctlRaw("vm.loadavg")
	if err != nil || len(raw) < 24 {
		return 0
	}
	unit := binary.NativeEndian.Uint64(raw[16:])
	if unit == 0 {
		return 0
	}
	return float64(binary.NativeEndian.Uint32(raw)) / float64(unit)
}
