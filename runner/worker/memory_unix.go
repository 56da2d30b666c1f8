//go:build unix

package worker

import (
	"os"
	"strconv"
	"syscall"
	"unsafe"
)

// mostMemory is how large the arena is at most: addresses, not memory, which only what is used takes.
const mostMemory = 1 << (30 + 6*(^uint(0)>>63)) // 64 GiB, or 1 GiB where addresses have 32 bits

// mapMemory makes the arena, or maps the one that was inherited.
func mapMemory() (base unsafe.Pointer, size uint64, err error) {
	if self.memory == nil {
		if self.memory, err = makeMemory(); err != nil {
			return nil, 0, err
		}
		// Files may be bounded (RLIMIT_FSIZE, the file system's own limit).
		for size = mostMemory; ; size /= 4 {
			if err = self.memory.Truncate(int64(size)); err == nil || size < 64<<20 {
				break
			}
		}
	}
	info, err := self.memory.Stat()
	if err != nil {
		return nil, 0, err
	}
	size = uint64(info.Size())
	mapped, err := syscall.Mmap(int(self.memory.Fd()), 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, 0, os.NewSyscallError("mmap", err)
	}
	return unsafe.Pointer(&mapped[0]), size, nil
}

// temporaryFile returns a file that is gone once nobody has it open any more.
func temporaryFile() (*os.File, error) {
	f, err := os.CreateTemp("", "course-worker-"+strconv.Itoa(pid)+"-")
	if err != nil {
		return nil, err
	}
	return f, os.Remove(f.Name())
}
