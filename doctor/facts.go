// Package doctor finds out what a machine has for running courses, and tells what is missing, what that costs, and what mends it.
package doctor

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"course/runner/machine"

	"course/runner/build"
	"course/runner/sandbox"
	"course/runner/store"
)

// A Toolchain is what builds programs.
type Toolchain struct {
	Go      string // the go command's path, links resolved
	Version string // "go1.26.8"
	CC      string // the path of the C compiler, which the race detector needs; empty where there is none
}

// Facts are what a machine has. What is not there is empty.
type Facts struct {
	Machine   machine.Machine   // Go is empty
	Toolchain Toolchain         // what it has of one
	NoGo      error             // why there is no go command that programs can be built with
	Python    string            // what python3 says of itself, "Python 3.13.1"
	Sandbox   sandbox.Report    // what confines cells
	NoSandbox string            // why that could not be found out
	Settings  map[string]string // sysctls by name, "kernel.unprivileged_userns_clone"; those alone that are there
	Security  string            // the kernel's security modules, "lockdown,capability,landlock"
	Groups    int               // the version of its control groups; 0 where it has none
	Terminal  bool              // there is somebody to ask
	Store     StoreFacts
	Root      bool   // the user is root
	Installer string // the package manager's command, "apt-get"
}

// StoreFacts are what is known of the store of results.
type StoreFacts struct {
	Dir   string
	Bytes int64  // of all files in it
	Limit int64  // to which Bytes are brought back
	Error string // why nothing can be written there
}

// settings are the sysctls that a finding may be about.
var settings = []string{
	"kernel.unprivileged_userns_clone", "kernel.apparmor_restrict_unprivileged_userns",
	"user.max_user_namespaces", "user.max_mnt_namespaces", "user.max_pid_namespaces", "user.max_net_namespaces", "user.max_ipc_namespaces", "user.max_uts_namespaces",
	"fs.inotify.max_user_watches", "fs.inotify.max_user_instances",
}

// installers are the package managers that findings know, in the order in which they are looked for.
var installers = []string{"apt-get", "dnf", "apk", "pacman", "zypper", "brew"}

// patience is how long a command has to say which version it is.
const patience = 10 * time.Second

// Examine looks at this machine; terminal says whether there is somebody to ask. It takes part of a second, and starts the go command, python3
// and, to confine it, this program (runner.Supervise). That something is missing, or broken, is a fact like any other.
func Examine(ctx context.Context, terminal bool) Facts {
	f := Facts{Machine: machine.This(), Terminal: terminal, Root: os.Getuid() == 0, Settings: make(map[string]string)}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var err error
	if t, err := build.AskToolchain(ctx, store.Open(""), ""); err == nil {
		f.Toolchain = Toolchain{t.Command, t.Version, t.CompilerOfC()}
	} else {
		f.NoGo = err
		f.Toolchain.CC = found("gcc", "clang") // which of them it would take is the go command's to say
	}
	f.Python = pythonVersion(ctx)
	if f.Sandbox, err = sandbox.Available(ctx); err != nil {
		f.NoSandbox = err.Error()
	}
	if runtime.GOOS == "linux" {
		for _, name := range settings {
			if text, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(name, ".", "/")); err == nil {
				f.Settings[name] = strings.TrimSpace(string(text))
			}
		}
		text, _ := os.ReadFile("/sys/kernel/security/lsm") // securityfs may not be mounted
		f.Security = strings.TrimSpace(string(text))
		f.Groups = groups()
	}
	if path := found(installers...); path != "" {
		f.Installer = filepath.Base(path)
	}
	f.Store = examineStore()
	return f
}

// groups returns the version of this machine's control groups (cgroups(7)), where they usually are.
func groups() int {
	const mount = "/sys/fs/cgroup"
	if exists(filepath.Join(mount, "cgroup.controllers")) {
		return 2
	}
	if all, _ := os.ReadDir(mount); len(all) > 0 {
		return 1
	}
	return 0
}

// found returns the path of the first of these commands that there is, or "".
func found(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// pythonVersion returns what python3 says of itself; "" where there is none that works.
func pythonVersion(ctx context.Context) string {
	cmd := exec.CommandContext(ctx, "python3", "--version")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return string(bytes.TrimSpace(out))
}

// probeSize is what a result may take, in bytes: a full disk has names left, and no room.
const probeSize = 64 << 10

// examineStore looks at the store of this user, and tries whether it can be written to.
func examineStore() (s StoreFacts) {
	s.Limit = store.DefaultLimit
	dir, err := store.DefaultDir()
	if err != nil {
		s.Error = err.Error()
		return s
	}
	s.Dir = dir
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil { // not there, not readable, or gone meanwhile: it counts nothing
			return nil //nolint:nilerr // the others still count
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			s.Bytes += info.Size()
		}
		return nil
	})
	there := dir
	for parent := filepath.Dir(there); !exists(there) && parent != there; parent = filepath.Dir(there) {
		there = parent // it is made when there is something to keep
	}
	probe, err := os.CreateTemp(there, ".course-doctor-*")
	if err != nil {
		s.Error = err.Error()
		return s
	}
	_, err = probe.Write(make([]byte, probeSize))
	err = cmp.Or(err, probe.Close())
	_ = os.Remove(probe.Name())
	if err != nil {
		s.Error = err.Error()
	}
	return s
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
