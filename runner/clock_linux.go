package runner

import "golang.org/x/sys/unix"

// clock is the clock of a run, in nanoseconds: the one that package worker reports by.
func clock() int64 {
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) // fails only for an unknown clock
	return now.Nano()
}
