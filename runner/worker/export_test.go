package worker

import "time"

// Sleepers returns how many sleep on a primitive where every process can wake them, or died there.
func Sleepers(p primitive) int { return int(p.hold().sleepers.Load()) }

// Eventually waits until a condition holds, without a limit but that of the test.
func Eventually(holds func() bool) {
	for !holds() {
		time.Sleep(50 * time.Microsecond)
	}
}
