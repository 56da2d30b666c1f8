//go:build !linux

package runner

import "time"

// clock is the clock of a run, in nanoseconds: the one that package worker reports by.
func clock() int64 { return time.Now().UnixNano() }
