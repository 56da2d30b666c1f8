//go:build !linux || portable

package worker

import "context"

// haveFutex says that threads and processes sleep in the kernel.
const haveFutex = false

const backend = portable

// Where there are no futexes, all who sleep across processes do so in the parking lot of the program's
// first process, the root. Another process asks its parent, which asks its own, up to the root. No
// wake-up is lost on the way: a sleep that a wake is to end was put into the lot, under the lock of its
// bucket, while the word still had its value. That was before the word changed, and so before the wake
// was sent, however long that takes and whatever overtakes it. A sleep that comes into the root later
// finds the word changed, and is over at once. So nobody waits for an answer to a wake.

// sleepShared sleeps while w is value. Whoever is in another process can wake it. It reports whether it slept.
func sleepShared(ctx context.Context, o *object, w *word, value uint32) (slept bool) {
	if self.worker {
		return rootLot.sleep(ctx, o, w, value)
	}
	return parking.park(ctx, o, w, value, nil)
}

// wakeShared wakes up to n of those who sleep on w by sleepShared.
func wakeShared(o *object, w *word, n int) {
	if self.worker {
		rootLot.wake(o, w, n)
	} else {
		parking.wake(o, w, n)
	}
}
