//go:build unix && (!linux || portable)

package worker

import "syscall"

// poll has goroutines that read the descriptor n wait in the runtime's poller, and not in threads.
func poll(n uintptr) { _ = syscall.SetNonblock(int(n), true) }
