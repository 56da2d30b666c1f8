package runner

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"course/runner/machine"
	"course/runner/processes"
	"course/runner/sandbox"

	"golang.org/x/sys/unix"
)

// Supervise must be called first in main, and in TestMain, of a program that uses a Runner. It returns
// at once, unless this process was started to be the supervisor of another: then it never returns.
func Supervise() {
	supervised.Store(true)
	sandbox.Main()
	name, root := os.Args[0], ""
	switch {
	case name == guardName && len(os.Args) == 2:
		root = os.Args[1]
	case (name == supervisorName || name == insideName) && len(os.Args) == 1:
	default:
		return
	}
	// To return would be to go on with the main of the tool, which is not what this process is for.
	if err := supervise(name, root); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	os.Exit(0)
}

// supervise carries out requests from the socket that is descriptor 3, until it closes. The guard does
// so for one program, the supervisor, and has the directory, which thus outlives a supervisor.
func supervise(name, root string) error {
	// Programs die with the thread that started them (Pdeathsig): it must be one that never ends.
	runtime.LockOSThread()
	// What is laid out for a confined program another user is to reach, and what a program makes shall not depend on the user's.
	unix.Umask(0o022)
	// Caught and not ignored, for programs would inherit that. Nobody is told: the tool decides.
	caught := []os.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT}
	if name == insideName {
		caught = nil // all: what is not caught, the first process of a namespace is spared by the system
	}
	signal.Notify(make(chan os.Signal, 1), caught...)
	// Whoever loses its parent becomes our child, so that nobody can leave the tree below us.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	// The guard started us to die with it, as a program does; but we have to clean up first. In a namespace
	// that is the system's work.
	if name != insideName {
		if err := unix.Prctl(unix.PR_SET_PDEATHSIG, 0, 0, 0, 0); err != nil {
			return os.NewSyscallError("prctl", err)
		}
	}
	conn, err := socket(3)
	if err != nil {
		return err
	}
	// What the tool was left open by whoever started it, a program would inherit.
	names, err := processes.Names("/proc/self/fd")
	if err != nil {
		return fmt.Errorf("look for open files: %w", err)
	}
	for _, name := range names {
		if fd, err := strconv.Atoi(name); err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
	if name == guardName {
		tool := os.Getppid()
		defer func() {
			_ = removeAll(root)
			if os.Getppid() != tool { // it died, and the go command, which that interrupts, may not be at its end yet
				vanish(root)
			}
		}()
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

// vanish removes a directory in which somebody is still at work, who will soon end. It is gone when it has stayed away for a while.
func vanish(dir string) {
	const enough = 10
	deadline := time.Now().Add(patience)
	for away := 0; away < enough && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if _, err := os.Lstat(dir); err == nil {
			away = 0
			_ = removeAll(dir)
			continue
		}
		away++
	}
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
	over := make(chan struct{})
	defer close(over)
	w := newWatch(o) // before the start: what it reads would be in the program's way
	s, err := o.start(over)
	closeAll(o.fds)
	if err != nil {
		_ = send(conn, reply{Failed: err.Error(), Refused: (o.Inside || isInside()) && sandbox.Refused(err)}) // where the tool is gone, orders closes
		return
	}
	reaped := make(chan child)
	go reap(reaped)
	_ = send(conn, reply{Pid: s.pid, Start: s.clock, Layers: s.layers})

	w.pid, w.begin, w.limit = s.pid, s.begin, time.NewTimer(o.Timeout)
	defer w.limit.Stop()
	if w.meter != nil {
		w.look = w.meter.next()
	}
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
		case <-w.look:
			if w.end.Limit = w.meter.exceeded(); w.end.Limit != "" {
				w.forced = true
				w.kill()
				continue
			}
			w.look = w.meter.next()
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
	order
	pid    int // of the first process
	begin  time.Time
	end    ending
	limit  *time.Timer
	again  <-chan time.Time // while there is somebody to kill
	pause  time.Duration    // before the next look
	forced bool             // somebody else than the program ended it
	left   map[int]bool     // whom it left behind
	meter  *meter           // of what it takes; nil where that is not bounded
	look   <-chan time.Time // at the meter
	used   time.Duration    // processor time of this process, when the run began
}

// newWatch returns the watch of a run that has not begun.
func newWatch(o order) *watch {
	w := &watch{order: o, pause: time.Millisecond, left: make(map[int]bool)}
	if !isInside() { // where all that this process does is for this run
		w.used = machine.ProcessorTime()
	}
	if o.Limits != nil {
		w.meter = newMeter(*o.Limits, o.Weigh)
		if o.Confined && !isInside() {
			w.meter.dir = o.Dir
		}
	}
	return w
}

// kill kills all that is left of the run, and notes whom that meets. One call may miss whoever is born
// meanwhile.
func (w *watch) kill() {
	w.look = nil
	defer func() {
		w.again = time.After(w.pause)
		w.pause = min(2*w.pause, 50*time.Millisecond)
	}()
	if w.Inside { // whoever is in a namespace ends with its first process, which we have not reaped yet
		_ = unix.Kill(w.pid, unix.SIGKILL)
		return
	}
	all := processes.Below(os.Getpid())
	for _, p := range all { // before any is killed: it would not tell then what it was
		if !w.forced && strays(p) {
			w.left[p.ID] = true
		}
	}
	if isInside() {
		_ = unix.Kill(-1, unix.SIGKILL) // all of the namespace but us, at once
		return
	}
	if w.end.Limit == processLimit {
		killFaster()
		return
	}
	ownGroup := unix.Getpgrp()
	for _, p := range all {
		p.Kill(ownGroup)
	}
}

// isInside reports whether this supervisor is in namespaces of its own: elsewhere somebody started it.
func isInside() bool { return os.Getpid() == 1 }

// reaped takes the end of a process.
func (w *watch) reaped(c child) {
	w.end.User += time.Duration(c.usage.Utime.Nano())
	w.end.System += time.Duration(c.usage.Stime.Nano())
	w.end.Usage.add(&c.usage)
	if c.pid == w.pid {
		w.limit.Stop()
		w.end.Full = isInside() && sandbox.Full()
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
	if w.meter != nil {
		w.end.Memory = w.meter.most
	}
	w.end.Own = machine.ProcessorTime() - w.used
	return &w.end
}

// A started is a program that was started.
type started struct {
	pid    int
	begin  time.Time // right before the start
	clock  int64     // the same moment
	layers []sandbox.Layer
}

// start starts the program in a session of its own. It dies when over is closed, if not before.
func (o order) start(over <-chan struct{}) (s started, err error) {
	if n := len(o.fds); n < 3 || n > 5 {
		return s, fmt.Errorf("want 3 to 5 descriptors, have %d", n)
	}
	env := o.Env
	if len(o.fds) == 5 {
		env = append(env, "COURSE_EVENTS=3", "COURSE_OUTPUT=4")
	}
	files := make([]uintptr, len(o.fds))
	for i, fd := range o.fds {
		files[i] = uintptr(fd)
	}
	ready := func() { s.begin, s.clock = time.Now(), clock() }
	if o.Confined {
		begin := sandbox.Start{Path: o.Path, Args: o.Args, Tree: o.Tree, Reads: o.Reads, Dir: o.Dir, Env: env, Files: files, Limits: *o.Limits, Ready: ready, Without: o.Without}
		if isInside() {
			if err := begin.Enter(); err != nil {
				return s, err
			}
		}
		s.pid, s.layers, err = begin.Begin(over)
		return s, err
	}
	// A session of its own is also a group of its own to the scheduler (sched(7), autogroup), which keeps us able to end it.
	name, attr := o.Path, &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	if o.Supervisor {
		name, o.Path, env = supervisorName, "/proc/self/exe", os.Environ()
	}
	if o.Inside {
		name, env, attr = insideName, nil, sandbox.Attributes() // the user's environment is not for in there
	}
	begin := func() (int, error) {
		ready()
		return syscall.ForkExec(o.Path, append([]string{name}, o.Args...), &syscall.ProcAttr{Dir: o.Dir, Env: env, Files: files, Sys: attr})
	}
	if o.Supervisor {
		s.pid, err = begin()
	} else {
		s.pid, err = sandbox.BoundProcesses(o.Limits.Processes, begin)
	}
	return s, err
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
