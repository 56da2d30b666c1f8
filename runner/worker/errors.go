package worker

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// ErrClosed is what calls return on what is closed: a queue, the end of a pipe, a pool.
var ErrClosed = errors.New("closed")

// A DeathError says how a worker ended that did not return from its function.
type DeathError struct {
	Worker string         // its name
	Pid    int            // of its process
	How    string         // "exit status 2", "signal: killed", "runtime.Goexit was called"
	Exit   int            // exit status of its process; -1 where a signal ended it, or runtime.Goexit the worker alone
	Signal syscall.Signal // that ended its process; 0 where none did
	Item   int            // index of the item of a pool that it was working on; -1 where that is none
}

const goexit = "runtime.Goexit was called"

// Error tells it in one line: "worker 2 (process 4127) died: exit status 2".
func (e *DeathError) Error() string {
	item := ""
	if e.Item >= 0 {
		item = fmt.Sprintf(" with item %d", e.Item)
	}
	return fmt.Sprintf("%s (process %d) died%s: %s", e.Worker, e.Pid, item, e.How)
}

func newDeathError(c *core, state *os.ProcessState) *DeathError {
	e := &DeathError{Worker: c.label(), Pid: c.pid, How: state.String(), Exit: state.ExitCode(), Item: -1}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		e.Signal = status.Signal()
	}
	return e
}

// A RemoteError is an error that came from another process. Its text crossed, its identity did not:
// errors.Is and errors.As do not find what it was there.
type RemoteError struct{ Text string }

// Error returns the text that the error had where it came from.
func (e *RemoteError) Error() string { return e.Text }

// A RefusedError says why work could not be given to a worker. Nothing of it was run.
type RefusedError struct {
	Call   string // "file:line" of the call, without a directory
	Reason string // and what to do about it
}

// Error tells it in one line: "main.go:12: type chan int cannot be sent to a process: …".
func (e *RefusedError) Error() string { return e.Call + ": " + e.Reason }

// An AbandonedError says that a worker died while others waited for it: holding a lock, inside a
// barrier, or at the other end of a pipe.
type AbandonedError struct {
	Object string // name of the primitive
	Worker string // name of the worker that died
	Pid    int    // of its process
}

// Error tells it in one line: "lock 1 is abandoned: worker 2 (process 4127) died with it".
func (e *AbandonedError) Error() string {
	return fmt.Sprintf("%s is abandoned: %s (process %d) died with it", e.Object, e.Worker, e.Pid)
}

func abandoned(o *object, t token) error {
	s := t.slot()
	return &AbandonedError{Object: o.label(), Worker: s.label(), Pid: int(s.pid.Load())}
}
