//go:build !linux

package worker

import (
	"os"
	"time"
)

// stamp returns the time of day: Go offers no other clock that all processes share here.
func stamp() int64 { return time.Now().UnixNano() }

func setClock() time.Duration { return 0 }

// newPipe is os.Pipe.
func newPipe(...int) (r, w *os.File, err error) { return os.Pipe() }

// endWith has this process end when the other end of life is closed.
func endWith(life uintptr) { background(func() { endAfter(life) }) }

// splitOutput does nothing: processes share standard output and standard error.
func splitOutput() {}

// isStirring reports whether process p is about to do something, which is not known here.
func isStirring(int) bool { return false }

// executable returns the path of this program, which is not to be replaced while it runs: functions are found by
// their distance in it.
func executable() (string, error) { return os.Executable() }
