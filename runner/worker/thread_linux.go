package worker

import "syscall"

// thisThread returns the id of the thread that the caller is locked to.
func thisThread() uint32 { return uint32(syscall.Gettid()) }

// mainThread returns the id of a process's main thread: a thread group has that of its leader.
func mainThread(pid int) uint32 { return uint32(pid) }
