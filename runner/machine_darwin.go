package runner

import "golang.org/x/sys/unix"

// hardware asks the kernel for the CPU's model, the memory in bytes and its own release.
func hardware() (cpu string, memory int64, kernel string) {
	cpu, _ = unix.Sysctl("machdep.cpu.brand_string")
	kernel, _ = unix.Sysctl("kern.osrelease")
	size, _ := unix.SysctlUint64("hw.memsize")
	return cpu, int64(size), kernel
}
