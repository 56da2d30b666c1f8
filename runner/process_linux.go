package runner

import (
	"bytes"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A process is a line of the process table.
type process struct {
	pid, parent, group int
	threads            int
	resident           int64  // bytes; the kernel counts them roughly
	zombie             bool   // it has ended, and waits to be reaped
	began              string // in clock ticks since boot: together with pid it names a process for good
}

// descendants are the processes below pid, as far as they are found.
func descendants(pid int) []process {
	below := map[int][]process{}
	names, _ := readNames("/proc")
	for _, name := range names {
		if p, ok := readProcess(name); ok {
			below[p.parent] = append(below[p.parent], p)
		}
	}
	all := below[pid]
	for i := 0; i < len(all); i++ {
		all = append(all, below[all[i].pid]...)
	}
	return all
}

// endBelow kills all that is below a process of which nothing else can be expected, as long as somebody
// is left, but not for ever. It is the one whom orphans below it come to, also where it was stopped.
func endBelow(pid int) {
	running := func(p process) bool { return !p.zombie }
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		all := descendants(pid)
		if !slices.ContainsFunc(all, running) {
			return
		}
		for _, p := range all {
			p.kill(unix.Getpgrp())
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
		alive := slices.DeleteFunc(descendants(os.Getpid()), func(p process) bool { return p.zombie })
		if len(alive) == 0 {
			return
		}
		for _, p := range alive {
			p.kill(ownGroup)
		}
	}
}

// strays reports whether p would go on when the program that started it has ended. A worker of package
// worker would not, which by then may not know yet, and neither would one that is about to be gone.
func (p process) strays() bool {
	command, _ := os.ReadFile("/proc/" + strconv.Itoa(p.pid) + "/cmdline") // empty where it is ending
	arguments := bytes.Split(bytes.TrimSuffix(command, []byte{0}), []byte{0})
	isWorker := bytes.HasPrefix(arguments[len(arguments)-1], []byte("COURSE_WORKER="))
	return !p.zombie && !isWorker && len(command) > 0
}

// kill kills p and its group, which cannot grow while it is killed. Its number may belong to somebody
// else by now: so it is held first, and then looked at again.
func (p process) kill(ownGroup int) {
	handle, err := unix.PidfdOpen(p.pid, 0)
	if err != nil && err != unix.ENOSYS { // Linux before 5.3 has no handles
		return
	}
	if err == nil {
		defer unix.Close(handle)
	}
	if now, ok := readProcess(strconv.Itoa(p.pid)); !ok || now.began != p.began {
		return
	}
	if p.group > 1 && p.group != ownGroup {
		_ = unix.Kill(-p.group, unix.SIGKILL)
	}
	if err == nil {
		_ = unix.PidfdSendSignal(handle, unix.SIGKILL, nil, 0)
	} else {
		_ = unix.Kill(p.pid, unix.SIGKILL)
	}
}

// readProcess reads /proc/pid/stat (proc_pid_stat(5)): pid (name) state ppid pgrp, and from field 20 on
// num_threads, itrealvalue, starttime, vsize and rss. The name may hold anything, so fields are counted from its last parenthesis.
func readProcess(pid string) (process, bool) {
	number, err := strconv.Atoi(pid)
	if err != nil {
		return process{}, false
	}
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return process{}, false
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 22 {
		return process{}, false
	}
	parent, perr := strconv.Atoi(fields[1])
	group, gerr := strconv.Atoi(fields[2])
	p := process{pid: number, parent: parent, group: group, zombie: fields[0] == "Z", began: fields[19]}
	p.threads, _ = strconv.Atoi(fields[17])
	pages, _ := strconv.ParseInt(fields[21], 10, 64)
	p.resident = pages * int64(os.Getpagesize())
	return p, perr == nil && gerr == nil
}

func readNames(dir string) ([]string, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}
