package worker

import "syscall"

// MemoryInUse returns how much memory the arena takes, in bytes.
func MemoryInUse() int64 {
	var info syscall.Stat_t
	if err := syscall.Fstat(int(self.memory.Fd()), &info); err != nil {
		panic(err)
	}
	return info.Blocks * 512
}
