package worker

import (
	"time"
	"unsafe"
)

// RaceDetector says that this is built with it.
const RaceDetector = raceDetector

// Sleepers returns how many sleep on a primitive where every process can wake them, or died there.
func Sleepers(p primitive) int { return int(p.hold().sleepers.Load()) }

// Eventually waits until a condition holds, without a limit but that of the test.
func Eventually(holds func() bool) {
	for !holds() {
		time.Sleep(50 * time.Microsecond)
	}
}

// InSeats returns how many wait with c, or have a signal and wait for its lock, or died so.
func InSeats(c *Cond) (n int) {
	for s := range c.seats {
		if s.state.Load() != seatIdle {
			n++
		}
	}
	return n
}

// Waiters returns how many sleep on a primitive, of this process or where every process can wake them.
func Waiters(p primitive) int { return int(p.hold().parked.Load() + p.hold().sleepers.Load()) }

// Asleep returns how many in all processes wait for a primitive.
func Asleep() (n int) {
	slots(func(_ uint32, s *slot) {
		if s.state.Load()&3 == alive && s.sleep.reason() != awake && s.sleep.object.Load() != 0 {
			n++
		}
	})
	return n
}

// Sites returns from where goroutines of this process came to wait in the package.
func Sites() []string { return sites() }

// Allotted returns how many bytes of shared memory were ever cut into blocks, in use or not, behind what it begins with.
func Allotted() int64 {
	return int64(book().next.Load()) - int64(unsafe.Sizeof(ledger{}))
}
