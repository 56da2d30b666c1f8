package worker

import (
	"syscall"
	"time"
	"unsafe"
)

// awaitPid waits until a process has ended that is no child of this one, also where nobody reaps it. It reports whether
// that came in time.
func awaitPid(n int, limit time.Duration) bool {
	const pidfdOpen = 434 // the same on all processors that Go knows: the kernel's scripts/syscall.tbl
	fd, _, errno := syscall.Syscall(pidfdOpen, uintptr(n), 0, 0)
	switch errno {
	case 0:
	case syscall.ESRCH:
		return true
	default: // a kernel before 5.3, or no descriptor is left
		return awaitSignal(n, limit)
	}
	defer func() { _ = syscall.Close(int(fd)) }()
	const pollIn = 1 // asm-generic/poll.h
	type pollfd struct {
		fd              int32
		events, revents int16
	}
	for began := time.Now(); ; {
		left := limit - time.Since(began)
		if left <= 0 {
			return false
		}
		p, ts := pollfd{fd: int32(fd), events: pollIn}, syscall.NsecToTimespec(int64(left))
		n, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&p)), 1, uintptr(unsafe.Pointer(&ts)), 0, 0, 0)
		if errno == 0 && n > 0 {
			return true
		}
	}
}
