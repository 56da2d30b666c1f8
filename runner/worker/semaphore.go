package worker

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
)

// A Semaphore hands out permits: those who want one wait while there is none. It is Python's
// Semaphore, and its BoundedSemaphore. A permit belongs to no worker: another may give it back. A
// worker that dies takes the permits that it has with it, as in Python: what needs better care is
// protected by a [Lock], which knows its holder.
type Semaphore struct {
	handle
	plain
}

// The first word is how many permits there are, the second how many there may be.

// maxPermits bounds permits, as SEM_VALUE_MAX does where Python uses semaphores of the system.
const maxPermits = math.MaxInt32

// NewSemaphore returns a semaphore with n permits. Release may add more of them. Of the options, Named
// is for it. It panics if n is negative, or more than fit into 31 bits.
func NewSemaphore(n int, options ...Option) *Semaphore { return newSemaphore(n, maxPermits, options) }

// NewBoundedSemaphore is NewSemaphore, but there are never more than n permits: to release one that was
// not acquired is a mistake, and panics.
func NewBoundedSemaphore(n int, options ...Option) *Semaphore { return newSemaphore(n, n, options) }

func newSemaphore(n, bound int, options []Option) *Semaphore {
	if n < 0 || n > maxPermits {
		panic(fmt.Errorf("worker: a semaphore with %d permits: it has from 0 to %d", n, maxPermits))
	}
	s := create(new(Semaphore), 0, options)
	s.words[0].Store(uint32(n))
	s.words[1].Store(uint32(bound))
	return s
}

func (*Semaphore) kind() kind { return kindSemaphore }

// Acquire takes a permit, and waits until there is one. Who waits longest does not always go first.
func (s *Semaphore) Acquire() { _ = s.acquirePermit(context.Background()) }

// AcquireContext is Acquire with a limit: where ctx ends first it returns context.Cause(ctx), and the caller
// has no permit. One that is there it takes, whether ctx has ended or not.
func (s *Semaphore) AcquireContext(ctx context.Context) error { return s.acquirePermit(ctx) }

func (s *Semaphore) acquirePermit(ctx context.Context) error {
	defer runtime.KeepAlive(s)
	for !s.TryAcquire() {
		if err := s.sleep(ctx, &s.words[0], 0, acquiring); err != nil {
			return err
		}
	}
	return nil
}

// TryAcquire takes a permit if there is one, and reports whether it did.
func (s *Semaphore) TryAcquire() bool {
	defer runtime.KeepAlive(s)
	for {
		n := s.words[0].Load()
		if n == 0 {
			return false
		}
		if s.words[0].CompareAndSwap(n, n-1) {
			s.race.getHold()
			return true
		}
	}
}

// Release gives a permit back, or adds one. It panics where that is more than there may be: of a bounded
// semaphore as many as it was made with.
func (s *Semaphore) Release() {
	defer runtime.KeepAlive(s)
	s.race.letGo()
	for {
		n := s.words[0].Load()
		if n >= s.words[1].Load() {
			panic(errReleased)
		}
		if s.words[0].CompareAndSwap(n, n+1) {
			s.wake(&s.words[0], 1)
			return
		}
	}
}

var errReleased = errors.New("worker: release of a semaphore that has all its permits")

// Value returns how many permits there are. Others may take or return some at once.
func (s *Semaphore) Value() int {
	defer runtime.KeepAlive(s)
	return int(s.words[0].Load())
}
