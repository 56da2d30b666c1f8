//go:build !linux && !windows

package worker

// Go's standard library has no call that tells.
func thisThread() uint32 { return 0 }

func mainThread(int) uint32 { return 0 }
