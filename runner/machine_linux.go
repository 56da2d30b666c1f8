package runner

import (
	"bufio"
	"bytes"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// hardware asks the kernel for the CPU's model, the memory in bytes and its own release.
func hardware() (cpu string, memory int64, kernel string) {
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		kernel = unix.ByteSliceToString(name.Release[:])
	}
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		memory = int64(uint64(info.Totalram) * uint64(info.Unit))
	}
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "", memory, kernel
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		// "model name" on x86; arm64 has none, and "Hardware" or "Model" on some boards.
		field, value, _ := strings.Cut(lines.Text(), ":")
		switch strings.TrimSpace(field) {
		case "model name", "Hardware", "Model", "cpu model":
			return strings.Join(strings.Fields(value), " "), memory, kernel
		}
	}
	return "", memory, kernel
}
