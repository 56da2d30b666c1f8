//go:build !amd64 && !arm64

package worker

import "runtime"

// goroutine returns the number of the calling goroutine, as traces show it.
func goroutine() uintptr {
	var buf [64]byte
	const prefix = len("goroutine ")
	n := uintptr(0)
	for _, digit := range buf[prefix:runtime.Stack(buf[:], false)] {
		if digit < '0' || digit > '9' {
			break
		}
		n = n*10 + uintptr(digit-'0')
	}
	return n
}
