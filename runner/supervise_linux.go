package runner

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Supervise must be called first in main, and in TestMain, of a program that uses a Runner. It returns
// at once, unless this process was started to be the supervisor of another: then it never returns.
func Supervise() {
	supervised.Store(true)
	if len(os.Args) != 1 || os.Args[0] != supervisorName {
		return
	}
	if err := supervise(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	os.Exit(0)
}

// supervise carries out requests from the socket that is descriptor 3, until it closes.
func supervise() error {
	// Programs die with the thread that started them (Pdeathsig): it must be one that never ends.
	runtime.LockOSThread()
	// Caught and not ignored, for programs would inherit that. Nobody is told: the tool decides.
	signal.Notify(make(chan os.Signal, 1), unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT)
	// Whoever loses its parent becomes our child, so that nobody can leave the tree below us.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	conn, err := socket(3)
	if err != nil {
		return err
	}
	root, err := os.MkdirTemp("", "course-run-")
	if err != nil {
		return err
	}
	defer func() { _ = removeAll(root) }()
	if err := send(conn, reply{Root: root}); err != nil {
		return err
	}
	orders := make(chan order)
	go receiveOrders(conn, orders)
	for o := range orders {
		if !o.End { // of a run that is over
			o.carryOut(conn, orders)
		}
	}
	return nil
}

// An order is a request with its descriptors: standard input, output, error, events.
type order struct {
	request
	fds []int
}

// receiveOrders passes on orders until the tool is gone.
func receiveOrders(conn *net.UnixConn, orders chan<- order) {
	defer close(orders)
	buf, oob := make([]byte, maxMessage), make([]byte, unix.CmsgSpace(4*4))
	for {
		n, oobn, _, _, err := conn.ReadMsgUnix(buf, oob)
		if err != nil {
			return
		}
		o := order{fds: rights(oob[:oobn])}
		if json.Unmarshal(buf[:n], &o.request) != nil {
			return
		}
		orders <- o
	}
}

// carryOut starts a program and answers when all of it is gone. It ends the program when its time is
// over, when an order says so, and when the tool is gone; what the program leaves behind always.
func (o order) carryOut(conn *net.UnixConn, orders <-chan order) {
	begin, start := time.Now(), clock()
	pid, err := o.start()
	closeAll(o.fds)
	if err != nil {
		_ = send(conn, reply{Failed: err.Error()}) // where the tool is gone, orders closes
		return
	}
	reaped := make(chan child)
	go reap(reaped)
	_ = send(conn, reply{Pid: pid, Start: start})

	var end ending
	limit := time.NewTimer(o.Timeout)
	defer limit.Stop()
	var again <-chan time.Time // while there is somebody to kill
	pause := time.Millisecond
	kill := func() {
		killDescendants()
		again = time.After(pause)
		pause = min(2*pause, 50*time.Millisecond)
	}
	for {
		select {
		case next, ok := <-orders:
			if !ok {
				orders = nil // no more to come; all that is left is to clean up
			}
			if !ok || next.End && next.Run == o.Run {
				kill()
			}
		case <-limit.C:
			end.TimedOut = true
			kill()
		case <-again:
			kill()
		case c, ok := <-reaped:
			if !ok {
				_ = send(conn, reply{Ending: &end})
				return
			}
			end.User += time.Duration(c.usage.Utime.Nano())
			end.System += time.Duration(c.usage.Stime.Nano())
			if c.pid == pid {
				limit.Stop()
				end.Wall = c.at.Sub(begin)
				end.Status, end.Signal = max(c.status.ExitStatus(), 0), max(int(c.status.Signal()), 0)
				again = time.After(pause) // whom it left behind; none, as a rule, and then reaped closes first
			}
		}
	}
}

// start starts the program in a process group of its own.
func (o order) start() (pid int, err error) {
	if len(o.fds) != 4 {
		return 0, fmt.Errorf("want 4 descriptors, have %d", len(o.fds))
	}
	files := make([]uintptr, len(o.fds))
	for i, fd := range o.fds {
		files[i] = uintptr(fd)
	}
	return syscall.ForkExec(o.Path, []string{o.Path}, &syscall.ProcAttr{
		Dir: o.Dir, Env: append(o.Env, "COURSE_EVENTS=3"), Files: files,
		Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL},
	})
}

// A child is a process that ended: one that we started, or an orphan that became ours.
type child struct {
	pid    int
	status unix.WaitStatus
	usage  unix.Rusage // its own, and that of those for whom it waited
	at     time.Time
}

// reap waits for children until none is left, and then closes reaped. No child left means no
// descendant left: whoever loses its parent becomes our child before wait4 can fail.
func reap(reaped chan<- child) {
	defer close(reaped)
	for {
		var c child
		var err error
		c.pid, err = unix.Wait4(-1, &c.status, unix.WALL, &c.usage)
		c.at = time.Now()
		switch err {
		case nil:
			reaped <- c
		case unix.EINTR:
		default: // ECHILD
			return
		}
	}
}

// A process is a line of the process table.
type process struct {
	pid, parent, group int
	began              string // in clock ticks since boot: together with pid it names a process for good
}

// killDescendants kills every process below this one that it finds, and their groups: a group cannot
// grow while it is killed. One call may miss whoever is born meanwhile.
func killDescendants() {
	self, ownGroup := os.Getpid(), unix.Getpgrp()
	below := map[int][]process{}
	names, _ := readNames("/proc")
	for _, name := range names {
		if p, ok := readProcess(name); ok {
			below[p.parent] = append(below[p.parent], p)
		}
	}
	for queue := below[self]; len(queue) > 0; queue = queue[1:] {
		p := queue[0]
		queue = append(queue, below[p.pid]...)
		p.kill(ownGroup)
	}
}

// kill kills p and its group. Its number may belong to somebody else by now: so it is held first, and
// then looked at again.
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

// readProcess reads /proc/pid/stat (proc_pid_stat(5)): pid (name) state ppid pgrp, and as field 22 when
// it began. The name may hold anything, so fields are counted from its last parenthesis.
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
	if len(fields) < 20 {
		return process{}, false
	}
	parent, perr := strconv.Atoi(fields[1])
	group, gerr := strconv.Atoi(fields[2])
	return process{pid: number, parent: parent, group: group, began: fields[19]}, perr == nil && gerr == nil
}

func readNames(dir string) ([]string, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}
