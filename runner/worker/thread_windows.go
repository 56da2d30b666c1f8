package worker

import "syscall"

var getCurrentThreadID = syscall.NewLazyDLL("kernel32.dll").NewProc("GetCurrentThreadId")

// thisThread returns the id of the thread that the caller is locked to.
func thisThread() uint32 {
	id, _, _ := getCurrentThreadID.Call()
	return uint32(id)
}

func mainThread(int) uint32 { return 0 }
