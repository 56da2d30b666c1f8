//go:build !linux || portable

package worker

import "context"

// haveFutex says that threads and processes sleep in the kernel.
const haveFutex = false

// sleepShared sleeps while w is value. Whoever is in another process can wake it. It reports whether it slept.
func sleepShared(ctx context.Context, o *object, w *word, value uint32) (slept bool) {
	return parking.park(ctx, o, w, value, nil)
}

// wakeShared wakes up to n of those who sleep on w by sleepShared.
func wakeShared(o *object, w *word, n int) { parking.wake(o, w, n) }
