package main

import (
	"os"
	"syscall"
)

// peak returns the most memory that a process took (getrusage(2), which tells KiB).
func peak(p *os.ProcessState) int64 {
	if used, ok := p.SysUsage().(*syscall.Rusage); ok {
		return used.Maxrss << 10
	}
	return 0
}
