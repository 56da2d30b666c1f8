//go:build !portable

package worker

import (
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

// makeMemory returns the descriptor of memory that can be inherited, without a name in any directory.
func makeMemory() (*os.File, error) {
	// Package syscall does not know the call on all processors. From the kernel's tables, arch/*/syscall*.tbl.
	number := map[string]uintptr{
		"386": 356, "amd64": 319, "arm": 385, "arm64": 279, "loong64": 279, "ppc64": 360, "ppc64le": 360, "riscv64": 279, "s390x": 350,
	}[runtime.GOARCH]
	if number == 0 {
		return temporaryFile()
	}
	name := []byte("course worker\x00")
	const closeOnExec = 1 // MFD_CLOEXEC, linux/memfd.h
	fd, _, errno := syscall.Syscall(number, uintptr(unsafe.Pointer(&name[0])), closeOnExec, 0)
	if errno != 0 {
		return temporaryFile()
	}
	return os.NewFile(fd, "memory"), nil
}

// discard gives the memory of whole pages back to the system. They are zero afterwards.
func discard(pages []byte) {
	const remove = 9 // MADV_REMOVE, asm-generic/mman-common.h
	if syscall.Madvise(pages, remove) != nil {
		clear(pages)
	}
}
