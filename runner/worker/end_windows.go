package worker

import (
	"syscall"
	"time"
)

// awaitPid waits until a process has ended that is no child of this one. It reports whether that came in time.
func awaitPid(n int, limit time.Duration) bool {
	h, err := syscall.OpenProcess(syscall.SYNCHRONIZE, false, uint32(n))
	if err != nil {
		return true // there is none
	}
	defer func() { _ = syscall.CloseHandle(h) }()
	event, err := syscall.WaitForSingleObject(h, uint32(limit.Milliseconds()))
	return err == nil && event == syscall.WAIT_OBJECT_0
}
