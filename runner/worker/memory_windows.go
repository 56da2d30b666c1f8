package worker

import (
	"os"
	"syscall"
	"unsafe"
)

// mostMemory is how large the arena is: all of it counts as committed on Windows.
const mostMemory = 512 << 20

// mapMemory makes the arena, or maps the one that was inherited.
func mapMemory() (base unsafe.Pointer, size uint64, err error) {
	if self.memory == nil {
		h, err := syscall.CreateFileMapping(syscall.InvalidHandle, nil, syscall.PAGE_READWRITE, 0, mostMemory, nil)
		if err != nil {
			return nil, 0, os.NewSyscallError("CreateFileMapping", err)
		}
		self.memory = os.NewFile(uintptr(h), "memory")
	}
	address, err := syscall.MapViewOfFile(syscall.Handle(self.memory.Fd()), syscall.FILE_MAP_READ|syscall.FILE_MAP_WRITE, 0, 0, mostMemory)
	if err != nil {
		return nil, 0, os.NewSyscallError("MapViewOfFile", err)
	}
	return *(*unsafe.Pointer)(unsafe.Pointer(&address)), mostMemory, nil
}

func discard(pages []byte) { clear(pages) }
