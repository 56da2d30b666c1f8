package runner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// supervisorName is what the supervisor is called in the process list, and how it knows what it is.
const supervisorName = "course-supervisor"

// supervised says that this program calls Supervise: without, the process that is to be the
// supervisor would be a second tool, which starts a third. It is of the whole program because so is
// main: no Runner could be told by its caller what main did before.
var supervised atomic.Bool

// A supervisor is the tool's end of the process that starts, measures and ends programs. The two talk
// over a socket that keeps messages apart; when it closes, the other end is gone, however it died.
type supervisor struct {
	root    string // a directory that the supervisor removes when it ends
	conn    *net.UnixConn
	cmd     *exec.Cmd
	said    *bytes.Buffer // what it printed: nothing, unless it failed
	started int           // runs so far
}

// A request is what the tool asks for, with the descriptors of standard input, output, error and, for
// a program that reports them, events for a start.
type request struct {
	Run     int           `json:"run"`
	End     bool          `json:"end,omitempty"` // end that run, instead of starting it
	Path    string        `json:"path,omitempty"`
	Dir     string        `json:"dir,omitempty"`
	Env     []string      `json:"env,omitempty"`
	Timeout time.Duration `json:"timeout,omitempty"`
}

// A reply is what the supervisor answers: its directory first, then to each start twice.
type reply struct {
	Root   string  `json:"root,omitempty"`
	Pid    int     `json:"pid,omitempty"`
	Start  int64   `json:"start,omitempty"` // on clock, right before the start
	Failed string  `json:"failed,omitempty"`
	Ending *ending `json:"ending,omitempty"` // nothing of the run is left
}

// maxMessage bounds messages: a socket takes no longer ones (net.core.wmem_default).
const maxMessage = 208 << 10

// startSupervisor starts this executable as the supervisor. It is to be closed.
func startSupervisor() (*supervisor, error) {
	if !supervised.Load() {
		return nil, errors.New("runner.Supervise was not called when the program began")
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socketpair", err)
	}
	theirs := os.NewFile(uintptr(fds[1]), "supervisor")
	defer theirs.Close()
	conn, err := socket(fds[0])
	if err != nil {
		return nil, err
	}
	s := &supervisor{conn: conn, said: new(bytes.Buffer)}
	s.cmd = &exec.Cmd{
		Path: "/proc/self/exe", Args: []string{supervisorName}, Env: os.Environ(), Stderr: s.said,
		ExtraFiles:  []*os.File{theirs},
		SysProcAttr: &syscall.SysProcAttr{Setsid: true}, // what the terminal sends is not for it
	}
	if err := s.cmd.Start(); err != nil {
		_ = conn.Close()
		return nil, err
	}
	_ = theirs.Close() // or its end would not be seen
	first, err := s.receive()
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.root = first.Root
	return s, nil
}

// close ends the supervisor and waits until it is gone, and with it all that it started and its root.
func (s *supervisor) close() error {
	err := s.conn.Close()
	if ended := s.cmd.Wait(); ended != nil {
		err = fmt.Errorf("supervisor: %w: %s", ended, strings.TrimSpace(s.said.String()))
	}
	if s.root != "" { // it is gone, unless the supervisor was killed
		_ = removeAll(s.root)
	}
	return err
}

// execute runs c and returns when it has ended and nobody whom it started is left. What is printed
// and reported meanwhile goes to r. An error is ctx's cause, or the system's.
func (s *supervisor) execute(ctx context.Context, c command, r *recording) (ending, error) {
	if ctx.Err() != nil {
		return ending{}, context.Cause(ctx)
	}
	s.started++
	run := s.started
	r.flood = func() { s.end(run) }
	ours, err := s.start(run, c)
	if err != nil {
		return ending{}, fmt.Errorf("start program: %w", err)
	}
	started, err := s.receive()
	if err == nil && started.Failed != "" {
		err = errors.New(started.Failed)
	}
	if err != nil {
		closeAll(ours[:])
		return ending{}, fmt.Errorf("start program: %w", err)
	}
	r.root, r.start, r.spans.start = started.Pid, started.Start, started.Start
	read, err := newReading(r, ours[0], ours[1], ours[2])
	if err != nil {
		s.end(run)
		_, _ = s.receive()
		return ending{}, fmt.Errorf("read output: %w", err)
	}
	reading := make(chan error, 1)
	go func() { reading <- read.run() }()

	stop := context.AfterFunc(ctx, func() { s.end(run) })
	ended, err := s.receive()
	cancelled := !stop()
	read.finish()
	if failed := <-reading; err == nil && failed != nil {
		err = fmt.Errorf("read output: %w", failed)
	}
	switch {
	case cancelled:
		return ending{}, context.Cause(ctx)
	case err != nil:
		return ending{}, err
	case ended.Ending == nil:
		return ending{}, errors.New("wait for program: the supervisor gave no ending")
	}
	return *ended.Ending, nil
}

// start asks for a start and returns our ends of its streams: stdout, stderr and events, which are -1
// where nobody reports any.
func (s *supervisor) start(run int, c command) (ours [3]int, err error) {
	ours = [3]int{-1, -1, -1}
	theirs := []int{int(c.stdin.Fd())}
	defer func() { closeAll(theirs[1:]) }() // the supervisor has its own once they are sent
	for i := range ours {
		var pair [2]int
		switch {
		case i < 2:
			err = unix.Pipe2(pair[:], unix.O_CLOEXEC)
		case c.events:
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
	message := request{Run: run, Path: c.path, Dir: c.dir, Env: c.env, Timeout: c.timeout}
	if err := send(s.conn, message, theirs...); err != nil {
		closeAll(ours[:])
		return ours, err
	}
	return ours, nil
}

// end has a run ended early. One that is over by then is left alone.
func (s *supervisor) end(run int) {
	_ = send(s.conn, request{Run: run, End: true}) // fails where the supervisor is gone, which receive reports
}

func (s *supervisor) receive() (reply, error) {
	var r reply
	buf := make([]byte, 4096)
	n, err := s.conn.Read(buf)
	if err == nil {
		err = json.Unmarshal(buf[:n], &r)
	}
	if err != nil {
		return reply{}, fmt.Errorf("hear from the supervisor: %w", err)
	}
	return r, nil
}

// send writes a message and the descriptors that go with it.
func send(conn *net.UnixConn, message any, fds ...int) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if len(text) > maxMessage {
		return fmt.Errorf("its environment is too long: %w", unix.E2BIG)
	}
	var oob []byte
	if len(fds) > 0 {
		oob = unix.UnixRights(fds...)
	}
	_, _, err = conn.WriteMsgUnix(text, oob, nil)
	return err
}

// socket makes a connection of a socket's descriptor, which it takes over.
func socket(fd int) (*net.UnixConn, error) {
	file := os.NewFile(uintptr(fd), "socket")
	defer file.Close()
	conn, err := net.FileConn(file)
	if err != nil {
		return nil, err
	}
	unixConn, ok := conn.(*net.UnixConn)
	if !ok {
		_ = conn.Close()
		return nil, errors.New("not a unix socket")
	}
	return unixConn, nil
}

func closeAll(fds []int) {
	for _, fd := range fds {
		_ = unix.Close(fd) // -1 is none, and does no harm
	}
}
