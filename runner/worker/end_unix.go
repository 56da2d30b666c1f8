//go:build unix

package worker

import (
	"errors"
	"syscall"
	"time"
)

// awaitSignal waits until a process has ended and was reaped, or a signal finds it no more for another reason. It
// reports whether that came in time.
func awaitSignal(n int, limit time.Duration) bool {
	for pause := 10 * time.Microsecond; ; pause *= 2 {
		if err := syscall.Kill(n, 0); errors.Is(err, syscall.ESRCH) {
			return true
		}
		if limit -= pause; limit <= 0 {
			return false
		}
		time.Sleep(pause)
	}
}
