package worker

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// sharedClock reads CLOCK_MONOTONIC, which is the same in all processes.
func sharedClock() int64 {
	const clockMonotonic = 1 // linux/time.h
	var ts syscall.Timespec
	_, _, _ = syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano()
}

// clockBase and clockOffset, which setClock sets, make the time since clockBase, which Go reads without a system call and from the same clock,
// one on sharedClock.
var (
	clockBase   time.Time
	clockOffset int64
)

// setClock sets clockOffset, by a reading of sharedClock between two of the time since clockBase. It returns by how
// much that may be off, to the same side for the whole life of the process: half of what lies between the
// two. That is 0.1 to 0.3 µs as a rule, less than it takes a process to learn anything from another; an
// interruption is noticed, and the reading repeated.
func setClock() (bound time.Duration) {
	const (
		near  = 500 // ns
		tries = 20  // and then the best of them
	)
	clockBase = time.Now()
	best := time.Duration(math.MaxInt64)
	for i := 0; i < tries && best > near; i++ {
		before := time.Since(clockBase)
		at := sharedClock()
		if between := time.Since(clockBase) - before; between < best {
			best, clockOffset = between, at-int64(before+between/2)
		}
	}
	return best/2 + 1
}

// stamp returns the time on the clock of all processes.
func stamp() int64 { return clockOffset + int64(time.Since(clockBase)) }

// newPipe is os.Pipe, but that only the ends named are known to the runtime's poller. It takes half as
// long where one is, for an end that another process is to get needs to be blocking again.
func newPipe(polled ...int) (r, w *os.File, err error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return nil, nil, os.NewSyscallError("pipe2", err)
	}
	for _, i := range polled {
		_ = syscall.SetNonblock(ends[i], true)
	}
	return os.NewFile(uintptr(ends[readEnd]), "pipe"), os.NewFile(uintptr(ends[writeEnd]), "pipe"), nil
}

// endWith has this process end when the other end of life is closed. The kernel kills it then, whatever
// it is doing: a goroutine that waits for it would keep Go from finding this process's own deadlocks.
func endWith(life uintptr) {
	fcntl := func(command int, arg int) bool {
		_, _, errno := syscall.RawSyscall(syscall.SYS_FCNTL, life, uintptr(command), uintptr(arg))
		return errno == 0
	}
	if !fcntl(syscall.F_SETOWN, pid) || !fcntl(syscall.F_SETSIG, int(syscall.SIGKILL)) ||
		!fcntl(syscall.F_SETFL, syscall.O_ASYNC|syscall.O_NONBLOCK) {
		_ = syscall.SetNonblock(int(life), false)
		background(func() { endAfter(life) })
		return
	}
	var b [1]byte
	if n, err := syscall.Read(int(life), b[:]); n == 0 && err == nil {
		os.Exit(1) // it was closed before we asked to be told
	}
}

// splitOutput gives this process a standard output and a standard error of its own, and sends their
// other ends to whoever listens, who knows then who wrote what. Without that, it goes on with those that
// it has.
func splitOutput() {
	if output == nil {
		return
	}
	var pipes [2][2]int
	for i := range pipes {
		if err := syscall.Pipe2(pipes[i][:], syscall.O_CLOEXEC); err != nil {
			return
		}
		defer func() {
			_ = syscall.Close(pipes[i][0])
			_ = syscall.Close(pipes[i][1])
		}()
	}
	record := binary.NativeEndian.AppendUint64(nil, uint64(pid))
	if err := syscall.Sendmsg(int(output.Fd()), record, syscall.UnixRights(pipes[0][0], pipes[1][0]), nil, 0); err != nil {
		return
	}
	for i, pipe := range pipes {
		_ = syscall.Dup3(pipe[1], 1+i, 0)
	}
}

// isStirring reports whether a thread of process p does not sleep: by its state in proc_pid_stat(5), which comes after the
// name in parentheses.
func isStirring(p int) bool {
	threads, _ := filepath.Glob("/proc/" + strconv.Itoa(p) + "/task/*/stat")
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if name := bytes.LastIndexByte(stat, ')'); err == nil && name > 0 && name+2 < len(stat) && stat[name+2] != 'S' {
			return true
		}
	}
	return false
}

// executable returns the path of this program as it was when it began: functions are found by their distance in it, so that
// another in its place would not do.
func executable() (string, error) {
	const self = "/proc/self/exe"       // of the process that executes it, which is ours still: proc_pid_exe(5)
	if syscall.Access(self, 1) == nil { // X_OK
		return self, nil
	}
	return os.Executable()
}
