package runner

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"course/runner/sandbox"

	"golang.org/x/sys/unix"
)

// A request is what the tool asks for, with the descriptors of standard input, output and error for a start,
// and behind these, for a program that reports events, their log and the socket by which its processes
// hand over their output.
type request struct {
	Run        int           `json:"run"`
	End        bool          `json:"end,omitempty"`        // end that run, instead of starting it
	Supervisor bool          `json:"supervisor,omitempty"` // of the guard: start a supervisor, whose socket is the fourth descriptor
	Inside     bool          `json:"inside,omitempty"`     // that supervisor is to be in namespaces of its own
	Confined   bool          `json:"confined,omitempty"`   // the program is
	Path       string        `json:"path,omitempty"`
	Args       []string      `json:"args,omitempty"`
	Tree       string        `json:"tree,omitempty"`
	Reads      []string      `json:"reads,omitempty"`
	Dir        string        `json:"dir,omitempty"`
	Env        []string      `json:"env,omitempty"`
	Timeout    time.Duration `json:"timeout,omitempty"`

	Limits *sandbox.Limits `json:"limits,omitempty"` // of a program
	Weigh  bool            `json:"weigh,omitempty"`  // tell how much memory it takes

	Without sandbox.Without `json:"without,omitzero"` // of the sandbox
}

// A reply is what guard and supervisor answer: to each start twice.
type reply struct {
	Pid    int     `json:"pid,omitempty"`
	Start  int64   `json:"start,omitempty"` // on clock, right before the start
	Failed string  `json:"failed,omitempty"`
	Ending *ending `json:"ending,omitempty"` // nothing of the run is left

	Refused bool            `json:"refused,omitempty"` // Failed, for the system lets nobody have namespaces
	Layers  []sandbox.Layer `json:"layers,omitempty"`  // that confine the program
}

// maxMessage bounds messages: a socket takes no longer ones (net.core.wmem_default).
const maxMessage = 208 << 10

// receive waits for a message, but not for ever.
func receive(conn *net.UnixConn) (reply, error) {
	if err := conn.SetReadDeadline(time.Now().Add(overdue)); err != nil {
		return reply{}, err
	}
	return read(conn)
}

func read(conn *net.UnixConn) (reply, error) {
	var r reply
	buf := make([]byte, 4096)
	n, err := conn.Read(buf)
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

// socketPair makes a connection and the other end of it, to be handed to a process and closed.
func socketPair() (ours *net.UnixConn, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	theirs = os.NewFile(uintptr(fds[1]), "supervisor")
	if ours, err = socket(fds[0]); err != nil {
		_ = theirs.Close()
		return nil, nil, err
	}
	return ours, theirs, nil
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
