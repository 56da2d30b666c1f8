package sandbox

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// standingFiles say, of this process and its machine, what namespaces are given or refused by: the start of the machine, settings, and whom a
// container's engine makes us.
var standingFiles = []string{
	"/proc/sys/kernel/random/boot_id", "/proc/sys/kernel/unprivileged_userns_clone", "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
	"/proc/sys/user/max_user_namespaces", "/proc/sys/user/max_mnt_namespaces", "/proc/sys/user/max_pid_namespaces",
	"/proc/sys/user/max_net_namespaces", "/proc/sys/user/max_ipc_namespaces", "/proc/sys/user/max_uts_namespaces",
	"/proc/self/uid_map", "/proc/self/attr/current",
}

// Standing returns what Available depends on, as far as that can be read without starting a process: while it is the same, so is the answer,
// but for what nobody tells beforehand.
func Standing() string {
	var b strings.Builder
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		fmt.Fprintf(&b, "%s %s\n", unix.ByteSliceToString(name.Release[:]), unix.ByteSliceToString(name.Version[:]))
	}
	fmt.Fprintln(&b, os.Getuid(), os.Getgid(), landlockABI(), filters())
	for _, name := range standingFiles {
		text, _ := os.ReadFile(name) // many are not there
		fmt.Fprintf(&b, "%s %s\n", name, text)
	}
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		switch name, _, _ := strings.Cut(line, ":"); name {
		case "CapEff", "CapBnd", "NoNewPrivs", "Seccomp", "Seccomp_filters":
			b.WriteString(line)
		}
	}
	return b.String()
}

// FallbackConfines reports whether a program is confined that gets no namespaces. It starts no process.
func (w Without) FallbackConfines() bool {
	var r Report
	if abi := w.landlockABI(); abi > 0 {
		r.Layers = append(r.Layers, landlockLayer(abi))
	}
	if filters() {
		r.Layers = append(r.Layers, Seccomp)
	}
	if os.Getuid() == 0 {
		r.Layers = append(r.Layers, Nobody)
	}
	return r.Confines()
}
