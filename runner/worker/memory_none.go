//go:build !unix && !windows

package worker

import "unsafe"

// mapMemory makes the arena of the one process that there is.
func mapMemory() (base unsafe.Pointer, size uint64, err error) {
	memory := make([]uint64, 64<<20/8)
	return unsafe.Pointer(&memory[0]), uint64(len(memory)) * 8, nil
}

func discard(pages []byte) { clear(pages) }
