//go:build !portable

package worker

import (
	"context"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// haveFutex says that threads and processes sleep in the kernel.
const haveFutex = true

const backend = futexes

// Operations of futex(2). Words are shared by processes: no FUTEX_PRIVATE_FLAG.
const (
	futexWait = 0
	futexWake = 1
)

// sleepShared sleeps while w is value. Whoever is in another process can wake it. It reports whether it slept.
func sleepShared(ctx context.Context, _ *object, w *word, value uint32) (slept bool) {
	if runtime.GOMAXPROCS(0) == 1 {
		// Who is to end the wait may need this slot. One that sleeps in the kernel keeps it until the runtime, which looks
		// from time to time, takes it: a round trip of two threads takes 5 to 10 times as long then.
		if runtime.Gosched(); w.Load() != value {
			return true
		}
	}
	if ctx.Done() != nil {
		var up atomic.Bool
		defer up.Store(true)
		stop := context.AfterFunc(ctx, func() {
			for pause := time.Microsecond; !up.Load(); pause = min(2*pause, time.Millisecond) {
				futex(w, futexWake, everyone)
				time.Sleep(pause)
			}
		})
		defer stop()
	}
	_, _, errno := syscall.Syscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(w)), futexWait, uintptr(value), 0, 0, 0)
	return errno != syscall.EAGAIN
}

// wakeShared wakes up to n of those who sleep on w by sleepShared.
func wakeShared(_ *object, w *word, n int) { futex(w, futexWake, n) }

func futex(w *word, operation, n int) {
	_, _, _ = syscall.RawSyscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(w)), uintptr(operation), uintptr(n), 0, 0, 0)
}

// A lotServer is of use where there are no futexes.
type lotServer struct{}

const lotPipes = 0

func newLotServer(func() (r, w *os.File)) (s *lotServer, theirs []*os.File) { return nil, nil }

func (*lotServer) start() {}
func (*lotServer) wait()  {}

func connectLot([lotPipes]uintptr) {}
