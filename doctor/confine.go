package doctor

import (
	"fmt"
	"slices"
	"strings"

	"course/runner/sandbox"
)

// sandbox is about what confines cells: the whole, and each layer that the machine could have and has not.
func (f Facts) sandbox() []Finding {
	r := f.Sandbox
	var names []string
	for _, layer := range r.Layers {
		names = append(names, string(layer))
	}
	whole := Finding{Name: "sandbox", State: OK, Is: strings.Join(names, ", ")}
	switch {
	case f.NoSandbox != "":
		whole.Is = f.NoSandbox
	case len(names) == 0:
		whole.Is = r.Missing
	}
	if !r.Confines() {
		whole.State, whole.Costs = Missing, "cells of a course in a directory run as you, if you say so or give --trust"
	}
	findings := []Finding{whole}
	if f.Machine.OS != "linux" || f.NoSandbox != "" {
		return findings
	}
	if !r.Has(sandbox.Namespaces) {
		n := Finding{
			Name: string(sandbox.Namespaces), State: Missing, Is: r.Missing, Mend: f.permitNamespaces(),
			Costs: "a cell sees the names of files and processes, has no network of its own, and may write more than its directory is to hold before that is noticed",
		}
		findings = append(findings, n)
	}
	if !r.Has(sandbox.Landlock) {
		n := Finding{Name: string(sandbox.Landlock), State: Missing, Is: "the kernel has none that is switched on", Costs: "one lock less on files"}
		if !r.Has(sandbox.Namespaces) {
			n.Costs = "nothing keeps a cell from your files"
		}
		switch modules := strings.Split(f.Security, ","); {
		case f.Security == "":
			n.Mend = "a kernel from 5.13 on, built with CONFIG_SECURITY_LANDLOCK"
		case !slices.Contains(modules, "landlock"):
			n.Mend = "start the kernel with lsm=landlock," + f.Security
		}
		findings = append(findings, n)
	}
	if n, ok := f.oldLandlock(); ok {
		findings = append(findings, n)
	}
	if !r.Has(sandbox.Seccomp) {
		findings = append(findings, Finding{
			Name: string(sandbox.Seccomp), State: Missing, Is: "no system-call filter for this kernel and processor",
			Costs: "system calls that reach beyond a program are not refused",
			Mend:  "a kernel built with CONFIG_SECCOMP_FILTER, on amd64 or arm64",
		})
	}
	return findings
}

// oldLandlock is about what a version of Landlock leaves open where there are no namespaces; not ok where that is nothing.
func (f Facts) oldLandlock() (n Finding, ok bool) {
	r := f.Sandbox
	version := r.LandlockVersion()
	if version == 0 || version >= sandbox.LandlockSignals || r.Has(sandbox.Namespaces) {
		return n, false
	}
	n = Finding{Name: string(sandbox.Landlock), State: Limited, Is: fmt.Sprint("version ", version), Mend: "a kernel from 6.12 on, or namespaces"}
	n.Costs = "nothing keeps a cell from ending your processes"
	if r.Has(sandbox.Nobody) {
		n.Costs = "a cell may end other programs of the user nobody, which other cells are"
	}
	if version < sandbox.LandlockTruncate {
		n.Costs += "; no cell may shorten a file by its name, its own neither"
	}
	return n, true
}

// permitNamespaces is how to have namespaces: by the setting that forbids them, where there is one.
func (f Facts) permitNamespaces() string {
	for _, forbidding := range []struct{ setting, value, permits string }{
		{"kernel.unprivileged_userns_clone", "0", "1"},             // Debian
		{"kernel.apparmor_restrict_unprivileged_userns", "1", "0"}, // Ubuntu
		{"user.max_user_namespaces", "0", "15000"},                 // RHEL; namespaces(7)
		{"user.max_mnt_namespaces", "0", "15000"},
		{"user.max_pid_namespaces", "0", "15000"},
		{"user.max_net_namespaces", "0", "15000"},
		{"user.max_ipc_namespaces", "0", "15000"},
		{"user.max_uts_namespaces", "0", "15000"},
	} {
		if f.Settings[forbidding.setting] == forbidding.value {
			return f.asRoot(fmt.Sprintf("sysctl -w %s=%s", forbidding.setting, forbidding.permits))
		}
	}
	return "no setting forbids them: in a container, its engine does (docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined)"
}
