package worker

import (
	"os"
	"strconv"
	"syscall"
	"unsafe"
)

// sharedClock reads CLOCK_MONOTONIC, which is the same in all processes.
func sharedClock() int64 {
	const clockMonotonic = 1 // linux/time.h
	var ts syscall.Timespec
	_, _, _ = syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano()
}

// endWith has this process end when the other end of life is closed. The kernel kills it then, whatever
// it is doing: a goroutine that waits for it would keep Go from finding this process's own deadlocks.
func endWith(life *os.File) {
	fd := life.Fd()
	fcntl := func(command int, arg int) bool {
		_, _, errno := syscall.RawSyscall(syscall.SYS_FCNTL, fd, uintptr(command), uintptr(arg))
		return errno == 0
	}
	if !fcntl(syscall.F_SETOWN, os.Getpid()) || !fcntl(syscall.F_SETSIG, int(syscall.SIGKILL)) ||
		!fcntl(syscall.F_SETFL, syscall.O_ASYNC|syscall.O_NONBLOCK) {
		_ = syscall.SetNonblock(int(fd), false)
		go endAfter(life)
		return
	}
	if n, err := syscall.Read(int(fd), make([]byte, 1)); n == 0 && err == nil {
		os.Exit(1) // it was closed before we asked to be told
	}
}

// splitOutput gives this process a standard output and a standard error of its own, and sends their
// other ends to whoever listens, who knows then who wrote what. Without that, it goes on with those that
// it has.
func splitOutput() {
	if events == nil {
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
	record := "output\t" + strconv.Itoa(pid) + "\n"
	if err := syscall.Sendmsg(eventsFD, []byte(record), syscall.UnixRights(pipes[0][0], pipes[1][0]), nil, 0); err != nil {
		return
	}
	for i, pipe := range pipes {
		_ = syscall.Dup3(pipe[1], 1+i, 0)
	}
}
