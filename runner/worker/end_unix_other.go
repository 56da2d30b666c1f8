//go:build unix && !linux

package worker

import "time"

// awaitPid waits until a process has ended that is no child of this one. It reports whether that came in time.
func awaitPid(n int, limit time.Duration) bool { return awaitSignal(n, limit) }
