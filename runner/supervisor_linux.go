package runner

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"course/runner/sandbox"

	"golang.org/x/sys/unix"
)

// What the processes are called in the process list, and how they know what they are.
const (
	guardName      = "course-guard"
	supervisorName = "course-supervisor"
	insideName     = "course-sandbox" // a supervisor in namespaces of its own
)

// supervised says that this program calls Supervise: without, the process that is to be the
// supervisor would be a second tool, which starts a third. It is of the whole program because so is
// main: no Runner could be told by its caller what main did before.
var supervised atomic.Bool

// How long the tool waits: patience for what is to be done soon, and overdue for an answer after it is due, long even
// for a machine that is busy. At each glance it looks whether who owes the answer was stopped: that one will not give it.
const (
	patience = 5 * time.Second
	overdue  = 30 * time.Second
	glance   = time.Second
)

// A supervisor is the tool's end of two processes. The supervisor proper starts, measures and ends
// programs. The guard above it does the same with the supervisor, for a program may kill or stop its
// parent: whom a lost supervisor leaves behind becomes the guard's, which ends them all. The tool talks
// with each over a socket that keeps messages apart; when it closes, the other end is gone, however it died.
type supervisor struct {
	root    string        // a directory that the guard removes when it ends
	guard   *net.UnixConn // starts the supervisor
	conn    *net.UnixConn // starts programs; nil where the supervisor was lost
	cmd     *exec.Cmd     // the guard
	said    *bytes.Buffer // what the guard printed: nothing, unless it failed
	started int           // supervisors and runs so far
	current int           // which of them is the supervisor
	inside  bool          // it is in namespaces of its own, for one run
	refused bool          // the system lets nobody have namespaces
	pid     int           // of the supervisor
	without sandbox.Without
}

// startSupervisor starts this executable as the guard and, through it, as the supervisor. It is to be
// closed.
func startSupervisor(without sandbox.Without) (*supervisor, error) {
	if !supervised.Load() {
		return nil, errors.New("runner.Supervise was not called when the program began")
	}
	guard, theirs, err := socketPair()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	// The guard is to know the directory before there is one, so that it never stays, and nobody is to wait for the guard. Its name is short: a cell without a
	// root of its own makes sockets below it, as Python's multiprocessing does, whose paths have room for 107 bytes (unix(7)).
	s := &supervisor{root: filepath.Join(os.TempDir(), "course-run-"+rand.Text()[:12]), refused: without.Namespaces, without: without, guard: guard, said: new(bytes.Buffer)}
	s.cmd = &exec.Cmd{
		Path: "/proc/self/exe", Args: []string{guardName, s.root}, Env: os.Environ(), Stderr: s.said, WaitDelay: patience,
		ExtraFiles:  []*os.File{theirs},
		SysProcAttr: &syscall.SysProcAttr{Setsid: true}, // what the terminal sends is not for it
	}
	if err := s.cmd.Start(); err != nil {
		_ = guard.Close()
		return nil, err
	}
	_ = theirs.Close() // or its end would not be seen
	if err := os.Mkdir(s.root, 0o700); err != nil {
		_ = s.close() // the directory that it is to remove is not there either
		return nil, err
	}
	return s, nil
}

// prepare has a supervisor by which a program can be started, which is confined or not.
func (s *supervisor) prepare(confined bool) error {
	inside := confined && !s.refused
	if s.conn != nil && s.inside != inside {
		if err := s.lose(); err != nil {
			return err
		}
	}
	if s.conn != nil {
		return nil
	}
	err := s.renew(inside)
	if errors.Is(err, errRefused) {
		if err = s.refuse(); err == nil {
			err = s.renew(false)
		}
	}
	return err
}

var errRefused = errors.New("the system refuses namespaces")

// refuse goes on without namespaces, where that still is a sandbox.
func (s *supervisor) refuse() error {
	s.refused = true
	if !s.without.FallbackConfines() {
		return fmt.Errorf("%w, and without them programs would run as you", errRefused)
	}
	return nil
}

// stopped reports whether the supervisor is stopped, as a program may do to one of its own user (proc_pid_stat(5)).
func (s *supervisor) stopped() bool {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	rest := stat[bytes.LastIndexByte(stat, ')')+1:]
	return len(rest) > 1 && rest[1] == 'T'
}

// hear waits for what the supervisor says, until it is seen to be stopped when that is due, or that is overdue.
// Once ctx is done it is due, which end brings about.
func (s *supervisor) hear(ctx context.Context, due time.Duration, end func()) (reply, error) {
	conn := s.conn
	if err := conn.SetReadDeadline(time.Now().Add(due + glance)); err != nil {
		return reply{}, err
	}
	stop := context.AfterFunc(ctx, func() {
		end()
		_ = conn.SetReadDeadline(time.Now().Add(glance))
	})
	defer stop()
	for range overdue / glance {
		r, err := read(conn)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return r, err
		}
		if s.stopped() {
			return r, errStopped
		}
		if err := conn.SetReadDeadline(time.Now().Add(glance)); err != nil {
			return r, err
		}
	}
	return reply{}, fmt.Errorf("hear from the supervisor: %w", os.ErrDeadlineExceeded)
}

var errStopped = errors.New("the supervisor is stopped")

// renew has the guard start a supervisor.
func (s *supervisor) renew(inside bool) error {
	conn, theirs, err := socketPair()
	if err != nil {
		return err
	}
	defer theirs.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err == nil {
		defer null.Close()
		s.started++
		s.current, s.inside = s.started, inside
		order := request{Run: s.current, Supervisor: true, Inside: inside, Timeout: 1 << 62}
		err = send(s.guard, order, int(null.Fd()), int(null.Fd()), int(null.Fd()), int(theirs.Fd()))
	}
	var started reply
	if err == nil {
		started, err = receive(s.guard)
	}
	if err == nil && started.Failed != "" {
		err = errors.New(started.Failed)
		if started.Refused {
			err = errRefused
		}
	}
	if err != nil {
		_ = conn.Close()
		return fmt.Errorf("start the supervisor: %w", err)
	}
	s.conn, s.pid = conn, started.Pid
	return nil
}

// lose ends a supervisor that does not answer, and all below it.
func (s *supervisor) lose() error {
	_ = s.conn.Close()
	s.conn = nil
	_ = send(s.guard, request{Run: s.current, End: true}) // fails where the guard is gone, which receive reports
	_, err := receive(s.guard)
	return err
}

// close ends guard and supervisor, and with them all that they started and the root. It waits until
// they are gone, and ends from here what does not go.
func (s *supervisor) close() error {
	var err error
	if s.conn != nil {
		err = s.conn.CloseWrite()
		_, _ = receive(s.conn) // until it is gone: it cleans up also where the guard was killed
		_ = s.conn.Close()
	}
	_ = s.guard.Close()
	late := time.AfterFunc(patience, func() {
		endBelow(s.cmd.Process.Pid)
		_ = s.cmd.Process.Kill()
	})
	defer late.Stop()
	if ended := s.cmd.Wait(); ended != nil {
		err = fmt.Errorf("supervisor: %w: %s", ended, strings.TrimSpace(s.said.String()))
	}
	_ = removeAll(s.root) // it is gone, unless the guard was killed
	return err
}

// execute runs c and returns when it has ended and nobody whom it started is left. What is printed
// meanwhile goes to r. An error is ctx's cause, or the system's.
func (s *supervisor) execute(ctx context.Context, c command, r *recording) (end ending, err error) {
	if ctx.Err() != nil {
		return ending{}, context.Cause(ctx)
	}
	if err := s.prepare(c.confined); err != nil {
		return ending{}, err
	}
	defer func() {
		if s.inside && s.conn != nil { // one sandbox is for one run
			err = cmp.Or(err, s.lose())
		}
	}()
	s.started++
	run, conn, begin := s.started, s.conn, time.Now()
	stop := func() { _ = send(conn, request{Run: run, End: true}) } // fails where the supervisor is gone, which receive reports
	r.flood = stop
	r.start = clock()
	ours, err := s.start(run, c)
	if err != nil {
		return ending{}, fmt.Errorf("start program: %w", err)
	}
	started, err := s.hear(ctx, 0, stop)
	if err != nil {
		closeAll(ours[:])
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		} else {
			err = fmt.Errorf("%w: %w", errUnstarted, err)
		}
		return ending{}, errors.Join(err, s.lose())
	}
	if started.Failed != "" {
		closeAll(ours[:])
		if started.Refused { // namespaces it gives, but not what makes a sandbox of them
			if err := s.refuse(); err != nil {
				return ending{}, err
			}
			return s.execute(ctx, c, r)
		}
		return ending{}, fmt.Errorf("start program: %s", started.Failed)
	}
	r.root, r.start = started.Pid, started.Start
	reading, err := newReading(r, ours, c.events)
	if err != nil {
		stop()
		_, _ = receive(conn)
		return ending{}, fmt.Errorf("read output: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- reading.run() }()

	got, err := s.wait(ctx, stop, c.timeout)
	if err != nil {
		got, err = s.lost(err, time.Since(begin))
	}
	got.Layers = started.Layers
	reading.finish()
	if failed := <-done; err == nil && failed != nil {
		err = fmt.Errorf("read output: %w", failed)
	}
	if ctx.Err() != nil {
		return ending{}, context.Cause(ctx)
	}
	return got, err
}

// wait waits for the end of a run, which end brings about once ctx is done. An error is that there is
// no answer.
func (s *supervisor) wait(ctx context.Context, end func(), timeout time.Duration) (ending, error) {
	r, err := s.hear(ctx, timeout, end)
	if err == nil && r.Ending == nil {
		err = errors.New("the supervisor gave no ending")
	}
	if err != nil {
		return ending{}, err
	}
	return *r.Ending, nil
}

// lost is how a run ended of which the supervisor does not tell: the program has ended it, or has
// stopped it. One that is there, and goes on, is late for no fault of the program's.
func (s *supervisor) lost(cause error, wall time.Duration) (ending, error) {
	if err := s.lose(); err != nil {
		return ending{}, err
	}
	switch {
	case errors.Is(cause, errStopped):
		return ending{Lost: "stopped", TimedOut: true, Wall: wall}, nil
	case errors.Is(cause, os.ErrDeadlineExceeded):
		return ending{}, cause
	}
	return ending{Lost: "ended", Signal: int(unix.SIGKILL), Wall: wall}, nil // Pdeathsig
}

// start asks for a start and returns our ends of its streams: stdout, stderr and the socket for the output of
// other processes, which is -1 where nobody reports events.
func (s *supervisor) start(run int, c command) (ours [3]int, err error) {
	ours = [3]int{-1, -1, -1}
	var theirs []int
	defer func() { closeAll(theirs) }() // the supervisor has its own once they are sent
	for i := range ours {
		var pair [2]int
		switch {
		case i < 2:
			err = unix.Pipe2(pair[:], unix.O_CLOEXEC)
		case c.events != nil:
			pair, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
		default:
			continue
		}
		if err != nil {
			closeAll(ours[:i])
			return ours, os.NewSyscallError("open streams", err)
		}
		ours[i], theirs = pair[0], append(theirs, pair[1])
	}
	dir := c.dir
	if s.inside {
		dir = sandbox.Dir
	}
	message := request{Run: run, Confined: c.confined, Path: c.path, Args: c.args, Tree: c.tree, Reads: c.reads, Dir: c.dir, Env: c.env(dir), Timeout: c.timeout, Limits: &c.limits, Weigh: c.weigh, Without: s.without}
	fds := append([]int{int(c.stdin.Fd())}, theirs...)
	if c.events != nil {
		fds = slices.Insert(fds, 3, int(c.events.file.Fd()))
	}
	if err := send(s.conn, message, fds...); err != nil {
		closeAll(ours[:])
		return ours, err
	}
	return ours, nil
}
