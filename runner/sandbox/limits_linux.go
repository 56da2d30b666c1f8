package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"course/runner/processes"

	"golang.org/x/sys/unix"
)

// slack is how many processes the system lets a program have beyond its limit, so that whoever counts them sees
// that it was exceeded; the supervisor's threads are among them, where it is the same user.
const slack = 64

// rlimits are what a program may have according to the system. There is none of addresses: Go reserves far more
// of them than it uses. Processes are counted by user, in a namespace of users by that of the namespace (since Linux
// 5.14); root's are not bounded.
func (s *Start) rlimits() map[int]uint64 {
	processes := s.Limits.Processes + slack
	if !s.inside() {
		user := os.Getuid()
		if user == 0 { // elsewhere than on the thread that is to start the program
			user = nobody
		}
		processes += 4*slack + s.Limits.Processes + threadsOf(user) // all that the user has, and may start meanwhile: cells among others
	}
	return map[int]uint64{
		unix.RLIMIT_CORE: 0, unix.RLIMIT_NOFILE: uint64(s.Limits.Files), unix.RLIMIT_FSIZE: uint64(s.Limits.FileSize),
		unix.RLIMIT_NPROC: uint64(processes), unix.RLIMIT_MEMLOCK: 8 << 20, unix.RLIMIT_MSGQUEUE: 800 << 10,
	}
}

// BoundProcesses calls start, which starts a program that is not confined, and keeps it from having very many more processes and
// threads than most: so many that whoever counts them sees it, and so few that the machine goes on. Root's are not bounded.
func BoundProcesses(most int, start func() (pid int, err error)) (pid int, err error) {
	if os.Getuid() == 0 {
		return start()
	}
	limits := map[int]uint64{unix.RLIMIT_NPROC: uint64(most + 5*slack + threadsOf(os.Getuid()))}
	restore, err := lower(limits)
	defer restore()
	if err != nil {
		return 0, err
	}
	if pid, err = start(); err != nil {
		return 0, err
	}
	return pid, bound(pid, limits)
}

// lower sets the limits of this process, whose limits a program inherits, until restore is called. A supervisor
// that kept them could not have another thread where its program has too many, nor start one that is trusted.
func lower(limits map[int]uint64) (restore func(), err error) {
	before := make(map[int]unix.Rlimit)
	restore = func() {
		for resource, limit := range before {
			_ = unix.Setrlimit(resource, &limit) // anybody may raise theirs as far
		}
	}
	for resource, most := range limits {
		var now unix.Rlimit
		if err := unix.Getrlimit(resource, &now); err != nil {
			return restore, os.NewSyscallError("getrlimit", err)
		}
		before[resource] = now
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: min(most, now.Max), Max: now.Max}); err != nil {
			return restore, os.NewSyscallError("setrlimit", err)
		}
	}
	return restore, nil
}

// bound takes from a program that has just begun the right to raise its limits again. One that was as quick to do
// so has lost them now.
func bound(pid int, limits map[int]uint64) error {
	for resource, most := range limits {
		var now unix.Rlimit
		err := unix.Prlimit(pid, resource, nil, &now)
		if err == nil {
			limit := min(most, now.Max)
			err = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: limit, Max: limit}, nil)
		}
		if errors.Is(err, unix.ESRCH) { // it has ended
			return nil
		}
		if err != nil {
			_ = unix.Kill(pid, unix.SIGKILL)
			return os.NewSyscallError("prlimit", err)
		}
	}
	return nil
}

// threadsOf counts the threads of a user, as far as they are seen.
func threadsOf(uid int) (n int) {
	names, _ := filepath.Glob("/proc/[0-9]*")
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			continue
		}
		if st, ok := info.Sys().(*syscall.Stat_t); !ok || int(st.Uid) != uid {
			continue
		}
		if p, ok := processes.Read(filepath.Base(name)); ok {
			n += p.Threads
		}
	}
	return n
}
