package runner

import (
	"bytes"
	"os"
	"runtime"
	"slices"
	"strconv"
	"time"

	"course/runner/processes"

	"golang.org/x/sys/unix"
)

// endBelow kills all that is below a process of which nothing else can be expected, as long as somebody
// is left, but not for ever. It is the one whom orphans below it come to, also where it was stopped.
func endBelow(pid int) {
	running := func(p processes.Process) bool { return !p.Zombie }
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		all := processes.Below(pid)
		if !slices.ContainsFunc(all, running) {
			return
		}
		for _, p := range all {
			p.Kill(unix.Getpgrp())
		}
	}
}

// killFaster kills all below us, who start others meanwhile: so it looks again at once, and before all others of the machine
// where the system lets it, for each of their sessions has as large a share of the processors as we have. It gives up for
// now after a second, to be called again.
func killFaster() {
	ours := &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL}
	first := &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: 1, Flags: unix.SCHED_FLAG_RESET_ON_FORK}
	runtime.LockOSThread() // it is of a thread (sched(7))
	defer runtime.UnlockOSThread()
	if unix.SchedSetAttr(0, first, 0) == nil {
		defer func() { _ = unix.SchedSetAttr(0, ours, 0) }()
	}
	ownGroup := unix.Getpgrp()
	for begin := time.Now(); time.Since(begin) < time.Second; {
		alive := slices.DeleteFunc(processes.Below(os.Getpid()), func(p processes.Process) bool { return p.Zombie })
		if len(alive) == 0 {
			return
		}
		for _, p := range alive {
			p.Kill(ownGroup)
		}
	}
}

// strays reports whether p would go on when the program that started it has ended. A worker of package
// worker would not, which by then may not know yet, and neither would one that is about to be gone.
func strays(p processes.Process) bool {
	command, _ := os.ReadFile("/proc/" + strconv.Itoa(p.ID) + "/cmdline") // empty where it is ending
	arguments := bytes.Split(bytes.TrimSuffix(command, []byte{0}), []byte{0})
	isWorker := bytes.HasPrefix(arguments[len(arguments)-1], []byte("COURSE_WORKER="))
	return !p.Zombie && !isWorker && len(command) > 0
}
