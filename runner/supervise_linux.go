package runner

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Supervise must be called first in main, and in TestMain, of a program that uses a Runner. It returns
// at once, unless this process was started to be the supervisor of another: then it never returns.
func Supervise() {
	supervised.Store(true)
	if len(os.Args) != 1 || os.Args[0] != guardName && os.Args[0] != supervisorName {
		return
	}
	// To return would be to go on with the main of the tool, which is not what this process is for.
	if err := supervise(os.Args[0] == guardName); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	os.Exit(0)
}

// supervise carries out requests from the socket that is descriptor 3, until it closes. The guard does
// so for one program, the supervisor, and has the directory, which thus outlives a supervisor.
func supervise(guard bool) error {
	// Programs die with the thread that started them (Pdeathsig): it must be one that never ends.
	runtime.LockOSThread()
	// Caught and not ignored, for programs would inherit that. Nobody is told: the tool decides.
	signal.Notify(make(chan os.Signal, 1), unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT)
	// Whoever loses its parent becomes our child, so that nobody can leave the tree below us.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	// The guard started us to die with it, as a program does; but we have to clean up first.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, 0, 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	conn, err := socket(3)
	if err != nil {
		return err
	}
	if guard {
		root, err := os.MkdirTemp("", "course-run-")
		if err != nil {
			return err
		}
		defer func() { _ = removeAll(root) }()
		if err := send(conn, reply{Root: root}); err != nil {
			return err
		}
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

// An order is a request with its descriptors: standard input, output, error and, if any, the others that
// what is started inherits.
type order struct {
	request
	fds []int
}

// receiveOrders passes on orders until the tool is gone.
func receiveOrders(conn *net.UnixConn, orders chan<- order) {
	defer close(orders)
	buf, oob := make([]byte, maxMessage), make([]byte, unix.CmsgSpace(5*4))
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

	w := watch{pid: pid, begin: begin, limit: time.NewTimer(o.Timeout), pause: time.Millisecond, left: make(map[int]bool)}
	defer w.limit.Stop()
	for {
		select {
		case next, ok := <-orders:
			if !ok {
				orders = nil // no more to come; all that is left is to clean up
			}
			if !ok || next.End && next.Run == o.Run {
				w.forced = true
				w.kill()
			}
		case <-w.limit.C:
			w.end.TimedOut, w.forced = true, true
			w.kill()
		case <-w.again:
			w.kill()
		case c, ok := <-reaped:
			if !ok {
				_ = send(conn, reply{Ending: w.ending()})
				return
			}
			w.reaped(c)
		}
	}
}

// moment is how long those who are left when a program has ended have to end by themselves: long for
// one that is about to, short for who waits for the next run.
const moment = 100 * time.Millisecond

// A watch is what the supervisor knows of a run, and what it does to end it.
type watch struct {
	pid    int // of the first process
	begin  time.Time
	end    ending
	limit  *time.Timer
	again  <-chan time.Time // while there is somebody to kill
	pause  time.Duration    // before the next look
	forced bool             // somebody else than the program ended it
	left   map[int]bool     // whom it left behind
}

// kill kills all that is left of the run, and notes whom that meets. One call may miss whoever is born
// meanwhile.
func (w *watch) kill() {
	all := descendants(os.Getpid())
	for _, p := range all { // before any is killed: it would not tell then what it was
		if !w.forced && p.strays() {
			w.left[p.pid] = true
		}
	}
	ownGroup := unix.Getpgrp()
	for _, p := range all {
		p.kill(ownGroup)
	}
	w.again = time.After(w.pause)
	w.pause = min(2*w.pause, 50*time.Millisecond)
}

// reaped takes the end of a process.
func (w *watch) reaped(c child) {
	w.end.User += time.Duration(c.usage.Utime.Nano())
	w.end.System += time.Duration(c.usage.Stime.Nano())
	if c.pid == w.pid {
		w.limit.Stop()
		w.end.Wall = c.at.Sub(w.begin)
		w.end.Status, w.end.Signal = max(c.status.ExitStatus(), 0), max(int(c.status.Signal()), 0)
		w.again = time.After(moment) // whom it left behind; none, as a rule, and then reaped closes first
	}
}

// ending returns how the run ended, once nobody is left.
func (w *watch) ending() *ending {
	if !w.forced {
		w.end.Left = len(w.left)
	}
	return &w.end
}

// start starts the program in a process group of its own.
func (o order) start() (pid int, err error) {
	if n := len(o.fds); n < 3 || n > 5 {
		return 0, fmt.Errorf("want 3 to 5 descriptors, have %d", n)
	}
	env := o.Env
	if len(o.fds) == 5 {
		env = append(env, "COURSE_EVENTS=3", "COURSE_OUTPUT=4")
	}
	files := make([]uintptr, len(o.fds))
	for i, fd := range o.fds {
		files[i] = uintptr(fd)
	}
	name := o.Path
	if o.Supervisor {
		name, o.Path, env = supervisorName, "/proc/self/exe", os.Environ()
	}
	return syscall.ForkExec(o.Path, []string{name}, &syscall.ProcAttr{
		Dir: o.Dir, Env: env, Files: files,
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
