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

const leastMemory = 16 << 20

// mapMemory makes the arena, or maps the one that was inherited.
func mapMemory() (base unsafe.Pointer, size uint64, err error) {
	if self.memory != nil {
		info, err := self.memory.Stat()
		if err != nil {
			return nil, 0, err
		}
		base, err = mapFile(self.memory, uint64(info.Size()))
		return base, uint64(info.Size()), err
	}
	f, err := makeMemory()
	if err != nil {
		return nil, 0, err
	}
	// Files may be bounded (RLIMIT_FSIZE, the file system's own limit), and so may addresses (RLIMIT_AS).
	for size = mostMemory; size >= leastMemory; size /= 4 {
		if err = f.Truncate(int64(size)); err != nil {
			continue
		}
		if base, err = mapFile(f, size); err == nil {
			self.memory = f
			return base, size, nil
		}
	}
	_ = f.Close()
	return nil, 0, err
}

func mapFile(f *os.File, size uint64) (unsafe.Pointer, error) {
	mapped, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	return unsafe.Pointer(&mapped[0]), nil
}

// temporaryFile returns a file that is gone once nobody has it open any more. Who is killed at once leaves an empty one.
func temporaryFile() (*os.File, error) {
	f, err := os.CreateTemp("", "course-worker-"+strconv.Itoa(pid)+"-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}
