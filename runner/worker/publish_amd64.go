package worker

import (
	"sync/atomic"
	"unsafe"
)

// publish stores a word after all that was stored before. This processor keeps stores in order (Intel SDM
// 3A, 8.2.2), and the compiler does so before a call. What package atomic does beyond that is to wait until
// others see it: a tenth of the time of an event.
//
//go:noinline
func publish(w *atomic.Uint64, value uint64) { *(*uint64)(unsafe.Pointer(w)) = value }
